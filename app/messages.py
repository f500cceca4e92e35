"""The message catalogue: every sentence a person reads, in Swedish and English."""

from __future__ import annotations

import json
import locale
from functools import cache

from app.paths import resource
from models.errors import KuratorError

LANGUAGES = ("sv", "en")
_current = ["en"]


def system_language() -> str:
    """Return ``sv`` where the system speaks Swedish, else ``en``."""
    spoken = locale.getlocale()[0] or ""
    return "sv" if spoken.lower().startswith(("sv", "swedish")) else "en"


def set_language(language: str) -> None:
    """Speak ``language`` from now on; an unknown one leaves English."""
    _current[0] = language if language in LANGUAGES else "en"


def language() -> str:
    """Return the language in use, ``sv`` or ``en``."""
    return _current[0]


@cache
def _subject(spoken: str, subject: str) -> dict[str, str | dict[str, str]]:
    path = resource("translations", spoken, f"{subject}.json")
    catalogue: dict[str, str | dict[str, str]] = json.loads(path.read_text("utf-8"))
    return catalogue


def tr(key: str, /, **values: object) -> str:
    """Return the sentence behind ``key``, its placeholders filled; ``count`` picks singular or plural.

    Raises:
        KeyError: no such key, which a test rules out for every key in the code.
    """
    template = _subject(_current[0], key.partition(".")[0])[key]
    if isinstance(template, dict):
        template = template["one" if values.get("count") == 1 else "other"]
    return template.format(**values) if values else template


def sentence(error: KuratorError) -> str:
    """Return the sentence that tells a person what went wrong and what to do next."""
    return tr(error.code, **error.details)
