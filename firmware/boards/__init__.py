"""The boards this firmware knows: one file each, holding its pins, bus and chips; nothing else knows a pin.

A board file has these module constants: NAME, I2C_ID, SDA, SCL, I2C_FREQ_HZ, IMU_ADDRESS, IMU_INT1 (pin, or None where
the interrupt wire is missing), HAPTIC_ADDRESS, HAPTIC_ACTUATOR ("erm" or "lra"), GAUGE_ADDRESS (or None), BUTTON (pin),
BUTTON_PRESSED (the level, 0 or 1), BUTTON_WAKES (whether its pin can end deep sleep by ext0; if not, the clip is never
put away), LED (pin, or None), LINK_UART (the REPL's UART behind a USB bridge chip, or None where the USB port is the
chip's own), POWER_PINS, a tuple of (pin, level) to be driven before anything else, SLEEP_PINS, the levels of the same
pins in deep sleep without the sensors, and USB_SENSE: (pin, its level while the cable gives power), or None where
nothing can tell; such a board never sleeps between two samples, because light sleep kills native USB. What ends deep
sleep must be a pin of the chip's RTC (ESP32-S3: 0 to 21; a C3 has no ext0), IMU_INT1 and USB_SENSE with level 1.
`retrowalk flash` writes the name of the board into /board.txt, where main.py looks.
"""
