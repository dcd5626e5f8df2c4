"""The life of a bill of exchange: which step may follow which, and how long it stays our risk.

Held → pledged, endorsed, discounted, collected or dishonoured. Passed on with recourse it stays our risk until the
holder's claim on us can no longer come: its due day and some days of policy after it. Passed on without recourse, or
collected, it is out of our books at once. Dishonoured, the debt that it had paid is owed again.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


class BillStatus(StrEnum):
    """What has become of a bill."""

    HELD = "held"
    PLEDGED = "pledged"
    ENDORSED = "endorsed"
    DISCOUNTED = "discounted"
    SOLD = "sold"
    COLLECTED = "collected"
    LAPSED = "lapsed"
    DISHONOURED = "dishonoured"


# While it stands so, a bill counts in the stage "bill".
STANDING: Final = frozenset({BillStatus.HELD, BillStatus.PLEDGED, BillStatus.ENDORSED, BillStatus.DISCOUNTED})
WITH_RECOURSE: Final = frozenset({BillStatus.ENDORSED, BillStatus.DISCOUNTED})
_STEPS: Final[Mapping[BillStatus, frozenset[BillStatus]]] = {
    BillStatus.HELD: frozenset(
        {
            BillStatus.PLEDGED,
            BillStatus.ENDORSED,
            BillStatus.DISCOUNTED,
            BillStatus.SOLD,
            BillStatus.COLLECTED,
            BillStatus.DISHONOURED,
        }
    ),
    BillStatus.PLEDGED: frozenset({BillStatus.HELD, BillStatus.COLLECTED, BillStatus.DISHONOURED}),
    BillStatus.ENDORSED: frozenset({BillStatus.LAPSED, BillStatus.DISHONOURED, BillStatus.COLLECTED}),
    BillStatus.DISCOUNTED: frozenset({BillStatus.LAPSED, BillStatus.DISHONOURED, BillStatus.COLLECTED}),
}


class UnableToMoveBillError(UnableToError):
    """The bill cannot take this step from where it stands."""

    code = "bill_state"
    status = 409


def require_step(*, number: str, current: BillStatus, wanted: BillStatus) -> None:
    """Raise UnableToMoveBillError unless the step may follow; the same step twice is a second one and refused."""
    if wanted in _STEPS.get(current, frozenset()):
        return
    raise UnableToMoveBillError(
        Words(
            zh="票据 {number} 当前状态为 {current}，不能变为 {wanted}。",
            en="Bill {number} is {current} and cannot become {wanted}.",
        ).filled(number=number, current=current.value, wanted=wanted.value),
        number=number,
        status=current.value,
    )


def recourse_ends_on(*, due_date: date, recourse_days: int) -> date:
    """Return the day on which recourse has lapsed: due on 1 June with 10 days, on 11 June it counts no more."""
    return due_date + timedelta(days=recourse_days)
