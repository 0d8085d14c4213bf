"""Pages that say: not you. Sites show them with a status of 200, in place of what was asked for."""

import re
from urllib.parse import urlsplit

from worker.sites.document import Document, text_of

TITLES = re.compile(
    r"just a moment|attention required|access (?:to this page has been )?denied"
    r"|are you (?:a )?(?:human|robot)|вы (?:не )?робот"
    r"|доступ (?:к сайту |к странице )?(?:временно )?(?:ограничен|запрещ[её]н|заблокирован)"
    r"|antibot|anti-bot|captcha|капча|security check|проверка (?:браузера|безопасности)|ddos-guard",
    re.IGNORECASE,
)
PATHS = re.compile(r"captcha|/sorry/|/blocked|/antibot", re.IGNORECASE)
WORDS = re.compile(
    r"доступ (?:к \w+ )?(?:временно )?(?:ограничен|запрещ[её]н|заблокирован)"
    r"|подтвердите, что (?:вы не робот|запросы отправляли вы)|вы не робот|похожи на автоматические"
    r"|(?:необычный|подозрительный) трафик|отключите vpn|введите символы с картинки"
    r"|unusual traffic|verify (?:that )?you are (?:a )?human|checking your browser"
    r"|enable (?:javascript|js) and (?:disable|cookies)|not a robot",
    re.IGNORECASE,
)
CODE = re.compile(
    r"cf_chl_opt|cf-challenge|_incapsula_resource|px-captcha|geo\.captcha-delivery|smart-?captcha"
    r"|showcaptcha|servicepipe\.ru|__qrator|ddos-guard/js-challenge",
    re.IGNORECASE,
)
# Such a page says little else; a shop's page may hold a captcha in its feedback form.
MOST_LETTERS = 1500


def is_blocked(document: Document) -> bool:
    """Whether the page refuses instead of answering. Only to be asked where nothing was found."""
    if TITLES.search(document.title) or PATHS.search(urlsplit(document.url).path):
        return True
    body = document.tree.find("body")
    text = text_of(body) if body is not None else ""
    return len(text) <= MOST_LETTERS and bool(WORDS.search(text) or CODE.search(document.html))
