"""Fill throw-away books with invoices and payments by the million: one customer's papers, copied for the others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.flows.cash import record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.imports import import_invoices, record_facts
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.rehearsal.fill_books import CURRENCY, SEED
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.flows.rehearsal.fill_books import Owner
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_PAID: Final = "MUSTER-PAID"
_OPEN: Final = "MUSTER-OPEN"
_AMOUNT: Final = Decimal("1000.00")
_DAYS: Final = 30
# One paper in so many is open, the others are paid.
_OPEN_EVERY: Final = 10
_FACTS: Final = (
    ("registry_status", "存续"),
    ("pending_lawsuits", "2"),
    ("dishonest_debtor", "no"),
    ("enforcement_records", "1"),
    ("abnormal_operation", "no"),
    ("years_in_business", "12"),
    ("ownership_type", "民营"),
    ("registered_capital", "1000 CNY"),
)


def lay_papers(*, company: Company, actor: Actor) -> None:
    """Record a paid invoice, an overdue one and some facts of the pattern customer through the flows."""
    day = clock.today(company)
    dated = day - timedelta(days=2 * _DAYS)
    invoices = [
        InvoiceRow(
            number=number, customer_code=SEED, currency=CURRENCY, amount=_AMOUNT, invoice_date=dated,
            due_date=dated + timedelta(days=_DAYS),
        )
        for number in (_PAID, _OPEN)
    ]  # fmt: skip
    import_invoices.import_invoices(rows=invoices, company=company, actor=actor)
    payment = PaymentRow(
        number=_PAID, customer_code=SEED, currency=CURRENCY, amount=_AMOUNT, invoice_number=_PAID,
        payment_date=dated + timedelta(days=_DAYS),
    )  # fmt: skip
    record_payments.record_payments(rows=[payment], company=company, actor=actor)
    record_facts.record_facts(
        rows=[
            FactRow(customer_code=SEED, fact=name, value=value, valid_from=dated) for name, value in _FACTS
        ],
        company=company,
        actor=actor,
    )


def lay_patterns(owner: Owner) -> None:
    """Put the pattern customer's rows aside, so that copying reads them and nothing else."""
    for one in _COPIES:
        owner.run(
            f"CREATE TEMP TABLE {_aside(one.table)} AS SELECT t.* FROM {one.table} t WHERE {one.rows}",
            paid=_PAID, open=_OPEN, seed=SEED,
        )  # fmt: skip


def copy_papers(owner: Owner, *, first: int, last: int, each: int) -> None:
    """Give the copies of the numbers so many invoices each, every tenth open, the others paid on different days."""
    owner.run("SET session_replication_role = replica")
    for one in _COPIES:
        columns = [
            name
            for (name,) in owner.rows(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %(table)s"
                " AND table_schema = 'public' ORDER BY ordinal_position",
                table=one.table,
            )
        ]
        values = ", ".join(one.changed.get(name, f"t.{name}") for name in columns)
        owner.run(
            f"INSERT INTO {one.table} ({', '.join(columns)}) SELECT {values}"
            f" FROM {_aside(one.table)} t, {one.papers} WHERE {one.which}",
            first=first, last=last, each=each, every=_OPEN_EVERY, paid=_PAID,
        )  # fmt: skip
    owner.run("SET session_replication_role = origin")


def settle(owner: Owner) -> None:
    """Let the server know what lies in the tables now."""
    owner.run(
        "ANALYZE receivables_invoice, receivables_instalment, cash_application_payment, dossier_fact,"
        " cash_application_allocation, exposure_exposureentry"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Copy:
    """How the rows of one table are copied: from which, what changes in a copy, and for which papers."""

    table: str
    rows: str
    changed: Mapping[str, str]
    which: str
    papers: str


def _aside(table: str) -> str:
    return f"muster_{table}"


def _id(kind: int) -> str:
    """Return an identifier of its own for each paper; in order, since a million random ones take an index apart."""
    return f"('00000000-0000-7000-90{kind:02d}-' || lpad(to_hex(c * 10000 + n), 12, '0'))::uuid"


_CUSTOMER: Final = "('00000000-0000-7000-8001-' || lpad(to_hex(c), 12, '0'))::uuid"
_ACCOUNT: Final = "('00000000-0000-7000-8002-' || lpad(to_hex(c), 12, '0'))::uuid"
_NUMBER: Final = "'P' || c || '-' || n"
# The papers lie a week apart, back into the past; customers pay up to a month late.
_BACK: Final = "(n * 7)"
_LATE: Final = "((c * 7 + n * 13) %% 31)"
_CUSTOMERS: Final = "generate_series(%(first)s::int, %(last)s::int) AS c"
_PAPERS: Final = f"{_CUSTOMERS}, generate_series(1, %(each)s::int) AS n"
_IS_OPEN: Final = "n %% %(every)s::int = 0"
_INVOICE, _LINE, _PAYMENT, _ALLOCATION, _ENTRY = range(1, 6)

_COPIES: Final = (
    _Copy(
        table="receivables_invoice",
        rows="t.kind = 'invoice' AND t.number IN (%(paid)s, %(open)s)",
        changed={
            "id": _id(_INVOICE),
            "customer_id": _CUSTOMER,
            "number": _NUMBER,
            "invoice_date": f"t.invoice_date - {_BACK}",
        },
        which=f"(t.number = %(paid)s) = NOT ({_IS_OPEN})",
        papers=_PAPERS,
    ),
    _Copy(
        table="receivables_instalment",
        rows="t.invoice_id IN (SELECT id FROM receivables_invoice WHERE kind = 'invoice'"
        " AND number IN (%(paid)s, %(open)s))",
        changed={
            "id": _id(_LINE),
            "invoice_id": _id(_INVOICE),
            "customer_id": _CUSTOMER,
            "due_date": f"t.due_date - {_BACK}",
            "settled_on": f"t.settled_on - {_BACK} + {_LATE}",
        },
        which=f"(t.settled_on IS NOT NULL) = NOT ({_IS_OPEN})",
        papers=_PAPERS,
    ),
    _Copy(
        table="cash_application_payment",
        rows="t.number = %(paid)s",
        changed={
            "id": _id(_PAYMENT),
            "customer_id": _CUSTOMER,
            "number": _NUMBER,
            "payment_date": f"t.payment_date - {_BACK} + {_LATE}",
        },
        which=f"NOT {_IS_OPEN}",
        papers=_PAPERS,
    ),
    _Copy(
        table="cash_application_allocation",
        rows="t.payment_id IN (SELECT id FROM cash_application_payment WHERE number = %(paid)s)",
        changed={
            "id": _id(_ALLOCATION),
            "customer_id": _CUSTOMER,
            "instalment_id": _id(_LINE),
            "payment_id": _id(_PAYMENT),
            "effective_date": f"t.effective_date - {_BACK} + {_LATE}",
        },
        which=f"NOT {_IS_OPEN}",
        papers=_PAPERS,
    ),
    _Copy(
        table="exposure_exposureentry",
        rows="t.id = (SELECT id FROM exposure_exposureentry WHERE obligation LIKE 'invoice:' || %(open)s || '%%' LIMIT 1)",
        changed={
            "id": _id(_ENTRY),
            "account_id": _ACCOUNT,
            "sequence": "n",
            "obligation": f"'invoice:' || {_NUMBER}",
            "effective_date": f"t.effective_date - {_BACK}",
        },
        which=_IS_OPEN,
        papers=_PAPERS,
    ),
    _Copy(
        table="dossier_fact",
        rows="t.customer_id = (SELECT id FROM dossier_customer WHERE code = %(seed)s)",
        changed={"id": "md5('fact-' || c || t.name)::uuid", "customer_id": _CUSTOMER},
        which="true",
        papers=_CUSTOMERS,
    ),
)
