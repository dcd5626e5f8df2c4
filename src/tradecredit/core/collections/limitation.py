"""The clock of limitation (诉讼时效): until when a debt can be sued for, and what started it anew.

Source: Civil Code of the PRC, articles 188 (three years) and 195 (a demand, an acknowledgement or a part payment starts
it anew), 192 (an acknowledgement counts after the end as well). The years and the days of warning are policy; counsel
decides what a court will take as proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

Cause = Literal["due", "demand", "acknowledgement", "part_payment"]
CAUSES: Final = {
    "due": Words(zh="到期日次日起算", en="counted from the due day"),
    "demand": Words(zh="有签收证明的催告", en="a demand that was signed for"),
    "acknowledgement": Words(zh="对方确认债务", en="the debt was acknowledged"),
    "part_payment": Words(zh="部分付款", en="a part was paid"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Restart:
    """Something that starts the clock anew, with what proves it."""

    day: date
    cause: Cause
    reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limitation:
    """Until when the debt can be sued for, counted from what."""

    since: Restart
    ends_on: date
    days_left: int
    is_red: bool


def clock(
    *, due_date: date, restarts: Iterable[Restart], years: int, red_days: int, as_of: date
) -> Limitation:
    """Return the clock of one debt; ``ends_on`` is the last day.

    Due on 1 March 2026 with three years it ends on 1 March 2029; a demand signed for on 5 June 2027 moves that to
    5 June 2030. What happens after the end does not count, except an acknowledgement.
    """
    since = Restart(day=due_date, cause="due")
    for one in sorted(restarts, key=lambda restart: restart.day):
        if due_date < one.day <= as_of and (
            one.day <= years_after(since.day, years) or one.cause == "acknowledgement"
        ):
            since = one
    ends_on = years_after(since.day, years)
    days_left = (ends_on - as_of).days
    return Limitation(since=since, ends_on=ends_on, days_left=days_left, is_red=days_left <= red_days)


def years_after(day: date, years: int) -> date:
    """Return the same day so many years later; 29 February becomes 28 February where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
