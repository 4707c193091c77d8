"""The walking tests there are, and the published figures that stand beside a result: never a diagnosis.

A figure without its population and its accuracy says nothing: both belong to it here. Taken from the abstracts of the
papers named; AUC 0.5 is a coin, 1.0 a perfect test. Called by result and verb. The device uses the same names.
"""

from typing import NamedTuple

from retrogait import events


class Study(NamedTuple):
    """One published figure: `who` was measured, what was `found`, how well it told fallers from others, and where."""

    who: str
    found: str
    accuracy: str
    source: str


class Kind(NamedTuple):
    """A test: metres of tape, the way to walk (code of retrogait.events), words for the wearer, and studies."""

    name: str
    title: str
    distance_m: float
    way: int
    how: str
    studies: tuple[Study, ...] = ()


BACK3_STUDIES = (
    Study(
        "59 older adults in retirement communities, falls of the past year as told by them",
        "most under 3.0 s had not fallen, most over 4.5 s had",
        "a small sample, looking back",
        "Carter et al. 2019, J. Geriatr. Phys. Ther. 42:249",
    ),
    Study(
        "483 older adults living at home, mean age 76, 101 of them fallers",
        "fallers 6.8 +- 3.4 s, others 5.1 +- 1.3 s; best single limit 5.5 s",
        "AUC 0.655: right little more often than chance",
        "Polo-Ferrero et al. 2025, J. Funct. Morphol. Kinesiol. 10:154",
    ),
    Study(
        "217 residents of two nursing homes, median age 80",
        "limits of 9.3 s for past falls and 8.2 s for falls to come",
        "AUC 0.75 and 0.74",
        "Kapan et al. 2025, J. Am. Med. Dir. Assoc. 26:105580",
    ),
)

KINDS = {
    kind.name: kind
    for kind in (
        Kind(
            "back3",
            "3-metre backward walk test",
            3.0,
            events.BACKWARD,
            "Walk backward three metres as quickly as is safe; somebody walks beside you. No running.",
            BACK3_STUDIES,
        ),
        Kind("back10", "10-metre backward walk", 10.0, events.BACKWARD, "Walk backward ten metres at your usual pace."),
        Kind("forward10", "10-metre walk", 10.0, events.FORWARD, "Walk forward ten metres at your usual pace."),
    )
}

SMALLEST_CHANGE_S = 2.0
"""Changes of the 3-metre test under 1.7 to 2.1 s are noise in patients (design/gait.md): the larger is used."""
