"""The two languages of the model errors and verdicts: one call, both sentences side by side."""

from __future__ import annotations

from kinerja_lib.errors import ModelError


def say(lang: str, indonesian: str, english: str) -> str:
    """The sentence in the language asked for (``"id"`` unless ``lang`` is ``"en"``)."""
    return english if lang == "en" else indonesian


def model_error(
    lang: str,
    indonesian: str,
    english: str,
    action: tuple[str, str] = ("", ""),
    details: tuple[str, ...] = (),
) -> ModelError:
    """A ``ModelError`` in the language asked for; ``action`` is (Indonesian, English)."""
    return ModelError(say(lang, indonesian, english), action=say(lang, *action), details=details)
