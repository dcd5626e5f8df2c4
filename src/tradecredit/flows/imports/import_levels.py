"""Rows of groups with their limits and members, and of exchange rates, handed to their flows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.flows.imports import import_batch, import_groups, import_rates

if TYPE_CHECKING:
    from tradecredit.flows.imports.import_batch import Batch, Outcome


def groups(batch: Batch) -> Outcome:
    """Record rows of groups."""
    rows = [
        import_groups.GroupRow(
            code=row.text("group_code"),
            name=row.text("group_name"),
            kind=row.text("group_kind").lower() or "group",
            value=row.text("counts"),
            customer_code=row.text("customer_code"),
            limit=row.text("limit"),
            currency=row.text("currency"),
            parent_code=row.text("parent_group"),
            strength=row.text("strength").lower() or "joint",
            scope=row.text("scope").lower(),
            valid_from=row.day("valid_from"),
            valid_to=row.day("valid_to"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_groups.import_groups(rows=rows, company=batch.company, actor=batch.actor)
    )


def rates(batch: Batch) -> Outcome:
    """Record rows of exchange rates."""
    rows = [
        import_rates.RateRow(
            source=row.text("from_currency"),
            target=row.text("to_currency"),
            rate=import_batch.amount_of(row, "rate"),
            valid_from=row.day("valid_from"),
            origin=row.text("source"),
            row=row.row,
        )
        for row in batch.rows
    ]
    return import_batch.outcome_of(
        import_rates.import_rates(rows=rows, company=batch.company, actor=batch.actor)
    )
