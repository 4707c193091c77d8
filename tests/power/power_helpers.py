"""Waiting for sleep and for waking."""

FAST = 500
"""Times life, for waiting that nobody watches."""


def booted_after(device, n_notes, timeout_s=20):
    """Wait until the device has started again; the notes before the first `n_notes` do not count."""
    assert device.wait_note("booted", timeout_s, n_notes)


def falls_asleep(device, timeout_s=60):
    """Wait, fast, until the device is in deep sleep; returns when, in seconds of virtual time."""
    device.set_speed(FAST)
    assert device.wait_until(lambda: not device.is_on, timeout_s)
    device.set_speed(25)
    return device.now_us / 1e6
