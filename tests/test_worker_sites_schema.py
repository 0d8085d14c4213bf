"""Reviews in schema.org's words, whatever a page's author made of them."""

import json
import time
from typing import Any

import pytest
import shop_pages
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_pages import SHOP, Site, marked, outcome_of, page, product, review, site_of

from core.reading import Review
from playground.shop_markup import Goods, frame, json_ld, microdata
from playground.shop_reviews import reviews_of
from worker.sites.finding import Found
from worker.sites.reviews import read_reviews

WARM = review("Тёплая куртка, беру вторую", "Анна")


def read(html: str) -> Found:
    """Read a page that has no other pages."""
    return next(read_reviews(SHOP, site_of(first=page(html))))


def end_of(html: str) -> str:
    return outcome_of(SHOP, site_of(first=page(html)))


def one_review(**fields: Any) -> Review:
    """Read a page with one review, these fields in it."""
    found = read(shop_pages.json_ld(product(WARM | fields)))
    return found.reviews[0]


def stars(**rating: Any) -> float | None:
    return one_review(reviewRating={"@type": "Rating"} | rating).stars


def test_json_ld_tells_texts_stars_days_and_what_the_site_says_of_all() -> None:
    rated = {"@type": "AggregateRating", "ratingValue": "4,6", "reviewCount": "1 204"}
    one = WARM | {"reviewRating": {"ratingValue": "5"}, "datePublished": "2026-03-01"}
    found = read(shop_pages.json_ld(product(one, aggregateRating=rated)))
    assert (found.source, found.title, found.total) == ("json-ld", "Куртка", 1204)
    assert found.rating == pytest.approx(4.6)
    assert found.reviews == (Review(text=WARM["reviewBody"], stars=5, written_at=1772323200),)


def test_a_graph_and_reviews_that_name_their_thing_are_understood() -> None:
    reviewed = {"@type": "Product", "name": "Парка", "aggregateRating": {"ratingValue": 4}}
    graph = {"@graph": [{"@type": "WebSite", "name": "Лавка"}, WARM | {"itemReviewed": reviewed}]}
    found = read(shop_pages.json_ld(graph))
    assert (found.title, found.rating, len(found.reviews)) == ("Парка", 4, 1)


def test_a_list_of_types_and_a_full_address_are_types_too() -> None:
    reviews = [
        review("Раз, и навсегда", **{"@type": ["Review", "CreativeWork"]}),
        review("Два, и хватит", **{"@type": "http://schema.org/UserReview"}),
    ]
    assert len(read(shop_pages.json_ld(*reviews)).reviews) == 2


@pytest.mark.parametrize("field", ["reviewBody", "description", "text"])
def test_the_words_may_stand_in_any_of_the_usual_fields(field: str) -> None:
    found = read(shop_pages.json_ld({"@type": "Review", field: "Швы ровные"}))
    assert found.reviews[0].text == "Швы ровные"


def test_markup_in_a_text_becomes_plain_and_keeps_its_lines() -> None:
    assert one_review(reviewBody="Швы&nbsp;ровные<br>и <b>крепкие</b>").text == (
        "Швы ровные\nи крепкие"
    )


@pytest.mark.parametrize(
    ("headline", "expected"),
    [
        ("Разочарована", "Разочарована\nМолния сломалась"),
        ("Молния", "Молния сломалась"),
        ("Отзыв о куртке", "Молния сломалась"),
        ("Куртка", "Молния сломалась"),
        (None, "Молния сломалась"),
    ],
)
def test_a_headline_counts_where_it_says_something(headline: str | None, expected: str) -> None:
    assert one_review(name=headline, reviewBody="Молния сломалась").text == expected


def test_praise_and_blame_beside_the_text_belong_to_it() -> None:
    notes = {"itemListElement": [{"@type": "ListItem", "name": "цвет"}, {"name": "крой"}, 5, None]}
    assert one_review(reviewBody="Беру", positiveNotes=notes).text == "Беру\nцвет, крой"


def test_a_rating_without_a_scope_of_its_own_is_one() -> None:
    assert one_review(reviewRating="4").stars == 4
    assert one_review(ratingValue=3).stars == 3


@pytest.mark.parametrize(
    ("rating", "expected"),
    [
        ({"ratingValue": "4,5"}, 4.5),
        ({"ratingValue": "4 из 5"}, 4),
        ({"ratingValue": 10, "bestRating": 10}, 5),
        ({"ratingValue": 1, "bestRating": 10}, 1),
        ({"ratingValue": 5.5, "bestRating": 10, "worstRating": 1}, 3),
        ({"ratingValue": 80, "bestRating": "100", "worstRating": "0"}, 4.2),
        ({"ratingValue": 0, "bestRating": 2, "worstRating": -2}, 3),
        ({"ratingValue": 9}, 4.56),
        ({"ratingValue": 2, "bestRating": 5, "worstRating": 0}, 2),
        ({"ratingValue": 7, "bestRating": 5}, None),
        ({"ratingValue": None}, None),
        ({"ratingValue": True}, None),
        ({"ratingValue": "отлично"}, None),
    ],
)
def test_every_scale_becomes_five_stars(rating: dict[str, Any], expected: float | None) -> None:
    assert stars(**rating) == (expected if expected is None else pytest.approx(expected, abs=0.01))


def test_a_rating_that_is_no_number_hides_no_review() -> None:
    found = read(shop_pages.json_ld('{"@type": "Review", "reviewBody": "Да", "reviewRating": NaN}'))
    assert found.reviews == (Review(text="Да"),)


def test_broken_json_ld_hides_neither_good_json_ld_nor_microdata() -> None:
    html = shop_pages.json_ld('{"@type": "Review", "reviewBody": "обры', WARM)
    found = read(html.replace("</body>", marked("Капюшон глубокий", "Вера", 4) + "</body>"))
    assert [one.text for one in found.reviews] == [WARM["reviewBody"], "Капюшон глубокий"]


def test_comments_and_trailing_commas_in_json_ld_are_forgiven() -> None:
    loose = '/* отзывы */ {"@type": "Review", "reviewBody": "Не мёрзну",}'
    assert read(shop_pages.json_ld(loose)).reviews[0].text == "Не мёрзну"


def test_microdata_alone_is_read() -> None:
    found = read(f"<body>{marked('Молния заедает', 'Вера', 2)}</body>")
    assert (found.source, found.reviews[0].stars) == ("microdata", 2)


def test_reviews_by_their_old_name_belong_to_the_product() -> None:
    old = marked("Молния заедает", "Вера", 2).replace("<div ", '<div itemprop="reviews" ', 1)
    thing = '<div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Парка</h1>'
    assert read(f"<body>{thing}{old}</div>").title == "Парка"


def test_the_same_review_in_both_syntaxes_counts_once() -> None:
    both = shop_pages.json_ld(WARM) + marked(f"  {WARM['reviewBody']}! ", "Анна", 5)
    assert len(read(both).reviews) == 1


def test_two_people_who_say_the_same_are_two() -> None:
    texts = [review("Отлично", "Анна"), review("Отлично", "Вера"), review("Отлично", "Анна")]
    assert len(read(shop_pages.json_ld(*texts)).reviews) == 2


def test_words_of_nobody_known_may_be_anyones() -> None:
    texts = [review("Отлично"), review("Отлично", "Анна"), review("Отлично", "Вера")]
    assert len(read(shop_pages.json_ld(*texts)).reviews) == 1


def test_stars_without_words_and_replies_are_no_reviews() -> None:
    reply = {"@type": "Comment", "text": "Спасибо за отзыв, ждём снова!"}
    items = [WARM | {"comment": reply}, review("", reviewRating={"ratingValue": 5})]
    assert len(read(shop_pages.json_ld(product(*items))).reviews) == 1


def test_reviews_of_the_shop_beside_the_products_are_left_out() -> None:
    shop = product(review("Магазин хамит"), name="Лавка") | {"@type": "Organization"}
    thing = product(WARM, review("Цвет как на фото"))
    found = read(shop_pages.json_ld(shop, thing))
    assert (found.title, len(found.reviews)) == ("Куртка", 2)


def test_a_page_of_reviews_of_many_things_is_read_whole() -> None:
    things = [product(review(f"Вещь {n} нравится"), name=f"Вещь {n}") for n in range(6)]
    found = read(shop_pages.json_ld(*things))
    assert (found.title, len(found.reviews)) == ("Лавка", 6)


def test_comments_count_where_there_is_no_review_and_replies_never() -> None:
    reply = {"@type": "Comment", "text": "Спасибо!"}
    comment = {"@type": "Comment", "text": "Пекарь, вы чудо", "comment": reply}
    alone, beside = read(shop_pages.json_ld(comment)), read(shop_pages.json_ld(comment, WARM))
    assert [one.text for one in alone.reviews] == ["Пекарь, вы чудо"]
    assert [one.text for one in beside.reviews] == [WARM["reviewBody"]]


def test_half_a_surrogate_pair_is_replaced() -> None:
    text = read(shop_pages.json_ld('{"@type": "Review", "reviewBody": "огонь \\ud83d"}')).reviews
    assert text[0].text == "огонь \ufffd"


KEYS = st.sampled_from(
    [
        "@type",
        "@graph",
        "@value",
        "review",
        "reviewBody",
        "description",
        "author",
        "name",
        "type",
        "reviewRating",
        "ratingValue",
        "bestRating",
        "worstRating",
        "aggregateRating",
        "properties",
        "reviewCount",
        "datePublished",
        "itemReviewed",
    ]
)
WORDS = st.sampled_from(["Review", "Product", "AggregateRating", "Comment", "4,5", "01.02.2026"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=300, deadline=None)
@given(ANYTHING)
def test_any_json_at_all_is_read_or_refused(data: Any) -> None:
    html = shop_pages.json_ld(json.dumps(data).replace("</", "<\\/"))
    assert end_of(html) in ("read", "no-reviews")


@pytest.mark.parametrize(
    "script",
    [
        "[" * 100_000,
        '{"review":' * 900 + "1" + "}" * 900,
        '{"a":' * 50_000,
        "{," * 100_000,
        '{"@type": "Review", "reviewBody": ' + "1" * 10_000 + "}",
    ],
    ids=["brackets", "nested", "unended", "commas", "a huge number"],
)
def test_deep_and_broken_json_is_no_more_than_no_reviews(script: str) -> None:
    assert end_of(shop_pages.json_ld(script)) == "no-reviews"


def test_scopes_that_refer_to_each_other_end() -> None:
    scope = '<p id="{0}" itemprop="x" itemscope itemref="{1}">'
    assert end_of(scope.format("a", "b") + scope.format("b", "a")) == "no-reviews"


def test_more_reviews_than_are_read_are_said_to_be_more() -> None:
    many = [review(f"Отзыв под номером {n}") for n in range(1500)]
    found = list(read_reviews(SHOP, site_of(first=page(shop_pages.json_ld(product(*many))))))
    assert [(len(part.reviews), part.is_partial) for part in found] == [(1000, True)]


@pytest.mark.parametrize("write", [json_ld, microdata])
def test_a_page_of_500_reviews_is_understood_within_a_second(write: Any) -> None:
    goods = Goods("Парка", "Тёплая", 9990, reviews_of("clothes", 500))
    site = Site({SHOP: page(frame("Парка", write(goods, goods.reviews)))})
    started = time.process_time()
    assert len(next(read_reviews(SHOP, site)).reviews) == 500
    assert time.process_time() - started < 1
