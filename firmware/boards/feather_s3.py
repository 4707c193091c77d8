"""Reference build A: Adafruit ESP32-S3 Feather (5477) with two breakouts on STEMMA QT cables.

IMU LSM6DSOX (4438), haptic driver DRV2605L (2305) with a coin ERM, fuel gauge MAX17048 and charger on the board itself.
The STEMMA QT cable carries no interrupt wire, so the FIFO is polled. Pin 7 feeds the cable and must be high. The button
is BOOT. Read from data sheets and pin-out tables: nothing here has run on silicon yet.
"""

NAME = "feather_s3"
I2C_ID = 0
SDA = 3
SCL = 4
I2C_FREQ_HZ = 400000
IMU_ADDRESS = 0x6A
IMU_INT1 = None
HAPTIC_ADDRESS = 0x5A
HAPTIC_ACTUATOR = "erm"
GAUGE_ADDRESS = 0x36
BUTTON = 0
BUTTON_PRESSED = 0
LED = 13
LINK_UART = None
POWER_PINS = ((7, 1),)
