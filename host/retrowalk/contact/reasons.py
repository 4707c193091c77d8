"""The short codes with which the app refuses or fails, in words. Called by link and calibrate."""

from retrowalk.console import clean

_ASK_DOCTOR = "`retrowalk doctor` shows the device's state."
_SENSOR = "check the sensor's cable and plug, press reset, then `retrowalk doctor`."

# code: (what it means, what to do)
REASONS = {
    "not_still": ("you moved while it measured how you stand", "stand still after the first buzz until the next two."),
    "no_motion": ("it did not feel the movement in time", "move right after the two buzzes, calmly and clearly."),
    "twisted": ("the movement went to the side", "move straight ahead, and fasten the clip so that it cannot turn."),
    "gravity_off": ("the motion sensor does not measure gravity as it must", _SENSOR),
    "gyro_off": ("the motion sensor reports turning while it is at rest", _SENSOR),
    "sensor_frozen": ("the motion sensor repeats the same numbers", _SENSOR),
    "imu_absent": ("the motion sensor does not answer", _SENSOR),
    "imu_lost": ("the motion sensor stopped answering", _SENSOR),
    "flash_full": ("the device's flash is full", "free it with `retrowalk sync --prune`."),
    "not_calibrated": ("it does not know yet how it sits on you", "`retrowalk calibrate waist` (or ankle)."),
    "unknown_mount": ("it knows the waist and the ankle only", "`retrowalk calibrate waist` (or ankle)."),
    "unknown_command": ("its app does not know this command", "`retrowalk flash` brings it up to date."),
    "clip_moved": ("the clip sits otherwise than when it was calibrated", "`retrowalk calibrate waist` (or ankle)."),
    "out_of_range": ("a movement was too hard for the motion sensor to measure", "stand still, then move calmly."),
    "unknown_side": ("that place has no such side", "waist: back, front, left or right; ankle: left or right."),
    "unknown_test": ("it does not know this walking test", "back3, back10 or forward10."),
    "bad_strength": ("a strength is 10 to 100 percent", "choose one in between."),
    "battery_low": ("the battery is too low for a walk", "charge it."),
    "not_recording": ("no walk is being recorded", "start one with a short press."),
    "recording": ("a walk is being recorded", "end it with a short press, or wait."),
    "calibrating": ("it is calibrating", "wait until it is done."),
    "app_crashed": ("something went wrong in its app, which wrote it down", "`retrowalk doctor`, then try again."),
    "bad_setting": ("it does not accept this setting", "`retrowalk flash` brings device and computer to one version."),
    "unreadable": ("it cannot read its own file", "`retrowalk doctor` checks the device."),
    "bad_rate": ("its port cannot go faster", "nothing: the transfer goes on as it is."),
    "bad_request": ("it does not understand", "`retrowalk flash` brings device and computer to one version."),
    "unknown_session": ("it has no such session any more", "`retrowalk sync` again."),
    "differs": ("it has more of this session than this computer has verified", "`retrowalk sync` again."),
    "bad_time": ("it does not accept this computer's time", "set this computer's clock."),
}

SETTINGS_UNREADABLE = (
    "The device could not read its settings and uses the defaults (the bad file is kept in /data/settings.bad).",
    "`retrowalk config import FILE`, or `retrowalk config reset --all` to stay with the defaults.",
)
"""What the fault `settings_unreadable` means, and the next action."""


def in_words(code: object) -> tuple[str, str]:
    """What a code means, and the next action; an unknown code is shown as it is, made safe."""
    if isinstance(code, str) and code in REASONS:
        return REASONS[code]
    return clean(code or "no reason given"), _ASK_DOCTOR
