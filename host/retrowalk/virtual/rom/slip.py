"""SLIP frames, as the serial protocol of the ROM loader uses them. Bytes outside of a frame are noise and dropped."""

_END, _ESCAPE = 0xC0, 0xDB
_ESCAPED = {0xDC: _END, 0xDD: _ESCAPE}
_LONGEST_BYTES = 1 << 17


def encode(data: bytes) -> bytes:
    """One frame around `data`."""
    return b"\xc0" + data.replace(b"\xdb", b"\xdb\xdd").replace(b"\xc0", b"\xdb\xdc") + b"\xc0"


class Decoder:
    """Turns the bytes of a serial line into frames."""

    def __init__(self) -> None:
        self._frame: bytearray | None = None

    def take(self, data: bytes) -> list[bytes]:
        """The frames that are complete with `data`."""
        frames = []
        for piece in _pieces(data):
            if piece == b"\xc0":
                if self._frame:
                    frames.append(_unescape(bytes(self._frame)))
                    self._frame = None
                else:
                    self._frame = bytearray()
            elif self._frame is not None:
                self._frame += piece
                if len(self._frame) > _LONGEST_BYTES:
                    self._frame = None
        return frames


def _pieces(data: bytes) -> list[bytes]:
    """`data` cut at the frame marks, the marks being pieces of their own."""
    pieces: list[bytes] = []
    for number, text in enumerate(data.split(b"\xc0")):
        if number:
            pieces.append(b"\xc0")
        if text:
            pieces.append(text)
    return pieces


def _unescape(frame: bytes) -> bytes:
    out, parts = bytearray(), frame.split(bytes([_ESCAPE]))
    out += parts[0]
    for part in parts[1:]:
        if part:
            out.append(_ESCAPED.get(part[0], part[0]))
            out += part[1:]
    return bytes(out)
