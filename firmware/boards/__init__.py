"""The boards this firmware knows: one file each, holding its pins, bus and chips; nothing else knows a pin.

A board file has these module constants, each with a comment that says where the fact is from: F found in a public
source, R recalled from a data sheet, E estimate, - a choice of ours. docs/how-to/add-a-board.md goes through them.

NAME, TITLE (what is printed on the bag), BUILD (its files in hw/, or ""); I2C_ID, SDA, SCL, I2C_FREQ_HZ; IMU
("lsm6dsox", "bmi270", "mpu6886"), IMU_ADDRESS, IMU_INT1 (pin, or None where the wire is missing); MOTOR ("drv2605l":
HAPTIC_ADDRESS and HAPTIC_ACTUATOR "erm" or "lra"; "pwm": MOTOR_PIN; what does not apply is None); GAUGE ("max17048":
GAUGE_ADDRESS; "adc": GAUGE_PIN and GAUGE_PARTS, the cell's voltage in voltages of the pin; None); BUTTON,
BUTTON_PRESSED (the level, 0 or 1), BUTTON_PULL (whether the pin needs the processor's pull-up), BUTTON_WAKES (whether
it can end deep sleep by ext0; if not, the clip is never put away); LED (or None); LINK_UART (number of the serial line
behind a bridge chip; None where the port is the chip's own); POWER_PINS, a tuple of (pin, level) to be driven before
anything else; SLEEP_PINS, the levels of the same pins in deep sleep without the sensors; USB_SENSE: (pin, its level
while the cable gives power), or None where nothing can tell; PLUGGED, which of "imu" and "motor" hang on a cable that
one can forget.

A board without USB_SENSE never sleeps between two samples, because light sleep kills the chip's own port. What ends
deep sleep must be a pin of the chip's low-power part, IMU_INT1 and USB_SENSE with level 1.
`retrowalk flash` writes the name of the board into /board.txt, where the app looks. app/parts.py makes the drivers.
"""
