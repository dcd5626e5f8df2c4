"""Options of the form NAME=TEXT: one without the sign is refused, never left out."""

from __future__ import annotations

from typing import Any, Final

import click


class Pair(click.ParamType[tuple[str, str]]):
    """A name and a text with ``=`` between them; further signs belong to the text."""

    name = "pair"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, str]:
        """Return the name and the text."""
        if isinstance(value, tuple):
            return value
        name, sign, text = str(value).partition("=")
        if not sign or not name.strip():
            self.fail(f"write it as NAME=TEXT, not {value!r}", param, ctx)
        return name.strip(), text.strip()


PAIR: Final = Pair()
