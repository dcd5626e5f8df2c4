"""What every dialect does: a page of a window, a page of documents by day, signing in, writing a standing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.environment_secrets import Secret
    from tradecredit.integrations.erps.descriptions import Description, Entity
    from tradecredit.integrations.erps.line import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """Records of one page as they came, the key of the last one, and whether there are more."""

    records: Sequence[Mapping[str, Any]]
    latest_key: str
    is_last: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a dialect is made of: the line, the description, settings in the open and secrets by short name."""

    line: Line
    description: Description
    settings: Mapping[str, str]
    secrets: Mapping[str, Secret]

    def option(self, name: str, default: str = "") -> str:
        """Return an option of the description with the connection's settings filled in."""
        text = str(self.description.options.get(name, default))
        for key, value in self.settings.items():
            text = text.replace("{" + key + "}", value)
        return text


class Dialect(Protocol):
    """One way of speaking; every method raises UnableToReachSourceError."""

    def check(self) -> str:
        """Sign in and return whom the system took us for."""
        ...

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window in the order of their keys."""
        ...

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records whose document day lies from ``begins`` up to ``ends`` (excluded)."""
        ...

    def write(self, standing: Standing) -> None:
        """Hold the customer or let it go, and give it its line."""
        ...


def spoken(records: Sequence[Mapping[str, Any]], *, key: str, most: int) -> Spoken:
    """Return a page that ends the window when it is not full."""
    return Spoken(
        records=records,
        latest_key=str(records[-1][key]) if records else "",
        is_last=len(records) < most,
    )


def moment_text(moment: Any, *, pattern: str = "%Y-%m-%d %H:%M:%S") -> str:
    """Return a moment of the window as most systems take it: UTC, without a zone."""
    return str(moment.strftime(pattern))
