"""What ran a benchmark, in a line."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Processor, cores, system and the load of the moment."""
    model_name = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [
            line.split(":")[1].strip() for line in cpuinfo.read_text().splitlines() if line.startswith("model name")
        ]
        model_name = names[0] if names else model_name
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    return f"{model_name}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}{load}"
