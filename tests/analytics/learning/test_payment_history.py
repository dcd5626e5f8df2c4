"""Strictly past: nothing of an invoice's own fate, and nothing that had not happened by its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np

from tradecredit.analytics.learning import payment_history
from tradecredit.analytics.learning.payment_history import InvoiceRow


def row(reference: str, issued: int, settled: int | None, **more) -> InvoiceRow:
    return InvoiceRow(
        reference=reference,
        customer=more.pop("customer", "K"),
        group="",
        amount=100,
        issued_on=date(2026, 1, issued),
        due_on=date(2026, 1, issued + 5),
        settled_on=None if settled is None else date(2026, 1, settled),
        **more,
    )


def of(rows: list[InvoiceRow], reference: str) -> dict[str, float]:
    place = [each.reference for each in rows].index(reference)
    return dict(zip(payment_history.names(rows), payment_history.features(rows)[place], strict=True))


class TestFeatures:
    def test_sees_what_was_settled_before_its_day(self):
        rows = [row("first", 1, 8), row("second", 9, 20)]

        assert of(rows, "second")["mean_days_late"] == 2
        assert of(rows, "second")["settled_count"] == 1

    def test_does_not_see_what_is_settled_on_its_day(self):
        rows = [row("first", 1, 9), row("second", 9, 20)]

        assert of(rows, "second")["settled_count"] == 0
        assert of(rows, "second")["open_count"] == 1

    def test_its_own_fate_changes_nothing(self):
        rows = [row("first", 1, 8), row("second", 9, 20)]
        other = [rows[0], replace(rows[1], settled_on=date(2026, 1, 31))]

        assert np.array_equal(
            payment_history.features(rows)[1], payment_history.features(other)[1], equal_nan=True
        )

    def test_the_order_of_the_rows_changes_nothing(self):
        rows = [row("first", 1, 8), row("second", 9, 20), row("third", 12, None)]

        there = payment_history.features(rows[::-1])

        assert np.array_equal(payment_history.features(rows), there[::-1], equal_nan=True)

    def test_what_happened_is_a_flag_with_its_own_history(self):
        rows = [
            row("first", 1, 8, happened={"paperless": False}),
            row("second", 9, 11, happened={"paperless": True}),
            row("third", 20, 28, happened={"paperless": True}),
        ]

        assert of(rows, "third")["paperless"] == 1
        assert of(rows, "third")["paperless_days_late"] == -3
