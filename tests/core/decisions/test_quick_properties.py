from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from factories.any_facts import AUTHORITY, POLICIES, facts_strategy
from factories.credit_facts import credit_facts, request
from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, quick
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.exposure import components
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money

amounts = st.one_of(
    st.integers(1, 10**8).map(lambda units: Decimal(units).scaleb(-2)),
    # Around the lines of the policies: the small document, the maximum, the shares.
    st.sampled_from(["0.01", "0.02", "499.99", "500.00", "500.01", "3000000.00", "3000000.01"]).map(Decimal),
)


def asked_about(facts, amount, *, terms_days=None):
    asked = dataclasses.replace(
        facts.request,
        control_point=ControlPoint.ORDER,
        amount=Money(amount, "CNY"),
        prepaid=None,
        terms_days=terms_days,
    )
    return dataclasses.replace(facts, request=asked, own=components.none_in("CNY"))


def balances_of(facts):
    return quick.Balances(*(quick.units(getattr(facts.exposure, name).amount) for name in compact.BALANCES))


def compared(facts, pack, *, prepared_from=None):
    """Return what the quick and the ordinary verdict say about the same facts, in the same words."""
    policy = POLICIES[pack]
    full = routing.decide(facts=facts, policy=policy, authority=AUTHORITY)
    prepared = quick.prepare(prepared_from or facts, policy)
    if prepared is None:
        return None
    fast = prepared.decide(quick.units(facts.request.amount.amount), balances_of(facts))
    return (
        (fast.outcome, [policy.rules[place].code for place in sorted(fast.failed)], fast.before, fast.after),
        (
            full.outcome,
            [one.code for one in full.results if not one.passed],
            _units(full.headroom.available),
            _units(full.headroom_after),
        ),
    )


def _units(limit):
    return quick.units(limit.money.amount) if isinstance(limit, Amount) else None


class TestPreparedDecide:
    @settings(deadline=None)
    @given(
        facts=facts_strategy,
        pack=st.sampled_from(sorted(POLICIES)),
        amount=amounts,
        days=st.none() | st.integers(0, 200),
    )
    def test_agrees_with_the_ordinary_evaluation(self, facts, pack, amount, days):
        found = compared(asked_about(facts, amount, terms_days=days), pack)

        assert found is None or found[0] == found[1]

    @settings(deadline=None)
    @given(facts=facts_strategy, pack=st.sampled_from(sorted(POLICIES)), amount=amounts, other=amounts)
    def test_does_not_depend_on_the_order_it_was_prepared_with(self, facts, pack, amount, other):
        asked = asked_about(facts, amount)
        another = asked_about(
            dataclasses.replace(
                facts,
                exposure=dataclasses.replace(components.none_in("CNY"), disputed=facts.exposure.disputed),
            ),
            other,
        )

        found = compared(asked, pack, prepared_from=another)

        assert found is None or found[0] == found[1]

    @settings(deadline=None)
    @given(facts=facts_strategy, pack=st.sampled_from(sorted(POLICIES)), amount=amounts)
    def test_binds_the_books_to_the_line_that_the_verdict_drew(self, facts, pack, amount):
        asked = asked_about(facts, amount)
        prepared = quick.prepare(asked, POLICIES[pack])
        fast = None if prepared is None else prepared.decide(quick.units(amount), balances_of(asked))

        if fast is not None and fast.ceiling is not None:
            assert balances_of(asked).total + quick.units(amount) <= fast.ceiling

    def test_a_verdict_that_ignores_the_exposure_is_found_out(self):
        facts = credit_facts()
        prepared = quick.prepare(facts, POLICIES["five-pillars"])

        blind = prepared.decide(quick.units(facts.request.amount.amount), quick.Balances(0, 0, 0, 0, 0, 0))
        full = routing.decide(facts=facts, policy=POLICIES["five-pillars"], authority=AUTHORITY)

        assert blind.outcome != full.outcome

    def test_says_nothing_about_an_order_of_nothing(self):
        prepared = quick.prepare(credit_facts(), POLICIES["five-pillars"])

        assert prepared.decide(0, quick.Balances(0, 0, 0, 0, 0, 0)) is None


class TestPrepare:
    @pytest.mark.parametrize("pack", sorted(POLICIES))
    def test_knows_every_check_of_the_packs_that_ship(self, pack):
        assert quick.prepare(credit_facts(), POLICIES[pack]) is not None

    @pytest.mark.parametrize(
        "fields",
        [
            {"request": request(control_point=ControlPoint.DELIVERY)},
            {"request": request(prepaid=Money.of("1.00", "CNY"))},
            {"own": components.of({"ordered": "5.00"}, "CNY")},
            {"unknowns": frozenset({"exposure"})},
        ],
    )
    def test_leaves_what_is_not_plain_to_the_ordinary_evaluation(self, fields):
        assert quick.prepare(credit_facts(**fields), POLICIES["five-pillars"]) is None

    def test_leaves_a_check_that_it_does_not_know_to_the_ordinary_evaluation(self, monkeypatch):
        monkeypatch.setattr(quick, "CONSTANT", quick.CONSTANT - {"high_risk"})

        assert quick.prepare(credit_facts(), POLICIES["five-pillars"]) is None


class TestUnits:
    def test_counts_in_ten_thousandths(self):
        assert quick.units(Decimal("120000.00")) == 1_200_000_000

    def test_refuses_what_is_finer_than_the_books_keep(self):
        with pytest.raises(ValueError, match="finer than the books keep"):
            quick.units(Decimal("0.00001"))
