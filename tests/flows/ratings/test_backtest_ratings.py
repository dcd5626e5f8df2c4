"""A company's ratings against what became of its customers; the quarter's review writes itself."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from factories import customers, policies, receivables
from tradecredit.analytics.scoring import characteristics, outcomes
from tradecredit.apps.scoring import models_kept
from tradecredit.apps.scoring.models import Rating
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.ratings import backtest_ratings, learned_models, simulate_model
from tradecredit.flows.ratings.simulate_model import UnableToSimulateModelError
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
RATED, END = date(2026, 1, 5), date(2026, 7, 4)


@pytest.fixture
def house(company):
    policies.published(company, valid_from=date(2025, 1, 1))
    return company


def rated(company, code: str, grade: str, score: str, *, on: date = RATED, of=None, result="{}"):
    customer = of or customers.customer(company, code=code)
    with db.unit_of_work(SYSTEM):
        Rating.objects.create(
            company=company, customer=customer, as_of=on, model_name="m", policy_version_id=customer.pk,
            score=Decimal(score), completeness=100, suggested_grade=grade, grade=grade, result=result, inputs="{}",
            cause="test", recorded_by="test",
            recorded_at=datetime(on.year, on.month, on.day, 9, tzinfo=ZoneInfo("UTC")),
        )  # fmt: skip
    return customer


def owes(company, code: str, *, due: date, paid: date | None = None, number: str = ""):
    number = number or f"INV-{code}"
    receivables.invoices(
        company,
        receivables.invoice_row(
            number, "1000.00", customer_code=code, invoice_date=date(2025, 12, 1), due_date=due
        ),
    )
    if paid is not None:
        receivables.payments(
            company,
            receivables.payment_row(
                f"P-{number}", "1000.00", customer_code=code, payment_date=paid, invoice_number=number
            ),
        )


def fates(company, **more):
    with scope.entered(SYSTEM):
        found = outcomes.rated_customers(
            company_id=company.pk, rated_on=RATED, horizon_days=180, bad_days=30, trifle=Decimal(100)
        )
    return {each.code: each for each in found}


class TestRatedCustomers:
    def test_who_is_31_days_late_went_bad_and_who_is_30_did_not(self, house):
        rated(house, "LATE", "B", "70")
        rated(house, "EDGE", "B", "71")
        owes(house, "LATE", due=date(2026, 2, 1))
        owes(house, "EDGE", due=date(2026, 2, 1), paid=date(2026, 3, 3))

        found = fates(house)

        assert found["LATE"].bad_on == date(2026, 3, 3)
        assert found["EDGE"].bad_on is None
        assert found["EDGE"].counts

    def test_who_was_bad_already_or_owed_nothing_does_not_count(self, house):
        rated(house, "WAS", "C", "50")
        rated(house, "IDLE", "A", "90")
        owes(house, "WAS", due=date(2025, 12, 2))

        found = fates(house)

        assert found["WAS"].was_bad
        assert not found["WAS"].counts
        assert not found["IDLE"].counts

    def test_a_rating_recorded_later_was_not_known(self, house):
        rated(house, "LATER", "A", "90", on=date(2026, 1, 20))

        assert fates(house) == {}


class TestBacktestRatings:
    def test_says_too_few_of_two_customers(self, house):
        rated(house, "GOOD", "A", "90")
        rated(house, "BAD", "C", "50")
        owes(house, "GOOD", due=date(2026, 2, 1), paid=date(2026, 2, 1))
        owes(house, "BAD", due=date(2026, 2, 1))

        found = backtest_ratings.backtest_ratings(company=house, actor=SYSTEM, as_of=END)

        assert (found["rated_on"], found["customers"], found["bads"]) == ("2026-01-05", 2, 1)
        assert found["auc"]["value"] == "1.0000"
        assert not found["is_enough"]
        assert found["findings"] == []


class TestWriteQuarter:
    def test_writes_the_quarter_once_when_it_has_ended(self, house):
        def close(since, day):
            return backtest_ratings.write_quarter(company=house, actor=SYSTEM, since=since, as_of=day)

        assert close(date(2026, 6, 28), date(2026, 6, 30)) is None
        assert close(date(2026, 6, 30), date(2026, 7, 1)).quarter == "2026Q2"
        assert close(date(2026, 6, 30), date(2026, 7, 1)) is None
        assert close(date(2026, 7, 1), date(2026, 7, 2)) is None

    def test_findings_open_one_proposal(self, house):
        with db.unit_of_work(SYSTEM):
            stored = models_kept.record_backtest(
                company_id=house.pk, as_of=END, quarter="2026Q2", findings=1, recorded_by="test",
                document={"findings": [{"kind": "order", "words": {"zh": "乱序", "en": "Out of order"}}]},
            )  # fmt: skip
            backtest_ratings._propose(house, stored)
            backtest_ratings._propose(house, stored)

        with scope.entered(SYSTEM):
            (task,) = Task.objects.filter(kind="model_change")
        assert task.role == "risk_director"
        assert task.text_en == "The backtest found 1: propose a change of the model. Out of order"


class TestSimulateModel:
    def test_the_same_model_moves_nobody(self, house):
        customers.customer(house, code="K1")
        section = policy_packs.load_pack("five-pillars")["scorecard"]

        found = simulate_model.simulate_model(company=house, document={"scorecard": section}, actor=SYSTEM)

        assert (found["customers"], found["moved"]) == (1, 0)

    def test_names_the_place_of_a_mistake(self, house):
        with pytest.raises(UnableToSimulateModelError, match="dimensions"):
            simulate_model.simulate_model(
                company=house, document={"scorecard": {"name": "x", "missing": "keep"}}, actor=SYSTEM
            )


class TestLearnedModels:
    def test_a_new_champion_turns_the_old_one_into_a_challenger(self, house):
        for name in ("first", "second"):
            document = {"name": name, "kind": "scorecard", "training": {"data_digest": "d"}, "figures": {}}
            learned_models.keep_model(
                company=house, document=document, trained_on=clock.today(house), actor=SYSTEM
            )

        for name in ("first", "second"):
            learned_models.promote_model(
                company=house, name=name, number=None, standing="champion", reason="better", actor=SYSTEM
            )

        found = learned_models.list_models(company=house, actor=SYSTEM)
        assert {each.name: each.standing for each in found} == {"first": "challenger", "second": "champion"}


class TestDrifts:
    def test_an_indicator_whose_points_move_tells_its_csi(self, house):
        label = {"zh": "负债率", "en": "Debt"}
        for number in range(10):
            customer = customers.customer(house, code=f"C{number}")
            for on, high in ((RATED, 7), (END, 5)):
                points = "100" if number < high else "0"
                part = {"indicator": "debt_ratio", "label": label, "points": points}
                rated(
                    house, customer.code, "B", "70", on=on, of=customer, result=json.dumps({"parts": [part]})
                )

        with scope.entered(SYSTEM):
            found = characteristics.drifts(company_id=house.pk, before=RATED, after=END)

        assert [(each.name, round(each.index, 6)) for each in found] == [("debt_ratio", Decimal("0.169460"))]
