"""plot: the panels and their words, the files, and the text alternative."""

import os
from pathlib import Path

import numpy as np
import pytest
from matplotlib.image import imread
from recordings_made import standing_then_stepping, write_csv
from walks_made import header, told_walk, write_session

from retrogait import events
from retrowalk import cli
from retrowalk.errors import FailedError, UsageError
from retrowalk.plot import write_picture
from retrowalk.walk.replay import Event
from retrowalk.walk.walk_figure import draw
from retrowalk.walk.walk_text import picture_lines


def words_of(figure):
    """Every text of a figure: title, labels, legends, notes."""
    found = [figure.get_suptitle()]
    for ax in figure.axes:
        found += [ax.get_xlabel(), ax.get_ylabel(), *[each.get_text() for each in ax.texts]]
        legend = ax.get_legend()
        found += [each.get_text() for each in legend.get_texts()] if legend else []
    return "\n".join(found)


def test_panels_at_the_waist():
    figure = draw(told_walk())
    cadence, lean, side, ribbon, intervals = figure.axes
    assert [ax.get_ylabel().split(",")[0].split("\n")[0] for ax in figure.axes] == [
        "steps a minute", "lean", "side lean", "direction", "step interval",
    ]  # fmt: skip
    assert all(ax.get_xlim() == (0.0, 20.0) for ax in figure.axes)
    words = words_of(figure)
    for word in (
        "Anna's clip s00007", "20.0 s at the waist, 14 steps, 92 % backward (1 unknown), 2 cues",
        "(1 lean forward, 1 too fast)", "no data",
        "limit 110", "cue: lean forward (1)", "cue: too fast (1)", "dashed: limit 8", "dotted: alarm 15",
        "backward (12)", "forward (1)", "unknown (1)", "time, seconds", "mark", "pain", "still", "turn",
    ):  # fmt: skip
        assert word in words
    curve = next(line.get_ydata() for line in lean.get_lines() if len(line.get_ydata()) > 2)
    assert np.nanmax(curve) == 11.0
    assert np.isnan(curve).any()
    assert lean.get_ylim()[1] >= 20
    assert len(ribbon.texts) >= 3
    assert {line.get_marker() for line in intervals.get_lines()} >= {"v", "^", "o"}
    assert cadence.get_ylim()[0] == 0
    assert side.get_title() == ""


def test_the_words_tell_cues_that_were_due_and_not_given():
    walk = told_walk()
    assert "withheld" not in "\n".join(picture_lines(walk))
    walk.trace.events.append(Event(800, events.WITHHELD, events.LEAN_FORWARD, 120))
    words = "\n".join(picture_lines(walk))
    assert "1 due and not given" in words
    assert "7.7 s  buzz withheld: lean forward" in words


def test_panels_at_the_ankle_have_no_lean():
    figure = draw(told_walk(mount="ankle"))
    assert len(figure.axes) == 3
    assert "lean, degrees" not in words_of(figure)
    assert "lean limits" not in "\n".join(picture_lines(told_walk(mount="ankle"))).lower()


def test_markers_tell_the_faults_apart_without_colour():
    cadence = draw(told_walk()).axes[0]
    markers = [line.get_marker() for line in cadence.get_lines() if line.get_label().startswith("cue")]
    assert len(set(markers)) == 2


def test_states_are_told_apart_by_hatch_or_word():
    ribbon = draw(told_walk()).axes[-2]
    shown = [(patch.get_facecolor(), patch.get_hatch()) for patch in ribbon.get_legend().get_patches()]
    assert len(set(shown)) == len(shown) == 5


def test_long_walks_are_told_in_minutes():
    figure = draw(told_walk(seconds=400))
    figure.draw_without_rendering()
    assert figure.axes[-1].get_xlabel() == "time, minutes:seconds"
    assert "1:00" in [label.get_text() for label in figure.axes[-1].get_xticklabels()]


def test_a_walk_without_steps_says_so():
    walk = told_walk()
    walk.trace.events[:] = [each for each in walk.trace.events if each.kind != events.STEP]
    walk.trace.cadence_spm[:] = np.nan
    walk.trace.lean_deg[:] = np.nan
    words = words_of(draw(walk))
    assert "no steps found" in words
    assert "cadence unknown" in words
    assert "no samples" in words


def test_writes_picture_and_text(tmp_path):
    walk = told_walk(name="a $x^2$ <clip> s00007")
    path = write_picture(walk, tmp_path / "walk.png")
    pixels = imread(path)
    assert pixels.shape == (1000, 1400, 4)
    assert pixels[..., :3].std() > 0.05
    text = (tmp_path / "walk.txt").read_text(encoding="utf-8")
    assert "a $x^2$ <clip> s00007" in text
    assert "buzz of 180 ms: lean forward" in text
    assert "no data for 1.0 s" in text
    assert b"lean forward" in path.read_bytes()  # the description inside the picture
    assert sorted(each.name for each in tmp_path.iterdir()) == ["walk.png", "walk.txt"]
    assert {each.stat().st_mode & 0o777 for each in tmp_path.iterdir()} == {0o600}


def test_nobody_else_can_read_a_picture_at_any_moment(tmp_path, monkeypatch):
    seen = []

    def look():
        seen.extend(path.stat().st_mode & 0o777 for path in tmp_path.iterdir())

    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: (look(), replace(self, to))[1])
    before = os.umask(0)
    try:
        write_picture(told_walk(), tmp_path / "walk.png")
    finally:
        os.umask(before)
    look()
    assert len(seen) == 6 and set(seen) == {0o600}


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<?xml"), ("pdf", b"%PDF")])
def test_vector_pictures(tmp_path, kind, start):
    path = write_picture(told_walk(name="<script>clip</script>"), tmp_path / f"walk.{kind}")
    assert path.read_bytes().startswith(start)
    if kind == "svg":
        assert b"<script>" not in path.read_bytes()
        assert b"buzz of 180 ms" in path.read_bytes()


def test_a_name_in_any_script_is_no_warning(tmp_path, recwarn):
    write_picture(told_walk(name="\u6b69\u304f clip \U0001f6b6"), tmp_path / "walk.png")
    assert [str(each.message) for each in recwarn if "Glyph" in str(each.message)] == []


def test_kinds_and_folders_that_cannot_be(tmp_path):
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.pdf"):
        write_picture(told_walk(), tmp_path / "walk.jpeg")
    with pytest.raises(UsageError, match="no folder"):
        write_picture(told_walk(), tmp_path / "nowhere" / "walk.png")
    (tmp_path / "walk.png").mkdir()
    with pytest.raises(FailedError, match="cannot be written"):
        write_picture(told_walk(), tmp_path / "walk.png")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["walk.png"]


def test_the_command_on_a_recording(tmp_path, monkeypatch, capsys):
    path = write_csv(tmp_path / "walk.csv.gz", standing_then_stepping())
    monkeypatch.chdir(tmp_path)
    assert cli.main(["plot", str(path), "--mount", "waist"]) == 0
    assert capsys.readouterr().out == "walk.png\n"
    assert imread(tmp_path / "walk.png").shape == (1000, 1400, 4)


def test_the_command_on_a_session_and_its_damage(tmp_path, capsys):
    folder = write_session(tmp_path / "s00007", header(name="evil\x1b[31mclip"))
    out = tmp_path / "walk.svg"
    assert cli.main(["plot", str(folder), "--out", str(out)]) == 0
    assert capsys.readouterr().out == f"{out}\n"
    assert b"\x1b" not in out.read_bytes() + (tmp_path / "walk.txt").read_bytes()
    data = bytearray((folder / "0000.rwl").read_bytes())
    data[5000] ^= 1
    (folder / "0000.rwl").write_bytes(data)
    assert cli.main(["plot", str(folder), "--out", str(out)]) == 5
    assert "damaged" in capsys.readouterr().err
