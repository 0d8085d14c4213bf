"""Three months of a community that never was, for a look at /mood, digests and alerts.

`python -m benchmarks.months --var-dir var` writes them into the group that `make run` starts with,
through the functions that store messages and verdicts; what a model would have said is made up. By
days and nights, workdays and weekends; people got happier a month ago, a week without hot water
lies far back, and for five hours now the water has been brown.
"""

import argparse
import math
import random
import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from bot.messages import Chat, Message
from bot.storage import messages, verdicts
from bot.storage.database import Storage
from core.contracts import Scores, Text, Verdict

DAYS = 90
HOUR_SECONDS = 3600
MESSAGES_A_DAY = 260
PEOPLE = 160
THREAD_SHARE, MESSAGES_A_THREAD = 0.3, 50
FIRST_PERSON, FIRST_NUMBER = 9_000_000_000, 10_000_000
COLD_DAYS = range(41, 48)
"""Days ago of the week without hot water."""
HAPPIER_DAYS = 30
BROWN_HOURS = 5
AT_A_TIME = 200

SUBJECTS = {
    "negative": (
        "лифт опять стоит, третий раз за неделю",
        "мусор не вывозят с пятницы, вонь на весь двор",
        "под окнами сверлят в семь утра, сколько можно",
        "парковку перед подъездом заставили, скорая не проедет",
        "квитанция выросла вдвое, а в подъезде темно",
        "домофон сломан, заходит кто попало",
        "соседи сверху заливают уже второй раз",
        "горку на площадке сломали и не чинят",
    ),
    "neutral": (
        "подскажите телефон диспетчера",
        "собрание в четверг в семь во втором подъезде",
        "кто-нибудь забирал посылку с первого этажа",
        "во сколько завтра проверка счётчиков",
        "отдам коробки после переезда",
        "где у нас принимают батарейки",
        "ищу напарника на утренние пробежки",
        "нашли ключи с синим брелоком у третьего подъезда",
    ),
    "positive": (
        "спасибо соседям, помогли донести коляску",
        "клумбу посадили такую, что загляденье",
        "новая лавка у дома отличная, хлеб горячий",
        "дворник у нас золотой, снега как не бывало",
        "праздник двора удался, дети в восторге",
        "починили фонари, вечером теперь светло и спокойно",
        "кота нашли, всем огромное спасибо",
        "мастер приехал за час и всё сделал",
    ),
}
COLD = ("горячей воды нет, моемся из тазика", "вода ледяная, обещают только к субботе")
BROWN = (
    "вода из крана коричневая, пить невозможно",
    "ржавая вода, стирка испорчена",
    "из крана грязь, диспетчер трубку не берёт",
    "вода как чай, кто за это ответит",
)
TURNS = ("у нас", "в нашем подъезде", "сегодня", "опять же", "соседи,", "ребята,", "ну что,", "эх,")


@dataclass(frozen=True, slots=True)
class Said:
    """One message and how it felt."""

    at: float
    author: int
    text: str
    feeling: str


def live_through(storage: Storage, chat: Chat, until: float, seed: int = 1) -> int:
    """Store three months that end at an epoch second; return how many messages that is.

    Again is harmless: the same messages have the same numbers.
    """
    chance = random.Random(seed)
    said = enumerate(_say(chance, until))
    stored = 0
    while batch := list(islice(said, AT_A_TIME)):
        with storage.connection:
            _store(storage.connection, chat, batch)
        stored += len(batch)
    return stored


def _store(connection: sqlite3.Connection, chat: Chat, batch: Sequence[tuple[int, Said]]) -> None:
    feelings = {f"{chat.id}:{FIRST_NUMBER + number}:0": one for number, one in batch}
    texts = messages.save(connection, [_message(chat, number, one) for number, one in batch])
    found = [_verdict(text, feelings[text.key]) for text in texts]
    verdicts.save(connection, found, batch[-1][1].at + 1)


def _message(chat: Chat, number: int, one: Said) -> Message:
    return Message(
        chat=chat,
        message_id=FIRST_NUMBER + number,
        thread_id=_thread(number, one),
        reply_to=None,
        album=None,
        sender_id=one.author,
        sender_name=f"Житель {one.author - FIRST_PERSON}",
        text=one.text,
        edited_at=0,
        update_id=0,
        sent_at=int(one.at),
        received_at=one.at,
        language=None,
    )


def _verdict(text: Text, one: Said) -> Verdict:
    return Verdict(
        key=text.key,
        scores=_scores(one),
        model="nastroi-tiny-1" if _days_ago(one.at) > HAPPIER_DAYS else "nastroi-tiny-2",
        received_at=one.at,
        read_at=one.at + 0.01,
        scored_at=one.at + 0.02,
    )


def _thread(number: int, one: Said) -> int | None:
    """Let some talk go on below an earlier message of some fifty."""
    first = FIRST_NUMBER + number - number % MESSAGES_A_THREAD
    in_thread = random.Random(one.at).random() < THREAD_SHARE
    return first if in_thread and FIRST_NUMBER + number != first else None


def _scores(one: Said) -> Scores:
    chance = random.Random(one.text + str(one.at))
    sure = chance.uniform(0.55, 0.95)
    others = [label for label in SUBJECTS if label != one.feeling]
    share = chance.random() * (1 - sure)
    sentiment = {one.feeling: sure, others[0]: share, others[1]: 1 - sure - share}
    return {"sentiment": sentiment, "toxicity": {"toxic": chance.uniform(0.01, 0.2)}}


def _say(chance: random.Random, until: float) -> Iterator[Said]:
    """Say everything in order, hour by hour; the last hour is a whole one that ends at `until`."""
    for hours_ago in range(24 * DAYS, 0, -1):
        start = until - hours_ago * HOUR_SECONDS
        count = _count(chance, start, hours_ago)
        for at in sorted(start + HOUR_SECONDS * chance.random() for _ in range(count)):
            yield _one(chance, at, hours_ago)


def _count(chance: random.Random, at: float, hours_ago: int) -> int:
    """Draw how much is said in an hour: people sleep, and talk more at weekends."""
    hour, weekday = time.gmtime(at + 3 * HOUR_SECONDS).tm_hour, time.gmtime(at).tm_wday
    awake = max(math.sin(math.pi * (hour - 6) / 18), 0.03) if 6 <= hour < 24 else 0.03
    mean = MESSAGES_A_DAY / 24 * 1.9 * awake * (1.25 if weekday >= 5 else 1.0)
    if hours_ago <= BROWN_HOURS:
        # Whatever the time of day, so many that it can't be chance.
        return round(max(2 * mean, 150))
    return round(chance.gammavariate(4, mean / 4))


def _one(chance: random.Random, at: float, hours_ago: int) -> Said:
    is_brown = hours_ago <= BROWN_HOURS
    days_ago = hours_ago // 24
    weights = [0.2, 0.5, 0.3]
    if is_brown or days_ago in COLD_DAYS:
        weights = [0.62, 0.26, 0.12] if is_brown else [0.36, 0.44, 0.2]
    elif days_ago < HAPPIER_DAYS:
        weights = [0.15, 0.47, 0.38]
    (feeling,) = chance.choices(list(SUBJECTS), weights)
    subjects: Sequence[str] = SUBJECTS[feeling]
    if feeling == "negative" and chance.random() < 0.7:
        subjects = BROWN if is_brown else COLD if days_ago in COLD_DAYS else subjects
    author = FIRST_PERSON + int(PEOPLE * chance.random() ** 2)
    text = f"{chance.choice(TURNS)} {chance.choice(subjects)} ({int(at) % 9973})"
    return Said(at, author, text, feeling)


def _days_ago(at: float) -> float:
    return (time.time() - at) / (24 * HOUR_SECONDS)


def find_group(connection: sqlite3.Connection) -> Chat:
    """Find the first group that the bot has seen. Raises LookupError."""
    row = connection.execute(
        "SELECT id, kind, title FROM chats WHERE kind IN ('group', 'supergroup') ORDER BY rowid"
    ).fetchone()
    if row is None:
        raise LookupError("no group is known yet: make run ONCE=1 first")
    return Chat(*row)


def main() -> None:
    """Write the months into a database that no bot has open."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.months", description=__doc__)
    parser.add_argument("--var-dir", type=Path, default=Path("var"))
    storage = Storage.open(parser.parse_args().var_dir / "nastroi.db")
    try:
        chat = find_group(storage.connection)
        count = live_through(storage, chat, time.time())
    except LookupError as error:
        raise SystemExit(str(error)) from None
    finally:
        storage.close()
    print(f"{count:,} messages of {DAYS} days in «{chat.title}»")


if __name__ == "__main__":
    main()
