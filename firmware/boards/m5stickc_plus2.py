"""Reference build B: M5StickC Plus2 with the HAT Vibrator: nothing to solder, no case.

Sources of F: hw/sources.md. GPIO 4 must be high at once or the stick turns itself off on battery. The three buttons'
pins can only be inputs and have no pull-up in the processor. There is no gauge: the cell is measured behind a divider.
Nothing here has run on silicon yet.
"""

NAME = "m5stickc_plus2"  # -
TITLE = "M5StickC Plus2"  # F
BUILD = "build_b"  # -
I2C_ID = 0  # -
SDA = 21  # F
SCL = 22  # F
I2C_FREQ_HZ = 400000  # -
IMU = "mpu6886"  # F
IMU_ADDRESS = 0x68  # F
IMU_INT1 = None  # - not known
MOTOR = "pwm"  # F
HAPTIC_ADDRESS = None  # -
HAPTIC_ACTUATOR = None  # -
MOTOR_PIN = 26  # F
GAUGE = "adc"  # F
GAUGE_ADDRESS = None  # -
GAUGE_PIN = 38  # F
GAUGE_PARTS = 2  # F
BUTTON = 37  # F
BUTTON_PRESSED = 0  # R
BUTTON_PULL = False  # R
LED = 19  # F the infrared one shares it
LINK_UART = 0  # R a CH9102 bridge
POWER_PINS = ((4, 1),)  # F
PLUGGED = ("motor",)  # F
