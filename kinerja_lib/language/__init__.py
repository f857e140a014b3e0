"""Words, numbers and dates in Bahasa Indonesia and English; never the process locale."""

from kinerja_lib.language.labels import LANGUAGES, Labels

__all__ = ["LANGUAGES", "Labels"]
