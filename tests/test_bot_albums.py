"""Albums: one card, and what deletes one part deletes all, also what comes late or has no words."""

import base64
import time

import pytest
import pytest_asyncio
from bot_parts import rows, until
from card_parts import INSULT, card_with, link, press

from bot.messages import AlbumPart
from bot.retention import purge
from bot.storage import albums, communities, forgetting
from bot.storage.communities import By
from bot.storage.forgetting import Forgetting

pytest_plugins = ["playground_fixtures", "bot_fixtures"]
pytestmark = pytest.mark.asyncio(loop_scope="module")

ALBUM = "77"
PARTS = "SELECT message_id FROM album_parts ORDER BY message_id"


@pytest_asyncio.fixture(loop_scope="module")
async def linked(app, playground, ids):
    await playground.reset()
    await playground.set(limits={"enabled": False})
    await link(app.storage, ids, "ask")
    return app


@pytest.fixture
def send(playground, picture):
    """Send parts of an album, by their captions; returns their numbers."""
    photo = {"data": base64.b64encode(picture).decode()}

    async def sent(*captions, sender="petrovich", album=ALBUM):
        same = {"photo": photo, "media_group_id": album}
        written = [await playground.write("group", sender, text, **same) for text in captions]
        return {message["message_id"] for message in written}

    return sent


def until_known(app, parts):
    return until(lambda: parts <= {number for (number,) in rows(app.storage, PARTS)})


async def all_gone(app, playground, parts):
    """Wait until deletions are done; none of the parts is left, and the rest of the group is."""
    undone = "SELECT 1 FROM measures WHERE kind = 'delete' AND state <> 'done'"
    done = "SELECT count(*) FROM measures WHERE kind = 'delete' AND state = 'done'"
    await until(
        lambda: not rows(app.storage, undone) and rows(app.storage, done) == [(len(parts),)]
    )
    return parts.isdisjoint({m["message_id"] for m in await playground.messages("group")})


async def test_who_deletes_an_albums_insult_deletes_its_wordless_and_kind_parts_too(
    linked, playground, send
):
    other = await send("", album="78")
    parts = await send("", INSULT, "", "Хорошего дня")
    await until_known(linked, parts)
    await press(playground, await card_with(playground, INSULT, "Похоже"), "deleted")
    assert await all_gone(linked, playground, parts)
    assert other <= {m["message_id"] for m in await playground.messages("group")}


async def test_parts_that_come_after_the_decision_go_too(linked, playground, send):
    parts = await send(INSULT, "")
    await press(playground, await card_with(playground, INSULT, "Похоже"), "deleted")
    assert await all_gone(linked, playground, parts)
    assert await all_gone(linked, playground, parts | await send("", "Хорошего дня"))


async def test_what_the_bot_deletes_by_itself_goes_with_the_whole_album(
    linked, playground, send, ids
):
    by = By(ids["admin"], 2.0)
    for setting in (("mode", "act"), ("act_threshold", 0.9)):
        await linked.storage.write(communities.save_setting, ids["group"], setting, by)
    assert await all_gone(linked, playground, await send("", INSULT, ""))


async def test_an_album_that_is_left_stays_with_what_comes_later(linked, playground, send, ids):
    parts = await send(INSULT, "")
    await press(playground, await card_with(playground, INSULT, "Похоже"), "left")
    parts |= await send("")
    await until_known(linked, parts)
    assert rows(linked.storage, "SELECT 1 FROM measures") == []


async def test_long_after_a_decision_an_albums_number_means_nothing(linked, playground, send, ids):
    await send(INSULT)
    await press(playground, await card_with(playground, INSULT, "Похоже"), "deleted")
    late, soon = (AlbumPart(ids["group"], 900, ALBUM, time.time() + s) for s in (700, 500))
    assert not await linked.storage.write(albums.save, [late])
    await linked.storage.write(albums.drop, time.time() + 1000)
    assert await linked.storage.write(albums.save, [soon])


async def test_a_forgotten_album_is_forgotten_when_it_is_decided(linked, playground, send, ids):
    parts = await send(INSULT, "")
    card = await card_with(playground, INSULT, "Похоже")
    await until_known(linked, parts)
    order = Forgetting("p", ids["petrovich"], ids["petrovich"], None, 2.0)
    await linked.storage.write(forgetting.begin, order)
    await linked.storage.write(forgetting.forget_texts, order)
    await press(playground, card, "deleted")
    assert await all_gone(linked, playground, parts)


async def test_who_is_forgotten_leaves_no_album(linked, send, ids):
    await until_known(linked, await send("Привет", "", sender="anna"))
    await until(lambda: rows(linked.storage, "SELECT 1 FROM verdicts"))
    order = Forgetting("p", ids["anna"], ids["anna"], None, 2.0)
    await linked.storage.write(forgetting.begin, order)
    await linked.storage.write(forgetting.forget_texts, order)
    assert rows(linked.storage, PARTS) == []


async def test_parts_are_kept_as_long_as_texts(linked, send):
    await until_known(linked, await send("", ""))
    await purge(linked.storage, received_before=time.time() - 60)
    assert len(rows(linked.storage, PARTS)) == 2
    await purge(linked.storage, received_before=time.time() + 60)
    assert rows(linked.storage, PARTS) == []
