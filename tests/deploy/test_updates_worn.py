"""Updates of a whole virtual device by the verbs: confirmed, given up, cut off, rolled back; data stays throughout."""

import json

import pytest

from retrogait import patterns
from retrowalk.contact import remote
from retrowalk.contact.transport import Transport
from retrowalk.deploying import tree
from retrowalk.deploying.install import install
from retrowalk.virtual.device import VirtualDevice

pytestmark = pytest.mark.slow

CRASHES = "raise ValueError('a bug of the new version')\n"
# Time passes, so that the guard's patience ends; nothing else happens.
HANGS = "import time\nwhile True:\n    time.sleep_ms(50)\n"
# No chip has this identity.
BLIND = "Lsm6dsox._make_ready = lambda imu: imu._identify(0x0F, 0x00)\n"


@pytest.fixture
def new_version(monkeypatch):
    """Make this computer's firmware another one: new_version({path: source put at the end})."""
    real = tree.source_tree()

    def change(more: dict[str, str]) -> None:
        changed = {path: data + more.get(path, "").encode() for path, data in real.items()}
        monkeypatch.setattr("retrowalk.deploying.install.source_tree", lambda: changed)
        monkeypatch.setattr("retrowalk.checking.checks.source_tree", lambda: changed)

    return change


def cli(clip, capsys, *words: str, expect: int = 0) -> str:
    """A verb in this process, so that `new_version` counts; returns all that it said."""
    from retrowalk.cli import main

    assert main([words[0], "--port", clip.port, *words[1:]]) == expect, capsys.readouterr()
    told = capsys.readouterr()
    return told.out + told.err


def settings_there(clip) -> str:
    with Transport(clip.port) as device:
        return device.run("import json\nprint(json.dumps(open('/data/settings.json').read()))\n")[0]


def test_a_new_version_runs_and_can_be_taken_back(clip, new_version, capsys):
    clip.put_settings({"lean_cue_cdeg": 700})
    assert clip.status().slot == "a"
    new_version({"app/health.py": "# another version\n"})
    assert "in slot b" in cli(clip, capsys, "flash")
    new = clip.status()
    assert (new.slot, new.confirmed, new.update_failed) == ("b", True, None)
    assert "nothing to change" in cli(clip, capsys, "flash")
    told = cli(clip, capsys, "rollback")
    assert f"From version {new.version} ({new.content}) back to version" in told
    old = clip.status()
    assert (old.slot, old.confirmed) == ("a", True)
    assert old.content != new.content
    cli(clip, capsys, "rollback")
    assert clip.status().content == new.content, "a second one undoes the first"
    assert "700" in settings_there(clip)


@pytest.mark.parametrize(
    ("path", "more", "why"),
    [
        ("app/start.py", CRASHES, "its app crashed at the start"),
        ("retrogait/__init__.py", HANGS, "it hung, or power went"),
        pytest.param("drivers/lsm6dsox.py", BLIND, "it did not find the motion sensor", marks=pytest.mark.long),
    ],
)
def test_a_version_that_fails_is_given_up_by_the_device_alone(clip, new_version, capsys, path, more, why):
    before = clip.status()
    clip.put_settings({"lean_cue_cdeg": 700})
    new_version({path: more})
    told = cli(clip, capsys, "flash", "--source", expect=1)
    assert f"the last update, was given up: {why}" in told
    assert f"The device went back to version {before.version} ({before.content}), which runs" in told
    after = clip.status()
    assert (after.slot, after.confirmed, after.content) == ("a", True, before.content)
    assert after.update_failed is not None
    told = cli(clip, capsys, "doctor")
    assert f"was given up: {why}" in told
    assert ("a bug of the new version" in told) is (more == CRASHES)
    assert f"({before.content}), which runs" in told
    assert "never confirmed itself" in cli(clip, capsys, "rollback", expect=1)
    assert "700" in settings_there(clip)


@pytest.mark.long
def test_what_failed_is_told_until_it_is_mended_or_not_wanted_any_more(clip, new_version, capsys):
    new_version({"app/start.py": CRASHES})
    cli(clip, capsys, "flash", expect=1)
    clip.device.reset()
    assert clip.wait_state("idle").update_failed is not None, "a restart is no remedy"
    new_version({"app/health.py": "# a version that works\n"})
    cli(clip, capsys, "flash")
    assert clip.wait_state("idle").update_failed is None, "another version has confirmed itself"
    new_version({"app/health.py": "# a version that works\n", "app/start.py": CRASHES})
    cli(clip, capsys, "flash", expect=1)
    assert clip.wait_state("idle").update_failed is not None
    new_version({"app/health.py": "# a version that works\n"})
    assert "nothing to change" in cli(clip, capsys, "flash")
    assert clip.wait_state("idle").update_failed is None, "the computer has gone back to it, too"
    assert "was given up" not in cli(clip, capsys, "doctor")


@pytest.mark.long
def test_going_back_is_felt_once(clip, new_version, capsys):
    from clip import is_felt

    new_version({"app/start.py": CRASHES})
    cli(clip, capsys, "flash", expect=1)
    assert clip.device.wait_until(lambda: is_felt(patterns.FAILED, clip.felt()))
    n_felt = len(clip.felt())
    clip.device.reset()
    clip.wait_state("idle")
    clip.settle(5)
    assert len(clip.felt()) == n_felt


def test_a_sensor_that_was_absent_before_does_not_hold_an_update_up(clip, new_version, capsys):
    clip.device.fault("imu_absent")
    clip.device.reset()
    clip.wait_state("idle")
    clip.settle(12)
    new_version({"app/health.py": "# another version\n"})
    assert "not well: motion sensor" in cli(clip, capsys, "flash", expect=1), "the self-test tells of it"
    assert (clip.status().slot, clip.status().confirmed) == ("b", True)


@pytest.mark.long
def test_a_user_who_switches_off_twice_gets_the_old_version_which_works(clip, new_version, capsys, monkeypatch):
    new_version({"app/health.py": "# another version\n"})
    device = clip.device

    def switch_off(*_: object) -> "_Gone":
        """In the middle of the start: counted, not yet confirmed."""
        began_us = device.now_us
        assert device.wait_until(lambda: device.now_us > began_us + 1e6)
        device.power_cut()
        return _Gone()

    monkeypatch.setattr("retrowalk.flash.await_confirmed", switch_off)
    device.set_speed(1)
    cli(clip, capsys, "flash", expect=3)
    device.start()
    assert device.wait_note("booted", after=len(device.notes) - 1)
    switch_off()
    device.start()
    status = clip.wait_state("idle")
    assert (status.slot, status.confirmed) == ("a", True)
    assert status.update_failed.why == "stopped"


class _Gone:
    """A status of a device that was switched off."""

    version = device_id = ""
    calibrated = True


@pytest.mark.long
@pytest.mark.parametrize("n_operations", [20, 400])
def test_power_cut_in_the_middle_of_a_deploy(clip, new_version, capsys, monkeypatch, n_operations):
    """The old version starts, or the new one; the same flash, said again, completes it."""
    monkeypatch.setattr("retrowalk.contact.transport.SILENCE_S", 2.0)
    before = clip.status()
    clip.put_settings({"lean_cue_cdeg": 700})
    new_version({path: "# another version\n" for path in tree.source_tree() if path.startswith(("app/", "drivers/"))})

    def cut_off(device: Transport, *arguments: object) -> object:
        clip.device.cut_at(n_operations, torn_percent=50)
        device.run("import time\ntime.sleep_ms(500)\n")  # time stands still at a prompt, and nobody hears an order
        return install(device, *arguments)

    with monkeypatch.context() as patched:
        patched.setattr("retrowalk.flash.install", cut_off)
        cli(clip, capsys, "flash", expect=3)
    assert clip.device.wait_until(lambda: not clip.device.is_on)
    clip.device.start()
    assert clip.wait_state("idle").content == before.content
    cli(clip, capsys, "flash")
    after = clip.status()
    assert (after.slot, after.confirmed) == ("b", True)
    assert after.content != before.content
    assert "700" in settings_there(clip)


def test_a_flash_too_full_for_a_second_copy_is_told_and_nothing_changes(clip, new_version, capsys):
    before = clip.status()
    with Transport(clip.port) as device:
        device.run(
            "import os\nb=bytes(4096)\nf=open('/filler','wb')\n"
            "v=os.statvfs('/')\nfor _ in range(v[3]-40):f.write(b)\nf.close()\n"
        )
    new_version({"app/health.py": "CHANGED = 1\n"})
    told = cli(clip, capsys, "flash", expect=1)
    assert "a second copy of the app needs" in told
    assert "retrowalk sync --prune" in told
    after = clip.wait_state("idle")
    assert (after.slot, after.content, after.confirmed) == (before.slot, before.content, True)


def old_tree() -> dict[str, bytes]:
    """The single tree of firmware 0.2, as far as it matters: its main.py, and this app at /."""
    main = (
        "class Guard:\n    folder, slot, back, failed, why = '', None, '', '', ''\n"
        "    is_confirmed = True\n    is_on_trial = has_fallen_back = False\n    had_imu = None\n"
        "    def confirm(self, has_imu):\n        pass\n"
        "from app.start import run\nrun(Guard())\n"
    )
    files = {f"/{path}": data for path, data in tree.source_tree().items()}
    return {**files, "/main.py": main.encode(), "/board.txt": b"virtual\n", "/data/settings.json": b"{}"}


@pytest.fixture
def old_clip(tmp_path, clip_class):
    """A device with the app in a single tree, as before there were slots."""
    with VirtualDevice(tmp_path / "flash.bin", link=tmp_path / "port", is_empty=True, speed=25) as device:
        made = clip_class(device, tmp_path / "archive")
        with Transport(made.port) as remote_device:
            folders = [f"/{name}" for name in (*tree.FOLDERS, "data")]
            remote_device.run(f"import os\nfor d in {folders!r}:\n os.mkdir(d)\n")
            for path, data in old_tree().items():
                remote_device.write_file(path, data)
        made.wait_state("idle")
        yield made


@pytest.mark.long
def test_firmware_without_slots_is_replaced_and_cleared_away_only_when_the_new_one_is_well(
    old_clip, new_version, capsys
):
    new_version({"app/start.py": CRASHES})
    cli(old_clip, capsys, "flash", expect=1)
    assert old_clip.wait_state("idle").slot is None, "the old tree runs"
    new_version({})
    assert "had no slots, were removed" in cli(old_clip, capsys, "flash")
    status = old_clip.wait_state("idle")
    assert (status.slot, status.confirmed) == ("a", True)
    with Transport(old_clip.port) as device:
        left = remote.list_files(device, [f"/{name}" for name in tree.FOLDERS] + ["/data"])
    assert set(left) == {"/data/settings.json"} | {path for path in left if path.startswith("/data/")}
    assert "/data/settings.json" in left
    told = cli(old_clip, capsys, "rollback", expect=1)
    assert "no version to go back to" in told


def test_rollback_with_nothing_to_go_back_to_and_while_recording(worn, capsys):
    told = worn.retrowalk("rollback", expect=1)
    assert told == ""
    assert "no version to go back to" in worn.said[-1]
    worn.command("start")
    worn.retrowalk("rollback", expect=4)
    assert "nothing disturbs a walk" in worn.said[-1]
    worn.command("stop")
    rows = json.loads(worn.retrowalk("devices", "--json", port=False))
    (row,) = [each for each in rows if each["port"] == worn.port]
    assert (row["slot"], row["confirmed"], row["compatible"]) == ("a", True, True)
    assert len(row["content"]) == 16


@pytest.mark.long
def test_a_rotten_copy_is_not_gone_back_to(clip, new_version, capsys):
    new_version({"app/health.py": "# another version\n"})
    cli(clip, capsys, "flash")
    clip.mpremote("exec", "f=open('/a/app/walk.py','a')\nf.write('#')\nf.close()")
    clip.device.reset()
    clip.wait_state("idle")
    assert "is damaged on the device; what runs now stays" in cli(clip, capsys, "rollback", expect=1)
    assert clip.wait_state("idle").slot == "b"
