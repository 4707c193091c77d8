"""The page on the record format suffices to read PACKED: a decoder made from its words alone reads its example.

Nothing here looks at retrogait.packing, on purpose: bits are text, and the steps are numbered as on the page.
"""

import json
import math
import re
import struct
import sys
import zlib
from pathlib import Path

from retrogait import packing, record

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "record-format.md").read_text(encoding="utf-8")
sys.path.insert(0, str(Path(__file__).parents[1] / "core"))


class Bits:
    """The bits of some bytes, each byte's highest first."""

    def __init__(self, data: bytes) -> None:
        self.text = "".join(f"{byte:08b}" for byte in data)
        self.at = 0

    def take(self, n: int) -> str:
        """The next n, as text."""
        if self.at + n > len(self.text):
            raise ValueError("a code runs beyond the end")
        self.at += n
        return self.text[self.at - n : self.at]


def by_the_page(payload: bytes) -> list[list[int]]:
    """The samples of a PACKED payload; ValueError if it is damage."""
    if len(payload) < 14:
        raise ValueError("shorter than 14 bytes")
    (n_coded,) = struct.unpack_from("<H", payload, 0)
    samples = [list(struct.unpack_from("<6h", payload, 2))]
    bits = Bits(payload[14:])
    value, slope, gain, width, unrest = list(samples[0]), [0] * 6, [16] * 6, [224] * 6, 0
    for _ in range(n_coded):
        for axis in range(6):
            ahead = math.floor(gain[axis] * slope[axis] / 16)  # step 1
            w = min(max(width[axis] + unrest, 0), 384)
            k = w // 32
            zeros = 0  # step 2
            while zeros < 8 and bits.take(1) == "0":
                zeros += 1
            if zeros < 8:  # step 3
                if zeros <= 4:
                    miss = zeros * 2**k + int("0" + bits.take(k), 2)
                else:
                    miss = (3 + 2 ** (zeros - 4)) * 2**k + int(bits.take(k + zeros - 4), 2)
                error = miss // 2 if miss % 2 == 0 else -(miss + 1) // 2
                count = value[axis] + ahead + error
            else:  # step 4
                (count,) = struct.unpack(">h", int(bits.take(16), 2).to_bytes(2, "big"))
                error = count - value[axis] - ahead
            gain[axis] += -1 if (error < 0) != (slope[axis] < 0) else 1  # step 5
            width[axis] = w + 8 * (zeros - 1)  # step 6
            unrest += 4 * (zeros - 1) - math.floor(unrest / 8)
            slope[axis] = count - value[axis] - math.floor(slope[axis] / 2)  # step 7
            value[axis] = count
            if not -32768 <= count <= 32767:
                raise ValueError("a count that is no int16")
        samples.append(list(value))
    if "1" in bits.take(-bits.at % 8):
        raise ValueError("a filling bit is not zero")
    plain = payload[14 + bits.at // 8 :]
    if len(plain) % 12:
        raise ValueError("no whole samples at the end")
    return samples + [list(each) for each in struct.iter_unpack("<6h", plain)]


def part(kind: str) -> str:
    found = re.search(rf"```{kind} packed\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def payload_of(block: bytes) -> bytes:
    magic, kind, version, _session, _sequence, _first, length = struct.unpack_from("<2sBBIIIH", block)
    assert (magic, kind, version, len(block)) == (b"RW", 8, 1, 18 + length + 4)
    assert struct.unpack_from("<I", block, 18 + length) == (zlib.crc32(block[: 18 + length]),)
    return block[18 : 18 + length]


def test_the_packed_example_decodes_by_the_words_of_the_page():
    block = bytes.fromhex(part("hex"))
    told = json.loads(part("json"))
    assert f"{len(block)} bytes: the third block of session 7" in PAGE
    assert by_the_page(payload_of(block)) == told
    (ours,) = record.read_blocks(block)
    assert isinstance(ours, record.Block)
    assert [list(each) for each in ours.samples()] == told


def test_the_bits_shown_are_those_of_the_example():
    shown = PAGE.partition("sample 1 ")[2].partition("```")[0]
    bits = Bits(payload_of(bytes.fromhex(part("hex")))[14:])
    assert "".join(re.findall(r"\b[01]+\b", re.sub(r"sample \d", "", shown))) == bits.text


def test_the_words_of_the_page_read_the_golden_session_too():
    from golden_sessions_made import GOLDEN

    found = json.loads((GOLDEN / "format3.json").read_text())
    blocks = list(record.read_blocks((GOLDEN / "format3.rwl").read_bytes()))
    n_packed = 0
    for row, block in zip(found, blocks, strict=True):
        assert isinstance(block, record.Block)
        if row["kind"] == 8:
            n_packed += 1
            assert by_the_page(block.payload) == row["samples"]
    assert n_packed == 3


def test_the_numbers_on_the_page_are_the_codes():
    assert f"at most {record.MOST_PACKED} of this writer" in PAGE
    assert (packing.FIRST_WIDTH, packing.WIDEST, packing.FIRST_GAIN) == (224, 384, 16)
    assert (packing.UNARY, packing.ESCAPE, packing.BITS_AT) == (4, 8, 14)
