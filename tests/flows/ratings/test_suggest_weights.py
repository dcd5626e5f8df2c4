"""Weights from what became of customers: of each model by whom it rated, put into a draft by a person."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from factories import customers, policies, receivables
from tradecredit.apps.scoring.models import Rating
from tradecredit.flows.ratings import suggest_weights
from tradecredit.flows.ratings.suggest_weights import UnableToSuggestWeightsError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
RATED, END = date(2026, 1, 5), date(2026, 7, 4)
COUNT = 120


@pytest.fixture
def house(company):
    """Half of them go bad, and only the debt ratio knew; the last ten were rated by a model of their own."""
    policies.published(company, valid_from=date(2025, 1, 1))
    rows = []
    for number in range(COUNT):
        is_bad, code = number % 2 == 1, f"C{number:03}"
        customer = customers.customer(company, code, f"示例{number}有限公司")
        points = {"debt_ratio": "20" if is_bad else "100", "roe": str(20 + number * 37 % 80)}
        parts = [{"indicator": name, "points": each, "weight": "50"} for name, each in points.items()]
        with db.unit_of_work(SYSTEM):
            Rating.objects.create(
                company=company, customer=customer, as_of=RATED, policy_version_id=customer.pk, score=Decimal(70),
                model_name="five-pillars" if number < COUNT - 10 else "merchants", completeness=100,
                suggested_grade="B", grade="B", result=json.dumps({"parts": parts}), inputs="{}", cause="test",
                recorded_by="test", recorded_at=datetime(2026, 1, 5, 9, tzinfo=ZoneInfo("UTC")),
            )  # fmt: skip
        rows.append((code, is_bad))
    invoices = [
        receivables.invoice_row(
            f"INV-{code}",
            "1000.00",
            customer_code=code,
            invoice_date=date(2025, 12, 1),
            due_date=date(2026, 2, 1),
        )
        for code, _ in rows
    ]
    receivables.invoices(company, *invoices)
    paid = [
        receivables.payment_row(
            f"P-{code}",
            "1000.00",
            customer_code=code,
            payment_date=date(2026, 2, 1),
            invoice_number=f"INV-{code}",
        )
        for code, is_bad in rows
        if not is_bad
    ]
    receivables.payments(company, *paid)
    return company


def suggested(house, **asked):
    return suggest_weights.suggest_weights(company=house, actor=SYSTEM, as_of=END, **asked)


class TestSuggestWeights:
    def test_the_indicator_that_knew_gets_the_weight_and_all_sum_to_the_whole(self, house):
        found = suggested(house)

        weights = {one["indicator"]: Decimal(one["suggested"]) for one in found["weights"]}
        assert (found["model"], found["customers"], found["bads"]) == (
            "five-pillars",
            COUNT - 10,
            COUNT // 2 - 5,
        )
        assert weights["debt_ratio"] >= 70
        assert sum(weights.values()) == 100

    def test_a_model_that_rated_few_says_so(self, house):
        with pytest.raises(UnableToSuggestWeightsError) as refused:
            suggested(house, model="merchants")
        assert "10" in refused.value.words.en
