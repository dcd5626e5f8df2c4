"""What hangs on a customer in the books of a company, so that the record cannot simply leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.apps import apps

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

_TABLES: Final[Mapping[tuple[str, str], Words]] = {
    ("orders", "Order"): Words(zh="订单", en="orders"),
    ("receivables", "Invoice"): Words(zh="发票", en="invoices"),
    ("receivables", "Contract"): Words(zh="合同", en="contracts"),
    ("receivables", "Bill"): Words(zh="票据", en="bills"),
    ("cash_application", "Payment"): Words(zh="回款", en="payments"),
    ("limits", "CreditLine"): Words(zh="额度", en="a line"),
    ("limits", "Cover"): Words(zh="担保", en="covers"),
}


def to_customer(*, customer_id: UUID, company_id: UUID) -> tuple[Words, ...]:
    """Return what the customer has in the company's books, in words; nothing where it may leave."""
    return tuple(
        words
        for (room, name), words in _TABLES.items()
        if apps.get_model(room, name).objects.filter(company_id=company_id, customer_id=customer_id).exists()
    )
