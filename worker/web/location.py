"""A web address, taken apart once: what was checked is what is connected to."""

import contextlib
import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from urllib.parse import urljoin

import idna
from urllib3.exceptions import LocationParseError
from urllib3.util import Url, parse_url

from worker.web.page import ReadError

PORTS = {"http": 80, "https": 443}
LONGEST_URL = 2048
LONGEST_HOST = 253
NAME = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)+")
# Browsers read a host whose last label is a number as an IPv4 address: 2130706433, 127.1, 0x7f.1.
ENDS_IN_A_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)$")
# Parsers disagree about these.
NOT_IN_A_URL = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Location:
    """Where a page lies. Everything in it is ASCII."""

    scheme: str
    host: str
    """A name as DNS knows it, an IPv4 address, or an IPv6 one without brackets."""
    port: int
    target: str
    """Path and query, as they are asked for."""
    is_test_site: bool = False
    """The one place that may be on loopback and at any port, in tests."""

    @property
    def authority(self) -> str:
        """What the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def root(self) -> str:
        """The site's own address, without a slash at the end."""
        return f"{self.scheme}://{self.authority}"

    @property
    def url(self) -> str:
        return self.root + self.target

    @property
    def name(self) -> str:
        """The host as people read it."""
        with contextlib.suppress(idna.IDNAError):
            return idna.decode(self.host)
        return self.host

    @property
    def is_address(self) -> bool:
        """Whether the host is a number, so that there is no name to resolve."""
        return _is_plain_address(self.host)


def locate(url: str, test_site: str | None = None) -> Location:
    """Take a URL apart. Raises ReadError `refused` for what is not to be visited.

    `test_site` is the host and port, as they stand in its URLs, that are let through unchecked.
    """
    parts = _parse(url)
    scheme, host = parts.scheme or "", parts.host or ""
    if scheme not in PORTS:
        raise ReadError("refused", f"not http or https: {scheme or 'no scheme'}")
    if parts.auth is not None:
        raise ReadError("refused", "credentials in the address")
    port = parts.port if parts.port is not None else PORTS[scheme]
    is_test_site = scheme == "http" and f"{host}:{port}" == test_site
    if not is_test_site:
        _refuse_odd_places(host, port)
    return Location(scheme, _plain(host), port, parts.request_uri, is_test_site)


def follow(location: Location, target: str, test_site: str | None = None) -> Location:
    """Find where a redirect leads. Raises ReadError as `locate` does."""
    try:
        return locate(urljoin(location.url, target), test_site)
    except ValueError as error:
        raise ReadError("refused", f"a broken redirect: {error}") from None


def _parse(url: str) -> Url:
    if len(url) > LONGEST_URL or NOT_IN_A_URL.search(url):
        raise ReadError("refused", "not an address")
    try:
        return parse_url(url)
    except (LocationParseError, ValueError) as error:
        raise ReadError("refused", f"not an address: {error}") from None


def _refuse_odd_places(host: str, port: int) -> None:
    if port not in PORTS.values():
        raise ReadError("refused", f"port {port}")
    bare = _plain(host)
    if _is_plain_address(bare):
        if host.endswith("."):
            raise ReadError("refused", "an address with a dot behind it")
        return
    if ENDS_IN_A_NUMBER.search(bare):
        raise ReadError("refused", "an address in an odd form")
    if len(bare) > LONGEST_HOST or not NAME.fullmatch(bare):
        raise ReadError("refused", "not the name of a public host")


def _plain(host: str) -> str:
    return host.removesuffix(".").removeprefix("[").removesuffix("]")


def _is_plain_address(host: str) -> bool:
    try:
        number = ip_address(host)
    except ValueError:
        return False
    return isinstance(number, IPv6Address) or str(number) == host
