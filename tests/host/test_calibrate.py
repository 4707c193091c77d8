"""Calibrating over the link: what the wearer is told, and each outcome."""

from scripted import ScriptedPort, answer

from retrowalk import calibrate, cli, felt_strength


class Calibrating:
    """An app that calibrates for three polls and then has `result`."""

    def __init__(self, result: object, refusal: bytes = b"") -> None:
        self.result = result
        self.refusal = refusal
        self.polls_left = 0
        self.last: object = {"ok": True, "reason": "of another day"}

    def __call__(self, data: bytes) -> bytes:
        if b"rw calibrate ankle right\n" in data:
            if self.refusal:
                return self.refusal
            self.polls_left, self.last = 3, None
        elif self.polls_left:
            self.polls_left -= 1
            self.last = None if self.polls_left else self.result
        return answer(state="calibrating" if self.polls_left else "idle", last_calibration=self.last, mount="ankle")


def run(app: Calibrating, monkeypatch) -> tuple[int, bytes]:
    monkeypatch.setattr(calibrate, "_POLL_S", 0.01)
    with ScriptedPort(app) as port:
        code = cli.main(["calibrate", "ankle", "--port", port.path])
        return code, port.heard


def test_a_pass_is_told_and_the_clock_is_set_first(monkeypatch, capsys):
    code, heard = run(Calibrating({"ok": True, "reason": ""}), monkeypatch)
    told = capsys.readouterr()
    assert (code, told.out) == (0, "Calibrated for the ankle.\n")
    assert "walk a few steps forward" in told.err
    assert heard.index(b"rw time 1") < heard.index(b"rw calibrate ankle")


def test_a_side_that_the_place_does_not_have_is_told(capsys):
    assert cli.main(["calibrate", "ankle", "--side", "front", "--port", "/dev/null"]) == 2
    assert "--side is one of: right, left" in capsys.readouterr().err


class Feeling:
    """An idle app whose wearer feels pulses from `felt_percent` on, and answers at a terminal."""

    def __init__(self, felt_percent: int) -> None:
        self.felt_percent = felt_percent
        self.played: list[int] = []

    def __call__(self, data: bytes) -> bytes:
        for line in data.split(b"\n"):
            if line.startswith(b"rw feel "):
                self.played.append(int(line.split()[2]))
        return answer(state="idle", mount="waist")

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return "y\n" if self.played[-1] >= self.felt_percent else "\n"


def feel(app: Feeling, monkeypatch, *words: str) -> int:
    monkeypatch.setattr(felt_strength.sys, "stdin", app)
    with ScriptedPort(app) as port:
        return cli.main(["calibrate", "strength", "--port", port.path, *words])


def test_the_felt_test_rises_until_it_is_felt_and_only_proposes(monkeypatch, capsys):
    app = Feeling(40)
    assert feel(app, monkeypatch) == 0
    told = capsys.readouterr()
    assert app.played == [20, 30, 40]
    assert told.out == "retrowalk config set cue_strength_percent=60\n"
    assert "Nothing was changed" in told.err


def test_a_wearer_who_feels_nothing_is_told_what_to_do(monkeypatch, capsys):
    assert feel(Feeling(101), monkeypatch) == 1
    assert "flat and firmly" in capsys.readouterr().err


def test_the_felt_test_cannot_be_answered_by_nobody(monkeypatch, capsys):
    app = Feeling(10)
    assert feel(app, monkeypatch, "--yes") == 4
    app.isatty = lambda: False
    assert feel(app, monkeypatch) == 4
    assert app.played == []
    assert "somebody who feels" in capsys.readouterr().err


def test_a_failure_says_why_and_what_to_do(monkeypatch, capsys):
    code, _ = run(Calibrating({"ok": False, "reason": "not_still"}), monkeypatch)
    told = capsys.readouterr()
    assert (code, told.out) == (1, "")
    assert "you moved while it measured" in told.err
    assert "Next: stand still" in told.err


def test_a_refusal_exits_4_in_words(monkeypatch, capsys):
    code, _ = run(Calibrating(None, refusal=b'RW {"error": "imu_absent"}\r\n'), monkeypatch)
    assert code == 4
    assert "the motion sensor does not answer" in capsys.readouterr().err


def test_an_app_that_started_anew_in_between_has_not_passed(monkeypatch, capsys):
    assert run(Calibrating(None), monkeypatch)[0] == 1
    assert "no reason given" in capsys.readouterr().err
