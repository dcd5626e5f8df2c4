"""Rows of what is known about customers, handed to the flow of their kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier.queries import STATEMENT_ITEMS
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.flows.imports import (
    import_batch,
    import_contacts,
    import_customers,
    import_limits,
    import_statements,
    record_facts,
)

if TYPE_CHECKING:
    from tradecredit.flows.imports.import_batch import Batch, Outcome
    from tradecredit.flows.imports.incoming import IncomingRow

# Not the file's name: the same facts from a file of another name are known already.
_UNSAID_SOURCE: Final = "import"


def customers(batch: Batch) -> Outcome:
    """Record rows of master data."""

    def spoken(row: IncomingRow, name: str) -> str | None:
        return row.text(name) or None

    rows = [
        import_customers.CustomerRow(
            draft=CustomerDraft(
                code=row.text("customer_code"),
                name=row.text("customer_name"),
                uscc=spoken(row, "uscc"),
                customer_type=spoken(row, "customer_type"),
                industry=spoken(row, "industry"),
                region=spoken(row, "region"),
                salesperson=spoken(row, "salesperson"),
                customer_since=row.day("customer_since"),
                currency=spoken(row, "currency"),
            ),
            parent_code=spoken(row, "parent_code"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_customers.import_customers(
            rows=rows, company=batch.company, actor=batch.actor, source=batch.source
        )
    )


def contacts(batch: Batch) -> Outcome:
    """Record rows of people."""
    rows = [
        import_contacts.ContactRow(
            customer_code=row.text("customer_code"),
            name=row.text("contact_name"),
            role=row.text("role") or None,
            phone=row.text("phone") or None,
            email=row.text("email") or None,
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_contacts.import_contacts(rows=rows, company=batch.company, actor=batch.actor)
    )


def statements(batch: Batch) -> Outcome:
    """Record rows of financial statements."""
    rows = [
        import_statements.StatementRow(
            customer_code=row.text("customer_code"),
            period_end=import_batch.day_of(row, "period_end"),
            items={
                name: import_batch.amount_of(row, name)
                for name in STATEMENT_ITEMS
                if row.amount(name) is not None
            },
            currency=row.text("currency"),
            basis=row.text("basis"),
            source=batch.source,
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_statements.import_statements(rows=rows, company=batch.company, actor=batch.actor)
    )


def facts(batch: Batch) -> Outcome:
    """Record rows of facts."""
    rows = [
        record_facts.FactRow(
            customer_code=row.text("customer_code"),
            fact=row.text("fact"),
            value=row.text("value"),
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
            source=row.text("source") or _UNSAID_SOURCE,
            evidence=row.text("evidence"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        record_facts.record_facts(rows=rows, company=batch.company, actor=batch.actor)
    )


def limits(batch: Batch) -> Outcome:
    """Record rows of opening credit lines."""
    rows = [
        import_limits.LimitRow(
            customer_code=row.text("customer_code"),
            limit=row.text("limit"),
            currency=row.text("currency") or None,
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
            days=row.count("days"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_limits.import_limits(rows=rows, company=batch.company, actor=batch.actor)
    )
