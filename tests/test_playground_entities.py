"""Entities: what people type, and what bots mark up, as Telegram reads both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.calls import Entity
from playground.entities import plain
from playground.errors import BadRequest
from playground.formatting import read_marked

RESERVED = "reserved and must be escaped with the preceding '\\'"


def marked(found):
    return [(one["type"], one["offset"], one["length"]) for one in found.entities]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/start@nastroi_bot", [("bot_command", 0, 18)]),
        ("смотри /help", [("bot_command", 7, 5)]),
        ("и/или", []),
        ("😀 /ping", [("bot_command", 3, 5)]),
        ("@anna_belova, #скидка", [("mention", 0, 12), ("hashtag", 14, 7)]),
        ("https://ya.ru/a?b=1.", [("url", 0, 19)]),
        ("зайди на shop.ru!", [("url", 9, 7)]),
        ("пиши a.b@mail.ru", [("email", 5, 11)]),
        ("цена 3.5 и т.д.", []),
    ],
)
def test_typed_text_is_marked_as_telegram_does(text, expected):
    assert marked(plain(text)) == expected


def test_text_is_trimmed_and_offsets_follow():
    found = plain("  \n/start  ")
    assert found.text == "/start"
    assert marked(found) == [("bot_command", 0, 6)]


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("<b>да</b> &lt;нет&gt;", "да <нет>", [("bold", 0, 2)]),
        ("<b>а<i>б</i></b>", "аб", [("bold", 0, 2), ("italic", 1, 1)]),
        ('<a href="https://ya.ru">я</a>', "я", [("text_link", 0, 1)]),
        ("😀<code>x</code>", "😀x", [("code", 2, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<tg-spoiler>x</tg-spoiler>", "x", [("spoiler", 0, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("  <b> x</b>", "x", [("bold", 0, 1)]),
        ("a & b &copy;", "a & b &copy;", []),
    ],
)
def test_html_is_read(source, text, expected):
    found = read_marked(source, "HTML", None)
    assert (found.text, marked(found)) == (text, expected)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*да* \\*нет\\*", "да *нет*", [("bold", 0, 2)]),
        ("__под__ _кос_", "под кос", [("underline", 0, 3), ("italic", 4, 3)]),
        ("||тс|| ~нет~", "тс нет", [("spoiler", 0, 2), ("strikethrough", 3, 3)]),
        ("[я](https://ya.ru/\\))", "я", [("text_link", 0, 1)]),
        ("`a\\`b`", "a`b", [("code", 0, 3)]),
        ("```py\nx = 1```", "x = 1", [("pre", 0, 5)]),
        (">цитата\nнет", "цитата\nнет", [("blockquote", 0, 6)]),
    ],
)
def test_markdown_v2_is_read(source, text, expected):
    found = read_marked(source, "MarkdownV2", None)
    assert (found.text, marked(found)) == (text, expected)


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        ("*да* _нет_ `x`", "да нет x", [("bold", 0, 2), ("italic", 3, 3), ("code", 7, 1)]),
        ("[я](https://ya.ru) \\*", "я *", [("text_link", 0, 1)]),
        ("```py\nx```", "x", [("pre", 0, 1)]),
    ],
)
def test_the_first_markdown_is_read_too(source, text, expected):
    found = read_marked(source, "Markdown", None)
    assert (found.text, marked(found)) == (text, expected)


@pytest.mark.parametrize(
    ("mode", "source", "words"),
    [
        ("HTML", "<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "я<div>x</div>", 'Unsupported start tag "div" at byte offset 2'),
        ("HTML", "x</b>", "Unexpected end tag at byte offset 1"),
        ("HTML", "<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("MarkdownV2", "я *x", "Can't find end of Bold entity at byte offset 3"),
        ("Markdown", "_x", "Can't find end of Italic entity at byte offset 0"),
        ("MarkdownV2", "`x", "Can't find end of Code entity at byte offset 0"),
        ("MarkdownV2", "3.5", f"Character '.' is {RESERVED}"),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(mode, source, words):
    with pytest.raises(BadRequest) as refusal:
        read_marked(source, mode, None)
    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


def test_given_entities_keep_their_places():
    bold = {"type": "bold", "offset": 2, "length": 3}
    found = read_marked("😀abc", "", [Entity(**bold)])
    assert found.entities == [bold]


@given(st.text(max_size=60), st.sampled_from(["", "HTML", "MarkdownV2", "Markdown"]))
def test_any_text_is_read_or_refused_with_entities_inside_it(text, mode):
    try:
        found = read_marked(text, mode, None)
    except BadRequest:
        return
    assert all(one["offset"] >= 0 and one["length"] > 0 for one in found.entities)
    length = len(found.text.encode("utf-16-le")) // 2
    assert all(one["offset"] + one["length"] <= length for one in found.entities)
