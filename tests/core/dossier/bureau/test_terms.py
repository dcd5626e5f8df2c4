from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tradecredit.core.dossier.bureau import terms
from tradecredit.core.dossier.bureau.answers import Act
from tradecredit.core.dossier.bureau.terms import Spent, Terms
from tradecredit.core.kernel.refusal import PolicyError

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TERMS = Terms(
    provider="tianyancha",
    rank=0,
    kinds={"registry": 90, "dishonest": 7, "credit_report": 30},
    cost_a_call=Decimal("0.2"),
    calls_a_day_max=10,
    budget_a_month=Decimal(100),
    attempts=3,
    failures_max=2,
    pause_minutes=15,
)
FRESH = Spent(calls_today=0, cost_this_month=Decimal(0))


def planned(*, spent=FRESH, reported=None, agreed=frozenset({"credit"}), **more):
    return terms.plan(terms=TERMS, spent=spent, reported=reported or {}, agreed=agreed, now=NOW, **more)


class TestPlan:
    def test_asks_for_what_is_missing_or_old(self):
        reported = {"registry": NOW - timedelta(days=89), "dishonest": NOW - timedelta(days=7)}

        found = planned(reported=reported)

        assert found.ask == ("dishonest", "credit_report")
        assert "2025-12-03" in found.left_out["registry"].en

    def test_asks_again_when_forced(self):
        assert planned(reported={"registry": NOW}, wanted=["registry"], is_forced=True).ask == ("registry",)

    def test_never_without_consent(self):
        found = planned(agreed=frozenset(), wanted=["credit_report"], is_forced=True)

        assert found.ask == ()
        assert "consent" in found.left_out["credit_report"].en

    def test_never_past_the_quota_of_the_day(self):
        found = planned(spent=Spent(calls_today=8, cost_this_month=Decimal(0)))

        assert found.ask == ("registry", "dishonest")

    def test_never_past_the_budget_to_the_cent(self):
        fits = planned(spent=Spent(calls_today=0, cost_this_month=Decimal("99.60")))
        over = planned(spent=Spent(calls_today=0, cost_this_month=Decimal("99.61")))

        assert len(fits.ask) == 2
        assert len(over.ask) == 1

    def test_leaves_a_provider_alone_that_failed_again_and_again(self):
        latest = [(NOW - timedelta(minutes=5), Act.TIMEOUT), (NOW - timedelta(minutes=6), Act.GARBAGE)]

        resting = planned(spent=Spent(calls_today=2, cost_this_month=Decimal(0), latest=latest))
        rested = terms.plan(
            terms=TERMS,
            spent=Spent(calls_today=2, cost_this_month=Decimal(0), latest=latest),
            reported={},
            agreed=frozenset(),
            now=NOW + timedelta(minutes=10),
        )

        assert resting.ask == ()
        assert "09:10" in resting.left_out["registry"].en
        assert rested.ask == ("registry", "dishonest")

    def test_one_answer_closes_the_circuit(self):
        latest = [(NOW, Act.DONE), (NOW, Act.TIMEOUT), (NOW, Act.TIMEOUT)]

        assert planned(spent=Spent(calls_today=0, cost_this_month=Decimal(0), latest=latest)).ask


class TestParse:
    def test_names_the_place_of_an_unknown_kind(self):
        row = {"provider": "x", "kinds": {"gossip": "7"}}

        with pytest.raises(PolicyError) as refused:
            terms.parse({"bureaus": [row]})

        assert refused.value.path == "dossier.bureaus[0].kinds.gossip"
