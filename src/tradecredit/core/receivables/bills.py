"""The life of a bill of exchange: which step may follow which, and how long it stays our risk.

Held → pledged, endorsed, discounted, collected or dishonoured. Passed on with recourse it stays our risk until the
holder's claim on us can no longer come: its due day and some days of policy after it. Passed on without recourse, or
collected, it is out of our books at once. Dishonoured, the debt that it had paid is owed again.

A bill that is a package (票据包) consists of units of 0.01 that are numbered from 1; whoever holds a range of them may
split it. The parts are bills of their own, named by package and range, and go their own ways.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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
    SPLIT = "split"


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
            BillStatus.SPLIT,
        }
    ),
    BillStatus.PLEDGED: frozenset({BillStatus.HELD, BillStatus.COLLECTED, BillStatus.DISHONOURED}),
    BillStatus.ENDORSED: frozenset({BillStatus.LAPSED, BillStatus.DISHONOURED, BillStatus.COLLECTED}),
    BillStatus.DISCOUNTED: frozenset({BillStatus.LAPSED, BillStatus.DISHONOURED, BillStatus.COLLECTED}),
}


# One unit of a package.
_UNIT: Final = Decimal("0.01")
_RANGE: Final = re.compile(r"0*(\d{1,12})\s*[-~—至]\s*0*(\d{1,12})")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubRange:
    """The units of a package that a bill holds, both ends among them: 1 to 500,000 is 5,000.00."""

    first: int
    latest: int

    @property
    def amount(self) -> Decimal:
        """Return what the units are worth."""
        return (self.latest - self.first + 1) * _UNIT

    def number(self, package: str) -> str:
        """Return the number of the bill that holds them."""
        return f"{package}:{self.first}-{self.latest}"


class UnableToSplitBillError(UnableToError):
    """The bill is no package, or the parts are no parts of it."""

    code = "bill_split"
    status = 409


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


def parse_range(text: str) -> SubRange | None:
    """Return the units that a text such as ``000000000001-000000500000`` names, None when it names none."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        return None
    first, latest = int(found.group(1)), int(found.group(2))
    return SubRange(first=first, latest=latest) if 0 < first <= latest else None


def of_amount(*, first: int, amount: Decimal) -> SubRange:
    """Return the range that begins with a unit and is worth so much: from 1, 5,000.00 reaches to 500,000."""
    return SubRange(first=first, latest=first + int(amount / _UNIT) - 1)


def split(*, number: str, held: SubRange | None, amounts: Sequence[Decimal]) -> tuple[SubRange, ...]:
    """Return the ranges of the parts in the order asked for; what is left over is the last of them.

    1 to 500,000 split by 2,000.00 is 1 to 200,000 and 200,001 to 500,000. Raises UnableToSplitBillError.
    """
    if held is None:
        raise UnableToSplitBillError(
            Words(
                zh="票据 {number} 没有子票区间，不能拆分。",
                en="Bill {number} has no range of units: it cannot be split.",
            ).filled(number=number),
            number=number,
        )
    left = held.amount - sum(amounts, Decimal(0))
    if not amounts or left < 0 or any(one <= 0 or one % _UNIT for one in amounts) or held.amount in amounts:
        raise UnableToSplitBillError(
            Words(
                zh="拆分金额须为 0.01 的整数倍、大于零，且合计不超过票面 {amount}，至少分成两张。",
                en="The parts are above zero, whole cents, at least two and no more than the bill's {amount}.",
            ).filled(amount=f"{held.amount:f}"),
            number=number,
        )
    units = [int(one / _UNIT) for one in (*amounts, left) if one]
    ends = list(accumulate(units, initial=held.first - 1))
    return tuple(SubRange(first=before + 1, latest=latest) for before, latest in pairwise(ends))
