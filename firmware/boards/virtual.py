"""The virtual device: reference build A with the IMU's INT1 wired to pin 5. Simulated chips, no silicon."""

NAME = "virtual"
I2C_ID = 0
SDA = 3
SCL = 4
I2C_FREQ_HZ = 400000
IMU_ADDRESS = 0x6A
IMU_INT1 = 5
HAPTIC_ADDRESS = 0x5A
HAPTIC_ACTUATOR = "erm"
GAUGE_ADDRESS = 0x36
BUTTON = 0
BUTTON_PRESSED = 0
LED = 13
LINK_UART = 0
POWER_PINS = ((7, 1),)
