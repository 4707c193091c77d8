"""Reference build A: Adafruit ESP32-S3 Feather (5477) with two breakouts on STEMMA QT cables.

IMU LSM6DSOX (4438), haptic driver DRV2605L (2305) with a coin ERM, fuel gauge MAX17048 and charger on the board itself.
The STEMMA QT cable carries no interrupt wire, so the FIFO is polled. Pin 7 feeds the cable and must be high. The button
is BOOT. Read from data sheets and pin-out tables: nothing here has run on silicon yet.
"""

NAME = "feather_s3"  # -
TITLE = "Adafruit ESP32-S3 Feather 5477"  # F
BUILD = "build_a"  # -
I2C_ID = 0  # -
SDA = 3  # F
SCL = 4  # F
I2C_FREQ_HZ = 400000  # -
IMU = "lsm6dsox"  # F
IMU_ADDRESS = 0x6A  # F
IMU_INT1 = None  # - not on the cable
MOTOR = "drv2605l"  # F
HAPTIC_ADDRESS = 0x5A  # F
HAPTIC_ACTUATOR = "erm"  # -
MOTOR_PIN = None  # -
GAUGE = "max17048"  # F
GAUGE_ADDRESS = 0x36  # F
GAUGE_PIN = None  # -
GAUGE_PARTS = 1  # -
BUTTON = 0  # R
BUTTON_PRESSED = 0  # R
BUTTON_PULL = True  # -
LED = 13  # F
LINK_UART = None  # R
POWER_PINS = ((7, 1),)  # F
PLUGGED = ("imu", "motor")  # -
