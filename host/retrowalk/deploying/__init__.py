"""The app's way onto a board that runs MicroPython: two copies, /a and /b, and a boot guard that goes back by itself.

tree: the app's files; mpy: compiled; slots: what lies on the device; plan: what has to change; carry: doing it, step by
step, so that a power cut anywhere leaves an app that works. docs/explanation/updates.md tells why in this order.
"""
