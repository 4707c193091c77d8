"""The errors a user can meet, one class for each exit code of the contract.

Every error says what happened and what it means, and the next action. The command line writes it to
stderr as `MESSAGE Next: NEXT STEP.` and leaves with the class's exit_code; modules raise and never print.
"""


class RetrowalkError(Exception):
    """Base of every error the user is told about; `message` is a sentence, `next_step` an action in the imperative."""

    exit_code = 1

    def __init__(self, message: str, next_step: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        """The text for stderr: one or two lines."""
        if not self.next_step:
            return self.message
        return f"{self.message}\nNext: {self.next_step}"


class FailedError(RetrowalkError):
    """The job was understood and tried, and it failed."""

    exit_code = 1


class NoisyError(FailedError):
    """The line damages so much that nothing gets through."""


class UsageError(RetrowalkError):
    """What was asked for is unclear or impossible: a wrong option, two boards, a file that is no recording."""

    exit_code = 2


class NoDeviceError(RetrowalkError):
    """No device is there, or the port does not answer."""

    exit_code = 3


class BusyError(RetrowalkError):
    """The device or its port is busy, or refuses: recording, opened elsewhere, forbidden, not a Retrowalk."""

    exit_code = 4


class NotIdleError(BusyError):
    """The device does something that must not be interrupted: `state` is recording, calibrating or countdown."""

    def __init__(self, state: str, session: int | None = None) -> None:
        if state == "recording":
            what = "a session" if session is None else f"session {session}"
            super().__init__(
                f"The device is recording {what}; nothing disturbs a walk.",
                "end the session with a short press, or wait, then run this again.",
            )
        else:
            doing = "calibrating" if state == "calibrating" else "about to start a session"
            super().__init__(f"The device is {doing}.", "wait until it is done, then run this again.")
        self.state = state


class DamagedError(RetrowalkError):
    """Data is damaged: everything that could be read has been kept, and the message says what is missing."""

    exit_code = 5
