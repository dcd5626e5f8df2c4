"""Let the clock of sandbox companies run: the days are played one by one, as if they had passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import reactions
from tradecredit.flows.watch import close_day, dispatch_outbox
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tradecredit.flows.ports import Mailer
    from tradecredit.plumbing.access import Actor


class UnableToAdvanceClockError(UnableToError):
    """The company is a real one, or the days to advance make no sense."""

    code = "clock_not_advanced"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockReport:
    """The day reached and what each day did."""

    today: date
    days: tuple[close_day.CloseDayReport, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Return the sums over all days played."""
        sums: dict[str, int] = {}
        for day in self.days:
            for name, count in day.counts.items():
                sums[name] = sums.get(name, 0) + count
        return sums


def advance_clock(
    *,
    company: Company,
    days: int,
    actor: Actor,
    mailer: Mailer,
    on_day: Callable[[close_day.CloseDayReport], None] | None = None,
) -> ClockReport:
    """Play the next days of a sandbox company: each is closed, its events are drained, its messages leave.

    Nothing leaves a sandbox company but into the mailer given. Every day is its own transaction, so that a
    failure keeps the days before it. Raises UnableToAdvanceClockError.
    """
    if not company.is_sandbox or days < 1:
        raise UnableToAdvanceClockError(
            Words(
                zh=f"只能让演示（沙盒）公司的时钟前进，且至少一天；{company.code} 未变动。",
                en=f"Only a sandbox company's clock advances, by at least one day; {company.code} is unchanged.",
            ),
            company=company.code,
        )
    company.refresh_from_db(fields=["sandbox_day"])
    played: list[close_day.CloseDayReport] = []
    for _ in range(days):
        day = (company.sandbox_day or clock.today(company)) + timedelta(days=1)
        with db.unit_of_work(actor):
            Company.objects.filter(pk=company.pk).update(sandbox_day=day)
        company.sandbox_day = day
        with clock.on(company, day, hour=20):
            played.append(close_day.close_day(company=company, as_of=day, actor=actor))
            reactions.drain(company=company, actor=actor)
            dispatch_outbox.dispatch_outbox(company=company, mailer=mailer, actor=actor)
        if on_day is not None:
            on_day(played[-1])
    return ClockReport(today=day, days=tuple(played))
