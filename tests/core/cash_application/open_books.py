"""Small builders for candidates, shared by this room's tests."""

from datetime import date

from tradecredit.core.cash_application.candidates import Candidate
from tradecredit.core.kernel.money import Money


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def candidate(
    item_id: str, amount: str, *, number: str = "", due: date = date(2025, 5, 1), **more: object
) -> Candidate:
    return Candidate(
        item_id=item_id, invoice_number=number or item_id, due_date=due, open=cny(amount), **more
    )
