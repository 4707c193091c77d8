"""`retrowalk config` against a scripted app that keeps settings as the real one does."""

import importlib
import json
import stat
import sys
from pathlib import Path

import pytest
from scripted import ScriptedPort, answer

from retrowalk import cli

sys.path.insert(0, str(Path(__file__).parents[2] / "firmware"))
SettingsDesk = importlib.import_module("app.settings_desk").SettingsDesk
Settings = importlib.import_module("retrogait.settings").Settings


class App:
    """The device's own desk behind a scripted port; `refuse` (what `apply` is refused with) and `lie` as told."""

    def __init__(self, changes: dict | None = None, unreadable: bool = False, state: str = "idle") -> None:
        self.changes = dict(changes or {})
        self.settings = Settings(self.changes)
        self.is_settings_unreadable = unreadable
        self.state = state
        self.refuse: dict | None = None
        self.lie: dict | None = None
        self._desk = SettingsDesk(self)
        self.lines: list[str] = []

    def keep_settings(self, settings, changes) -> None:
        self.settings, self.changes, self.is_settings_unreadable = settings, changes, False

    def __call__(self, data: bytes) -> bytes:
        return b"".join(self._one(line) for line in data.decode().splitlines())

    def _one(self, line: str) -> bytes:
        self.lines.append(line)
        assert len(line) <= 80
        words = line.split()[1:]
        if words == ["status"]:
            return answer(state=self.state, session=3)
        if words[0] == "apply" and self.refuse:
            told = self.refuse
        elif words[0] == "settings" and self.lie is not None:
            told = self.lie
        else:
            told = self._desk.answer(words, self.state)
        return b"RW " + json.dumps(told).encode() + b"\r\n"


@pytest.fixture
def config(capsys):
    """Run `retrowalk config WORDS` on an app; returns (exit code, stdout, stderr)."""

    def run(app: App, *words: str):
        with ScriptedPort(app) as port:
            code = cli.main(["config", words[0], "--port", port.path, *words[1:]])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return run


def sent(app: App) -> list[str]:
    return [line for line in app.lines if line.startswith(("rw draft", "rw apply"))]


def test_a_pair_is_set_together_in_peoples_units(config):
    app = App()
    code, out, err = config(app, "set", "lean_clear_deg=8.5", "lean_cue_deg=10", "height_ft=5ft8")
    assert code == 0
    assert app.changes == {"lean_clear_cdeg": 850, "lean_cue_cdeg": 1000, "height_cm": 173}
    assert "lean_cue_deg: 8 -> 10 deg" in out
    assert "the device keeps 173 cm" in err
    assert sent(app)[0] == "rw draft"
    assert sent(app)[-1] == "rw apply"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["set", "lean_clear_deg=9"], "lean_clear_cdeg must be below lean_cue_cdeg"),
        (["set", "lean_cue_deg=99"], "2 to 30"),
        (["set", "lean_cue_degs=6"], "did you mean lean_cue_deg"),
        (["set"], "give NAME=VALUE"),
        (["set", "lean_cue_deg", "6"], "NAME=VALUE"),
        (["reset"], "--all"),
        (["reset", "--all", "stage"], "--all"),
        (["reset", "colour"], "no setting"),
        (["show", "lean_cue_deg"], "takes no words"),
        (["export"], "name one file"),
        (["import", "a", "b"], "name one file"),
        (["set", "stage=2", "--json"], "--json is for"),
        (["set", "stage=2", "--all"], "--all is for"),
        (["tell"], "config --help"),
    ],
)
def test_usage_errors_exit_2_and_send_nothing(config, words, said):
    app = App()
    code, out, err = config(app, *words)
    assert (code, out, sent(app)) == (2, "", [])
    assert said in err
    assert "Next:" in err


def test_a_stage_says_all_that_it_changes(config):
    app = App({"cue_lean": 1})
    code, out, _ = config(app, "set", "stage=assisted")
    assert (code, app.changes) == (0, {"cue_lean": 1, "stage": 2})
    assert "stage: unassisted -> assisted" in out
    assert "cadence_limit_spm: 110 -> 90 steps/min (the stage)" in out
    assert "cue_lean" not in out


def test_nothing_to_change_sends_nothing(config):
    app = App({"stage": 4})
    assert config(app, "set", "stage=4") == (0, "Nothing to change.\n", "")
    assert sent(app) == []


def test_reset_of_some_and_of_all(config):
    app = App({"stage": 4, "height_cm": 170, "lean_cue_cdeg": 700})
    assert config(app, "reset", "lean_cue_deg")[0] == 0
    assert app.changes == {"stage": 4, "height_cm": 170}
    code, _, err = config(app, "reset", "--all")
    assert code == 4, "nobody is there to say yes"
    assert "--yes" in err
    assert app.changes == {"stage": 4, "height_cm": 170}
    assert config(app, "reset", "--all", "--yes")[0] == 0
    assert app.changes == {}


def test_show_tells_what_is_not_default_and_who_decided(config):
    app = App({"stage": 2, "height_cm": 173})
    code, out, err = config(app, "show", "--imperial")
    lines = {line.split()[0]: line for line in out.splitlines()}
    assert code == 0
    assert list(lines) == [
        "setting",
        "stage",
        "cue_lean",
        "cadence_limit_spm",
        "cadence_clear_spm",
        "goal_s",
        "height_ft",
    ]
    assert " you " in lines["height_ft"] and "5ft8" in lines["height_ft"]
    assert " stage " in lines["cue_lean"]
    assert "Stage 2 (assisted) sets" in err
    assert "config show --all" in err
    assert len(config(app, "show", "--all")[1].splitlines()) == 1 + len(Settings().as_dict())


def test_show_as_json_is_in_the_devices_units(config):
    code, out, _ = config(App({"lean_cue_cdeg": 650}, unreadable=True), "show", "--json")
    told = json.loads(out)
    assert (code, told["format"], told["stage"], told["settings_unreadable"]) == (0, 1, 3, True)
    rows = {row["name"]: row for row in told["settings"]}
    assert (rows["lean_cue_cdeg"]["value"], rows["lean_cue_cdeg"]["set_by"]) == (650, "you")
    assert {name: row["value"] for name, row in rows.items()} == Settings({"lean_cue_cdeg": 650}).as_dict()


def test_export_and_import_are_one_way_and_back(config, tmp_path):
    path = tmp_path / "mine.json"
    first = App({"stage": 4, "lean_cue_cdeg": 700, "height_cm": 170})
    assert config(first, "export", str(path))[0] == 0
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text()) == {"format": 1, "settings": first.changes}
    assert list(tmp_path.iterdir()) == [path]
    second = App({"cue_twist": 1, "height_cm": 180})
    code, out, _ = config(second, "import", str(path))
    assert (code, second.changes) == (4, {"cue_twist": 1, "height_cm": 180})
    assert "height_m: 1.8 -> 1.7 m" in out
    assert config(second, "import", str(path), "--yes")[0] == 0
    assert second.changes == first.changes
    assert config(first, "export", str(path))[0] == 4, "a file that is there is not replaced unasked"
    assert config(App(), "export", str(path), "--yes")[0] == 0
    assert json.loads(path.read_text())["settings"] == {}
    assert config(first, "export", str(tmp_path / "no" / "x.json"))[0] == 2
    assert config(first, "export", str(tmp_path), "--yes")[0] == 2
    assert config(first, "export", "/dev/null", "--yes")[0] == 2, "a device file is never replaced"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 5), ("{", 5), ("[" * 60000, 5), ("\xff", 5), ('{"format":1,"settings":{"stage":2,"stage":3}}', 5),
        ("null", 2), ("{}", 2),
        ('{"format":1}', 2), ('{"format":2,"settings":{}}', 2), ('{"format":true,"settings":{}}', 2),
        ('{"format":1,"settings":[]}', 2), ('{"format":1,"settings":{"stage":9}}', 2), (" " * 70000, 2),
        ('{"format":1,"settings":{"colour":1}}', 2), ('{"format":1,"settings":{"stage":2.0}}', 2),
        ('{"format":1,"settings":{"lean_clear_cdeg":900}}', 2), ('{"format":1,"settings":{},"more":1}', 2),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_before_anything_is_sent(config, tmp_path, text, code):
    path = tmp_path / "bad.json"
    path.write_bytes(text.encode("latin-1"))
    app = App()
    assert config(app, "import", str(path), "--yes")[0] == code
    assert app.lines == []
    assert config(app, "import", str(tmp_path / "none.json"), "--yes")[0] == 2


def test_an_unreadable_file_on_the_device_is_told_and_mended(config):
    app = App(unreadable=True)
    assert "config import FILE" in config(app, "show")[2]
    code, _, err = config(app, "reset", "--all", "--yes")
    assert code == 0
    assert "could not read its settings" in err
    assert app.is_settings_unreadable is False


def test_a_busy_device_is_left_alone_but_may_be_asked(config):
    app = App(state="recording")
    code, _, err = config(app, "set", "stage=2")
    assert (code, sent(app)) == (4, [])
    assert "recording session 3" in err
    assert config(app, "show")[0] == 0


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ({"error": "recording"}, "a walk is being recorded"),
        ({"error": "flash_full"}, "flash is full"),
        ({"error": "bad_setting", "why": "no \x1b[31mway"}, "no [31mway"),
    ],
)
def test_a_refusal_exits_4_in_words(config, refusal, said):
    app = App()
    app.refuse = refusal
    code, _, err = config(app, "set", "stage=2")
    assert (code, app.changes) == (4, {})
    assert said in err
    assert "\x1b" not in err


@pytest.mark.parametrize(
    "lie",
    [{}, {"settings": []}, {"settings": {"colour": 1}}, {"settings": {"stage": "2"}}, {"error": "unknown_command"}],
)
def test_a_device_of_another_version_is_left_as_it_is(config, lie):
    app = App()
    app.lie = lie
    code, _, err = config(app, "set", "stage=2")
    assert (code, sent(app)) == (4, [])
    assert "retrowalk flash" in err


def test_no_device_exits_3(monkeypatch, capsys):
    from retrowalk.contact import ports

    monkeypatch.setattr(ports, "find_ports", list)
    assert cli.main(["config", "show"]) == 3
    assert "No device is connected." in capsys.readouterr().err
