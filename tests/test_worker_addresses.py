"""Where a reader may go: nowhere that not everybody can reach, whatever the address looks like."""

import contextlib
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.web.addresses import is_public
from worker.web.location import NAME, follow, locate
from worker.web.names import find_addresses
from worker.web.page import ReadError


def words(table: str) -> list[str]:
    return table.split()


NOT_PUBLIC = words("""
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1
127.255.255.255 168.63.129.16 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.255
192.0.0.1 192.0.0.192 192.0.2.1 192.31.196.1 192.52.193.1 192.88.99.1 192.168.0.1 192.175.48.1
198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1
255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::808:808 64:ff9b:1::1 64:ff9b:1::a00:1 100::1 2001::1 2001:0:7f00:1::1 2001:2::1 2001:10::1
2001:20::1 2001:db8::1 2002:7f00:1:: 2002:808:808:: 2620:4f:8000::1 3fff::1 5f00::1 fc00::1
fd00:ec2::254 fd20:ce::254 fe80::1 fe80::1%eth0 fec0::1 febf::1 ff02::1 ff0e::1 4000::1
""")
PUBLIC = words("""
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 77.88.55.88 100.63.255.255 100.128.0.1 172.15.255.255
172.32.0.1 192.0.1.1 192.167.255.255 192.169.0.1 198.17.255.255 198.20.0.1 223.255.255.255
2001:4860:4860::8888 2606:4700::1111 2a02:6b8::2:242
""")
ODD_NUMBERS = words("""
2130706433 0x7f000001 0x7f.1 0x7f.0.0.1 017700000001 0177.0.0.1 0177.1 127.1 127.0.1 10.1 0 1 256
127.0.0.01 127.0.0.1. 8.8.8.8. 127.0.0.256 1.2.3.4.5 0x 0x. 0xA9FEA9FE 169.254.43518 3232235521
00000177.0.0.1 0x7F.0x0.0x0.0x1 shop.127 shop.0x7f 127.0.0.1.5 1.2.3 8.8.8.0x8
""")
ODD_HOSTS = [
    "localhost",
    "redis",
    "１２７.0.0.1",
    "127。0。0。1",
    "①②⑦.0.0.1",
    "%31%32%37.0.0.1",
    "127.0.0.1%00.example.org",
    "exa mple.org",
    "example.org%20",
    "-shop.example",
    "shop..example",
    "shop.example..",
    ".example.org",
    "a" * 64 + "." + "b" * 250,
    "[fe80::1%25eth0]",
    "[::1",
    "::1",
    "[127.0.0.1]",
    "",
]
ODD_URLS = [
    "",
    "shop.example/reviews",
    "//shop.example/",
    "ftp://shop.example/",
    "file:///etc/passwd",
    "gopher://shop.example/",
    "javascript:alert(1)",
    "data:text/html,hello",
    "http:///reviews",
    "http:/shop.example",
    "http://user@shop.example/",
    "http://user:password@shop.example/",
    "http://:@shop.example/",
    "http://shop.example\\@127.0.0.1/",
    "http://shop.example/\r\nHost: other",
    "http://shop.example/\tx",
    "http://shop.example:22/",
    "http://shop.example:8080/",
    "http://shop.example:0/",
    "http://shop.example:99999/",
    "http://shop.example:80:80/",
    "https://127.0.0.1:6379/",
    "http://shop.example/" + "x" * 2048,
]


def refused(url: str, test_site: str | None = None) -> bool:
    with pytest.raises(ReadError) as raised:
        find_addresses(locate(url, test_site), nobody_is_asked, 1)
    return raised.value.outcome == "refused"


def nobody_is_asked(name: str, seconds: float) -> Sequence[str]:
    raise AssertionError(f"{name} was resolved")


def answering(*addresses: str):
    return lambda name, seconds: addresses


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_known_as_such(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_let_through(address: str) -> None:
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_no_ipv4_address_is_public_in_disguise(address: IPv4Address) -> None:
    inside = int(address)
    disguises = [
        IPv6Address(inside),
        IPv6Address((0xFFFF << 32) | inside),
        IPv6Address((0x64FF9B << 96) | inside),
        IPv6Address((0x2002 << 112) | (inside << 80)),
        IPv6Address((0x20010000 << 96) | (inside ^ 0xFFFFFFFF)),
    ]
    assert not [str(one) for one in disguises if is_public(str(one))]


@given(st.ip_addresses(v=6))
def test_only_global_unicast_is_public(address: IPv6Address) -> None:
    assert not is_public(str(address)) or address in ip_network("2000::/3")


@given(st.ip_addresses())
def test_what_python_calls_local_is_never_public(address: IPv4Address | IPv6Address) -> None:
    is_local = address.is_private or address.is_multicast or address.is_reserved
    assert not (is_local and is_public(str(address)))


@given(st.text(max_size=20))
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert not is_public(text) or text.isascii()


@pytest.mark.parametrize("host", [*ODD_NUMBERS, *ODD_HOSTS])
def test_an_odd_host_is_refused_before_anybody_is_asked(host: str) -> None:
    assert refused(f"http://{host}/")


@pytest.mark.parametrize("url", ODD_URLS)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    assert refused(url)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_an_address_that_is_not_public_is_refused_in_a_url(address: str) -> None:
    assert refused(f"http://[{address}]/" if ":" in address else f"http://{address}/")


@given(st.integers(0, 2**32 - 1), st.sampled_from(["{}", "0x{:x}", "0{:o}", "0X{:X}"]))
def test_no_number_is_a_host(number: int, form: str) -> None:
    assert refused(f"http://{form.format(number)}/")


@given(st.text(max_size=40))
def test_whatever_stands_for_a_host_is_a_plain_name_or_refused(text: str) -> None:
    host = "shop.example"
    with contextlib.suppress(ReadError):
        host = locate(f"http://{text}/").host
    assert is_public(host) or NAME.fullmatch(host)


@pytest.mark.parametrize("odd", [one for one in NOT_PUBLIC if "%" not in one])
def test_a_name_is_refused_for_one_address_that_is_not_public(odd: str) -> None:
    with pytest.raises(ReadError, match="not public") as raised:
        find_addresses(locate("https://shop.example/"), answering("1.1.1.1", odd), 1)
    assert raised.value.outcome == "refused"


def test_a_name_without_addresses_is_unreachable() -> None:
    with pytest.raises(ReadError) as raised:
        find_addresses(locate("https://shop.example/"), answering(), 1)
    assert raised.value.outcome == "unreachable"


def test_a_cyrillic_address_is_asked_for_as_the_web_knows_it() -> None:
    location = locate("https://Пример.РФ/отзывы?о=чае#первый")
    assert location.host == "xn--e1afmkfd.xn--p1ai"
    assert location.name == "пример.рф"
    assert location.target == "/%D0%BE%D1%82%D0%B7%D1%8B%D0%B2%D1%8B?%D0%BE=%D1%87%D0%B0%D0%B5"
    assert location.authority == "xn--e1afmkfd.xn--p1ai"
    assert location.url.isascii()


def test_a_name_with_a_dot_behind_it_is_the_same_name() -> None:
    assert locate("http://Shop.Example./").host == "shop.example"


def test_an_ipv6_address_keeps_its_brackets_in_the_header_only() -> None:
    location = locate("http://[2606:4700::1111]/")
    assert (location.host, location.authority) == ("2606:4700::1111", "[2606:4700::1111]")
    assert find_addresses(location, nobody_is_asked, 1) == ("2606:4700::1111",)


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/", "//127.0.0.1/x", "http://127.1/", "file:///etc/passwd", "http://a@b.ru/"],
)
def test_a_redirect_is_checked_like_any_address(target: str) -> None:
    with pytest.raises(ReadError) as raised:
        find_addresses(follow(locate("https://shop.example/"), target), nobody_is_asked, 1)
    assert raised.value.outcome == "refused"


def test_a_redirect_may_be_relative() -> None:
    assert follow(locate("https://shop.example/a/b?c"), "../d").url == "https://shop.example/d"


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8124/",
        "http://127.0.0.1/",
        "https://127.0.0.1:8123/",
        "http://127.0.0.2:8123/",
        "http://localhost:8123/",
        "http://127.1:8123/",
        "http://127.0.0.1.:8123/",
        "http://user@127.0.0.1:8123/",
    ],
)
def test_the_test_site_is_one_place_in_one_spelling(url: str) -> None:
    assert refused(url, "127.0.0.1:8123")


def test_the_test_site_is_let_through() -> None:
    location = locate("http://127.0.0.1:8123/shop", "127.0.0.1:8123")
    assert find_addresses(location, nobody_is_asked, 1) == ("127.0.0.1",)
