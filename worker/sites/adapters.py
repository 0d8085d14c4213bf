"""The known hosts, whose links are read by an interface of their own: one small file each."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from urllib.parse import SplitResult, urlsplit

from worker.sites import mozilla_addons, steam, wildberries
from worker.sites.finding import Found
from worker.web.page import Get


@dataclass(frozen=True, slots=True)
class Adapter:
    """How a known host is read."""

    product_in: Callable[[SplitResult], str | None]
    """Takes the product's id from a link, if it is one of this host's products."""
    read: Callable[[str, Get], Iterator[Found]]
    """Calls the host's own fixed addresses, with nothing of the link but that id."""


ADAPTERS = (
    Adapter(wildberries.product_in, wildberries.read),
    Adapter(steam.product_in, steam.read),
    Adapter(mozilla_addons.product_in, mozilla_addons.read),
)


def known_product(url: str) -> Callable[[Get], Iterator[Found]] | None:
    """Give what reads the product behind the link, if a known host has it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    for adapter in ADAPTERS:
        if product := adapter.product_in(parts):
            return partial(adapter.read, product)
    return None
