"""Lock payments before they are allocated: after the credit accounts, in the order of their identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.cash_application.models import BankAccount, Payment
from tradecredit.plumbing import db
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID


def lock_payments(*, ids: Iterable[UUID]) -> None:
    """Hold the payments until the transaction ends."""
    db.transaction_required()
    wanted = sorted(set(ids))
    if wanted:
        rows = Payment.objects.filter(among("pk", wanted)).order_by("pk").select_for_update(of=("self",))
        list(rows.values_list("pk", flat=True))


def lock_bank_account(account_id: UUID) -> None:
    """Hold one of our bank accounts until the transaction ends: the first lock of every flow that takes its lines."""
    db.transaction_required()
    rows = BankAccount.objects.filter(pk=account_id).select_for_update(of=("self",))
    list(rows.values_list("pk", flat=True))
