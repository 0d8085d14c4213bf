"""Sentences of every mood to try a model on when no texts are given: 300 of them."""

from itertools import product

_OPENINGS = ("Если честно,", "Ребята,", "Ну", "Сегодня скажу прямо:", "В общем,")
_SUBJECTS = (
    "доставка",
    "новая версия",
    "эта кофта",
    "ваша поддержка",
    "встреча с подписчиками",
    "погода в городе",
)
_JUDGEMENTS = (
    "просто отличная, спасибо огромное)))",
    "не понравилась совсем",
    "обычная, ничего особенного",
    "ужасная!!! верните деньги 😡",
    "будет завтра в шесть вечера",
    "неплохая, но могла быть лучше",
    "для идиотов, как и её автор",
    "порадовала ❤️ буду брать ещё",
    "пришла с дыркой, швы кривые, выбросила",
    "у кого какая? напишите в комментариях",
)


def sample_texts() -> list[str]:
    """Return the sentences, always the same."""
    return [" ".join(parts) for parts in product(_OPENINGS, _SUBJECTS, _JUDGEMENTS)]
