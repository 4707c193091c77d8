"""The chip below MicroPython: its ROM loader, as far as the real esptool looks, over the flash file of a virtual board.

loader.py answers esptool, flash.py is the memory, registers.py what the chip says about itself, start.py decides what
a reset starts. Built into retrowalk.virtual.bare. esp32-mock-bootloader was tried for it: it has no place where a
register write could reset the board, power could fail, or erasing could take place, so this is a small model of ours.
"""
