"""By what copies of a text are known for one: nobody is asked twice, and a flood is one card."""

import hashlib
import unicodedata

DIGEST_BYTES = 16


def fingerprint(text: str) -> str:
    """Return 32 hex digits that texts share which differ in case, marks and spaces alone."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u0451", "\u0435")
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    # Of a text without letters the marks are all there is: emoji, say.
    kept = " ".join(words) or " ".join(folded.split())
    return hashlib.blake2b(kept.encode("utf-8", "replace"), digest_size=DIGEST_BYTES).hexdigest()
