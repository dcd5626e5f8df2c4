"""The one clock: real time, a company's sandbox day, or a moment given by a test or the simulator."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.plumbing.access.models import Company

_given: ContextVar[datetime | None] = ContextVar("given_moment", default=None)


def now() -> datetime:
    """Return the present moment (aware, UTC), or the moment that was given with ``at``."""
    return _given.get() or datetime.now(UTC)


def is_given() -> bool:
    """Tell whether the clock stands at a moment given with ``at``."""
    return _given.get() is not None


def today(company: Company) -> date:
    """Return the company's business day: given moment, sandbox day, or today in its time zone."""
    given = _given.get()
    if given is None and company.is_sandbox and company.sandbox_day is not None:
        return company.sandbox_day
    return (given or datetime.now(UTC)).astimezone(ZoneInfo(company.time_zone)).date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock stand at a moment inside the block; for tests, the simulator and sandbox companies."""
    if moment.tzinfo is None:
        raise ValueError("a moment carries its time zone")
    token = _given.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _given.reset(token)


@contextmanager
def on(company: Company, day: date, *, hour: int = 9) -> Iterator[None]:
    """Let the clock stand at an hour of a business day of the company."""
    with at(datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(company.time_zone))):
        yield
