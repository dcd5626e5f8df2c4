"""Every receivables example of the shared collection, to the last digit that it gives."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from core.receivables.books import cny
from tradecredit.core.receivables import dso, provision
from tradecredit.core.receivables.dso import MonthOfSales

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.realdata


@pytest.fixture
def example(shared_data: Path):
    found = json.loads(
        (shared_data / "worked_examples" / "worked_examples.json").read_text(encoding="utf-8"),
        parse_float=Decimal,
    )
    by_id = {entry["id"]: entry for entry in found}
    return by_id.__getitem__


def given(entry: dict[str, Any], *names: str) -> list[Any]:
    return [cny(str(entry["inputs"][name])) for name in names]


def agrees(found: Decimal | None, entry: dict[str, Any]) -> None:
    assert found is not None
    for key in ("expected", "expected_rounded"):
        if key in entry:
            written = Decimal(entry[key])
            places = -written.as_tuple().exponent
            assert dso.rounded(found, places=places) == written


class TestExamples:
    @pytest.mark.parametrize("key", ["dso_simple_criskco", "dso_simple_mesha"])
    def test_simple_dso(self, example, key) -> None:
        entry = example(key)
        total, sales = given(entry, "ar", "credit_sales")

        agrees(dso.simple(open_total=total, credit_sales=sales, days=entry["inputs"]["days"]), entry)

    def test_best_possible_dso(self, example) -> None:
        entry = example("best_possible_dso_criskco")
        current, sales = given(entry, "current_ar", "credit_sales")

        agrees(
            dso.best_possible(open_not_due=current, credit_sales=sales, days=entry["inputs"]["days"]), entry
        )

    def test_average_days_delinquent(self, example) -> None:
        entry = example("add_criskco")
        found = dso.average_days_delinquent(
            dso=entry["inputs"]["dso"], best_possible_dso=entry["inputs"]["bpdso"]
        )

        agrees(found, entry)

    def test_count_back_dso(self, example) -> None:
        entry = example("countback_dso_benjipays")
        months = [
            MonthOfSales(sales=cny(str(sales)), days=days)
            for sales, days in entry["inputs"]["months_newest_first"]
        ]

        agrees(dso.count_back(open_total=given(entry, "ar")[0], newest_first=months), entry)

    def test_collection_effectiveness(self, example) -> None:
        entry = example("cei_gaviti")
        begin, sales, total, current = given(entry, "begin", "credit_sales", "ending_total", "ending_current")
        found = dso.collection_effectiveness_index(
            open_begin=begin, credit_sales=sales, open_end=total, open_end_not_due=current
        )

        agrees(found, entry)

    @pytest.mark.parametrize("key", ["ifrs9_example12", "provision_matrix_faqifrs"])
    def test_provision_matrix(self, example, key) -> None:
        entry = example(key)
        inputs = entry["inputs"]
        names = [str(at) for at in range(len(inputs["gross"]))]
        weighed = provision.matrix(
            balances=dict(zip(names, (cny(str(gross)) for gross in inputs["gross"]), strict=True)),
            rates=dict(zip(names, inputs["rate"], strict=True)),
        )

        assert [one.allowance.amount for one in weighed] == [
            Decimal(amount) for amount in entry["expected"]["by_bucket"]
        ]
        if "total_allowance" in entry["expected"]:
            assert provision.total(weighed, currency="CNY") == cny(str(entry["expected"]["total_allowance"]))
