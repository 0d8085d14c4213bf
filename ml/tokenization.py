"""Turns texts into token ids, with the tokenizer files of a checkpoint and without transformers."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer
from tokenizers.implementations.bert_wordpiece import BertWordPieceTokenizer

from ml.errors import CheckpointError
from ml.manifest import read_json
from ml.text import clean, cut_middle

MAX_TOKENS = 128


class TextTokenizer:
    """Encodes texts as [CLS] pieces [SEP], their middle cut out where they are too long."""

    def __init__(self, tokenizer: Tokenizer, max_tokens: int = MAX_TOKENS) -> None:
        self._tokenizer = tokenizer
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._max_tokens = max_tokens

    @property
    def pad_id(self) -> int:
        """The id that fills a row."""
        found = self._tokenizer.token_to_id("[PAD]")
        if found is None:
            found = self._tokenizer.token_to_id("<pad>")
        return int(found or 0)

    def encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Return each text's ids, at most `max_tokens` of them, in input order."""
        cleaned = [clean(text) for text in texts]
        encoded = self._tokenizer.encode_batch_fast(cleaned)
        return [cut_middle(item.ids, self._max_tokens) for item in encoded]


def load_tokenizer(directory: Path) -> Tokenizer:
    """Read tokenizer.json, or build BERT's from an older checkpoint's vocab.txt."""
    path, vocabulary = directory / "tokenizer.json", directory / "vocab.txt"
    if path.exists():
        return _fitting(_parsed(path), directory)
    if vocabulary.exists():
        return _fitting(_from_vocabulary(vocabulary), directory)
    raise CheckpointError(
        f"{directory} has neither tokenizer.json nor vocab.txt; copy the tokenizer files of the "
        "base model there"
    )


def _fitting(tokenizer: Tokenizer, directory: Path) -> Tokenizer:
    """Refuse a tokenizer with more pieces than the checkpoint beside it has embeddings."""
    path, pieces = directory / "config.json", tokenizer.get_vocab_size()
    known = read_json(path).get("vocab_size", pieces) if path.exists() else pieces
    if pieces > known:
        raise CheckpointError(
            f"{directory}: its tokenizer has {pieces:,} pieces, the model in config.json "
            f"{known:,}; copy the tokenizer files of its own base model there"
        )
    return tokenizer


def _parsed(path: Path) -> Tokenizer:
    try:
        return Tokenizer.from_file(str(path))
    except Exception as error:  # noqa: BLE001 - the library raises bare Exception for bad JSON
        raise CheckpointError(f"{path} is not a tokenizer: {error}") from None


def _from_vocabulary(path: Path) -> Tokenizer:
    config_path = path.with_name("tokenizer_config.json")
    config = read_json(config_path) if config_path.exists() else {}
    lowercase = bool(config.get("do_lower_case", True))
    strip = config.get("strip_accents")
    built = BertWordPieceTokenizer(
        str(path), lowercase=lowercase, strip_accents=lowercase if strip is None else bool(strip)
    )
    return built._tokenizer  # the plain tokenizer inside has the interface used here
