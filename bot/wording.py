"""What some people say and others don't: words and short phrases by weighted log-odds.

Monroe, Colaresi, Quinn: Fightin' Words (Political Analysis, 2008), with their informative Dirichlet
prior (equations 15, 16, 20, 22, 23). A term counts once a text, however often it is repeated there.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.stems import Term, runs

# A term in fewer of our texts is chance, whatever its z.
LEAST_TEXTS = 2
# Of hundreds of terms some pass this (one-sided 5 %) by chance, but the others head the list.
LEAST_Z = 1.645
# What the prior weighs, as a share of all that was counted: it pulls rare terms towards no
# difference and leaves common ones as they are.
PRIOR_WEIGHT = 0.1
LONGEST_PHRASE = 3
# A phrase takes its words' place when it stands in this share of the texts that have them.
COVERED = 0.3
# So many of the best terms are looked at for each that is wanted; the rest would only overlap.
LOOKED_AT = 8

Key = tuple[str, ...]
"""The stems of a word or phrase."""
Runs = list[list[Term]]


@dataclass(frozen=True, slots=True)
class Wording:
    """A word or short phrase, and how much more it is ours than theirs."""

    words: str
    """As it is written most often; yo as ye, in small letters."""
    z: float
    """The difference of the log-odds in its standard deviations."""
    ours: int
    """In how many of our texts it stands."""
    theirs: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A term with its figures, before it has a surface."""

    key: Key
    z: float
    ours: int
    theirs: int


def telling(ours: Iterable[str], theirs: Iterable[str], limit: int) -> list[Wording]:
    """Find what stands in our texts more often than in theirs, the most telling first.

    A text is what counts a term once: all that one author wrote, say, its parts joined by newlines.
    The same texts in the same order give the same list.
    """
    our_runs, their_runs = [runs(text) for text in ours], [runs(text) for text in theirs]
    return _choose(our_runs, (count_terms(our_runs), count_terms(their_runs)), limit)


def telling_both(
    ours: Iterable[str], theirs: Iterable[str], limit: int
) -> tuple[list[Wording], list[Wording]]:
    """Find what is more ours than theirs, and what is more theirs, for one reading of the texts."""
    our_runs, their_runs = [runs(text) for text in ours], [runs(text) for text in theirs]
    our_terms, their_terms = count_terms(our_runs), count_terms(their_runs)
    return (
        _choose(our_runs, (our_terms, their_terms), limit),
        _choose(their_runs, (their_terms, our_terms), limit),
    )


def telling_each(groups: Mapping[str, Iterable[str]], limit: int) -> dict[str, list[Wording]]:
    """Find for each group of texts what stands there more often than in all the others."""
    read = {name: [runs(text) for text in texts] for name, texts in groups.items()}
    terms = {name: count_terms(texts) for name, texts in read.items()}
    total: Counter[Key] = Counter()
    for counted in terms.values():
        total.update(counted)
    return {
        name: _choose(read[name], (counted, total - counted), limit)
        for name, counted in terms.items()
    }


def _choose(
    texts: Sequence[Runs], terms: tuple[Counter[Key], Counter[Key]], limit: int
) -> list[Wording]:
    chosen = without_overlaps(score(*terms)[: LOOKED_AT * limit])[:limit]
    surfaces = _commonest_surfaces(texts, {one.key for one in chosen})
    return [Wording(surfaces[one.key], one.z, one.ours, one.theirs) for one in chosen]


def count_terms(texts: Sequence[Runs]) -> Counter[Key]:
    """Count in how many texts each word stands, and each phrase of words that stand in several."""
    words: Counter[str] = Counter()
    for text in texts:
        words.update({term.stem for run in text for term in run if not term.is_stop})
    common = {word for word, count in words.items() if count >= LEAST_TEXTS}
    counts: Counter[Key] = Counter({(word,): words[word] for word in words})
    # A phrase is no commoner than its words, so most phrases need not be looked at.
    for text in texts:
        counts.update({key for run in text for key in _phrases(run, common)})
    return counts


def score(ours: Counter[Key], theirs: Counter[Key]) -> list[Scored]:
    """Work out z for what stands in LEAST_TEXTS of ours; return what has LEAST_Z, from the top."""
    our_total, their_total = ours.total(), theirs.total()
    found = []
    for key, count in ours.items():
        if count < LEAST_TEXTS:
            continue
        z = z_score((count, our_total), (theirs[key], their_total))
        if z >= LEAST_Z:
            found.append(Scored(key, z, count, theirs[key]))
    return sorted(found, key=lambda one: (-one.z, one.key))


def z_score(ours: tuple[int, int], theirs: tuple[int, int]) -> float:
    """How far a term's log-odds differ, in standard deviations: its count and the total, of each.

    Positive where it is ours; 0 where nothing else was ever said, which no prior can judge.
    """
    total = ours[1] + theirs[1]
    if ours[0] + theirs[0] == total:
        return 0.0
    prior_total = PRIOR_WEIGHT * total
    prior = prior_total * (ours[0] + theirs[0]) / total
    log_odds, variance = 0.0, 0.0
    for sign, (count, of) in ((1, ours), (-1, theirs)):
        log_odds += sign * math.log((count + prior) / (of + prior_total - count - prior))
        variance += 1 / (count + prior)
    return log_odds / math.sqrt(variance)


def without_overlaps(scored: Sequence[Scored]) -> list[Scored]:
    """Keep one of those that share a word: the highest, or a phrase that says it more fully.

    The phrase takes the place of the first of its words.
    """
    kept: list[Scored] = []
    for one in scored:
        rivals = [other for other in kept if set(other.key) & set(one.key)]
        if not rivals:
            kept.append(one)
        elif all(_stands_for(one, other) for other in rivals):
            kept[kept.index(rivals[0])] = one
            kept = [other for other in kept if other not in rivals[1:]]
    return kept


def _stands_for(phrase: Scored, other: Scored) -> bool:
    is_longer = len(phrase.key) > len(other.key) and set(other.key) <= set(phrase.key)
    return is_longer and phrase.ours >= COVERED * other.ours


def _phrases(run: Sequence[Term], common: set[str]) -> Iterable[Key]:
    for _, key in _spans(run):
        if key[0] in common and key[-1] in common:
            yield key


def _spans(run: Sequence[Term]) -> Iterable[tuple[Sequence[Term], Key]]:
    """Yield the phrases of a run that neither begin nor end with a stop word."""
    for start, first in enumerate(run):
        if first.is_stop:
            continue
        for end in range(start + 2, min(start + LONGEST_PHRASE, len(run)) + 1):
            if not run[end - 1].is_stop:
                span = run[start:end]
                yield span, tuple(term.stem for term in span)


def _commonest_surfaces(texts: Sequence[Runs], keys: set[Key]) -> dict[Key, str]:
    """Find how each term is written most often; of equals the first in the alphabet."""
    forms: dict[Key, Counter[str]] = {key: Counter() for key in keys}
    for text in texts:
        for run in text:
            _count_forms(run, forms)
    return {key: min(found, key=lambda form: (-found[form], form)) for key, found in forms.items()}


def _count_forms(run: Sequence[Term], forms: dict[Key, Counter[str]]) -> None:
    for term in run:
        if (term.stem,) in forms and not term.is_stop:
            forms[term.stem,][term.surface] += 1
    for span, key in _spans(run):
        if key in forms:
            forms[key][" ".join(term.surface for term in span)] += 1
