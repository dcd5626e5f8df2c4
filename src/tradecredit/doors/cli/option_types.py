"""What an option of the command line may be beside a text: a day, a number of days, a moment, a pair."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

import click


class DayType(click.ParamType):  # type: ignore[type-arg] # not subscriptable in every click we allow
    """An ISO day such as 2026-03-02."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the day, or fail with what is wrong."""
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-03-02", param, ctx)


class DaysType(click.ParamType):  # type: ignore[type-arg] # as above
    """A number of days such as 35d (weeks: 5w)."""

    name = "days"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Read the duration, or fail with what is wrong."""
        found = re.fullmatch(r"(\d{1,4})([dw]?)", str(value).strip().lower())
        if found is None or int(found[1]) < 1:
            self.fail(f"{value!r} is not a duration such as 35d", param, ctx)
        return int(found[1]) * (7 if found[2] == "w" else 1)


class MomentType(click.ParamType):  # type: ignore[type-arg] # as above
    """An RFC 3339 moment with an offset."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the moment, or fail with what is wrong."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is None:
            self.fail(f"{value!r} is not a moment such as 2026-03-02T09:00:00+08:00", param, ctx)
        return moment


class PairType(click.ParamType):  # type: ignore[type-arg] # as above
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
