"""Pages that state a format agree with the code: settings, record format, exit codes, link."""

import json
import re
import struct
import zlib
from pathlib import Path

from retrogait import events, record
from retrogait.settings import SCHEMA, Settings
from retrogait.stages import PRESETS, STAGE_NAMES
from retrowalk import errors
from retrowalk.settings.setting_meanings import MEANINGS
from retrowalk.settings.setting_units import parse_changes

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def rows(text: str) -> list[list[str]]:
    """The cells of every table line."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_settings_table_is_the_schema():
    found = {}
    for cells in rows(page("settings.md")):
        if cells[0].strip("` ") in SCHEMA:
            found[cells[0].strip("` ")] = (int(cells[1]), int(cells[2]), int(cells[3]), cells[4], cells[5])
    assert found == {row: (*cells, MEANINGS[row]) for row, cells in SCHEMA.items()}
    assert list(found) == list(SCHEMA)


def test_the_stages_on_the_settings_page_are_the_presets():
    found = {}
    for cells in rows(page("settings.md").partition("## What a stage changes")[2].partition("## Why")[0]):
        if cells[0][0].isdigit():
            number, name = cells[0].split()
            assert STAGE_NAMES[int(number)] == name
            found[int(number)] = {row: int(value) for row, value in re.findall(r"`(\w+)` (\d+)", cells[1])}
    assert found == PRESETS


def test_the_other_names_on_the_settings_page_are_accepted():
    examples = re.findall(r"`(\w+=[\w.]+)`", page("settings.md").partition("## On the device")[0])
    assert len(examples) > 8
    Settings({change.row: change.value for word in examples for change in parse_changes([word])})


def test_the_pairs_named_in_the_settings_page_are_refused():
    for low, high in re.findall(r"`(\w+)` < `(\w+)`", page("settings.md")):
        default = SCHEMA[high][0]
        try:
            Settings({low: default})
        except ValueError:
            continue
        raise AssertionError(f"{low} may be as large as {high}")


def worked_example() -> tuple[bytes, list[dict]]:
    text = page("record-format.md")
    code = {kind: body for kind, body in re.findall(r"```(hex|json)\n(.*?)```", text, re.DOTALL)}
    return bytes.fromhex(code["hex"]), json.loads(code["json"])


def test_worked_record_example_decodes():
    data, told = worked_example()
    assert f"{len(data)} bytes" in page("record-format.md")
    found = []
    for block in record.read_blocks(data):
        assert isinstance(block, record.Block)
        names = ("kind", "version", "session", "sequence", "first_index", "offset")
        row = {name: getattr(block, name) for name in names}
        if block.kind == record.SAMPLES:
            row["samples"] = [list(sample) for sample in block.samples()]
        if block.kind == record.EVENTS:
            row["events"] = [list(event) for event in block.events()]
        found.append(row)
    assert found == told


def test_worked_record_example_decodes_from_the_tables_alone():
    data, told = worked_example()
    at = 0
    for block in told:
        magic, kind, version, session, sequence, first, length = struct.unpack_from("<2sBBIIIH", data, at)
        assert magic == b"RW"
        assert [kind, version, session, sequence, first] == [
            block[name] for name in ("kind", "version", "session", "sequence", "first_index")
        ]
        at += 18 + length + 4
    assert at == len(data)


def test_record_page_names_every_kind_of_event_and_block():
    text = page("record-format.md")
    events_table = text.partition("**EVENTS**")[2].partition("**HEADER**")[0]
    named = {int(cells[0]): cells[1] for cells in rows(events_table) if cells[0].isdigit()}
    assert named == dict(enumerate(events.KIND_NAMES[1:], 1))
    for code, name in enumerate(events.FAULT_NAMES[1:], 1):
        assert f"{code} {name}" in events_table
    blocks = text.partition("## Kinds")[2].partition("**SAMPLES**")[0]
    named = {int(cells[0]): cells[1] for cells in rows(blocks) if cells[0].isdigit()}
    kinds = ("HEADER", "SAMPLES", "EVENTS", "STATUS", "END", "THINNED", "PACKED")
    assert named == {getattr(record, name): name for name in kinds}
    assert list(named.values()) == [name for name in record.KIND_NAMES if name]
    assert f"`format` ({record.FORMAT})" in text


def test_exit_codes_page_has_every_class_of_error():
    told = {int(cells[0]) for cells in rows(page("exit-codes.md")) if cells[0].isdigit()}
    classes = (getattr(errors, name) for name in dir(errors) if name.endswith("Error"))
    assert told == {0} | {each.exit_code for each in classes}


def test_link_page_names_every_command_of_the_controller():
    source = (REFERENCE.parents[1] / "firmware" / "app" / "controller.py").read_text(encoding="utf-8")
    known = set(re.findall(r'verb == "(\w+)"', source))
    for names in re.findall(r"verb not in \(([^)]*)\)", source):
        known |= set(re.findall(r'"(\w+)"', names))
    desk = (REFERENCE.parents[1] / "firmware" / "app" / "settings_desk.py").read_text(encoding="utf-8")
    verbs = re.search(r"^VERBS = \((.*)\)", desk, re.MULTILINE)
    assert verbs
    known |= set(re.findall(r'"(\w+)"', verbs[1]))
    told = set(re.findall(r"`rw ([a-z]+)", page("link.md")))
    assert known
    assert told == known


def test_status_fields_on_the_link_page_are_those_the_host_reads():
    source = (REFERENCE.parents[1] / "host" / "retrowalk" / "contact" / "status.py").read_text(encoding="utf-8")
    read = set(re.findall(r'answer(?:\.get\(|, )"(\w+)"', source))
    text = page("link.md").partition("## The status object")[2].partition("## Ctrl-C")[0]
    told = set(re.findall(r"`(\w+)`", "\n".join(cells[0] for cells in rows(text))))
    assert read
    assert read <= told


def json_keys(path: str, function: str) -> set[str]:
    """The keys of the dicts written out in one function of the app."""
    source = (REFERENCE.parents[1] / "firmware" / "app" / path).read_text(encoding="utf-8")
    body = re.search(rf"    def {function}\(.*?(?=\n    def |\Z)", source, re.DOTALL)
    assert body, f"{path} has no {function}"
    return set(re.findall(r'"(\w+)": ', body[0]))


def test_record_page_names_the_keys_of_the_json_blocks():
    text = page("record-format.md")
    header, status = text.partition("**HEADER** holds")[2].partition("**STATUS** holds")[::2]
    status, end = status.partition("**END** holds")[::2]
    now = json_keys("recorder.py", "_now")
    for keys, part in (
        (json_keys("recorder.py", "_header") | now, header),
        (now, status),
        (json_keys("walk.py", "totals"), end),
    ):
        assert keys
        assert {key for key in keys if f"`{key}`" not in part} == set()


def test_reasons_and_faults_in_troubleshooting_are_the_firmwares():
    root = REFERENCE.parents[1]
    text = (root / "docs" / "how-to" / "troubleshooting.md").read_text(encoding="utf-8")
    sources = "".join(path.read_text(encoding="utf-8") for path in (root / "firmware").rglob("*.py"))
    told = set(re.findall(r"`([a-z]+(?:_[a-z]+)+|twisted)`", text))
    assert "not_still" in told
    assert {name for name in told if f'"{name}"' not in sources} == set()
    calibration = (root / "firmware" / "retrogait" / "calibration.py").read_text(encoding="utf-8")
    assert set(re.findall(r'_fail\("(\w+)"\)', calibration)) <= told


def test_the_frames_of_the_link_page_decode_by_the_page_alone():
    """By its table of offsets, with nothing of the product but the record's CRC-32, which is zlib's."""
    text = page("link.md").partition("### Worked example")[2].partition("### What the host")[0]
    request = re.search(r"host: +(.*) ([0-9a-f]{8})$", text, re.MULTILINE)
    assert request
    assert zlib.crc32(request[1].encode()) == int(request[2], 16)
    told = []
    for line in re.findall(r"device: +([0-9a-f ]+)$", text, re.MULTILINE):
        frame = bytes.fromhex(line)
        n_bytes = int.from_bytes(frame[8:10], "little")
        assert frame[:2] == b"\xf7\x52"
        assert len(frame) == 14 + n_bytes
        assert zlib.crc32(frame[2 : 10 + n_bytes]) == int.from_bytes(frame[10 + n_bytes :], "little")
        told.append((chr(frame[2]), frame[3], int.from_bytes(frame[4:8], "little"), frame[10 : 10 + n_bytes]))
    assert told == [("D", 7, 65532, b"walk"), ("E", 8, 0, b"recording")]


def test_the_link_page_names_every_request():
    source = (REFERENCE.parents[1] / "firmware" / "app" / "bulk.py").read_text(encoding="utf-8")
    known = set(re.findall(r'^            "(\w+)": self\.', source, re.MULTILINE)) | {"do"}
    text = page("link.md").partition("### Requests")[2].partition("### Answers")[0]
    assert {cells[0].strip("`").split()[0] for cells in rows(text) if cells[0].startswith("`")} == known
