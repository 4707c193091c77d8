"""The virtual device: reference build A with the IMU's INT1 wired to pin 5. Simulated chips, no silicon."""

NAME = "virtual"  # -
TITLE = "virtual device"  # -
BUILD = ""  # -
I2C_ID = 0  # -
SDA = 3  # -
SCL = 4  # -
I2C_FREQ_HZ = 400000  # -
IMU = "lsm6dsox"  # -
IMU_ADDRESS = 0x6A  # -
IMU_INT1 = 5  # -
MOTOR = "drv2605l"  # -
HAPTIC_ADDRESS = 0x5A  # -
HAPTIC_ACTUATOR = "erm"  # -
MOTOR_PIN = None  # -
GAUGE = "max17048"  # -
GAUGE_ADDRESS = 0x36  # -
GAUGE_PIN = None  # -
GAUGE_PARTS = 1  # -
BUTTON = 0  # -
BUTTON_PRESSED = 0  # -
BUTTON_PULL = True  # -
LED = 13  # -
LINK_UART = 0  # -
POWER_PINS = ((7, 1),)  # -
PLUGGED = ("imu", "motor")  # -
