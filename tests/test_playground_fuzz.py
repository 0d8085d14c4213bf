"""Whatever a caller sends, it gets an answer or a refusal in Telegram's shape, never a crash."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from playground.caller import Caller
from playground.errors import ApiError
from playground.methods import METHODS, call_method
from playground.seed import plant
from playground.world import World
from playground.writing import Writing, write

WORDS = ["", "x", "HTML", "MarkdownV2", "@nowhere", "null", "[]", "{}", "[1]", '[{"type":"emoji"}]']
plain_values = st.one_of(
    st.sampled_from(WORDS),
    st.integers(-(10**13), 10**13),
    st.sampled_from([-1001000000001, 100003, 42, 1]),
    st.booleans(),
    st.text(max_size=20),
)
keys = st.sampled_from(["type", "text", "offset", "length", "url", "media", "emoji", "caption"])
keys |= st.sampled_from(["callback_data", "message_id", "command", "description", "user"])
nested = st.dictionaries(keys, plain_values, min_size=1, max_size=5)
values = plain_values | nested | st.lists(plain_values | nested, max_size=3)
entity = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["bold", "pre", "text_link", "x"]),
        "offset": st.integers(0, 9),
        "length": st.integers(0, 9),
    },
    optional={"url": st.text(max_size=9)},
)
button = st.fixed_dictionaries(
    {"text": st.text(min_size=1), "callback_data": st.text(max_size=33)},
    optional={"url": st.text(max_size=9)},
)
rows = st.lists(st.lists(button, max_size=2), max_size=2)
# Fields that plain chance seldom fills with anything near the truth.
SHAPED = {
    "entities": st.lists(entity, max_size=3),
    "caption_entities": st.lists(entity, max_size=3),
    "reply_markup": st.fixed_dictionaries({"inline_keyboard": rows}),
    "text": st.text(max_size=20),
    "allowed_updates": st.lists(plain_values),
}


def calls_of(name):
    """Calls of one method with one or two parameters of its own: more are mostly refused early."""
    own = sorted(METHODS[name].takes.model_fields) or ["text"]
    pairs = [st.tuples(st.just(field), SHAPED.get(field, values)) for field in own]
    return st.tuples(st.just(name), st.lists(st.one_of(pairs), max_size=2).map(dict))


def shaped_calls_of(name):
    """Calls of one method with what has a shape of its own."""
    own = [field for field in METHODS[name].takes.model_fields if field in SHAPED]
    fields = {field: SHAPED[field] for field in own}
    return st.tuples(st.just(name), st.fixed_dictionaries({}, optional=fields))


@pytest.fixture(scope="module")
def caller():
    world = World()
    plant(world)
    world.limits.enabled = False
    write(world, Writing(chat="private:anna", sender="anna", text="/start"))
    return Caller(world, world.bots[42])


@settings(max_examples=600, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    call=st.sampled_from(sorted(METHODS)).flatmap(calls_of)
    | st.sampled_from(["sendmessage", "copymessage", "editmessagetext"]).flatmap(shaped_calls_of),
    chat=st.sampled_from([-1001000000001, -1001000000002, -4000001, 100003]),
    as_strings=st.booleans(),
)
def test_any_call_is_answered_or_refused(caller, call, chat, as_strings):
    name, given_values = call
    parameters = {"chat_id": chat, "message_id": 1, "text": "x"} | given_values
    if as_strings:
        parameters = {key: json.dumps(value) for key, value in parameters.items()}
    with suppress(ApiError):
        json.dumps(call_method(caller, name, parameters))
