"""How the declared facts of order control are read: one small function for each."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.feel.values.decimals import CONTEXT
from tradecredit.core.kernel.limit import Amount, NotSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.exposure.headroom import Headroom


class _Absent:
    """There is no such thing for this account, which is not the same as not knowing it."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT: Final = _Absent()
# Something of nothing: more than any share that a policy could name.
MOST_TIMES: Final = Decimal(1_000_000)


def control_point(facts: CreditFacts, room: Headroom) -> str:
    """Return where the document is checked: order, delivery or invoice."""
    del room
    return facts.request.control_point.value


def document(facts: CreditFacts, room: Headroom) -> str:
    """Return what is checked: order, amendment, reopen, delivery or invoice."""
    del room
    return facts.request.document_type


def day(facts: CreditFacts, room: Headroom) -> date:
    """Return the day of the request."""
    del room
    return facts.request.requested_on


def currency(facts: CreditFacts, room: Headroom) -> str:
    """Return the currency of the document."""
    del room
    return facts.currency


def amount(facts: CreditFacts, room: Headroom) -> Decimal:
    """Return the amount of the document."""
    del room
    return facts.request.amount.amount


def prepaid_share(facts: CreditFacts, room: Headroom) -> Decimal:
    """Return the share of the document that is prepaid; all of a document of nothing."""
    del room
    asked = facts.request.amount.amount
    return CONTEXT.divide(facts.prepaid.amount, asked) if asked else Decimal(1)


def terms_days(facts: CreditFacts, room: Headroom) -> int:
    """Return the terms asked, else those of the line; neither means due at once: 0."""
    del room
    asked = facts.request.terms_days
    return (facts.line.days or 0) if asked is None else asked


def lifecycle(facts: CreditFacts, room: Headroom) -> str | None:
    """Return the customer's status."""
    del room
    return facts.customer.lifecycle


def grade(facts: CreditFacts, room: Headroom) -> str | None:
    """Return the grade in force; no grade is not known."""
    del room
    return None if "rating" in facts.unknowns else facts.rating.grade


def rating_age_days(facts: CreditFacts, room: Headroom) -> int | None:
    """Return how many days ago the grade was given."""
    del room
    rated_on = facts.rating.rated_on
    if "rating" in facts.unknowns or rated_on is None:
        return None
    return (facts.request.requested_on - rated_on).days


def line(facts: CreditFacts, room: Headroom) -> str | None:
    """Return what kind of line there is: amount, unlimited, none or lapsed."""
    if "limit" in facts.unknowns:
        return None
    if isinstance(room.limit, NotSet):
        return "none"
    if not isinstance(room.limit, Amount):
        return "unlimited"
    validity, asked_on = facts.line.validity, facts.request.requested_on
    return "lapsed" if validity is not None and not validity.holds_on(asked_on) else "amount"


def limit(facts: CreditFacts, room: Headroom) -> Any:
    """Return the amount of the line in force, temporary lines and cover included."""
    if "limit" in facts.unknowns:
        return None
    return room.limit.money.amount if isinstance(room.limit, Amount) else ABSENT


def exposure_after(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return the exposure with the document."""
    if "exposure" in facts.unknowns:
        return None
    return room.exposure.amount + facts.request.amount.amount


def available(facts: CreditFacts, room: Headroom) -> Any:
    """Return what is left of the line before the document."""
    if {"exposure", "limit"} & facts.unknowns:
        return None
    return room.available.money.amount if isinstance(room.available, Amount) else ABSENT


def over(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return how far the document goes over the line; 0 when it fits, all of it when there is no line."""
    if {"exposure", "limit"} & facts.unknowns:
        return None
    asked = facts.request.amount.amount
    match room.available:
        case Amount(left):
            return max(asked - left.amount, Decimal(0))
        case NotSet():
            return asked
        case _:
            return Decimal(0)


def utilisation(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return exposure with the document as a share of the line: 450,000 of 500,000 is 0.9.

    Without a limit no share of it is used; of a line of nothing, anything is more than any share.
    """
    used = exposure_after(facts, room)
    if used is None or "limit" in facts.unknowns:
        return None
    if not isinstance(room.limit, Amount | NotSet):
        return Decimal(0)
    whole = room.limit.money.amount if isinstance(room.limit, Amount) else Decimal(0)
    if whole > 0:
        return CONTEXT.divide(used, whole)
    return MOST_TIMES if used > 0 else Decimal(0)


def share_of_available(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return the document as a share of what is available; of nothing it takes more than any share."""
    if {"exposure", "limit"} & facts.unknowns:
        return None
    asked = facts.request.amount.amount
    if not asked or not isinstance(room.available, Amount | NotSet):
        return Decimal(0)
    left = room.available.money.amount if isinstance(room.available, Amount) else Decimal(0)
    return min(CONTEXT.divide(asked, left), MOST_TIMES) if left > 0 else MOST_TIMES


def is_taken_over(facts: CreditFacts, room: Headroom) -> bool:
    """Tell whether the line was granted before the house began to decide here."""
    del room
    return facts.line.is_taken_over


def open_amount(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return the open receivables."""
    del room
    return None if "receivables" in facts.unknowns else facts.receivables.open_amount.amount


def overdue_amount(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return what is overdue and not disputed."""
    del room
    return None if "receivables" in facts.unknowns else facts.receivables.overdue_amount.amount


def overdue_count(facts: CreditFacts, room: Headroom) -> int | None:
    """Return how many items are overdue and not disputed."""
    del room
    return None if "receivables" in facts.unknowns else facts.receivables.overdue_count


def overdue_days(facts: CreditFacts, room: Headroom) -> int | None:
    """Return how many days the oldest undisputed item is overdue; 0 when none is."""
    del room
    return None if "receivables" in facts.unknowns else facts.receivables.overdue_days_max


def overdue_share(facts: CreditFacts, room: Headroom) -> Decimal | None:
    """Return the overdue share of the open receivables; 0 when nothing is open."""
    del room
    if "receivables" in facts.unknowns:
        return None
    found = facts.receivables
    if not found.open_amount.is_positive:
        return Decimal(0)
    return CONTEXT.divide(found.overdue_amount.amount, found.open_amount.amount)


def oldest_open_days(facts: CreditFacts, room: Headroom) -> int | None:
    """Return the age of the oldest unpaid item since its invoice day; 0 when nothing is open."""
    del room
    if "receivables" in facts.unknowns:
        return None
    return facts.receivables.oldest_open_days if facts.receivables.open_count else 0


def alert_level(facts: CreditFacts, room: Headroom) -> str | None:
    """Return the highest open alert: none, yellow, orange or red."""
    del room
    return None if "watch" in facts.unknowns else facts.watch.alert_level or "none"


def high_risk(facts: CreditFacts, room: Headroom) -> bool | None:
    """Tell whether the customer carries the high-risk mark."""
    del room
    return None if "watch" in facts.unknowns else facts.watch.is_high_risk


def frozen(scope: str) -> Callable[[CreditFacts, Headroom], bool | None]:
    """Return the reader that tells whether one of the freezes is on."""

    def is_on(facts: CreditFacts, room: Headroom) -> bool | None:
        del room
        return None if "watch" in facts.unknowns else scope in facts.watch.freezes

    return is_on


def average_days_late(facts: CreditFacts, room: Headroom) -> Any:
    """Return how late the customer pays on average; a customer who has paid nothing yet has no such habit."""
    del room
    if facts.outlook is None:
        return None
    late = facts.outlook.average_days_late
    return ABSENT if late is None else late


def paid_count(facts: CreditFacts, room: Headroom) -> int | None:
    """Return how many items the customer has paid in the policy's window."""
    del room
    return None if facts.outlook is None else facts.outlook.paid_count


def wanted_in_days(facts: CreditFacts, room: Headroom) -> Any:
    """Return how far ahead the document is wanted."""
    del room
    if facts.outlook is None:
        return None
    days = facts.outlook.wanted_in_days
    return ABSENT if days is None else days


def tenure_days(facts: CreditFacts, room: Headroom) -> int | None:
    """Return how long the customer has been one."""
    del room
    return None if facts.outlook is None else facts.outlook.tenure_days
