"""A customer that may buy on credit, with policy, line, rating and balances, and requests to check."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from factories import accounts, customers, policies
from factories.companies import MOMENT
from factories.credit_facts import section
from tradecredit.apps.limits.models import CreditLine
from tradecredit.apps.receivables.models import Instalment, Invoice
from tradecredit.apps.scoring.models import Rating
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.access.actor import SYSTEM_USER_ID
from tradecredit.plumbing.ids import new_id

if TYPE_CHECKING:
    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.apps.dossier.models import Customer
    from tradecredit.plumbing.access.models import Company

DAY = date(2026, 3, 2)


def policy(company: Company, *, pack: str = "five-pillars", **sections: Any) -> StoredPolicy:
    """Publish the sections that orders need, some of them replaced."""
    document = {
        "pack": {"name": pack},
        "order_control": section(pack, "order_control"),
        "authority": section(pack, "authority"),
        **sections,
    }
    return policies.published(company, document=document)


def line(company: Company, customer: Customer, limit: str = "500000.00", **fields: Any) -> CreditLine:
    values: dict[str, Any] = {
        "line_kind": "base",
        "limit_kind": "amount",
        "limit_amount": limit,
        "currency": "CNY",
        "days": 60,
        "valid_from": date(2026, 1, 1),
        "origin": "opening",
        "requested_by_id": SYSTEM_USER_ID,
        "approved_by_id": SYSTEM_USER_ID,
        "recorded_at": MOMENT,
    }
    with scope.entered(Actor.system("test")):
        return CreditLine.objects.create(company=company, customer=customer, **{**values, **fields})


def rating(company: Company, customer: Customer, grade: str = "B", **fields: Any) -> Rating:
    values: dict[str, Any] = {
        "as_of": date(2026, 2, 1),
        "model_name": "test",
        "policy_version_id": new_id(),
        "completeness": 100,
        "suggested_grade": grade,
        "grade": grade,
        "result": "{}",
        "inputs": "{}",
        "cause": "test",
        "recorded_at": MOMENT,
        "recorded_by": "test",
    }
    with scope.entered(Actor.system("test")):
        return Rating.objects.create(company=company, customer=customer, **{**values, **fields})


def invoice(company: Company, customer: Customer, number: str, amount: str, *, due: date) -> Instalment:
    """An open invoice in the books of receivables (the ledger of exposure is the caller's)."""
    with scope.entered(Actor.system("test")):
        document = Invoice.objects.create(
            company=company,
            customer=customer,
            number=number,
            invoice_date=due - timedelta(days=30),
            currency="CNY",
            amount=amount,
            content_hash=hashlib.sha256(number.encode()).hexdigest(),
            recorded_at=MOMENT,
        )
        return Instalment.objects.create(
            company=company, customer=customer, invoice=document, due_date=due, currency="CNY", amount=amount
        )


def creditworthy(
    company: Company,
    code: str = "C001",
    *,
    limit: str = "500000.00",
    grade: str = "B",
    billed: str = "416000.00",
    **fields: Any,
) -> Customer:
    """A rated customer with a line of 500,000 of which 416,000 are taken by open invoices."""
    customer = customers.customer(company, code, **fields)
    line(company, customer, limit)
    rating(company, customer, grade)
    accounts.account(company, customer, billed=billed)
    return customer


def request(company: Company, amount: str = "50000.00", **fields: Any) -> CheckRequest:
    values: dict[str, Any] = {
        "company": company,
        "customer_code": "C001",
        "reference": "SO-2001",
        "amount": Money.of(amount, "CNY"),
    }
    return CheckRequest(**{**values, **fields})
