"""What the study calls compaction: fewer different words before a small model learns them.

Words become their dictionary forms, and stop words one mask. It is for experiments: whoever trains
on compacted texts must compact the texts that he scores.
"""

import re
from collections.abc import Callable
from functools import cache

from ml.errors import MlError
from ml.text import has_words

# One mask for a run of stop words, and not nothing: a masked language model has learned [MASK] as
# "some word stands here", and tokenizers of the BERT family know it as one piece.
MASK = "[MASK]"
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_RUSSIAN = re.compile(r"[а-яё]+(?:-[а-яё]+)*", re.IGNORECASE)
_RUN = re.compile(rf"{re.escape(MASK)}(?:\s+{re.escape(MASK)})+")

# Words that only join or point. Left out on purpose, for they carry the mood: negations (не, ни,
# нет, без, никогда, нельзя ...), contrasts (но, зато, хотя), degrees (очень, слишком, совсем,
# только, даже), doubts (бы, вроде).
_LISTED = """
а и или либо да что чтобы чтоб как если когда где куда откуда пока то тоже также же ведь ли
в во на с со к ко у о об обо от до из изо за по под подо над при про для через между перед
передо около среди после во-первых во-вторых потому поэтому
я меня мне мной мною мы нас нам нами ты тебя тебе тобой тобою вы вас вам вами
он его него ему нему им ним нём нем она её ее неё нее ей ней ею нею оно они их них ими ними
себя себе собой собою мой моя моё мое мои моего моей моему моим моими моих мою
твой твоя твоё твое твои твоего твоей твоему твоим твоих твою свой своя своё свое свои своего
своей своему своим своими своих свою наш наша наше наши нашего нашей нашему нашим наших нашу
ваш ваша ваше ваши вашего вашей вашему вашим ваших вашу
этот эта это эти этого этой этому этим этими этих эту этом тот та те того той тому тем теми
тех ту том который которая которое которые которого которой которому которым которыми которых
которую котором кто кого кому кем чего чему чем чём
быть есть был была было были будет будут буду будем будешь будете
вот тут там здесь сюда туда тогда сейчас уже ещё еще
"""
STOP_WORDS = frozenset(_LISTED.split())


def mask_stop_words(text: str) -> str:
    """Put one mask in the place of each run of stop words."""
    masked = _WORD.sub(lambda found: MASK if found[0].casefold() in STOP_WORDS else found[0], text)
    return _RUN.sub(MASK, masked)


def says_something(text: str) -> bool:
    """Say whether a masked text has anything but masks."""
    return has_words(text.replace(MASK, ""))


def lemmatise(text: str) -> str:
    """Put Russian words into their dictionary form; all else stays. Raises MlError.

    Needs pymorphy3.
    """
    normal_form = _dictionary()
    return _RUSSIAN.sub(lambda found: normal_form(found[0].casefold()), text)


@cache
def _dictionary() -> Callable[[str], str]:
    try:
        from pymorphy3.analyzer import MorphAnalyzer
    except ImportError:
        raise MlError(
            "--lemmatize needs pymorphy3, which is not installed: pip install 'nastroi[train]'"
        ) from None
    analyzer = MorphAnalyzer()  # type: ignore[no-untyped-call]
    return cache(lambda word: str(analyzer.parse(word)[0].normal_form))
