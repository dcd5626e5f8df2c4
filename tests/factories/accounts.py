"""Credit accounts with balances."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from factories.companies import MOMENT
from tradecredit.apps.exposure import operations
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.apps.dossier.models import Customer
    from tradecredit.plumbing.access.models import Company


def account(company: Company, customer: Customer, *, currency: str = "CNY", **balances: str) -> UUID:
    """Open the customer's account and bring each stage named to the amount given."""
    with db.unit_of_work(Actor.system("test")):
        key = (company.pk, customer.pk, currency)
        account_id = operations.open_accounts(wanted=[key])[key]
        operations.post(
            entries=[
                operations.NewEntry(
                    account_id=account_id,
                    stage=stage,
                    amount=Decimal(amount),
                    obligation=f"opening:{stage}",
                    cause="opening",
                    cause_id=None,
                    effective_date=MOMENT.date(),
                )
                for stage, amount in balances.items()
            ]
        )
    return account_id
