"""One question to one host: to a checked address, and answered within limits."""

import functools
import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError, ReadTimeoutError
from urllib3.response import BaseHTTPResponse

from core.reading import MOST_PAGE_BYTES, ReadOutcome
from worker.web.location import Location
from worker.web.names import Resolve, find_addresses, look_up
from worker.web.page import ReadError

USER_AGENT = "Mozilla/5.0 (compatible; Nastroi/0.1; reads the reviews that people send links to)"
HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,application/json;q=0.9,*/*;q=0.5",
    "Accept-Language": "ru,en;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "close",
}
CONNECT_SECONDS = 4.0
REQUEST_SECONDS = 8.0
MOST_ADDRESSES = 3
CHUNK_BYTES = 65_536

Dial = Callable[[tuple[str, int], float], socket.socket]
"""(address, port), seconds to an open connection. Raises OSError."""
FAILURES = (HTTPError, http.client.HTTPException, OSError, ValueError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a host said, decompressed."""

    status: int
    headers: Mapping[str, str]
    """Names may be asked for in any case."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Limits:
    """What one answer may take."""

    seconds: float = REQUEST_SECONDS
    body_bytes: int = MOST_PAGE_BYTES
    is_cut: bool = False
    """Whether a longer body is cut there, not refused."""


class Wire:
    """Asks hosts. It knows no proxies, cookies or passwords, and follows no redirects."""

    def __init__(
        self,
        resolve: Resolve = look_up,
        dial: Dial = socket.create_connection,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        """`trust` replaces the system's certificates."""
        self._resolve = resolve
        self._dial = dial
        self._trust = trust

    def ask(self, location: Location, limits: Limits) -> Answer:
        """Get one answer, whatever its status. Raises ReadError."""
        ends_at = time.monotonic() + limits.seconds
        addresses = find_addresses(location, self._resolve, min(limits.seconds, CONNECT_SECONDS))
        opened = self._open(addresses, location.port, ends_at)
        with opened, _Cut(opened, ends_at - time.monotonic()) as cut:
            try:
                answer = self._exchange(opened, location, limits)
            except FAILURES as error:
                cut.raise_if_late()
                is_late = isinstance(error, TimeoutError | ReadTimeoutError)
                outcome: ReadOutcome = "too-slow" if is_late else "unreachable"
                raise ReadError(outcome, f"{type(error).__name__}: {error}") from None
            # A body that ends where the connection does looks whole when it was cut off.
            cut.raise_if_late()
            return answer

    def _open(self, addresses: Sequence[str], port: int, ends_at: float) -> socket.socket:
        failure: OSError = TimeoutError("no time left")
        for address in addresses[:MOST_ADDRESSES]:
            left = ends_at - time.monotonic()
            if left <= 0:
                break
            try:
                return self._dial((address, port), min(left, CONNECT_SECONDS))
            except OSError as error:
                failure = error
        raise ReadError("unreachable", f"{type(failure).__name__}: {failure}")

    def _exchange(self, opened: socket.socket, location: Location, limits: Limits) -> Answer:
        connection = HTTPConnection(location.host, location.port, timeout=limits.seconds)
        connection.sock = self._secure(opened, location)
        try:
            headers = HEADERS | {"Host": location.authority}
            connection.request("GET", location.target, headers=headers, preload_content=False)
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, _read_body(response, limits))
        finally:
            connection.close()

    def _secure(self, opened: socket.socket, location: Location) -> socket.socket:
        if location.scheme == "http":
            return opened
        # The wrapped socket is another one for Python, and the same for the kernel and the cut.
        copy = opened.dup()
        copy.settimeout(opened.gettimeout())
        trust = self._trust or system_trust()
        return trust.wrap_socket(copy, server_hostname=location.host)


@functools.cache
def system_trust() -> ssl.SSLContext:
    """Load the system's certificates, which takes a while, once."""
    return ssl.create_default_context()


class _Cut:
    """Shuts a connection at its end of time, whatever its other side drips."""

    def __init__(self, opened: socket.socket, seconds: float) -> None:
        self._opened = opened
        self._timer = threading.Timer(max(seconds, 0), self._shut)
        self._timer.daemon = True
        self._is_late = False

    def __enter__(self) -> "_Cut":
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()

    def raise_if_late(self) -> None:
        """Raises ReadError `too-slow` once the time was over."""
        if self._is_late:
            raise ReadError("too-slow", "no whole answer in time")

    def _shut(self) -> None:
        self._is_late = True
        try:
            self._opened.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # its other side was quicker


def _read_body(response: BaseHTTPResponse, limits: Limits) -> bytes:
    """Read and decompress piece by piece, so that no bomb unfolds beyond the limit."""
    body = bytearray()
    while piece := response.read(CHUNK_BYTES, decode_content=True):
        body += piece
        if len(body) > limits.body_bytes:
            if limits.is_cut:
                break
            raise ReadError("too-big", f"more than {limits.body_bytes} bytes")
    return bytes(body[: limits.body_bytes])
