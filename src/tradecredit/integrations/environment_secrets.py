"""Secrets stand in the environment of the server; they are never shown, logged or put into a message."""

from __future__ import annotations

import os


class Secret:
    """A text that shows itself to nobody who prints it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def reveal(self) -> str:
        """Return the text, for the one place that sends it."""
        return self._text


def from_environment(variable: str) -> Secret:
    """Return the secret of an environment variable, empty where it is not set."""
    return Secret(os.environ.get(variable, "").strip())
