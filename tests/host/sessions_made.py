"""Session files as devices before format 2 wrote them, samples plain, made on the host with the device's own writer."""

import json

from retrogait import events, record

HEADER = {"device_id": "0123456789ab", "board": "virtual", "version": "0.1.0", "mount": "waist", "rate_hz": 104}


def make_session(number: int, n_blocks: int = 30, per_file: int = 20, ended: bool = True) -> list[bytes]:
    """The files of a session: a header, `n_blocks` blocks of 84 samples, one backward step a block, and the end."""
    blocks = [json_block(number, record.HEADER, 0, HEADER)]
    for i in range(n_blocks):
        writer = record.BlockWriter(number)
        writer.begin(record.SAMPLES, i * 84)
        for k in range(84):
            writer.add_sample((k, -k, 4096, 10 * i, number, 0))
        blocks.append(writer)
        writer = record.BlockWriter(number, 512)
        writer.begin(record.EVENTS, i * 84)
        writer.add_event(i * 84, events.STEP, events.BACKWARD, 0)
        blocks.append(writer)
    if ended:
        blocks.append(json_block(number, record.END, n_blocks * 84, {"reason": "button", "step_count": n_blocks}))
    sealed = []
    for sequence, writer in enumerate(blocks):
        writer.sequence = sequence
        sealed.append(bytes(writer.finish()))
    return [b"".join(sealed[at : at + per_file]) for at in range(0, len(sealed), per_file)]


def json_block(number: int, kind: int, index: int, value: dict) -> record.BlockWriter:
    """A HEADER, STATUS or END block, not sealed yet."""
    payload = json.dumps(value).encode()
    writer = record.BlockWriter(number, len(payload))
    writer.begin(kind, index)
    writer.add_bytes(payload)
    return writer
