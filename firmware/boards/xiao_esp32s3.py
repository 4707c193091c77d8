"""Reference build C: Seeed XIAO ESP32S3 with the breakouts of build A on its I2C pins.

Sources of F: arduino-esp32, variants/XIAO_ESP32S3/pins_arduino.h. The cell is soldered to pads and nothing
measures it. The button is BOOT. There is no parts list in hw/ yet. Nothing here has run on silicon yet.
"""

NAME = "xiao_esp32s3"  # -
TITLE = "Seeed XIAO ESP32S3"  # F
BUILD = ""  # -
I2C_ID = 0  # -
SDA = 5  # F
SCL = 6  # F
I2C_FREQ_HZ = 400000  # -
IMU = "lsm6dsox"  # -
IMU_ADDRESS = 0x6A  # F
IMU_INT1 = None  # -
MOTOR = "drv2605l"  # -
HAPTIC_ADDRESS = 0x5A  # F
HAPTIC_ACTUATOR = "erm"  # -
MOTOR_PIN = None  # -
GAUGE = None  # -
GAUGE_ADDRESS = None  # -
GAUGE_PIN = None  # -
GAUGE_PARTS = 1  # -
BUTTON = 0  # R
BUTTON_PRESSED = 0  # R
BUTTON_PULL = True  # -
LED = 21  # F
LINK_UART = None  # R
POWER_PINS = ()  # -
PLUGGED = ("imu", "motor")  # -
