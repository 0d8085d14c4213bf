"""Webhooks: in order, with their secret, again until taken, and calls in the answer."""

import asyncio

import pytest

pytest_plugins = ["playground_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_updates_go_to_the_webhook_with_its_secret(playground, telegram, receiver):
    await telegram("setWebhook", url=receiver.url, secret_token="a-secret")
    await playground.write("group", "anna", "привет")
    await receiver.wait(1)
    assert receiver.updates[0]["message"]["text"] == "привет"
    assert receiver.secrets == ["a-secret"]


async def test_what_waited_is_sent_in_order_within_a_chat(playground, telegram, receiver):
    for number in range(5):
        await playground.write("group", "anna", str(number))
    await telegram("setWebhook", url=receiver.url)
    await receiver.wait(5)
    assert [update["message"]["text"] for update in receiver.updates] == list("01234")


async def test_an_update_comes_again_until_it_is_taken(playground, telegram, receiver):
    await playground.set(webhook={"backoff_seconds": [0.01]})
    receiver.statuses = [500, 503]
    await telegram("setWebhook", url=receiver.url)
    await playground.write("group", "anna", "привет")
    await receiver.wait(1)
    assert len(receiver.secrets) == 3
    info = await telegram("getWebhookInfo")
    assert info["last_error_message"].startswith("Wrong response from the webhook: 503")
    assert info["url"] == receiver.url


async def test_a_failing_chat_does_not_hold_up_another(playground, telegram, receiver):
    await playground.set(webhook={"backoff_seconds": [30]})
    receiver.statuses = [500]
    await telegram("setWebhook", url=receiver.url)
    await playground.write("group", "anna", "застряло")
    await asyncio.sleep(0.05)
    await playground.write("private:anna", "anna", "прошло")
    await receiver.wait(1)
    assert receiver.updates[0]["message"]["text"] == "прошло"
    assert (await telegram("getWebhookInfo"))["pending_update_count"] == 1


async def test_pending_updates_can_be_dropped(playground, telegram, receiver):
    await playground.write("group", "anna", "старое")
    await telegram("setWebhook", url=receiver.url, drop_pending_updates=True)
    await playground.write("group", "anna", "новое")
    await receiver.wait(1)
    assert receiver.updates[0]["message"]["text"] == "новое"


async def test_polling_conflicts_with_a_webhook(telegram, receiver):
    await telegram("setWebhook", url=receiver.url)
    refused = await telegram.answer("getUpdates")
    assert refused["error_code"] == 409
    assert "can't use getUpdates method while webhook is active" in refused["description"]
    await telegram("deleteWebhook")
    assert await telegram("getUpdates") == []


async def test_setting_a_webhook_ends_a_long_poll(telegram, receiver):
    poll = asyncio.create_task(telegram.answer("getUpdates", timeout=30))
    await asyncio.sleep(0.05)
    await telegram("setWebhook", url=receiver.url)
    answer = await asyncio.wait_for(poll, 5)
    assert answer["description"] == "Conflict: terminated by setWebhook request"


async def leave_undelivered(playground, telegram, receiver, text):
    """Write a message that a webhook refuses, and take the webhook away before it is sent again."""
    await playground.set(webhook={"backoff_seconds": [30]})
    receiver.statuses = [500]
    await telegram("setWebhook", url=receiver.url)
    await playground.write("group", "anna", text)
    await asyncio.sleep(0.05)
    await telegram("deleteWebhook")


async def test_what_a_webhook_did_not_take_can_be_polled(playground, telegram, receiver):
    await leave_undelivered(playground, telegram, receiver, "привет")
    assert [update["message"]["text"] for update in await telegram("getUpdates")] == ["привет"]


async def test_a_webhook_set_again_gets_what_the_first_did_not_take(playground, telegram, receiver):
    await leave_undelivered(playground, telegram, receiver, "привет")
    await asyncio.sleep(0.05)
    await telegram("setWebhook", url=receiver.url)
    await receiver.wait(1)
    assert receiver.updates[0]["message"]["text"] == "привет"


async def test_a_call_in_the_answer_is_carried_out(playground, telegram, receiver):
    message = await playground.write("private:anna", "anna", "/start")
    chat_id = message["chat"]["id"]
    receiver.answer = {"method": "sendMessage", "chat_id": chat_id, "text": "здравствуйте"}
    await telegram("setWebhook", url=receiver.url)
    said = await playground.wait_for("private:anna", lambda one: one["text"] == "здравствуйте")
    assert said["from"]["id"] == 42


async def test_a_webhook_needs_a_url_and_a_plain_secret(telegram):
    refusal = await telegram.refusal("setWebhook", url="ftp://x")
    assert refusal == "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"
    refusal = await telegram.refusal("setWebhook", url="http://127.0.0.1:1", secret_token="a b")
    assert refusal == "Bad Request: secret token contains unallowed characters"
