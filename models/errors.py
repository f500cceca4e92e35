"""The three ways something can fail, told apart so that each reaches the right ears."""

from __future__ import annotations


class KuratorError(Exception):
    """Base of every error the program raises on purpose.

    ``code`` is a key of the message catalogue (``span.outside-text``); ``details`` fill the sentence's
    placeholders. The sentence itself is looked up where it is shown, in the user's language.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code, details)
        self.code = code
        self.details = details

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.details.items())
        return f"{self.code} ({facts})" if facts else self.code


class UserError(KuratorError):
    """The user asked for something that cannot be done; the sentence says what to do instead."""


class EnvironmentFault(KuratorError):
    """The surroundings failed: a full disk, a locked file, a missing pipeline. Nothing was changed."""


class Defect(KuratorError):
    """The program broke its own rules: worth a report, after everything is saved."""
