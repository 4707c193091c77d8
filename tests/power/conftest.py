"""A clip on battery, and programs of the device that hang where a test wants them to."""

from pathlib import Path

import pytest
from clip import Clip

from retrowalk.deploying.tree import firmware_folder
from retrowalk.virtual.device import VirtualDevice


@pytest.fixture
def on_battery(clip):
    """The app on the virtual device, idle, without a cable."""
    clip.device.power.plug(False)
    return clip


@pytest.fixture
def board_clip(tmp_path):
    """The app on a virtual device of that board, at 25 times the speed of life."""
    made = []

    def make(board):
        device = VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", speed=25, board=board).start()
        made.append(device)
        clip = Clip(device, tmp_path / "archive")
        clip.wait_state("idle")
        return clip

    yield make
    for device in made:
        device.close()


@pytest.fixture
def sabotage(tmp_path):
    """Change a line of a program on the device, and start it anew: sabotage(clip, "app/x.py", before, after)."""

    def change(clip: Clip, name: str, before: str, after: str) -> None:
        source = (firmware_folder() / name).read_text(encoding="utf-8")
        assert source.count(before) == 1, f"{before!r} is {source.count(before)} times in {name}"
        path = tmp_path / Path(name).name
        path.write_text(source.replace(before, after), encoding="utf-8")
        clip.mpremote("fs", "cp", str(path), f":/a/{name}")
        clip.device.reset()
        clip.wait_state("idle")

    return change
