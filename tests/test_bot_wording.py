"""What is praised and cursed: words and phrases by weighted log-odds, and the terms under them."""

import math

import pytest

from bot.stems import runs, stem
from bot.wording import (
    Scored,
    count_terms,
    score,
    telling,
    telling_each,
    without_overlaps,
    z_score,
)


def words(found):
    return [one.words for one in found]


def stems(text):
    return [[term.stem for term in run] for run in runs(text) if run]


def counted(*texts):
    return count_terms([runs(text) for text in texts])


def test_z_is_as_worked_out_by_hand():
    # 3 of 10 and 1 of 10; the prior is 0.1 * 20 = 2 in all, 0.4 for this term:
    # ln(3.4 / 8.6) - ln(1.4 / 10.6) = 1.09639, and its variance 1 / 3.4 + 1 / 1.4 = 1.00840.
    assert z_score((3, 10), (1, 10)) == pytest.approx(1.09639 / math.sqrt(1.00840), abs=1e-4)


def test_z_turns_around_with_the_sides_and_is_nothing_between_equals():
    assert z_score((3, 10), (1, 10)) == pytest.approx(-z_score((1, 10), (3, 10)))
    assert z_score((5, 40), (5, 40)) == 0


def test_the_same_lead_says_more_with_more_texts():
    assert z_score((30, 100), (10, 100)) > z_score((3, 10), (1, 10))


def test_a_small_example_is_counted_by_texts():
    counts = counted("Шов разошёлся, шов кривой", "Кривой шов", "Ткань")
    assert counts["шов",] == 2
    assert counts["крив",] == 2
    assert counts["шов", "крив"] == 1
    assert ("шов", "разошелс") not in counts


def test_praise_and_curses_are_told_apart():
    praise = ["Отлично сшито, спасибо"] * 9 + ["Платье отлично сидит"] * 6
    curses = ["Платье порвалось, деньги не вернули"] * 9 + ["Деньги на ветер"] * 6
    assert words(telling(praise, curses, 2)) == ["отлично сшито", "спасибо"]
    cursed = telling(curses, praise, 3)
    assert words(cursed)[0] == "деньги не вернули"
    assert (cursed[0].ours, cursed[0].theirs) == (9, 0)


def test_what_is_denied_is_not_what_is_said():
    found = telling(["Не подошёл, размер"] * 8, ["Подошел, размер"] * 8, 5)
    assert words(found) == ["не подошел"]


def test_forms_of_one_word_are_one_and_the_commonest_is_shown():
    ours = ["Красивая"] * 5 + ["Красивое платье", "Очень красивый", "КРАСИВЫЕ!"]
    (found,) = telling(ours, ["Обычная кофта", "Платье"] * 4, 1)
    assert (found.words, found.ours) == ("красивая", 8)


@pytest.mark.parametrize(
    "forms",
    [
        "размер размера размеру размеры размером",
        "подошел подошла подошло подошли",
        "ужасный ужасная ужасно ужасного",
        "доставка доставку доставки",
        "маломерит маломерят",
        "понравилась понравилось понравился",
    ],
)
def test_forms_share_a_stem(forms):
    assert len({stem(form) for form in forms.split()}) == 1


def test_signs_end_a_phrase_and_yo_is_ye():
    assert stems("Ещё тёмный, ШТОРЫ-блэкаут!") == [["еще", "темн"], ["шторы-блэкаут"]]


def test_stop_words_stand_only_inside_a_phrase():
    assert words(telling(["Качество на высоте, и очень"] * 9, ["Кофта"] * 9, 5)) == [
        "качество на высоте"
    ]


def test_english_is_understood_as_well():
    found = telling(["It doesn't fit at all"] * 8, ["The dress will fit"] * 8, 3)
    assert words(found) == ["doesn't fit"]


def scored(*terms):
    return [Scored(tuple(words.split()), 9 - place, ours, 0) for place, (words, ours) in terms]


def test_a_phrase_replaces_words_that_are_often_said_so():
    terms = scored(*enumerate([("спор", 30), ("открыл", 20), ("открыл спор", 15), ("товар", 9)]))
    assert [one.key for one in without_overlaps(terms)] == [("открыл", "спор"), ("товар",)]


def test_a_rare_phrase_gives_way_to_its_word():
    terms = scored(*enumerate([("спор", 100), ("открыл спор", 15)]))
    assert [one.key for one in without_overlaps(terms)] == [("спор",)]


def test_what_one_text_says_is_not_telling():
    assert score(counted("Кошмар кошмар кошмар"), counted("Спасибо")) == []


def test_nothing_is_telling_without_texts_or_between_equals():
    assert telling([], [], 5) == telling([], ["Спасибо"], 5) == []
    assert telling(["Хорошая ткань"] * 9, ["Хорошая ткань"] * 9, 5) == []


def test_one_side_alone_has_nothing_to_differ_from():
    assert telling(["Хорошая ткань"] * 9, [], 5) == []
    assert telling(["Спасибо"] * 9, [], 5) == telling(["Спасибо"] * 9, ["спасибо"] * 2, 5) == []


def test_the_same_texts_give_the_same_list_whatever_their_order():
    ours = [f"Кривой шов {sign} дырка {sign} брак" for sign in "абвг"]
    theirs = ["Ровная строчка", "Всё цело"] * 3
    assert telling(ours, theirs, 9) == telling(ours[::-1], theirs[::-1], 9)


def test_each_group_is_told_from_all_the_others():
    groups = {
        "good": ["Отлично, тёплая"] * 9,
        "bad": ["Порвалась, тёплая"] * 9,
        "none": ["Обычная, тёплая"] * 9,
    }
    found = telling_each(groups, 2)
    assert [words(found[name]) for name in groups] == [["отлично"], ["порвалась"], ["обычная"]]
    others = groups["bad"] + groups["none"]
    assert found["good"] == telling(groups["good"], others, 2)


def test_what_is_no_word_takes_no_room():
    ((term,),) = [run for run in runs("а" * 4000) if run]
    assert len(term.surface) == 40
