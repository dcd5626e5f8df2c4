"""In whose account a paper stands: the payer's, the parent's that a branch shares, or where the document it names counts.

A check of an order asks the account of whoever pays (`flows/orders/paying.py`), so the order stands there. Its invoice,
a credit note or a payment that names the orderer must come to the same account, else both would count.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier import parties
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.receivables import queries as receivables
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.flows import row_results
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.orders import paying

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.parties import PartyRecord
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access.models import Company

Customers = dict[str, "NamedCustomer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document of a day that names a customer, and perhaps an order, a delivery or an invoice."""

    customer_code: str
    day: date
    order: str = ""
    delivery: str = ""
    invoice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """By number, the code of the customer in whose account what is named stands."""

    orders: Mapping[str, str]
    deliveries: Mapping[str, str]
    invoices: Mapping[str, str]


def customers_of(*, company: Company, papers: Sequence[Paper]) -> list[Customers]:
    """Return for each paper the customers by code, its own code standing for the holder of the account.

    What it names decides where that stands with somebody who is or was a payer of (or lends an account to) the
    customer; else who pays on its day; else the customer itself.
    """
    codes = {paper.customer_code for paper in papers}
    found = row_results.customers_by_code(company_id=company.pk, codes=codes)
    others = _others(company, codes)
    if not others:
        return [found] * len(papers)
    concerned = [paper for paper in papers if paper.customer_code in others]
    named = _named(company, concerned)
    held = [_holder(paper, others.get(paper.customer_code, ()), named) for paper in papers]
    every = found | row_results.customers_by_code(company_id=company.pk, codes=set(held))
    return [
        every if code not in every else {**every, paper.customer_code: every[code]}
        for paper, code in zip(papers, held, strict=True)
    ]


def lock_all(*, company: Company, keys: set[tuple[UUID, str]]) -> None:
    """Lock the accounts of (customer, currency) pairs, and those where a paper naming the customer may stand, at once.

    A payment of the customer may come to its payer's account; locked one after another, two could wait for each other.
    """
    holders = parties.ever_of(
        customer_ids={customer_id for customer_id, _ in keys}, company_id=company.pk, roles=paying.ROLES
    )
    theirs = {(party, currency) for customer, party in holders for key, currency in keys if key == customer}
    if keys:
        book_allocations.lock_accounts(company=company, keys=keys | theirs)


def _others(company: Company, codes: Iterable[str]) -> dict[str, list[PartyRecord]]:
    """Return by customer whoever ever paid for it or lent it an account, the strongest role first."""
    found: dict[str, list[PartyRecord]] = {}
    for one in parties.ever(codes=codes, company_id=company.pk, roles=paying.ROLES):
        found.setdefault(one.customer_code, []).append(one)
    return {code: sorted(some, key=lambda one: paying.ROLES.index(one.role)) for code, some in found.items()}


def _holder(paper: Paper, others: Sequence[PartyRecord], named: _Named) -> str:
    possible = {paper.customer_code, *(one.party_code for one in others)}
    for home in (
        named.orders.get(paper.order),
        named.deliveries.get(paper.delivery),
        named.invoices.get(paper.invoice),
    ):
        if home in possible:
            return home
    in_force = (one.party_code for one in others if one.is_in_force(paper.day))
    return next(in_force, paper.customer_code)


def _named(company: Company, papers: Sequence[Paper]) -> _Named:
    delivered = orders.deliveries_by_number(
        company_id=company.pk, numbers={paper.delivery for paper in papers if paper.delivery}
    )
    by_id = orders.orders_by_id({one.order_id for one in delivered.values()})
    ordered = orders.orders_by_reference({(company.pk, paper.order) for paper in papers if paper.order})
    billed = receivables.documents(
        company_id=company.pk,
        kind=InvoiceKind.INVOICE,
        numbers={paper.invoice for paper in papers if paper.invoice},
    )
    holders = dossier.customers_by_id({one.customer_id for one in billed.values()})
    return _Named(
        orders={reference: order.customer_code for (_, reference), order in ordered.items()},
        deliveries={number: by_id[one.order_id].customer_code for number, one in delivered.items()},
        invoices={number: holders[one.customer_id].code for number, one in billed.items()},
    )
