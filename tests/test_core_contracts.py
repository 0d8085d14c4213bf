"""Contracts: whatever crosses a wall comes out as it went in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.contracts import Text, Verdict, text_key

numbers = st.integers(-(2**52), 2**52)
positive = st.integers(0, 2**52)
seconds = st.floats(0, 4e9)
keys = st.builds(text_key, numbers, positive, positive)
scores = st.dictionaries(st.text(), st.dictionaries(st.text(), st.floats(0, 1)))
# Lone surrogates come in a str, though no UTF-8 can hold them.
anything = st.text(st.characters(exclude_categories=()))


@given(key=keys, text=anything, received_at=seconds)
def test_any_text_survives_the_wall(key: str, text: str, received_at: float) -> None:
    sent = Text(key=key, text=text, received_at=received_at)
    assert Text.model_validate_json(sent.model_dump_json()) == sent


@given(text=st.text())
def test_a_text_is_not_changed_on_its_way(text: str) -> None:
    assert Text(key="1:2:0", text=text, received_at=0).text == text


@given(key=keys, scores=scores, at=seconds)
def test_any_verdict_survives_the_wall(
    key: str, scores: dict[str, dict[str, float]], at: float
) -> None:
    sent = Verdict(key=key, scores=scores, model="m", received_at=at, read_at=at, scored_at=at)
    assert Verdict.model_validate_json(sent.model_dump_json()) == sent


def test_contracts_cannot_be_changed() -> None:
    text = Text(key="1:2:0", text="привет", received_at=0)
    with pytest.raises(ValidationError):
        text.text = "пока"  # type: ignore[misc]


def test_a_later_version_may_add_fields() -> None:
    newer = '{"key": "1:2:0", "text": "да", "received_at": 1, "language": "ru"}'
    assert Text.model_validate_json(newer).text == "да"


@pytest.mark.parametrize("key", ["", "1", "1:2", "a:1:0", "1:-2:0", "1:2:0:3"])
def test_a_malformed_key_is_refused(key: str) -> None:
    with pytest.raises(ValidationError):
        Text(key=key, text="да", received_at=0)


@pytest.mark.parametrize("probability", [float("nan"), float("inf")])
def test_a_probability_that_json_cannot_hold_is_refused(probability: float) -> None:
    scores = {"sentiment": {"neutral": probability}}
    with pytest.raises(ValidationError):
        Verdict(key="1:2:0", scores=scores, model="m", received_at=0, read_at=0, scored_at=0)


def test_a_verdict_of_a_time_before_trials_is_read() -> None:
    older = (
        '{"key": "1:2:0", "scores": {}, "model": "m", "received_at": 0, "read_at": 0,'
        ' "scored_at": 0}'
    )
    found = Verdict.model_validate_json(older)
    assert (found.shadow, found.shadow_model) == ({}, "")
