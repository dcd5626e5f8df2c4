"""Whatever hangs on a customer goes with the demo: no table may be forgotten."""

from __future__ import annotations

from pathlib import Path

from django.apps import apps
from django.db import models

SQL = Path(__file__).resolve().parents[2] / "src/tradecredit/flows/simulation/sql/erase_demo.sql"


class TestEraseDemo:
    def test_names_every_table_that_hangs_on_a_customer(self):
        text = SQL.read_text(encoding="utf-8")
        tables = [
            model._meta.db_table
            for model in apps.get_models()
            if any(
                isinstance(field, models.ForeignKey) and field.related_model._meta.label == "dossier.Customer"
                for field in model._meta.fields
            )
        ]

        forgotten = [table for table in tables if f"DELETE FROM {table} " not in text]

        assert len(tables) > 15
        assert forgotten == []
