"""Makes a board's parts from its file: the one place that knows which driver belongs to which chip.

Drivers are imported when they are asked for: those of other boards take no memory. Called by main.py's Hardware.
"""

import machine

from drivers.button import Button

# Where `retrowalk flash --bmi270-config` puts Bosch's configuration.
BMI270_CONFIG = "/data/bmi270_config.bin"


def open_imu(board, bus):
    """The IMU at 104 Hz; nothing is asked of the chip yet. ValueError for an IMU without a driver, as below."""
    if board.IMU == "lsm6dsox":
        from drivers.lsm6dsox import Lsm6dsox

        return Lsm6dsox(bus, board.IMU_ADDRESS)
    if board.IMU == "mpu6886":
        from drivers.mpu6886 import Mpu6886
        from drivers.rate104 import At104

        return At104(Mpu6886(bus, board.IMU_ADDRESS))
    if board.IMU == "bmi270":
        from drivers.bmi270 import Bmi270
        from drivers.rate104 import At104

        return At104(Bmi270(bus, board.IMU_ADDRESS, BMI270_CONFIG))
    raise ValueError("no driver for the IMU " + str(board.IMU))


def open_motor(board, bus, guard):
    """The motor, off; the errors of its driver if it is absent."""
    if board.MOTOR == "drv2605l":
        from drivers.drv2605l import Drv2605l

        return Drv2605l(bus, board.HAPTIC_ADDRESS, board.HAPTIC_ACTUATOR, guard)
    if board.MOTOR == "pwm":
        from drivers.pwm_motor import PwmMotor

        return PwmMotor(board.MOTOR_PIN, guard)
    raise ValueError("no driver for the motor " + str(board.MOTOR))


def open_gauge(board, bus):
    """What measures the cell, or None."""
    if board.GAUGE == "max17048":
        from drivers.battery import Max17048

        return Max17048(bus, board.GAUGE_ADDRESS)
    if board.GAUGE == "adc":
        from drivers.battery import DividedBattery

        return DividedBattery(board.GAUGE_PIN, board.GAUGE_PARTS)
    if board.GAUGE is None:
        return None
    raise ValueError("no driver for the gauge " + str(board.GAUGE))


def open_button(board):
    """The button."""
    if board.BUTTON_PULL:
        pin = machine.Pin(board.BUTTON, machine.Pin.IN, machine.Pin.PULL_UP)
    else:
        pin = machine.Pin(board.BUTTON, machine.Pin.IN)
    return Button(pin, board.BUTTON_PRESSED)
