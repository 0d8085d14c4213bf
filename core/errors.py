"""The one error that an operator sees, and how every door shows it."""

import sys
from collections.abc import Callable


class SetupError(Exception):
    """What the operator must mend. Its text is one line that says what is wrong and what to do."""


def run_door(main: Callable[[], int | None]) -> int:
    """Run a process's main and turn a SetupError into one line on stderr and exit code 1."""
    try:
        return main() or 0
    except SetupError as error:
        print(f"nastroi: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
