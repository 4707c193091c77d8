"""The boards this firmware knows: one file each, holding its pins, bus and chips; nothing else knows a pin.

A board file has these module constants: NAME, I2C_ID, SDA, SCL, I2C_FREQ_HZ, IMU_ADDRESS, IMU_INT1 (pin, or None where
the interrupt wire is missing), HAPTIC_ADDRESS, HAPTIC_ACTUATOR ("erm" or "lra"), GAUGE_ADDRESS (or None), BUTTON (pin),
BUTTON_PRESSED (the level, 0 or 1), LED (pin, or None), LINK_UART (the REPL's UART behind a USB bridge chip, or None
where the USB port is the chip's own) and POWER_PINS, a tuple of (pin, level) to be driven before anything else.
`retrowalk flash` writes the name of the board into /board.txt, where main.py looks.
"""
