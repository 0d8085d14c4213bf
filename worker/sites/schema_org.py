"""Reviews in schema.org's words: finds the JSON-LD and the microdata in a page."""

from collections.abc import Iterator
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from loguru import logger

from core.reading import MOST_REVIEWS
from worker.sites.document import Document
from worker.sites.schema_reviews import Reviewed, reviewed_in

JSON_LD = '//script[contains(translate(@type, "LDJSON", "ldjson"), "ld+json")]'
JSON_LD_TYPE = "application/ld+json"
# A review has about three.
MOST_SCOPES = 4 * MOST_REVIEWS


def read_schema(document: Document) -> tuple[str, Reviewed]:
    """Find the page's reviews, and which syntax they were in; where both have some, both count."""
    of_json = reviewed_in(list(_json_ld(document)))
    of_markup = reviewed_in(_microdata(document))
    if of_markup.opinions and not of_json.opinions:
        return "microdata", of_markup.completed_by(of_json)
    return "json-ld", of_json.completed_by(of_markup)


def _json_ld(document: Document) -> Iterator[Any]:
    """Each script by itself, so that a broken one hides no other."""
    for script in document.tree.xpath(JSON_LD):
        script.set("type", JSON_LD_TYPE)
        try:
            yield from JsonLdExtractor().extract_items(script)  # type: ignore[no-untyped-call]
        except Exception as error:  # noqa: BLE001 - whatever a parser makes of a hostile page
            logger.debug("Broken JSON-LD on {}: {}", document.url, type(error).__name__)


def _microdata(document: Document) -> list[Any]:
    if "itemprop" not in document.html:
        return []
    # extruct's time grows with the square of these.
    for extra in document.tree.xpath("//*[@itemscope]")[MOST_SCOPES:]:
        extra.drop_tree()
    try:
        extractor = MicrodataExtractor()  # type: ignore[no-untyped-call]
        items: list[Any] = extractor.extract_items(  # type: ignore[no-untyped-call]
            document.tree, document.url
        )
    except Exception as error:  # noqa: BLE001 - as above
        logger.debug("Broken microdata on {}: {}", document.url, type(error).__name__)
        return []
    return items
