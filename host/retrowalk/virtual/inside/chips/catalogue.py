"""The chip models by the names that the board files use (IMU, MOTOR, GAUGE); used by world.py and the tests."""

from .bmi270 import BMI270
from .lsm6dsox import LSM6DSOX
from .mpu6886 import MPU6886

IMUS = {"bmi270": BMI270, "lsm6dsox": LSM6DSOX, "mpu6886": MPU6886}

USUAL_ADDRESS = {"bmi270": 0x68, "lsm6dsox": 0x6A, "mpu6886": 0x68}
