"""Trains the WordPiece vocabulary that `ml.pretrain` starts from.

Case is folded, ё stays; runs of brackets, dots and exclamation marks and every emoji are words of
their own, because in chats they carry the mood.
"""

from collections.abc import Iterable
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from tokenizers.trainers import WordPieceTrainer

SPECIAL_TOKENS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]

# Variation selectors, joiners and skin tones: ❤️ and ❤, 👍🏽 and 👍 are the same word.
_EMOJI_MODIFIERS = "[\\x{FE0E}\\x{FE0F}\\x{200B}\\x{200C}\\x{200D}\\x{2060}\\x{1F3FB}-\\x{1F3FF}]"
# Links, mentions and the sign of a tag say where a text was written, not what it feels: without
# them a post, a tweet and a review look more alike.
_ADDRESSES = r"(?:https?://|www\.)\S+|(?<![\w.])@\w+|#(?=\w)"
# A word, up to three digits, up to three of one expressive mark, or any other single character.
_WORDS = r"[\p{L}\p{M}]+|\p{N}{1,3}|\){1,3}|\({1,3}|!{1,3}|\?{1,3}|\.{1,3}|[^\s]"
_ALPHABET = 1_000  # characters kept; rarer ones become [UNK]


def untrained_tokenizer() -> Tokenizer:
    """Build the pipeline around an empty vocabulary."""
    tokenizer = Tokenizer(models.WordPiece(vocab={}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.NFC(),
            normalizers.Replace(Regex(_ADDRESSES), " "),
            normalizers.BertNormalizer(
                clean_text=True, handle_chinese_chars=True, strip_accents=False, lowercase=True
            ),
            normalizers.Replace(Regex(_EMOJI_MODIFIERS), ""),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(_WORDS), behavior="removed", invert=True)
    tokenizer.decoder = decoders.WordPiece()
    return tokenizer


def train_tokenizer(texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """Learn a vocabulary of `vocab_size` pieces, the five special tokens first."""
    tokenizer = untrained_tokenizer()
    trainer = WordPieceTrainer(
        vocab_size=vocab_size,
        min_frequency=3,
        limit_alphabet=_ALPHABET,
        special_tokens=SPECIAL_TOKENS,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    cls_id, sep_id = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", cls_id), ("[SEP]", sep_id)],
    )
    return tokenizer


def write_tokenizer(tokenizer: Tokenizer, directory: Path, max_tokens: int) -> None:
    """Write tokenizer.json and the config that lets AutoTokenizer read it unchanged."""
    import json

    tokenizer.save(str(directory / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": max_tokens,
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
        "cls_token": "[CLS]",
        "sep_token": "[SEP]",
        "mask_token": "[MASK]",
        "model_input_names": ["input_ids", "attention_mask"],
    }
    (directory / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")
