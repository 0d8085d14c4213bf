"""Settings: every knob documented, wrong ones named in one line."""

import re
from pathlib import Path

import pytest

from core.errors import SetupError
from core.settings import PLAYGROUND_TOKEN, PROJECT, Settings, load_settings


def test_every_knob_stands_in_the_example_with_its_default() -> None:
    example = (PROJECT / ".env.example").read_text()
    shown = dict(re.findall(r"^(?:# )?([A-Z_]+)=(.*)$", example, re.MULTILINE))
    assert {name.lower() for name in shown} == set(Settings.model_fields)
    as_shown = Settings.model_validate({k.lower(): v for k, v in shown.items() if v})
    assert as_shown == Settings()


def test_wrong_knobs_are_named_together_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BATCH_SIZE", "many")
    monkeypatch.setenv("DEVICE", "tpu")
    with pytest.raises(SetupError) as raised:
        load_settings()
    assert "BATCH_SIZE" in str(raised.value)
    assert "DEVICE" in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("url", ["localhost", "redis://host:port/0", "redis://h/0?no_such=1"])
def test_what_is_no_redis_url_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDIS_URL", url)
    with pytest.raises(SetupError, match="REDIS_URL"):
        load_settings()


def test_webhook_without_a_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "https://example.org/hook")
    with pytest.raises(SetupError, match="WEBHOOK_SECRET"):
        load_settings()


def test_secrets_are_not_shown() -> None:
    settings = Settings(bot_token="123:secret-token")  # type: ignore[arg-type]
    assert "secret-token" not in repr(settings)
    assert "secret-token" not in settings.model_dump_json()


def test_without_a_token_the_playground_is_the_bot_api() -> None:
    settings = Settings(playground_port=9999)
    assert settings.token == PLAYGROUND_TOKEN
    assert settings.api_url == "http://127.0.0.1:9999"


def test_a_deep_folder_still_gets_a_socket_that_fits() -> None:
    settings = Settings(var_dir=Path("/" + "deep/" * 40))
    assert len(str(settings.redis_socket)) < 104
    assert settings.redis_socket == Settings(var_dir=Path("/" + "deep/" * 40)).redis_socket


@pytest.mark.parametrize("url", ["s3://", "http://host/models", "s3:///models"])
def test_what_is_no_registry_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("MODELS_URL", url)
    with pytest.raises(SetupError, match="MODELS_URL"):
        load_settings()


def test_models_lie_under_var_unless_a_url_says_where() -> None:
    assert Settings(var_dir=Path("here")).models_address == "here/models"
    assert Settings(models_url="s3://bots/models").models_address == "s3://bots/models"
    assert Settings(models_url="/srv/models").models_access == {}


def test_keys_for_a_bucket_are_passed_on_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELS_URL", "s3://bots/models")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "much-secret")
    settings = load_settings()
    assert settings.models_access["key"] == "key"
    assert settings.models_access["secret"] == "much-secret"
    assert "much-secret" not in repr(settings)


def test_key_without_its_secret_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    with pytest.raises(SetupError, match="need each other"):
        load_settings()


@pytest.mark.parametrize(
    "site", ["example.org:80", "10.0.0.1:80", "127.0.0.1", "127.0.0.1:", "0.0.0.0:80", "127.1:80"]
)
def test_only_a_place_on_loopback_is_a_test_site(
    monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    monkeypatch.setenv("READER_TEST_SITE", site)
    with pytest.raises(SetupError, match="READER_TEST_SITE"):
        load_settings()


def test_a_test_site_and_a_real_bot_exclude_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READER_TEST_SITE", "127.0.0.1:8123")
    assert load_settings().reader_test_site == "127.0.0.1:8123"
    monkeypatch.setenv("BOT_TOKEN", "123456:not-a-real-token")
    with pytest.raises(SetupError, match="READER_TEST_SITE is for tests"):
        load_settings()


def test_the_playgrounds_shop_is_on_loopback_wherever_it_listens() -> None:
    assert Settings(playground_port=9999).playground_site == "127.0.0.1:9999"
    assert Settings(playground_host="localhost").playground_site == "localhost:8090"
    assert Settings(playground_host="0.0.0.0").playground_site == "127.0.0.1:8090"
