"""A web site of a test's own on loopback: a shop's pages, and every trick of hostile ones."""

import contextlib
import json
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

HTML = "text/html; charset=utf-8"
MEGABYTE = 1_000_000
# Unpacked, a thousand times more than what goes over the wire.
BOMB_BYTES = 100 * MEGABYTE


class Request(BaseHTTPRequestHandler):
    """One request, answered by the route of its path."""

    protocol_version = "HTTP/1.1"
    site: "ShopSite"

    def do_GET(self) -> None:
        self.site.seen.append(self.path)
        self.site.hosts.append(self.headers["Host"])
        self.close_connection = True
        route = self.site.routes.get(self.path.partition("?")[0], refuse(404))
        with contextlib.suppress(ConnectionError):
            route(self)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send one whole answer."""
        self.begin(status, **{"content_length": str(len(body)), **headers})
        self.wfile.write(body)

    def begin(self, status: int, **headers: str) -> None:
        """Send the first line and the headers only."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()


Route = Callable[[Request], None]


@dataclass
class ShopSite:
    """A running site; `routes` may be added to."""

    host: str
    routes: dict[str, Route]
    seen: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{self.host}"


@contextlib.contextmanager
def shop_site() -> Iterator[ShopSite]:
    """Serve on a free port until the block ends."""
    handler = type("Handler", (Request,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    site = ShopSite(f"127.0.0.1:{server.server_address[1]}", hostile_routes())
    handler.site = site
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def hostile_routes() -> dict[str, Route]:
    """Everything that a reader has to be safe from, by path."""
    return {
        "/loop": redirect("/loop"),
        "/hops-5": hops("/hops-5", 5),
        "/hops-6": hops("/hops-6", 6),
        "/to-other-port": redirect("http://127.0.0.1:1/"),
        "/to-loopback": redirect("http://127.0.0.1/"),
        "/to-metadata": redirect("http://169.254.169.254/latest/meta-data/"),
        "/to-file": redirect("file:///etc/passwd"),
        "/to-credentials": redirect("http://user:password@example.org/"),
        "/to-odd-number": redirect("http://2130706433/"),
        "/to-nonsense": redirect("http://[::1/"),
        "/bomb": bomb,
        "/endless": endless,
        "/drip": drip,
        "/drip-headers": drip_headers,
        "/silent": silent,
        "/half": half,
        "/six-megabytes": page(b"<html>" + b"x" * 6 * MEGABYTE),
        "/picture": page(b"\x89PNG\r\n", "image/png"),
        "/program": page(b"MZ\0\0", "application/octet-stream"),
        "/unnamed-program": page(b"MZ\0\0", ""),
        "/not-http": not_http,
        "/captcha": page("<title>Вы не робот?</title><p>Подтвердите, что вы не робот".encode()),
        "/challenge": challenge,
        "/empty": page("<html><title>Пусто</title><p>Здесь ничего нет.</p></html>".encode()),
        "/cyrillic": redirect("/страница"),
        **{f"/{status}": refuse(status) for status in (401, 403, 404, 410, 429, 451, 500, 503)},
    }


def page(body: bytes, kind: str = HTML) -> Route:
    """A page, or whatever it says it is."""
    return lambda request: request.answer(200, body, content_type=kind)


def reviews_page(count: int, next_page: str = "", first: int = 0) -> Route:
    """A shop's page with its reviews as JSON-LD; the numbers in them begin with `first`."""
    reviews = [
        {
            "@type": "Review",
            "author": {"@type": "Person", "name": f"Покупатель {n}"},
            "reviewBody": f"Отзыв номер {n}: заказ пришёл вовремя, упаковка целая, всё понравилось",
            "reviewRating": {"@type": "Rating", "ratingValue": n % 5 + 1},
        }
        for n in range(first, first + count)
    ]
    product = {"@context": "https://schema.org", "@type": "Product", "name": "Чайник"}
    data = json.dumps(product | {"review": reviews}, ensure_ascii=False)
    link = f'<link rel="next" href="{next_page}">' if next_page else ""
    script = f'<script type="application/ld+json">{data}</script>'
    return page(f"<html><head><title>Чайник</title>{link}{script}</head></html>".encode())


def refuse(status: int) -> Route:
    """A status without a page."""
    return lambda request: request.answer(status, b"no", content_type=HTML)


def redirect(target: str) -> Route:
    """A way to somewhere else."""
    sent = target.encode().decode("latin-1")
    return lambda request: request.answer(302, location=sent)


def hops(path: str, count: int) -> Route:
    """So many redirects, and then a page."""

    def hop(request: Request) -> None:
        done = int(request.path.partition("?")[2] or 0)
        if done < count:
            request.answer(302, location=f"{path}?{done + 1}")
        else:
            request.answer(200, b"arrived", content_type=HTML)

    return hop


def bomb(request: Request) -> None:
    """A small body that unpacks into a huge one."""
    packer = zlib.compressobj(9, wbits=31)
    piece = b"\0" * MEGABYTE
    packed = b"".join(packer.compress(piece) for _ in range(BOMB_BYTES // MEGABYTE))
    request.answer(200, packed + packer.flush(), content_type=HTML, content_encoding="gzip")


def endless(request: Request) -> None:
    """A body without an end."""
    request.begin(200, content_type=HTML, connection="close")
    while True:
        request.wfile.write(b"x" * 65536)


def drip(request: Request) -> None:
    """A body of one byte now and then."""
    request.begin(200, content_type=HTML, content_length="1000")
    _drip(request)


def drip_headers(request: Request) -> None:
    """Headers that never come to their end."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Header: ")
    _drip(request)


def _drip(request: Request) -> None:
    for _ in range(1000):
        request.wfile.write(b"x")
        request.wfile.flush()
        time.sleep(0.05)


def silent(request: Request) -> None:
    """Nothing at all."""
    time.sleep(60)


def half(request: Request) -> None:
    """Less than was promised."""
    request.begin(200, content_type=HTML, content_length="1000")
    request.wfile.write(b"half")


def not_http(request: Request) -> None:
    """Another protocol."""
    request.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


def challenge(request: Request) -> None:
    """What stands before sites that want people."""
    request.answer(503, b"wait", content_type=HTML, cf_mitigated="challenge")
