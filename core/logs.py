"""One log line an event, on stderr; JSON on request. Texts stay at DEBUG, tokens nowhere."""

import logging
import re
import sys
from typing import TYPE_CHECKING

from loguru import logger

if TYPE_CHECKING:
    from loguru import Record

# `<bot id>:<35 or so characters>`, as BotFather hands them out.
TOKEN = re.compile(r"(\d{5,}):[\w-]{30,}")


def set_up_logs(room: str, level: str, as_json: bool = False) -> None:
    """Send this process's logs to stderr at `level` and above, marked with its room."""
    logger.remove()
    logger.configure(extra={"room": room})
    # backtrace and diagnose would print local variables: texts and tokens among them.
    logger.add(
        _write, level=level, format=_line, serialize=as_json, backtrace=False, diagnose=False
    )
    logging.basicConfig(handlers=[_IntoLoguru()], level=logging.WARNING, force=True)


class _IntoLoguru(logging.Handler):
    """Hands the standard library's log records (aiogram's, RQ's) to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        known = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
        level = record.levelname if record.levelname in known else record.levelno
        logger.opt(exception=record.exc_info).log(level, "{}", record.getMessage())


def _write(line: str) -> None:
    # The whole line, since an exception's text holds the URL, and the URL holds the token.
    sys.stderr.write(TOKEN.sub(r"\1:***", line))


def _line(record: "Record") -> str:
    ids = "".join(f" {name}={{extra[{name}]}}" for name in record["extra"] if name != "room")
    return "{time:HH:mm:ss.SSS} {level: <7} {extra[room]: <10} {message}" + ids + "\n{exception}"
