"""The boards this firmware knows: one file each, holding its pins, bus and chips; nothing else knows a pin.

A board file has these module constants, each with a comment that says where the fact is from: F found in a public
source, R recalled from a data sheet, E estimate, - a choice of ours. docs/how-to/add-a-board.md goes through them.

NAME, TITLE (what is printed on the bag), BUILD (its files in hw/, or ""); I2C_ID, SDA, SCL, I2C_FREQ_HZ; IMU
("lsm6dsox", "bmi270", "mpu6886"), IMU_ADDRESS, IMU_INT1 (pin, or None where the wire is missing); MOTOR ("drv2605l":
HAPTIC_ADDRESS and HAPTIC_ACTUATOR "erm" or "lra"; "pwm": MOTOR_PIN; what does not apply is None); GAUGE ("max17048":
GAUGE_ADDRESS; "adc": GAUGE_PIN and GAUGE_PARTS, the cell's voltage in voltages of the pin; None); BUTTON,
BUTTON_PRESSED (the level, 0 or 1), BUTTON_PULL (whether the pin needs the processor's pull-up); LED (or None);
LINK_UART (number of the serial line behind a bridge chip; None where the port is the chip's own); POWER_PINS, a tuple
of (pin, level) to be driven before anything else; PLUGGED, which of "imu" and "motor" hang on a cable that one can
forget. `retrowalk flash` writes the name of the board into /board.txt, where main.py looks. app/parts.py makes the
drivers.
"""
