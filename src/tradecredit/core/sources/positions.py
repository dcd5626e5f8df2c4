"""How far a system has been read: windows of change, each paged by key, so that nothing is lost or read for ever.

Note [Windows of change]
A window holds what changed after ``since`` up to ``until``, and is read page by page in the order of the records'
keys. A record that changes while the window is being read leaves it (it changed after ``until``) and comes in the next
one. Some systems stamp a record with the beginning of the transaction that wrote it, so a window begins a little before
the former one ended: what is read twice changes nothing, since recording is idempotent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tradecredit.core.kernel import canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where reading stands: since when (None: from the beginning), up to when, and after which key."""

    since: datetime | None = None
    until: datetime | None = None
    after: str = ""

    @property
    def is_open(self) -> bool:
        """Tell whether a window is being read."""
        return self.until is not None

    def text(self) -> str:
        """Return the position as it is recorded."""
        return canonical.dumps({"after": self.after, "since": self.since, "until": self.until})


BEGINNING = Position()


def of(parts: dict[str, str | None]) -> Position:
    """Return a recorded position from its parts."""
    since, until = parts.get("since"), parts.get("until")
    return Position(
        since=datetime.fromisoformat(since) if since else None,
        until=datetime.fromisoformat(until) if until else None,
        after=parts.get("after") or "",
    )


def opened(position: Position, *, now: datetime) -> Position:
    """Return the position with a window to read: the one that was left half read, or a new one up to now."""
    return position if position.is_open else replace(position, until=now, after="")


def moved(position: Position, *, latest_key: str, is_last: bool, overlap: timedelta) -> Position:
    """Return the position after a page; the last page closes the window, the next begins ``overlap`` before its end."""
    if not is_last:
        return replace(position, after=latest_key)
    assert position.until is not None, "only an open window is read"  # noqa: S101 -- cannot happen
    return Position(since=position.until - overlap)
