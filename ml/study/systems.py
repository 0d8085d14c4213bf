"""The systems of the study that Nastroi rests on, their shapes, and what was published of them."""

from dataclasses import dataclass

SCRATCH, LSTM, BILSTM, TFIDF, LEXICON = "scratch", "lstm", "bilstm", "tfidf", "lexicon"
PUBLISHED_MACHINE = "Xeon 2.0 GHz, Tesla P100"


@dataclass(frozen=True, slots=True)
class Shape:
    """A BERT's size: layers, channels, heads, channels of the feed-forward, pieces."""

    layers: int
    hidden: int
    heads: int
    feed_forward: int
    vocabulary: int


@dataclass(frozen=True, slots=True)
class Published:
    """The study's own figures; speeds are for one sentence on PUBLISHED_MACHINE."""

    cpu_ms: float | None = None
    gpu_ms: float | None = None
    disk_mb: float | None = None
    accuracy: float | None = None  # the peak in its comparison


@dataclass(frozen=True, slots=True)
class System:
    """A model of the study: where its weights are, and its shape for when they can't be had."""

    name: str
    hub: str
    shape: Shape
    published: Published = Published()


_TINY = (3, 312, 12, 600)
_BASE = (12, 768, 12, 3_072)
RUBERT_TINY = Shape(*_TINY, 29_564)

SYSTEMS = (
    System("ruBERT-tiny", "cointegrated/rubert-tiny", RUBERT_TINY, Published(6, 3, 45, 0.71)),
    System("ruBERT-tiny2", "cointegrated/rubert-tiny2", Shape(*_TINY, 83_828)),
    System(
        "BERT-Base multilingual",
        "google-bert/bert-base-multilingual-cased",
        Shape(*_BASE, 119_547),
        Published(125, 8, 680),
    ),
    System(
        "DeepPavlov RuBERT sentence",
        "DeepPavlov/rubert-base-cased-sentence",
        Shape(*_BASE, 119_547),
        Published(110, 8, 680),
    ),
    System(
        "ruBERT-base",
        "DeepPavlov/rubert-base-cased",
        Shape(*_BASE, 119_547),
        Published(accuracy=0.742),
    ),
    System(
        "Tatyana-ruBERT",
        "Tatyana/rubert-base-cased-sentiment-new",
        Shape(*_BASE, 119_547),
        Published(accuracy=0.771),
    ),
    System(
        "LaBSE",
        "sentence-transformers/LaBSE",
        Shape(*_BASE, 501_153),
        Published(120, 8, 1_800),
    ),
    System(
        "sBERT-large",
        "ai-forever/sbert_large_nlu_ru",
        Shape(24, 1_024, 16, 4_096, 120_138),
        Published(420, 16, 1_600),
    ),
)
# ruBERT-tiny on 27,000 texts, by epochs.
PUBLISHED_TINY = {1: 0.758, 2: 0.764}
PUBLISHED_TEXTS = 27_000


def system_named(name: str) -> System | None:
    """Return the study's system of that name, however its case."""
    return next((s for s in SYSTEMS if s.name.casefold() == name.casefold()), None)
