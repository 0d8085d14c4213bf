"""Which machine a figure comes from, as every benchmark says it."""

import platform
from pathlib import Path

from core.settings import available_cores


def describe_machine() -> dict[str, str | int]:
    """Name the processor, its cores that this process may use, and the interpreter."""
    return {
        "processor": _processor(),
        "cores": available_cores(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()
