"""Register-level models of the chips, written from the data sheets and strict: a wrong driver fails on them.

Each has write(register, buffer) and read(register, buffer), called by the simulated I2C bus. They run inside
MicroPython and know nothing of the drivers in firmware/.
"""
