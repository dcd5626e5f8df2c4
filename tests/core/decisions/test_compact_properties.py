from __future__ import annotations

import dataclasses
import json
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from factories.any_facts import facts_strategy
from tradecredit.core.decisions import compact, quick, recording
from tradecredit.core.exposure import components
from tradecredit.core.kernel import canonical, money
from tradecredit.core.kernel.money import Money


def shared(facts):
    return dataclasses.replace(
        facts,
        request=dataclasses.replace(facts.request, prepaid=None),
        own=components.none_in("CNY"),
    )


class TestFactsDocument:
    @settings(deadline=None)
    @given(facts=facts_strategy.map(shared))
    def test_a_standing_and_the_figures_make_the_facts_again(self, facts):
        recorded = json.loads(canonical.dumps(compact.standing_of(facts)))
        figures = compact.Figures(
            reference=facts.request.reference,
            amount=facts.request.amount.amount,
            terms_days=facts.request.terms_days,
            balances={name: getattr(facts.exposure, name).amount for name in compact.BALANCES},
        )

        again = compact.facts_document(recorded, figures)

        assert again == json.loads(canonical.dumps(recording.to_dict(facts)))
        assert recording.from_dict(again) == facts

    @settings(deadline=None)
    @given(facts=facts_strategy.map(shared), amount=st.integers(0, 10**9))
    def test_orders_and_balances_leave_the_standing_as_it_is(self, facts, amount):
        request = dataclasses.replace(
            facts.request, reference="another", amount=Money(Decimal(amount), "CNY"), terms_days=3
        )
        moved = dataclasses.replace(facts.exposure, ordered=Money(Decimal(amount), "CNY"))
        other = dataclasses.replace(facts, request=request, exposure=moved)

        assert compact.standing_of(other) == compact.standing_of(facts)


class TestText:
    @settings(deadline=None)
    @given(counted=st.integers(-(10**20), 10**20), currency=st.sampled_from(["CNY", "JPY", "KWD"]))
    def test_writes_amounts_as_money_does(self, counted, currency):
        text = quick.text(counted, digits=money.minor_digits(currency))

        assert text == Money(quick.amount(counted), currency).text()
