"""How a device sleeps, in words, out of its status: one line of `retrowalk doctor`."""

from retrowalk.contact.status import Status

_WOKE_BY = {
    "button": "its button",
    "motion": "being moved",
    "usb": "the cable",
    "timer": "its timer",
    "reset": "a start or a reset",
}


def sleep_text(status: Status) -> str:
    """For example "deep sleep after 10 min without touch; dozes on battery; awake since its button"."""
    if status.sleeps_after_s is None:
        return "this version never sleeps by itself"
    after_s = status.sleeps_after_s
    when = f"{after_s // 60} min" if after_s >= 60 else f"{after_s} s"
    deep = f"deep sleep after {when} without touch" if after_s else "no deep sleep now (cable, walk or calibration)"
    doze = "dozes on battery" if status.dozes else "no dozing (this board cannot tell whether a cable is there)"
    return f"{deep}; {doze}; awake since {_WOKE_BY.get(status.woke_by or '', 'an unknown moment')}"
