"""A public channel's preview page, in the markup that Telegram writes."""

import pytest
from shop_pages import from_playground, page

from core.reading import ChannelPost
from worker.sites.preview import read_posts
from worker.web.page import ReadError

URL = "https://t.me/s/lavka"
AT = 1788084000.0


def post(number: int, body: str, meta: str = "", views: str = "1.2K", kind: str = "") -> str:
    """A message as the preview has it."""
    return (
        '<div class="tgme_widget_message_wrap js-widget_message_wrap">'
        '<div class="tgme_widget_message'
        f' text_not_supported_wrap {kind} js-widget_message" data-post="lavka/{number}">'
        '<div class="tgme_widget_message_author accent_color">'
        '<a class="tgme_widget_message_owner_name"'
        ' href="https://t.me/lavka"><span dir="auto">Лавка</span></a></div>'
        f'<div class="tgme_widget_message_bubble">{body}'
        '<div class="tgme_widget_message_footer compact js-message_footer">'
        '<div class="tgme_widget_message_info short js-message_info">'
        f'<span class="tgme_widget_message_views">{views}</span>'
        f'<span class="copyonly"> views</span><span class="tgme_widget_message_meta">{meta}'
        f'<a class="tgme_widget_message_date" href="https://t.me/lavka/{number}">'
        '<time datetime="2026-08-30T10:00:00+00:00" class="time">10:00</time></a></span>'
        "</div></div></div></div></div>"
    )


def text(words: str) -> str:
    return f'<div class="tgme_widget_message_text js-message_text" dir="auto">{words}</div>'


def preview(*posts: str) -> str:
    return (
        '<html><head><meta property="og:title" content="Лавка у дома"></head><body>'
        '<div class="tgme_channel_info_header_title">'
        '<span dir="auto">Лавка <b>у дома</b></span></div>'
        '<section class="tgme_channel_history js-message_history">'
        f"{''.join(posts)}</section></body>"
    )


def posts_of(*posts: str) -> tuple[ChannelPost, ...]:
    return read_posts(page(preview(*posts), URL))[1]


def test_a_post_is_its_number_text_time_and_views() -> None:
    title, posts = read_posts(page(preview(post(12, text("Привезли <b>хлеб</b>"))), URL))
    assert title == "Лавка у дома"
    assert posts == (ChannelPost(number=12, text="Привезли хлеб", posted_at=AT, views=1200),)


def test_lines_links_and_emoji_of_a_text_are_kept() -> None:
    words = 'Утро <i class="emoji"><b>☀️</b></i><br/>Пишите <a href="/x">сюда</a><br/><br/>Ждём'
    assert posts_of(post(1, text(words)))[0].text == "Утро ☀️\nПишите сюда\n\nЖдём"


def test_an_answered_message_is_not_the_posts_text() -> None:
    quoted = '<a class="tgme_widget_message_reply" href="#">' + text("Вопрос") + "</a>"
    assert posts_of(post(1, quoted + text("Ответ")))[0].text == "Ответ"


def test_media_without_a_caption_is_a_post_without_text() -> None:
    video = (
        '<i class="tgme_widget_message_video_thumb"></i><time class="message_video_duration">0:42'
    )
    assert posts_of(post(1, video + "</time>")) == (
        ChannelPost(number=1, text="", posted_at=AT, views=1200),
    )


def test_service_messages_are_left_out() -> None:
    pinned = post(2, text("Лавка pinned a photo"), kind="service_message")
    assert [one.number for one in posts_of(post(1, text("Да")), pinned)] == [1]


def test_an_edited_post_is_marked() -> None:
    edited, other = posts_of(post(1, text("Да"), meta="edited &nbsp;"), post(2, text("Нет")))
    assert (edited.is_edited, other.is_edited) == (True, False)


@pytest.mark.parametrize(
    ("shown", "views"),
    [("7", 7), ("843", 843), ("1.2K", 1200), ("12K", 12_000), ("3.45M", 3_450_000), ("", None)],
)
def test_views_are_counted(shown: str, views: int | None) -> None:
    assert posts_of(post(1, text("Да"), views=shown))[0].views == views


def test_posts_come_oldest_first_and_once() -> None:
    shown = posts_of(post(3, text("В")), post(1, text("А")), post(3, text("В")))
    assert [one.number for one in shown] == [1, 3]


def test_a_message_without_a_number_or_a_time_is_left_out() -> None:
    odd = post(1, text("Да")).replace("lavka/1", "lavka/x", 1)
    timeless = post(2, text("Да")).replace("datetime=", "data-at=")
    assert posts_of(odd, timeless, post(3, text("Да")))[0].number == 3


def test_a_channel_without_posts_has_a_title() -> None:
    assert read_posts(page(preview(), URL)) == ("Лавка у дома", ())


@pytest.mark.parametrize("url", ["https://t.me/lavka", "https://t.me/", "https://telegram.org/"])
def test_a_redirect_away_from_the_preview_is_a_channel_not_found(url: str) -> None:
    with pytest.raises(ReadError) as refused:
        read_posts(page('<div class="tgme_page_title">Лавка</div>', url))
    assert refused.value.outcome == "not-found"


def test_a_preview_of_another_shape_is_a_changed_site() -> None:
    with pytest.raises(ReadError) as refused:
        read_posts(page("<p>Telegram</p>", URL))
    assert refused.value.outcome == "changed"


def test_the_playgrounds_preview_is_read() -> None:
    title, posts = read_posts(from_playground("http://127.0.0.1:8090/shop/s/lavka_u_doma"))
    assert (title, len(posts)) == ("Лавка у дома", 8)
    assert posts[-1].posted_at > posts[0].posted_at
    assert "\n" in posts[0].text
