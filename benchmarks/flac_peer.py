"""Bytes that libFLAC needs for the arrays FOLDER/*.npy (int16 [n, 6]), summed; run in .venv/peers by compression.py."""

import io
import sys
from pathlib import Path

import numpy as np
import soundfile  # type: ignore[import-not-found]

total = 0
for path in Path(sys.argv[1]).glob("*.npy"):
    file = io.BytesIO()
    soundfile.write(file, np.load(path), 104, format="FLAC", subtype="PCM_16", compression_level=1.0)
    total += len(file.getvalue())
print(total)
