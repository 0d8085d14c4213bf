"""Words: both languages say the same things, and every key that the code uses exists."""

import re

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as syntax
from fluent.syntax.visitor import Visitor

from bot.words import LANGUAGES, LOCALES, UnknownWordError, Words
from core.settings import PROJECT

SAID = re.compile(r'\.say\(\s*[\w.()]+,\s*"([a-z-]+)"')
# They hold the words that people write, not those that they read.
ABOUT_RUSSIAN = ("bot/stems.py", "bot/reviews/pasted.py")
COMPOSED = re.compile(r'f"([a-z]+(?:-[a-z]+)*-)\{')


class Variables(Visitor):
    def __init__(self):
        self.names = set()

    def visit_VariableReference(self, node):  # noqa: N802
        self.names.add(node.id.name)


def read(language):
    """The variables of each key."""
    source = (LOCALES / f"{language}.ftl").read_text(encoding="utf-8")
    found = {}
    for entry in FluentParser().parse(source).body:
        assert not isinstance(entry, syntax.Junk), entry.content
        if isinstance(entry, syntax.Message):
            variables = Variables()
            variables.visit(entry)
            found[entry.id.name] = variables.names
    return found


@pytest.fixture
def words():
    return Words("ru")


@pytest.fixture
def code():
    """The source of the whole room."""
    sources = sorted((PROJECT / "bot").rglob("*.py"))
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


def test_all_languages_have_the_same_keys_and_variables():
    first, *others = (read(language) for language in LANGUAGES)
    assert all(other == first for other in others)


def test_every_key_that_the_code_says_exists(words, code):
    used = set(SAID.findall(code))
    assert len(used) > 20
    assert {key for key in used if not words.knows(key)} == set()


def test_no_word_is_left_that_the_code_does_not_use(code):
    # Some are put together: from a label's, a command's or an outcome's name.
    beginnings = tuple(COMPOSED.findall(code))
    unused = {key for key in read("ru") if f'"{key}"' not in code}
    assert {key for key in unused if not key.startswith(beginnings)} == set()


def test_no_russian_word_is_left_in_the_code(code):
    for path in ABOUT_RUSSIAN:
        code = code.replace((PROJECT / path).read_text(encoding="utf-8"), "")
    assert re.findall("[а-яё]+", code, re.IGNORECASE) == []


@pytest.mark.parametrize(
    ("count", "phrase"),
    [
        (0, "Очередь пуста"),
        (1, "В очереди 1 текст"),
        (3, "В очереди 3 текста"),
        (5, "В очереди 5 текстов"),
        (11, "В очереди 11 текстов"),
        (22, "В очереди 22 текста"),
    ],
)
def test_russian_plurals_are_right(words, count, phrase):
    text = words.say("ru", "ping", waiting=count, workers="", latest="", dead=0)
    assert phrase in text.splitlines()


@pytest.mark.parametrize(
    ("code", "language"),
    [("ru", "ru"), ("en", "en"), ("en-GB", "en"), ("EN", "en"), ("de", "ru"), (None, "ru")],
)
def test_the_language_follows_telegrams_and_is_russian_otherwise(words, code, language):
    assert words.language(code) == language


def test_a_missing_word_or_variable_is_an_error_that_names_it(words):
    with pytest.raises(UnknownWordError, match="nothing-such"):
        words.say("ru", "nothing-such")
    with pytest.raises(UnknownWordError, match="answer-toxic"):
        words.say("ru", "answer-toxic")
