"""Connections: to the address that was checked, and to no one who can't prove the name."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.web.fetching import Fetcher, Terms
from worker.web.location import locate
from worker.web.names import find_addresses, look_up
from worker.web.pace import Pace
from worker.web.page import ReadError
from worker.web.wire import Limits, Wire

NAME = "xn--e1afmkfd.xn--p1ai"
PAGE = locate("https://пример.рф/отзывы")
PUBLIC = "77.88.55.88"


NAMES = (b"Content-Type", b"Content-Length", b"Transfer-Encoding", b"Content-Encoding", b"Location")
SAID = (b"text/html", b"gzip", b"gzip, deflate", b"chunked", b"-1", b"5", b"9" * 20, b"http://[")
FIRST = (b"HTTP/1.1 200 OK", b"HTTP/1.0 302", b"HTTP/1.1 100 Go on", b"HTTP/1.1 -5 x", b"ICY 200")
BODIES = (b"5\r\nhello\r\n0\r\n\r\n", b"ffffffffffffffffff\r\nx", b"-5\r\nhello")
some = st.binary(max_size=30)
header = st.tuples(st.sampled_from(NAMES), st.sampled_from(SAID) | some).map(b": ".join)
answers = st.tuples(
    st.sampled_from(FIRST) | some,
    st.lists(header, max_size=4).map(b"\r\n".join),
    st.just(b""),
    st.sampled_from(BODIES) | some,
).map(b"\r\n".join)


@dataclass
class Server:
    """A TLS server for one name, and what its visitors wanted."""

    port: int
    trust: ssl.SSLContext
    answers: list[bytes]
    names: list[str] = field(default_factory=list)
    requests: list[bytes] = field(default_factory=list)


@dataclass
class Line:
    """Connects to a server of the test's in place of the address, which it notes."""

    server: Server
    dead: Sequence[str] = ()
    dialled: list[tuple[str, int]] = field(default_factory=list)

    def __call__(self, place: tuple[str, int], seconds: float) -> socket.socket:
        self.dialled.append(place)
        if place[0] in self.dead:
            raise ConnectionRefusedError
        return socket.create_connection(("127.0.0.1", self.server.port), seconds)


class Resolver:
    """Gives an answer a question, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, name: str, seconds: float) -> Sequence[str]:
        self.asked.append(name)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def make_certificate(folder: Path) -> Path:
    """Write a key and a certificate that it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test's own")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    since = datetime.now(UTC) - timedelta(days=1)
    builder = builder.not_valid_before(since).not_valid_after(since + timedelta(days=9))
    names = x509.SubjectAlternativeName([x509.DNSName(NAME)])
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8)
    path = folder / "server.pem"
    path.write_bytes(
        key.private_bytes(*form, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def answer_visitors(listener: socket.socket, context: ssl.SSLContext, server: Server) -> None:
    while server.answers:
        with contextlib.suppress(OSError):
            visitor, _ = listener.accept()
            with context.wrap_socket(visitor, server_side=True) as safe:
                server.requests.append(safe.recv(65536))
                safe.sendall(server.answers.pop(0))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    path = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        trust = ssl.create_default_context(cafile=path)
        made = Server(listener.getsockname()[1], trust, [b"HTTP/1.1 200 OK\r\n\r\nhello"])
        context.sni_callback = lambda _, name, __: made.names.append(name)
        listener.settimeout(0.05)
        thread = threading.Thread(target=answer_visitors, args=(listener, context, made))
        thread.start()
        yield made
        made.answers.clear()
        thread.join()


def test_the_address_that_was_checked_is_dialled_and_the_name_never_asked_again(
    server: Server,
) -> None:
    line, resolver = Line(server), Resolver([PUBLIC], ["127.0.0.1"])
    answer = Wire(resolver, line, server.trust).ask(PAGE, Limits())
    assert answer.body == b"hello"
    assert line.dialled == [(PUBLIC, 443)]
    assert resolver.asked == [NAME]


def test_the_name_stands_in_the_greeting_and_in_the_header(server: Server) -> None:
    Wire(Resolver([PUBLIC]), Line(server), server.trust).ask(PAGE, Limits())
    assert server.names == [NAME]
    assert b"\r\nHost: xn--e1afmkfd.xn--p1ai\r\n" in server.requests[0]


@pytest.mark.parametrize("url", ["https://shop.example/", f"https://{PUBLIC}/"])
def test_whoever_cannot_prove_the_name_is_told_nothing(server: Server, url: str) -> None:
    wire = Wire(Resolver([PUBLIC]), Line(server), server.trust)
    with pytest.raises(ReadError, match="certificate") as raised:
        wire.ask(locate(url), Limits())
    assert raised.value.outcome == "unreachable"
    assert server.requests == []


def test_a_certificate_that_nobody_vouches_for_is_refused(server: Server) -> None:
    with pytest.raises(ReadError, match="certificate"):
        Wire(Resolver([PUBLIC]), Line(server)).ask(PAGE, Limits())
    assert server.requests == []


def test_another_address_is_tried_where_the_first_does_not_answer(server: Server) -> None:
    line = Line(server, dead=["2a02:6b8::2:242"])
    resolver = Resolver(["2a02:6b8::2:242", PUBLIC])
    assert Wire(resolver, line, server.trust).ask(PAGE, Limits()).status == 200
    assert line.dialled == [("2a02:6b8::2:242", 443), (PUBLIC, 443)]


def test_nobody_is_dialled_where_one_address_is_not_public(server: Server) -> None:
    line = Line(server)
    with pytest.raises(ReadError) as raised:
        Wire(Resolver([PUBLIC, "10.0.0.1"]), line, server.trust).ask(PAGE, Limits())
    assert raised.value.outcome == "refused"
    assert line.dialled == []


def test_every_redirect_is_resolved_and_checked_anew(
    server: Server, redis_sync: redis.Redis
) -> None:
    server.answers[:] = [
        b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
    ]
    line, resolver = Line(server), Resolver([PUBLIC], [PUBLIC], ["169.254.169.254"])
    wire = Wire(resolver, line, server.trust)
    with pytest.raises(ReadError) as raised:
        Fetcher(wire, Pace(redis_sync), redis_sync, Terms(5)).get("https://пример.рф/")
    assert raised.value.outcome == "refused"
    assert line.dialled == [(PUBLIC, 443)] * 2  # robots.txt, and the page


def test_a_greeting_that_never_ends_is_cut_off(server: Server) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = Server(mute.getsockname()[1], server.trust, [])
        started = time.monotonic()
        with pytest.raises(ReadError) as raised:
            Wire(Resolver([PUBLIC]), Line(silent)).ask(PAGE, Limits(seconds=0.3))
    assert raised.value.outcome == "too-slow"
    assert time.monotonic() - started < 2


@given(raw=answers)
@settings(deadline=None)
def test_whatever_a_host_says_is_an_answer_or_a_reason(raw: bytes) -> None:
    def dial(place: tuple[str, int], seconds: float) -> socket.socket:
        ours, theirs = socket.socketpair()
        with theirs:
            theirs.sendall(raw)
        return ours

    with contextlib.suppress(ReadError):
        answer = Wire(Resolver([PUBLIC]), dial).ask(locate("http://shop.example/"), Limits())
        assert 100 <= answer.status < 1000
        assert len(answer.body) <= Limits().body_bytes


def test_the_systems_resolver_is_asked_and_its_answer_checked() -> None:
    assert "127.0.0.1" in look_up("localhost", 5)
    with pytest.raises(ReadError, match="no such name"):
        find_addresses(locate("http://nastroi.invalid/"), look_up, 1)


def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(0.2) or [])
    with pytest.raises(TimeoutError):
        look_up("shop.example", 0.05)
