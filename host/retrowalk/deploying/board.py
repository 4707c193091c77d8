"""Which board a device is: as asked, as deployed before, or as its platform shows."""

from retrowalk.console import clean
from retrowalk.contact.remote import Facts
from retrowalk.deploying.tree import known_boards, require_board
from retrowalk.errors import UsageError

_HOST_PLATFORMS = ("linux", "darwin")  # what MicroPython calls itself behind a virtual device's port


def choose_board(wanted: str | None, facts: Facts) -> str:
    """The board's name. Raises UsageError with the list."""
    boards = known_boards()
    if wanted is not None:
        return require_board(clean(wanted))
    before = (facts.board or "").strip()
    if before in boards:
        return before
    if facts.platform in _HOST_PLATFORMS:
        return "virtual"
    words = facts.machine.lower().replace("-", "").replace("_", "").replace(" ", "")
    hits = [name for name in boards if name.replace("_", "") in words]
    if len(hits) == 1:
        return hits[0]
    raise UsageError(
        f"Which board is this? It calls itself {facts.machine or facts.platform!r}.",
        f"say so with --board, one of: {', '.join(boards)}.",
    )
