"""Small builders for instalments and policies, shared by this room's tests."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables.open_items import AllocationEntry, Instalment
from tradecredit.core.receivables.payment_behaviour import BehaviourPolicy

RECORDED = datetime(2025, 1, 1, 8, tzinfo=UTC)
ALL_HISTORY = BehaviourPolicy(window_days=None, recent_days=90, steady_within_days=Decimal(2))


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def entry(
    amount: str, day: date, *, kind: str = "cash", recorded_at: datetime | None = None
) -> AllocationEntry:
    return AllocationEntry(
        amount=cny(amount), effective_date=day, recorded_at=recorded_at or RECORDED, kind=kind
    )


def instalment(
    amount: str = "100.00",
    *entries: AllocationEntry,
    number: str = "INV-1",
    issued: date = date(2025, 1, 1),
    due: date = date(2025, 1, 31),
    **more: object,
) -> Instalment:
    values = {"item_id": f"{number}/1", "recorded_at": RECORDED, **more}
    return Instalment(
        invoice_number=number,
        invoice_date=issued,
        due_date=due,
        amount=cny(amount),
        allocations=entries,
        **values,
    )


def paid(amount: str, *, late: int, due: date, number: str) -> Instalment:
    """An instalment paid wholly, the given number of days after (or before) its due day."""
    issued = due - timedelta(days=30)
    return instalment(
        amount, entry(amount, due + timedelta(days=late)), number=number, issued=issued, due=due
    )
