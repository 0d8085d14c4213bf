"""Which internet addresses a reader may connect to: those that everybody can reach, no others."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

# https://www.iana.org/assignments/iana-ipv4-special-registry, multicast and reserved added.
NOT_PUBLIC_4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        # Azure tells its virtual machines their secrets here.
        "168.63.129.16/32",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# All that is handed out to the public; loopback, mapped, NAT64, link-local, site-local, unique
# local and multicast addresses all lie outside.
PUBLIC_6 = ip_network("2000::/3")
# https://www.iana.org/assignments/iana-ipv6-special-registry: of PUBLIC_6, what isn't public.
NOT_PUBLIC_6 = tuple(
    ip_network(block)
    for block in (
        # Protocols' own, Teredo among them, which carries an IPv4 address inside.
        "2001::/23",
        "2001:db8::/32",
        # 6to4 carries one, too.
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Tell whether an address, as text, is one that anybody on the internet may be asked at."""
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return _is_public_4(number) if isinstance(number, IPv4Address) else _is_public_6(number)


def _is_public_4(number: IPv4Address) -> bool:
    return number.is_global and not any(number in block for block in NOT_PUBLIC_4)


def _is_public_6(number: IPv6Address) -> bool:
    if number.scope_id or number not in PUBLIC_6 or not number.is_global:
        return False
    return not any(number in block for block in NOT_PUBLIC_6)
