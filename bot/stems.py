"""Words of a text, ready to be counted: forms of one word joined, stop words marked, negation kept.

Light on purpose: endings are cut by rules in the manner of Porter's stemmer for Russian (Snowball),
without a dictionary, a few microseconds a word that was not met before. Used by `bot/wording.py`.
"""

import re
from functools import lru_cache
from typing import NamedTuple

MOST_REMEMBERED = 100_000
# Longer ones are no words, and would fill the memory.
LONGEST_WORD = 40

# A word, or a sign that no phrase goes across. Hyphens and apostrophes join parts of a word.
PIECE = re.compile(r"[а-яa-z]+(?:[-'’][а-яa-z]+)*|[^\s\w]|\d+")

NEGATIONS = frozenset({"не", "ни", "нет", "без", "no", "not", "never", "without"})
NEGATED_ENDINGS = ("n't", "n’t")
# Stop words that mean something once they are negated.
WEIGHTY_NEGATED = frozenset({"очень", "так", "все", "всегда", "very", "so", "all"})

WITHOUT_MEANING = """
а абсолютно более больше будет будто буду бы был была были было быть в вам вас ваш вашего весь
вместо во вообще вот впрочем вроде все всегда всего всем всех всю вся вы где да даже для до
довольно его ее ей если есть еще же за затем здесь и из или им именно иметь итак их к каждый как
какая какие какой ко когда конечно которая которого которой которую которые который кстати кто
куда ли либо лично лишь меня мне много моего моей может можно мой мою моя мы на наверное над надо
нам например нас наш него нее ней нем ним них ничего но ну о об однако он она они оно от очень
перед по под пока после потом потому почти при про просто прям прямо раз с сам сама самая сами
само самый своей свои свой своя себе себя сейчас со собой совершенно совсем так такая также такие
такого такое такой такую там тебе тебя тем теперь типа то тоже только том тот тут ты у уж уже хотя
чего чем через что чтоб чтобы чуть эта эти это этого этой этом этот эту я
a about after all also am an and any are as at be been but by can could did do does for from had
has have he her his i if in into is it its just me more my of on or our she so some such than that
the their them then there these they this those to too up us very was we were what when which who
will with would you your
"""
STOP_WORDS = frozenset(WITHOUT_MEANING.split())

VOWELS = "аеиоуыэюя"
AFTER_FIRST_VOWEL = re.compile(f"[{VOWELS}]")
GERUND = re.compile(r"(?:(?<=[ая])(?:вшись|вши|в)|(?:ив|ыв)(?:шись|ши)?)$")
REFLEXIVE = re.compile(r"с[яь]$")
ADJECTIVE = re.compile(
    r"(?:(?:(?<=[ая])(?:ем|нн|вш|ющ|щ)|ивш|ывш|ующ)?"
    r"(?:[еиыо]е|[иы]ми|[еиыо]й|[еиыо]м|[ео]го|[ео]му|[иы]х|[уюое]ю|ею|ая|яя))$"
)
VERB = re.compile(
    r"(?:(?<=[ая])(?:ла|на|ете|йте|ли|й|л|ем|н|ло|но|ет|ют|ны|ть|ешь|нно)|"
    r"ила|ыла|ена|ейте|уйте|ите|или|ыли|ей|уй|ил|ыл|им|ым|ен|ило|ыло|ено|ят|ует|уют|ит|ыт|ены|ить|"
    r"ыть|ишь|ую|ю)$"
)
NOUN = re.compile(
    r"(?:и?ями|ами|и?ях|ах|и?ям|ам|и?ем|ом|и?ей|[оиеь]й|ев|ов|[иь]?[еяю]|еи|ии|[аоуыийь])$"
)
ABSTRACT = re.compile(r"ость?$")
TAIL = re.compile(r"(?:ейше?|(?<=н)н|ь)$")


class Term(NamedTuple):
    """One word as it was written, and what all its forms share."""

    surface: str
    stem: str
    is_stop: bool
    """Carries no meaning by itself, but may stand inside a phrase."""


def runs(text: str) -> list[list[Term]]:
    """Split a text into stretches of terms that no sign interrupts.

    Small letters, ё as е. A negation and the word behind it are one term.
    """
    found: list[list[Term]] = [[]]
    negation = ""
    for piece in PIECE.findall(text.lower().replace("ё", "е")):
        if not piece[0].isalpha():
            negation = ""
            if found[-1]:
                found.append([])
        elif is_negation(piece):
            negation = piece
        else:
            found[-1].append(_term(negation, piece[:LONGEST_WORD]))
            negation = ""
    return found


def is_negation(word: str) -> bool:
    """Tell whether a word turns the next one around."""
    return word in NEGATIONS or word.endswith(NEGATED_ENDINGS)


@lru_cache(MOST_REMEMBERED)
def _term(negation: str, word: str) -> Term:
    if negation:
        is_stop = word in STOP_WORDS and word not in WEIGHTY_NEGATED
        return Term(f"{negation} {word}", f"не {stem(word)}", is_stop)
    return Term(word, stem(word), word in STOP_WORDS or len(word) == 1)


def stem(word: str) -> str:
    """Cut a Russian word's endings; other words stay as they are."""
    if word.endswith("шел"):
        # The one vowel that comes and goes in what reviews say most: подошел, подошла.
        return word[:-2] + "л"
    vowel = AFTER_FIRST_VOWEL.search(word)
    if vowel is None or len(word) <= 3:
        return word
    root, rest = word[: vowel.end()], word[vowel.end() :]
    rest = _without_ending(rest, root[-1])
    rest = rest.removesuffix("и")
    rest = ABSTRACT.sub("", rest) if len(rest) > 4 else rest
    return root + TAIL.sub("", rest)


def _without_ending(rest: str, before: str) -> str:
    # What was before is only looked at, by the patterns that ask for an а or я.
    text = before + rest
    shorter = GERUND.sub("", text, count=1)
    if len(shorter) < len(text) and shorter:
        return shorter[1:]
    text = REFLEXIVE.sub("", text) if len(rest) > 2 else text
    for pattern in (ADJECTIVE, VERB, NOUN):
        found = pattern.search(text, 1)
        if found:
            return text[1 : found.start()]
    return text[1:]
