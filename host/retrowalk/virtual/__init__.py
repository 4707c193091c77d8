"""The virtual device: real MicroPython behind a pty, real LittleFS2 on a file, simulated chips and wearer.

device.py is the device (VirtualDevice), runner.py runs one script on the same chips, verb.py is `retrowalk virtual`;
`inside/` runs within MicroPython. It has 64-bit words, no radio, no real sleep and no silicon's timing.
"""
