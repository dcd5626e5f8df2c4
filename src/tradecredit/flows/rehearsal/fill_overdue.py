"""Give the copies of a customer overdue invoices by the thousand, for the benchmark of dunning."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.flows.imports import import_invoices
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.flows.rehearsal import fill_books

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.flows.rehearsal.fill_books import Owner
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NUMBER: Final = "OVERDUE-0"
_ISSUED_BEFORE: Final = 45
# The tables into which a run writes; the reference copies the same rows into tables like them.
WRITTEN: Final = ("collections_letter", "collections_notice", "outbox_message", "audit_logentry")

_INVOICES = """
INSERT INTO receivables_invoice SELECT (jsonb_populate_record(v, jsonb_build_object(
    'id', ('00000000-0000-7000-8011-' || lpad(to_hex(n * 64 + k), 12, '0'))::uuid,
    'customer_id', ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid,
    'number', 'OVERDUE-' || n || '-' || k))).*
FROM receivables_invoice v, generate_series(1, %(customers)s::int) AS n, generate_series(1, %(items)s::int) AS k
WHERE v.number = %(number)s
"""

_INSTALMENTS = """
INSERT INTO receivables_instalment SELECT (jsonb_populate_record(i, jsonb_build_object(
    'id', ('00000000-0000-7000-8012-' || lpad(to_hex(n * 64 + k), 12, '0'))::uuid,
    'customer_id', ('00000000-0000-7000-8001-' || lpad(to_hex(n), 12, '0'))::uuid,
    'invoice_id', ('00000000-0000-7000-8011-' || lpad(to_hex(n * 64 + k), 12, '0'))::uuid))).*
FROM receivables_instalment i JOIN receivables_invoice v ON v.id = i.invoice_id,
     generate_series(1, %(customers)s::int) AS n, generate_series(1, %(items)s::int) AS k
WHERE v.number = %(number)s
"""


def fill(*, company: Company, owner: Owner, actor: Actor, day: date, customers: int, items: int) -> None:
    """Give each of the copies so many invoices that are one day overdue on the day."""
    row = InvoiceRow(
        number=_NUMBER,
        customer_code=fill_books.SEED,
        amount=Decimal("1234.56"),
        invoice_date=day - timedelta(days=_ISSUED_BEFORE),
        due_date=day - timedelta(days=1),
    )
    import_invoices.import_invoices(rows=[row], company=company, actor=actor)
    owner.run("SET session_replication_role = replica")
    for statement in (_INVOICES, _INSTALMENTS):
        owner.run(statement, customers=customers, items=items, number=_NUMBER)
    owner.run("UPDATE dossier_customer SET email = lower(code) || '@example.com'")
    owner.run("SET session_replication_role = origin")
    owner.run("ANALYZE receivables_invoice, receivables_instalment, dossier_customer")


def counts(owner: Owner) -> dict[str, int]:
    """Return how many rows stand in each table that a run writes."""
    return {name: owner.rows(f"SELECT count(*) FROM {name}")[0][0] for name in WRITTEN}
