"""The kinds of files and the flow that each kind is handed to."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tradecredit.flows.imports import (
    import_documents,
    import_dossier,
    import_levels,
    import_securities,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tradecredit.flows.imports.import_batch import Batch, Outcome
    from tradecredit.flows.imports.incoming import IncomingRow

_FLOWS: Final[dict[str, Callable[[Batch], Outcome]]] = {
    "customers": import_dossier.customers,
    "contacts": import_dossier.contacts,
    "orders": import_documents.orders,
    "deliveries": import_documents.deliveries,
    "invoices": import_documents.invoices,
    "credit-notes": import_documents.credit_notes,
    "contracts": import_documents.contracts,
    "payments": import_documents.payments,
    "bills": import_securities.bills,
    "goods-events": import_securities.goods_events,
    "covers": import_securities.covers,
    "financial-statements": import_dossier.statements,
    "facts": import_dossier.facts,
    "limits": import_dossier.limits,
    "groups": import_levels.groups,
    "rates": import_levels.rates,
}
_NUMBER_TITLES: Final = {
    "customers": "customer code",
    "invoices": "invoice number",
    "credit-notes": "credit note number",
    "contracts": "contract number",
    "payments": "payment number",
    "bills": "bill number",
    "covers": "cover number",
    "orders": "order number",
    "deliveries": "delivery number",
}
_TITLES: Final = {"code": "customer code", "name": "customer name", "order_reference": "order number"}


def record(batch: Batch, *, rows: Sequence[IncomingRow]) -> Outcome:
    """Record the rows by the flow of their kind, in the caller's transaction."""
    named = replace(batch, rows=rows)
    return _FLOWS[batch.kind](named)


def title_of(kind: str, name: str) -> str:
    """Return the canonical heading of a flow's field, for messages: ``number`` of invoices is ``invoice number``."""
    if name == "number":
        return _NUMBER_TITLES.get(kind, name)
    return _TITLES.get(name, name).replace("_", " ")
