"""How every command of ml/ ends: 0, or one line and 2, or 130 after Ctrl-C."""

import sys
from collections.abc import Callable

from safetensors import SafetensorError

from ml.errors import MlError


def run_command(main: Callable[[], None]) -> None:
    """Run a command line's main and exit with its code."""
    try:
        main()
    except (MlError, OSError, SafetensorError) as error:  # the last also when a disk is full
        sys.exit(_one_line(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _one_line(error: Exception) -> int:
    print("error: " + " ".join(str(error).split()), file=sys.stderr)
    return 2
