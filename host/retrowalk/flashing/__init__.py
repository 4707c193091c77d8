"""What `retrowalk flash` does below the app: chip, MicroPython's image, backup, self-test.

The verb is retrowalk/flash.py; the app's files are retrowalk/deploying. esptool is imported only when it is needed.
"""
