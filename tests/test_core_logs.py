"""Logs: one line an event, no token in any of them."""

import json
import logging

import pytest
from loguru import logger

from core.logs import set_up_logs

TOKEN = "123456789:AAE-abcdefghijklmnopqrstuvwxyz012345"


def test_a_line_bears_room_message_and_ids(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("bot", "INFO")
    logger.bind(chat_id=7).info("stored {} texts", 3)
    line = capsys.readouterr().err
    assert "bot" in line
    assert "stored 3 texts chat_id=7" in line


def test_a_token_is_hidden_even_in_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("bot", "INFO")
    try:
        raise ConnectionError(f"https://api.telegram.org/bot{TOKEN}/getMe")
    except ConnectionError:
        logger.exception("no answer")
    shown = capsys.readouterr().err
    assert "getMe" in shown
    assert TOKEN not in shown


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("worker", "INFO", as_json=True)
    logger.bind(key="1:2:0").warning("late, {curly} and %s")
    record = json.loads(capsys.readouterr().err)["record"]
    assert record["message"] == "late, {curly} and %s"
    assert record["extra"] == {"room": "worker", "key": "1:2:0"}


def test_other_libraries_warnings_come_too(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("bot", "INFO")
    logging.getLogger("aiogram").warning("from afar {not a field}")
    assert "from afar {not a field}" in capsys.readouterr().err


def test_debug_is_silent_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logs("bot", "INFO")
    logger.debug("a member's words")
    assert capsys.readouterr().err == ""
