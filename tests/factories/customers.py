"""Customers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from factories.companies import MOMENT
from tradecredit.apps.dossier.models import Customer
from tradecredit.plumbing.access import Actor, scope

if TYPE_CHECKING:
    from tradecredit.plumbing.access.models import Company


def customer(
    company: Company, code: str = "C001", name: str = "示例五金甲有限公司", **fields: Any
) -> Customer:
    """A trading customer of the company."""
    with scope.entered(Actor.system("test")):
        return Customer.objects.create(
            code=code,
            name=name,
            company_ids=[company.pk],
            search_text=f"{code} {name}",
            created_at=MOMENT,
            updated_at=MOMENT,
            **fields,
        )
