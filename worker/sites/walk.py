"""The way through a site's pages of reviews, from the first one on."""

from collections.abc import Iterator

from core.contracts import storable
from worker.sites.blocking import is_blocked
from worker.sites.document import Document, open_document
from worker.sites.finding import Found
from worker.sites.opinions import Gathering
from worker.sites.pagination import next_page, own_reviews_page
from worker.sites.plain_text import read_opinions
from worker.sites.schema_org import read_schema
from worker.sites.schema_reviews import Reviewed
from worker.web.page import Get, ReadError

MOST_PAGES = 40
TEXT = "text"


class Walk:
    """One reading: follows the pages of one host while they bring new reviews of the same thing."""

    def __init__(self, get: Get) -> None:
        self._get = get
        self._gathering = Gathering()
        self._seen: set[str] = set()
        self._source = ""
        self._title = ""
        self._name = ""

    def read(self, first: Document) -> Iterator[Found]:
        """Give what each page brings. Raises ReadError where the first one has nothing."""
        document, reviewed = self._start(first)
        while True:
            self._seen.add(document.url)
            following = self._following(document, reviewed)
            found = self._found(reviewed, following)
            if not found.reviews:
                return
            yield found
            if found.is_partial or following is None:
                return
            try:
                document = open_document(self._get(following))
                reviewed = self._continued(document)
            except ReadError:
                # What was read so far is not lost.
                yield Found(self._source, (), is_partial=True)
                return

    def _start(self, document: Document) -> tuple[Document, Reviewed]:
        self._source, reviewed = _understood(document)
        if not reviewed.opinions and (own := self._own_reviews(document)):
            self._seen.add(document.url)
            document = own
            self._source, reviewed = _understood(document)
        if not reviewed.opinions:
            is_wall = is_blocked(document)
            raise ReadError("blocked" if is_wall else "no-reviews", storable(document.title))
        self._name = reviewed.title
        self._title = storable(self._name or document.title)
        return document, reviewed

    def _own_reviews(self, document: Document) -> Document | None:
        """A product's page of reviews, where it says that it has one and it is there."""
        url = own_reviews_page(document)
        try:
            return open_document(self._get(url)) if url else None
        except ReadError as error:
            if error.outcome == "not-found":
                return None
            raise

    def _following(self, document: Document, reviewed: Reviewed) -> str | None:
        url = next_page(document)
        is_first = len(self._seen) == 1
        if url is None and is_first and (reviewed.total or 0) > len(reviewed.opinions):
            # A product's own page shows the first few of its reviews.
            url = own_reviews_page(document)
        return None if url in self._seen else url

    def _found(self, reviewed: Reviewed, following: str | None) -> Found:
        reviews = self._gathering.take(reviewed.opinions)
        is_end = self._gathering.is_full or len(self._seen) >= MOST_PAGES
        return Found(
            self._source,
            reviews,
            title=self._title,
            total=reviewed.total,
            rating=reviewed.rating,
            is_partial=self._gathering.left_some or (is_end and following is not None),
        )

    def _continued(self, document: Document) -> Reviewed:
        """What a later page says of the same thing; nothing where it speaks of another."""
        source, reviewed = _understood(document)
        if not reviewed.opinions and is_blocked(document):
            raise ReadError("blocked")
        is_text = source == TEXT
        if is_text != (self._source == TEXT) or _differ(reviewed.title, self._name):
            return Reviewed()
        return reviewed


def _understood(document: Document) -> tuple[str, Reviewed]:
    source, reviewed = read_schema(document)
    if reviewed.opinions:
        return source, reviewed
    return TEXT, Reviewed(read_opinions(document)).completed_by(reviewed)


def _differ(title: str, first: str) -> bool:
    """Whether two names are of two things; a page number may follow a name."""
    one, other = sorted((title.casefold(), first.casefold()), key=len)
    return not other.startswith(one)
