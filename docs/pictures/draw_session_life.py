"""Draws session-life.svg, the state machine of docs/explanation/session-life.md, from the code's own table.

Run `.venv/bin/python docs/pictures/draw_session_life.py`. Nothing here says what follows what: TABLE of retrogait.life
does, and a test compares the picture's arrows with it.
"""

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch
from sketch import Point, arrow, box, canvas, save

from retrogait import life

WIDTH, HEIGHT = 2.5, 0.9
FRAME = 3.3, 5.6
APP, SESSION, TEST = "#E6F2DF", "#D9E8F5", "#F6EBD3"

# Where each state stands: x, y, colour.
PLACES = {
    life.IDLE: (0.0, 0.0, APP),
    life.CALIBRATING: (0.0, 3.0, APP),
    life.COUNTDOWN: (4.8, 3.0, SESSION),
    life.WARM_UP: (9.6, 3.0, SESSION),
    life.EXERCISE: (9.6, 1.0, SESSION),
    life.COOL_DOWN: (9.6, -1.0, SESSION),
    life.PAUSED: (16.4, 1.0, SESSION),
    life.TEST_READY: (0.0, -4.0, TEST),
    life.TEST_COUNTDOWN: (6.0, -4.0, TEST),
    life.TEST_WALK: (11.6, -4.0, TEST),
}
# What these have in common is drawn once, from the frame around them: the pause, and the way back from it.
SEGMENTS = (life.WARM_UP, life.EXERCISE, life.COOL_DOWN)
# These end any session the same way: one line below the picture says so instead of thirty arrows.
EVERYWHERE = (life.LONG, life.TROUBLE)
# Bends the arrows of one pair apart.
BENDS = {(life.TEST_WALK, life.TEST_READY): -0.3, (life.PAUSED, life.IDLE): -0.32}


def arrows() -> dict[tuple[int, int], list[str]]:
    """{(from, to): what leads there}, of all that is drawn; a pause goes back to where it came from."""
    out: dict[tuple[int, int], list[str]] = {}
    for state, happened, following in life.TABLE:
        if happened in EVERYWHERE or (happened == life.SHORT and following == life.IDLE):
            continue
        end = life.EXERCISE if following == life.BACK else following
        start = life.EXERCISE if end == life.PAUSED and state in SEGMENTS else state
        causes = out.setdefault((start, end), [])
        if life.INPUT_NAMES[happened] not in causes:
            causes.append(life.INPUT_NAMES[happened])
    return out


def edge(one: int, other: int) -> Point:
    """The point of a state's box that faces another."""
    (x, y, _), (to_x, to_y, _) = PLACES[one], PLACES[other]
    if one == life.EXERCISE and other == life.PAUSED:
        return x + FRAME[0] / 2, y
    if one == life.PAUSED and other == life.IDLE:
        return x, y - HEIGHT / 2
    if abs(to_y - y) < HEIGHT or abs(to_x - x) > 2.2 * abs(to_y - y):
        return x + (WIDTH / 2 if to_x > x else -WIDTH / 2), y
    return x, y + (HEIGHT / 2 if to_y > y else -HEIGHT / 2)


def draw(panel: Axes) -> None:
    """All states and arrows."""
    for state, (x, y, colour) in PLACES.items():
        name = life.STATE_NAMES[state].replace("_", " ").replace("test ", "test: ")
        box(panel, (x, y), (WIDTH, HEIGHT), colour, name)
    x, y, _ = PLACES[life.EXERCISE]
    low = (x - FRAME[0] / 2, y - FRAME[1] / 2)
    panel.add_patch(FancyBboxPatch(low, *FRAME, boxstyle="round,pad=0.05", fc="none", ec="#777777", ls="--"))
    told = arrows()
    for (start, end), causes in told.items():
        both = (end, start) in told
        (x0, y0), (x1, y1) = edge(start, end), edge(end, start)
        bend = BENDS.get((start, end), (0.3 if abs(y1 - y0) < HEIGHT else 0.75) if both else 0.0)
        arrow(panel, (x0, y0), (x1, y1), bend, lw=1.4, color="#333333")
        # In the middle of the arc, as matplotlib bends it.
        x, y = (x0 + x1 + bend * (y1 - y0)) / 2, (y0 + y1 - bend * (x1 - x0)) / 2
        panel.text(
            x, y, "\nor ".join(causes), ha="center", va="center", fontsize=8.5, linespacing=1.1,
            bbox={"fc": "white", "ec": "none", "pad": 0.6, "alpha": 0.9},
        )  # fmt: skip
    panel.text(
        7.0, -6.1,
        "From every state of a session: a long press (pain stop), or trouble with battery, sensor or flash, ends it at"
        "\nonce; a short press ends it too, but for the walking test, where it begins and ends a trial. "
        "A double press marks.",
        ha="center", va="top", fontsize=10,
    )  # fmt: skip


def main() -> None:
    """Write the picture beside this file."""
    figure, panel = canvas(14, 8.6, (-2.2, 18.0), (-7.2, 4.2))
    draw(panel)
    save(figure, "session-life", bbox_inches="tight")


if __name__ == "__main__":
    main()
