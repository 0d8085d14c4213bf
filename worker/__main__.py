"""`python -m worker`: scores texts until it is told to stop."""

import contextlib
import functools
import os
import socket

import redis
from loguru import logger

from core.connections import connect, wait_for_redis
from core.errors import SetupError, run_door
from core.logs import set_up_logs
from core.queues import score_queue
from core.settings import Settings, load_settings
from ml.classifier import Classifier
from ml.errors import MlError
from ml.hub import find_checkpoint
from ml.registry import Registry
from worker.attempts import Attempts
from worker.champion import Champion
from worker.jobs import serve_with
from worker.models import answer_with
from worker.process import ScoringWorker
from worker.scorer import Scorer
from worker.shadow import Shadow
from worker.signals import end_on_signals
from worker.texts import TextStream

REDIS_PATIENCE_SECONDS = 60


def main() -> int:
    """Serve score jobs; return the exit code."""
    return run_door(serve)


def serve() -> None:
    """Load the champion, then work for as long as nobody asks for a stop."""
    end_on_signals()
    settings = load_settings()
    set_up_logs("worker", settings.log_level, settings.log_json)
    connection = connect(settings.redis_address)
    wait_for_redis(connection, settings.redis_address)
    registry = open_registry(settings)
    shadow = Shadow(functools.partial(load_on_trial, settings, registry, Attempts(connection)))
    champion = load_champion(settings, registry, shadow)
    texts = TextStream(connection, consumer=f"{socket.gethostname()}-{os.getpid()}")
    scorer = Scorer(texts, champion, settings.batch_size, shadow)
    serve_with(connection, scorer)
    answer_with(connection, registry)
    while not (scorer.stop_requested or scorer.broken):
        wait_for_redis(connection, settings.redis_address, REDIS_PATIENCE_SECONDS)
        work(settings, connection, champion, scorer)
    champion.close()
    if scorer.broken:
        raise SetupError(
            "the model fails on any text, see above; the texts wait for another worker"
        )
    with contextlib.suppress(redis.RedisError):
        texts.leave()
    logger.info("stopped")


def load_champion(settings: Settings, registry: Registry, shadow: Shadow) -> Champion:
    """Load and warm the model that serves; the base model becomes champion on the first start."""
    try:
        registry.ensure(find_checkpoint(settings.base_model))
        load = functools.partial(load_version, settings, registry)
        champion = Champion(registry, load, shadow)
    except (OSError, MlError) as error:
        raise SetupError(f"the model cannot be loaded: {error}") from error
    classifier = champion.classifier
    logger.bind(model=classifier.version).info(
        "ready on {} ({})", classifier.device, classifier.engine
    )
    return champion


def open_registry(settings: Settings) -> Registry:
    """Return the registry of MODELS_URL; what a bucket holds is kept beside the other caches.

    Raises SetupError.
    """
    try:
        return Registry(
            settings.models_address,
            cache_dir=settings.var_dir / "cache" / "versions",
            storage_options=settings.models_access,
        )
    except (OSError, MlError) as error:
        raise SetupError(f"the model cannot be loaded: {error}") from error


def load_version(settings: Settings, registry: Registry, version: str) -> Classifier:
    """Load one version for this host's device and warm its shapes up."""
    classifier = Classifier.load(
        registry.path(version),
        device=settings.device,
        threads=settings.worker_threads,
        cache_dir=settings.var_dir / "cache",
    )
    classifier.warm()
    return classifier


def load_on_trial(
    settings: Settings, registry: Registry, attempts: Attempts, version: str
) -> Classifier:
    """Load a version that may be what ends this process; see `load_version`."""
    with attempts.one(version):
        return load_version(settings, registry, version)


def work(settings: Settings, connection: redis.Redis, champion: Champion, scorer: Scorer) -> None:
    """Run one RQ worker until it stops; it gives up when Redis goes away."""
    # RQ sets timeouts of its own on its connection.
    queue = score_queue(connect(settings.redis_address))
    try:
        ScoringWorker(queue, connection, champion, scorer).work(logging_level="WARNING")
    except redis.RedisError as error:
        logger.warning("Redis went away ({}), waiting for it", type(error).__name__)
    finally:
        end_on_signals()


if __name__ == "__main__":
    raise SystemExit(main())
