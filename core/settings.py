"""Every knob, read once at each door from the environment and `.env`, and passed down."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import Any, Literal

import redis
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.errors import SetupError

PROJECT = Path(__file__).resolve().parent.parent
PLAYGROUND_TOKEN = "42:playground"
# A unix socket's path holds 107 characters on Linux and 103 on macOS.
LONGEST_SOCKET_PATH = 100
# Host and port on loopback.
TEST_SITE = r"^(localhost|127(\.(0|[1-9]\d{0,2})){3}):[1-9]\d{0,4}$"


class Settings(BaseSettings):
    """The knobs of all processes; `.env.example` explains each with its unit and default."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    # Telegram
    bot_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    webhook_url: str | None = None
    webhook_secret: SecretStr | None = None
    webhook_host: str = "127.0.0.1"
    webhook_port: int = Field(8080, ge=0, le=65535)
    default_language: Literal["ru", "en"] = "ru"
    operators: str = ""
    send_per_second: float = Field(30, gt=0)
    send_per_second_per_chat: float = Field(1, gt=0)
    send_per_minute_per_group: int = Field(20, gt=0)

    # Queue
    redis_url: str | None = None

    # Files
    var_dir: Path = Path("var")
    retention_days: int = Field(30, ge=1)

    # Model
    retrain_after_labels: int = Field(50, ge=0)
    base_model: str = str(PROJECT / "models" / "nastroi-tiny")
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: int = Field(0, ge=0)
    batch_size: int = Field(64, ge=1, le=256)
    models_url: str | None = None
    train_threads: int = Field(1, ge=1)
    base_data: Path | None = None
    # Under the names that Amazon's own tools use, so that one line serves both.
    aws_endpoint_url: str | None = None
    aws_default_region: str | None = None
    aws_access_key_id: str | None = None
    aws_secret_access_key: SecretStr | None = None
    aws_session_token: SecretStr | None = None

    # Reading
    reader_test_site: str | None = Field(None, pattern=TEST_SITE)

    # Logs
    log_level: Literal["TRACE", "DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    log_json: bool = False

    # Playground
    playground_host: str = "127.0.0.1"
    playground_port: int = Field(8090, ge=0, le=65535)

    @field_validator("redis_url")
    @classmethod
    def _redis_can_read_it(cls, url: str | None) -> str | None:
        try:
            if url:
                redis.ConnectionPool.from_url(url).make_connection()  # connects nowhere yet
        except (ValueError, TypeError, redis.RedisError) as error:
            raise ValueError(f"{error}; for example redis://:password@host:6379/0") from None
        return url

    @field_validator("operators")
    @classmethod
    def _operators_are_ids(cls, listed: str) -> str:
        if not re.fullmatch(r"(\s*\d{1,18}\s*(,|$))*", listed):
            raise ValueError("must be ids of Telegram's users, for example 12345678, 87654321")
        return listed

    @field_validator("models_url")
    @classmethod
    def _models_lie_in_a_directory_or_bucket(cls, url: str | None) -> str | None:
        if url and "://" in url and not re.fullmatch(r"(s3|file)://[^/].*|file:///.+", url):
            raise ValueError("must be a folder or s3://bucket/path, for example s3://bots/models")
        return url

    @model_validator(mode="after")
    def _key_needs_its_secret(self) -> "Settings":
        if bool(self.aws_access_key_id) != bool(self.aws_secret_access_key):
            raise ValueError("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY need each other")
        return self

    @model_validator(mode="after")
    def _webhook_needs_a_secret(self) -> "Settings":
        if self.webhook_url and not self.webhook_secret:
            raise ValueError(
                "WEBHOOK_URL needs WEBHOOK_SECRET, so that only Telegram can post to it"
            )
        return self

    @model_validator(mode="after")
    def _test_site_is_for_tests(self) -> "Settings":
        if self.reader_test_site and self.bot_token:
            raise ValueError("READER_TEST_SITE is for tests: unset it, or BOT_TOKEN")
        return self

    @property
    def operator_ids(self) -> frozenset[int]:
        """The people who may command the models; empty leaves it to communities' admins."""
        return frozenset(int(part) for part in self.operators.split(",") if part.strip())

    @property
    def in_playground(self) -> bool:
        """Whether the bot talks to the local Telegram, for want of a token."""
        return self.bot_token is None

    @property
    def token(self) -> str:
        """The bot's token, or the playground's."""
        return self.bot_token.get_secret_value() if self.bot_token else PLAYGROUND_TOKEN

    @property
    def api_url(self) -> str:
        """Where the Bot API is served, without a slash at the end."""
        return self.playground_url if self.in_playground else self.telegram_api_url.rstrip("/")

    @property
    def playground_url(self) -> str:
        return f"http://{self.playground_host}:{self.playground_port}"

    @property
    def playground_site(self) -> str:
        """The playground's host and port, as READER_TEST_SITE names a place."""
        site = f"{self.playground_host}:{self.playground_port}"
        return site if re.fullmatch(TEST_SITE, site) else f"127.0.0.1:{self.playground_port}"

    @property
    def database_path(self) -> Path:
        return self.var_dir / "nastroi.db"

    @property
    def models_dir(self) -> Path:
        return self.var_dir / "models"

    @property
    def models_address(self) -> str:
        """Where the model versions lie: MODELS_URL, or a folder under `var_dir`."""
        return self.models_url or str(self.models_dir)

    @property
    def models_access(self) -> dict[str, Any]:
        """What S3 is opened with, in fsspec's words; what is not set here Amazon's rules find."""
        secret, token = self.aws_secret_access_key, self.aws_session_token
        options = {
            "endpoint_url": self.aws_endpoint_url,
            "key": self.aws_access_key_id,
            "secret": secret.get_secret_value() if secret else None,
            "token": token.get_secret_value() if token else None,
            "client_kwargs": {"region_name": self.aws_default_region},
        }
        return options if self.models_address.startswith("s3://") else {}

    @property
    def redis_dir(self) -> Path:
        return self.var_dir / "redis"

    @property
    def redis_socket(self) -> Path:
        """Where the embedded Redis listens: under `var_dir`, unless that lies too deep."""
        socket = (self.redis_dir / "redis.sock").absolute()
        if len(str(socket)) <= LONGEST_SOCKET_PATH:
            return socket
        digest = hashlib.sha256(str(socket).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"nastroi-{digest}.sock"

    @property
    def redis_address(self) -> str:
        """The URL that every process connects to: REDIS_URL, or the embedded server's socket."""
        return self.redis_url or f"unix://{self.redis_socket}"

    @property
    def worker_threads(self) -> int:
        """Cores that scoring may use: THREADS, or all that this process is allowed."""
        return self.threads or available_cores()


def available_cores() -> int:
    """Count the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def load_settings() -> Settings:
    """Read the settings, or raise SetupError that names each knob that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        knobs = "; ".join(_explain(e["loc"], e["msg"]) for e in error.errors())
        raise SetupError(f"wrong settings, see .env.example: {knobs}") from None


def _explain(location: tuple[int | str, ...], message: str) -> str:
    name = ".".join(str(part) for part in location).upper()
    said = message.removeprefix("Value error, ")
    return f"{name}: {said}" if name else said
