"""A smaller generated cash desk: what is booked by itself is nearly always right, and the probabilities are honest."""

from decimal import Decimal

import pytest

from tradecredit.analytics.receivables import policies
from tradecredit.core.cash_application.matcher.odds import Odds
from tradecredit.flows.cash import match_odds
from tradecredit.flows.rehearsal import cash_desk, try_cash_desk


@pytest.fixture(scope="module")
def done():
    policy = policies.default().matcher
    desk = cash_desk.build(seed=3, customers=160, items=4000, payments=1000)
    return try_cash_desk.work(desk, chances=match_odds.of_nobody(policy=policy), policy=policy)


class TestBuild:
    def test_follows_from_its_seed(self):
        again = [cash_desk.build(seed=3, customers=20, items=200, payments=40) for _ in range(2)]
        other = cash_desk.build(seed=4, customers=20, items=200, payments=40)

        assert again[0] == again[1]
        assert again[0] != other

    def test_no_invoice_is_paid_twice_but_by_a_payment_made_twice(self):
        desk = cash_desk.build(seed=5, customers=40, items=800, payments=300)
        paid = [item for told in desk.payments for item in told.truth]

        assert len(paid) == len(set(paid))
        assert any(told.noise[2] == "paid twice" for told in desk.payments)

    def test_every_noise_occurs(self, done):
        found = {noise for one in done for noise in one.told.noise}

        assert found >= set(cash_desk.PAYERS) | set(cash_desk.REFERENCES) | set(cash_desk.AMOUNTS)


class TestReport:
    def test_books_nine_of_ten_and_hardly_one_wrongly(self, done):
        report = try_cash_desk.report(done)

        assert Decimal(report["auto_posted"]) >= Decimal("0.90")
        assert Decimal(report["precision"]) >= Decimal("0.995")
        assert Decimal(report["wrong_rate"]) <= Decimal("0.005")

    def test_probabilities_come_true(self, done):
        assert Decimal(try_cash_desk.calibration_error(done)) <= Decimal("0.02")

    def test_shares_by_evidence_and_by_noise_add_up(self, done):
        report = try_cash_desk.report(done)

        booked = sum(kind["booked"] for kind in report["by_evidence"].values())
        assert booked == sum(one.match.is_sure for one in done)
        assert sum(one["payments"] for one in report["by_noise"].values()) == 3 * len(done)

    def test_without_any_experience_nothing_is_booked(self):
        policy = policies.default().matcher
        desk = cash_desk.build(seed=3, customers=20, items=200, payments=40)

        done = try_cash_desk.work(desk, chances=Odds(prior={}, own={}, prior_weight=0), policy=policy)

        assert try_cash_desk.report(done)["auto_posted"] == "0.0000"


class TestLearned:
    def test_counts_what_was_shown_and_right(self):
        policy = policies.default().matcher
        desk = cash_desk.build(seed=6, customers=40, items=400, payments=100)

        tallies = try_cash_desk.learned([desk], policy=policy)

        exact = tallies["account/invoice/exact/only"]
        assert 20 < exact.right <= exact.shown
        assert all(0 <= tally.right <= tally.shown for tally in tallies.values())
