"""Every word that a user reads, in the user's language, from the Fluent files in locales/."""

from collections.abc import Mapping
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

from core.settings import PROJECT

LOCALES = PROJECT / "locales"
LANGUAGES = ("ru", "en")

Value = str | int | float


class UnknownWordError(LookupError):
    """A key is missing in a locale file, or its pattern lacks a variable."""


class Words:
    """Formats the patterns of all languages; falls back to the default language."""

    def __init__(self, default_language: str, directory: Path = LOCALES) -> None:
        self.default_language = default_language
        self._bundles = {language: _load(directory, language) for language in LANGUAGES}

    def language(self, code: str | None) -> str:
        """Choose a language for what a person's Telegram is set to, as `en-GB` or None."""
        short = (code or "").partition("-")[0].lower()
        return short if short in self._bundles else self.default_language

    def say(self, language: str, key: str, **values: Value) -> str:
        """Format one pattern. Raises UnknownWordError."""
        return self._format(self._bundles[language], key, values)

    def knows(self, key: str) -> bool:
        """Tell whether there is such a pattern; a foreign checkpoint's labels have none."""
        return self._bundles[self.default_language].has_message(key)

    def _format(self, bundle: FluentBundle, key: str, values: Mapping[str, Value]) -> str:
        if not bundle.has_message(key):
            raise UnknownWordError(key)
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise UnknownWordError(key)
        text, errors = bundle.format_pattern(pattern, dict(values))
        if errors:
            raise UnknownWordError(f"{key}: {errors[0]}")
        return str(text)


def _load(directory: Path, language: str) -> FluentBundle:
    # Isolating marks around variables would show up as boxes in monospaced text.
    bundle = FluentBundle([language], use_isolating=False)
    source = (directory / f"{language}.ftl").read_text(encoding="utf-8")
    bundle.add_resource(FluentResource(source))
    return bundle
