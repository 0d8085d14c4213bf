"""What is decided about a message: by its probabilities, its chat's settings and its author."""

from dataclasses import replace

import pytest
from bot_parts import verdict_on

from bot.communities.community import Community
from bot.messages import Chat
from bot.policy import Standing, decide
from core.contracts import Text

CHAT = Chat(-1, "supergroup", "Двор")
LINKED = Community(-1, moderators_chat=-2, mode="ask", toxic_threshold=0.85, care_threshold=0.9)


def decision(toxic=0.0, negative=0.0, community=LINKED, chat=CHAT, newcomer=False):
    rest = (1 - negative) / 2
    sentiment = {"negative": negative, "neutral": rest, "positive": rest}
    scores = {"sentiment": sentiment, "toxicity": {"toxic": toxic}}
    verdict = verdict_on(Text(key="-1:1:0", text="x", received_at=0), scores)
    return decide(verdict, chat, community, Standing(newcomer))


def codes(made):
    return [reason.code for reason in made.reasons]


def test_the_toxic_become_cards_that_offer_to_moderate():
    made = decision(toxic=0.85)
    assert (made.kind, made.acts, codes(made)) == ("moderate", False, ["toxic-over"])


def test_the_strongly_negative_become_cards_that_ask_for_care():
    assert decision(negative=0.95).kind == "care"
    assert decision(negative=0.95, community=replace(LINKED, mode="act")).acts is False


def test_an_insult_counts_before_a_complaint():
    assert decision(toxic=0.9, negative=0.95).kind == "moderate"


def test_calm_messages_are_left():
    assert decision(toxic=0.84, negative=0.89).kind == "nothing"


def test_newcomers_are_judged_more_strictly():
    assert decision(toxic=0.8).kind == "nothing"
    made = decision(toxic=0.8, newcomer=True)
    assert (made.kind, codes(made)) == ("moderate", ["newcomer"])


@pytest.mark.parametrize(("mode", "acts"), [("ask", False), ("act", True)])
def test_the_bot_acts_only_where_an_admin_has_turned_that_on(mode, acts):
    assert decision(toxic=0.99, community=replace(LINKED, mode=mode)).acts is acts


def test_the_bot_acts_only_when_it_is_surer_than_for_a_card():
    community = replace(LINKED, mode="act", act_threshold=0.97)
    assert decision(toxic=0.96, community=community).acts is False


@pytest.mark.parametrize(
    "community", [replace(LINKED, mode="watch"), replace(LINKED, moderators_chat=None)]
)
def test_a_watching_or_unlinked_community_is_left_alone(community):
    assert decision(toxic=0.99, negative=0.99, community=community).kind == "nothing"


def test_a_channels_own_posts_are_left_alone():
    assert decision(toxic=0.99, chat=Chat(-1, "channel", "Лавка")).kind == "nothing"


def test_a_model_without_toxicity_still_asks_for_care():
    verdict = verdict_on(
        Text(key="-1:1:0", text="x", received_at=0),
        {"sentiment": {"negative": 0.95, "neutral": 0.03, "positive": 0.02}},
    )
    assert decide(verdict, CHAT, LINKED).kind == "care"
