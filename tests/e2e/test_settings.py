"""Settings on the real firmware, through the verb: set, pairs, refusals, power cuts, files that are bad at start."""

import contextlib
import json
import subprocess

import pytest
from clip import MPREMOTE

from retrogait import record
from retrowalk.contact.link import Link
from retrowalk.errors import BusyError, RetrowalkError

pytestmark = pytest.mark.slow


def held(clip):
    """What is set on the device."""
    with Link(clip.port) as link:
        return link.ask("settings")


def header(clip, session):
    """The header block of a synced session, as the device wrote it."""
    (path,) = clip.archive.glob(f"*/{session}/0000.rwl")
    block = next(record.read_blocks(path.read_bytes()))
    assert block.kind == record.HEADER
    return json.loads(bytes(block.payload))


def put(clip, text):
    """Lay a settings file on the device and start it anew."""
    code = f"f=open('/data/settings.json','w')\nf.write({text!r})\nf.close()"
    run = subprocess.run([MPREMOTE, "connect", clip.port, "exec", code], capture_output=True, text=True, timeout=60)
    assert run.returncode == 0, run.stderr
    clip.device.reset()
    return clip.wait_state("idle")


def test_set_show_reset_export_and_import(clip, tmp_path):
    clip.retrowalk("config", "set", "lean_clear_deg=8.5", "lean_cue_deg=10", "stage=form")
    mine = {"lean_clear_cdeg": 850, "lean_cue_cdeg": 1000, "stage": 4}
    assert held(clip) == {"settings": mine, "stage": 4, "settings_unreadable": False}
    clip.device.reset()
    clip.wait_state("idle")
    assert held(clip)["settings"] == mine, "they outlast a restart"
    told = json.loads(clip.retrowalk("config", "show", "--json"))
    rows = {row["name"]: (row["value"], row["set_by"]) for row in told["settings"]}
    assert rows["lean_cue_cdeg"] == (1000, "you")
    assert rows["cue_twist"] == (1, "stage")
    clip.retrowalk("config", "export", tmp_path / "mine.json")
    clip.retrowalk("config", "reset", "lean_cue_deg", "lean_clear_deg")
    assert held(clip)["settings"] == {"stage": 4}
    clip.retrowalk("config", "import", tmp_path / "mine.json", "--yes")
    assert held(clip)["settings"] == mine


def test_the_device_refuses_what_the_host_would_never_send(clip):
    with Link(clip.port) as link:
        assert link.ask("draft lean_clear_cdeg 900") == {"draft": 1}
        with pytest.raises(BusyError, match="lean_clear_cdeg must be below lean_cue_cdeg"):
            link.ask("apply")
        assert link.ask("settings")["settings"] == {}
        assert link.ask("draft") == {"draft": 0}


def test_nothing_is_changed_during_a_walk_and_the_next_one_has_the_new_settings(worn):
    worn.command("start")
    worn.retrowalk("config", "set", "stage=2", expect=4)
    with Link(worn.port) as link:
        link.ask("draft stage 2")
        with pytest.raises(BusyError, match="a walk is being recorded"):
            link.ask("apply")
    worn.command("stop")
    worn.retrowalk("config", "set", "lean_cue_deg=7")
    worn.command("start")
    worn.wait_state("recording")
    worn.command("stop")
    worn.sync()
    assert [header(worn, name)["settings"]["lean_cue_cdeg"] for name in ("s00001", "s00002")] == [800, 700]


@pytest.mark.long
@pytest.mark.parametrize("torn_percent", [0, 50, 100])
def test_a_power_cut_while_settings_are_stored_leaves_the_old_or_the_new_ones(clip, torn_percent):
    """The power fails at each operation on the flash in turn, until one storing goes through without."""
    old = {"lean_clear_cdeg": 500, "lean_cue_cdeg": 800}
    new = {"lean_clear_cdeg": 900, "lean_cue_cdeg": 1200}
    seen = []
    for n_operations in range(1, 30):
        clip.retrowalk("config", "set", *(f"{name}={value}" for name, value in old.items()))
        clip.device.cut_at(n_operations, torn_percent)
        with Link(clip.port) as link:
            for name, value in new.items():
                link.ask(f"draft {name} {value}")
            # The device goes dark in the middle of its answer.
            with contextlib.suppress(RetrowalkError):
                link.ask("apply")
        if clip.device.is_on:
            break
        clip.device.start()
        assert clip.wait_state("idle").faults == {}
        seen.append(held(clip)["settings"])
        assert seen[-1] in (old, new)
    else:
        raise AssertionError("no storing went through")
    assert held(clip)["settings"] == new
    assert old in seen, "no cut came before the new file was there"


@pytest.mark.parametrize(
    "text",
    ['{"lean_cue_cdeg"', "x" * 9000, '{"format": 2, "settings": {}}', '{"format": 1, "settings": {"colour": 1}}'],
)
def test_a_bad_file_gives_defaults_and_is_told_until_new_settings_come(worn, text):
    status = put(worn, text)
    assert status.faults == {"settings_unreadable": 1}
    worn.command("start")
    worn.wait_state("recording")
    worn.command("stop")
    worn.sync()
    assert "config import FILE" in worn.said[-1]
    assert header(worn, "s00001")["faults"] == {"settings_unreadable": 1}
    assert header(worn, "s00001")["settings"]["lean_cue_cdeg"] == 800
    assert "config import FILE" in worn.retrowalk("doctor")
    worn.device.reset()
    assert worn.wait_state("idle").faults == {"settings_unreadable": 1}, "told again after a restart"
    worn.retrowalk("config", "set", "height_ft=5ft8")
    assert "could not read its settings" in worn.said[-1]
    assert worn.status().faults == {}
    worn.device.reset()
    assert worn.wait_state("idle").faults == {}
    assert held(worn)["settings"] == {"height_cm": 173}


def test_the_bare_file_of_the_first_version_is_read(clip):
    assert put(clip, '{"lean_cue_cdeg": 700}').faults == {}
    assert held(clip)["settings"] == {"lean_cue_cdeg": 700}
