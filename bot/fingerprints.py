"""By what copies of a text are known for one: nobody is asked twice, and a flood is one card."""

import hashlib
import re
import unicodedata

DIGEST_BYTES = 16
WORD = re.compile(r"[^\W_]+")
"""Letters and digits, of whatever script."""


def fingerprint(text: str) -> str:
    """Return 32 hex digits that texts share which differ in case, marks and spaces alone."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u0451", "\u0435")
    # Of a text without letters the marks are all there is: emoji, say.
    kept = " ".join(WORD.findall(folded)) or " ".join(folded.split())
    return hashlib.blake2b(kept.encode("utf-8", "replace"), digest_size=DIGEST_BYTES).hexdigest()
