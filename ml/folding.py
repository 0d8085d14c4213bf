"""Undoes what is done to words so that a filter does not see them: Latin letters among Cyrillic
ones, invisible characters, s p a c e d letters. Text that hides nothing stays as it is.
"""

import re
import unicodedata

# Letters and digits that stand for Cyrillic ones because they look like them; see Unicode's
# confusables (UTS 39). Digits and signs count inside a word alone.
_LATIN = str.maketrans("aceopxykmthbABCEHKMOPTXY", "асеорхукмтнвАВСЕНКМОРТХУ")
_GREEK = str.maketrans("αορντυκΑΒΕΗΚΜΟΡΤΧ", "аорвтикАВЕНКМОРТХ")
_SIGNS = str.maketrans("03468@", "озчбва")
_LOOK_ALIKE = re.compile(r"(?<=[а-яёА-ЯЁ])[a-zA-Zα-ωΑ-Ω\d@]|[a-zA-Zα-ωΑ-Ω\d@](?=[а-яёА-ЯЁ])")
_WORD = re.compile(r"[\w@]+")
_SIGN_INSIDE = re.compile(r"(?<=[^\W\d_])[03468@](?=[^\W\d_])")
_CYRILLIC = re.compile("[а-яёА-ЯЁ]")
_FOREIGN = re.compile("[a-zA-Zα-ωΑ-Ω]")

# Four or more single letters with the same mark or space between them.
_SPACED = re.compile(r"(?<!\w)[^\W\d_](?:([ .\-_*|/~])[^\W\d_])(?:\1[^\W\d_]){2,}(?!\w)")
# Words of one letter, which stand beside each other by themselves.
_ONE_LETTER_WORDS = frozenset("абвжикосуя")

_STYLED = re.compile("[\uff01-\uff5e\u2460-\u24ff\U0001d400-\U0001d7ff]")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_JOINER = re.compile(r"(?<=\w)[\u200c\u200d](?=\w)")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489]")


def fold(text: str) -> str:
    """Return the text as a reader sees it, with every disguised letter as the one it stands for."""
    if text.isascii():
        return text
    text = _JOINER.sub("", _INVISIBLE.sub("", text))
    text = _STYLED.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    if _MARKS.search(text):
        # What belongs to a letter (й, ё) becomes one with it; the rest was laid over it.
        text = _MARKS.sub("", unicodedata.normalize("NFC", text))
    text = _SPACED.sub(_joined, text)
    return _WORD.sub(_respelled, text) if _LOOK_ALIKE.search(text) else text


def _joined(found: re.Match[str]) -> str:
    letters = found[0].replace(found[1], "")
    if found[1] == " " and _ONE_LETTER_WORDS.issuperset(letters.casefold()):
        return found[0]
    return letters


def _respelled(found: re.Match[str]) -> str:
    """Spell a word in Cyrillic where each foreign letter of it looks like one of Cyrillic's."""
    word = found[0]
    respelled = word.translate(_LATIN).translate(_GREEK)
    if not _CYRILLIC.search(word) or _FOREIGN.search(respelled):
        return word
    return _SIGN_INSIDE.sub(lambda sign: sign[0].translate(_SIGNS), respelled)
