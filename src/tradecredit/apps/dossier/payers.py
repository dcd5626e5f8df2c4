"""The customers of a company as payers: all of them at once, with the names and the group by which they are known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import Customer
from tradecredit.core.cash_application.matcher.values import Customer as Payer

if TYPE_CHECKING:
    from uuid import UUID


def of_company(*, company_id: UUID) -> tuple[Payer, ...]:
    """Return every customer of the company; a parent and those under it are one group."""
    rows = Customer.objects.filter(company_ids__contains=[company_id]).order_by("code")
    listed = list(rows.values_list("pk", "code", "name", "parent_id"))
    parents = {parent for *_, parent in listed if parent is not None}
    return tuple(
        Payer(
            key=str(key),
            code=code,
            name=name,
            group=str(parent or key) if parent is not None or key in parents else "",
        )
        for key, code, name, parent in listed
    )
