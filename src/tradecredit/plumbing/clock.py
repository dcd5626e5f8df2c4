"""The one clock: real time, a company's sandbox day, or a moment given by a test or the simulator."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.plumbing.access.models import Company

_given: ContextVar[datetime | None] = ContextVar("given_moment", default=None)
_visited: ContextVar[datetime | None] = ContextVar("visited_moment", default=None)
_MORNING_HOURS = 10
_DAY_HOURS = 24


def now() -> datetime:
    """Return the present moment (aware, UTC): given with ``at``, of the sandbox visited, or the real one."""
    return _given.get() or _visited.get() or datetime.now(UTC)


def real_now() -> datetime:
    """Return the real moment, whatever was given: for what guards the house, such as the end of a token."""
    return datetime.now(UTC)


def is_given() -> bool:
    """Tell whether the clock stands at a moment given with ``at``."""
    return _given.get() is not None


def today(company: Company) -> date:
    """Return the company's business day: given moment, sandbox day, or today in its time zone."""
    given = _given.get()
    if given is None and company.is_sandbox and company.sandbox_day is not None:
        return company.sandbox_day
    return (given or datetime.now(UTC)).astimezone(ZoneInfo(company.time_zone)).date()


def visit(company: Company) -> None:
    """Let ``now`` be of the company's sandbox day for the rest of the visit; nothing changes for a real company.

    The whole real day is mapped to the sandbox day from ten in the morning on, so that what a visitor does comes
    after what was played that day.
    """
    if company.is_sandbox and company.sandbox_day is not None:
        _visited.set(moment_in(company))


def moment_in(company: Company) -> datetime:
    """Return the present moment as a visitor of the company has it: of its sandbox day, or the real one."""
    given = _given.get()
    if given is not None or not company.is_sandbox or company.sandbox_day is None:
        return given or datetime.now(UTC)
    zone = ZoneInfo(company.time_zone)
    real = datetime.now(zone)
    passed = real - real.replace(hour=0, minute=0, second=0, microsecond=0)
    morning = datetime.combine(company.sandbox_day, time(_MORNING_HOURS), tzinfo=zone)
    return (morning + passed * (_DAY_HOURS - _MORNING_HOURS) / _DAY_HOURS).astimezone(UTC)


@contextmanager
def visits() -> Iterator[None]:
    """End a visit with the block (a request, a job)."""
    token = _visited.set(None)
    try:
        yield
    finally:
        _visited.reset(token)


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
