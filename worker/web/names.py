"""From a host's name to the addresses that a reader may connect to."""

import queue
import socket
import threading
from collections.abc import Callable, Sequence

from worker.web.addresses import is_public
from worker.web.location import Location
from worker.web.page import ReadError

Resolve = Callable[[str, float], Sequence[str]]
"""(name, seconds) to addresses. Raises OSError; none, or too late, is an OSError, too."""
LOOPBACK = "127.0.0.1"


def find_addresses(location: Location, resolve: Resolve, seconds: float) -> Sequence[str]:
    """List the addresses of a host, every one of them public. Raises ReadError.

    What this returns is to be connected to, and the name never asked about again: its next
    answer may be another one.
    """
    if location.is_test_site:
        return (LOOPBACK if location.host == "localhost" else location.host,)
    try:
        found = (location.host,) if location.is_address else resolve(location.host, seconds)
    except OSError as error:
        raise ReadError("unreachable", f"no such name: {error}") from None
    if not found:
        raise ReadError("unreachable", "the name has no address")
    if not all(is_public(address) for address in found):
        raise ReadError("refused", "an address that is not public")
    return found


def look_up(name: str, seconds: float) -> Sequence[str]:
    """Ask the system's resolver, which knows no time limit of its own. Raises OSError."""
    answers: queue.Queue[list[str] | OSError] = queue.Queue()
    threading.Thread(target=_answer, args=(name, answers), daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError("the resolver did not answer") from None
    if isinstance(answer, OSError):
        raise answer
    return answer


def _answer(name: str, answers: "queue.Queue[list[str] | OSError]") -> None:
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        answers.put(error if isinstance(error, OSError) else OSError(str(error)))
        return
    answers.put(list(dict.fromkeys(str(address[0]) for *_, address in found)))
