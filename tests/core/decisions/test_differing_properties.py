from __future__ import annotations

import dataclasses
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from factories.any_facts import POLICIES, facts_strategy
from factories.any_policies import pairs
from factories.credit_facts import credit_facts
from tradecredit.core.decisions import comparing, differing, evaluate, portions, quick
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.portions import Portions, Standing
from tradecredit.core.decisions.remembered import Memory
from tradecredit.core.exposure import components
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome

SOUND = POLICIES["five-pillars"]
amounts = st.one_of(
    st.integers(1, 10**8).map(lambda units: Decimal(units).scaleb(-2)),
    st.sampled_from(["0.01", "499.99", "500.00", "500.01", "300000.00", "3000000.00", "3000000.01"]).map(
        Decimal
    ),
)


def changed_rule(code, **figures):
    rules = tuple(dataclasses.replace(rule, **figures) if rule.code == code else rule for rule in SOUND.rules)
    return dataclasses.replace(SOUND, rules=rules)


def ordered(facts, amount):
    asked = dataclasses.replace(
        facts.request, control_point=ControlPoint.ORDER, amount=Money(amount, "CNY"), prepaid=None
    )
    return dataclasses.replace(facts, request=asked, own=components.none_in("CNY"))


class TestDifference:
    def test_a_policy_and_itself_differ_in_nothing(self):
        assert differing.difference(SOUND, SOUND).is_none

    def test_a_changed_figure_leaves_every_other_rule_common(self):
        code = next(rule.code for rule in SOUND.rules if rule.check == "overdue_days")
        found = differing.difference(SOUND, changed_rule(code, days=99))
        assert [rule.code for rule in found.before.rules] == [code]
        assert [rule.days for rule in found.after.rules] == [99]
        assert len(found.common.rules) == len(SOUND.rules) - 1

    def test_another_measure_of_exposure_leaves_no_rule_common(self):
        measure = dataclasses.replace(SOUND.measure, counts_ordered=not SOUND.measure.counts_ordered)
        found = differing.difference(SOUND, dataclasses.replace(SOUND, measure=measure))
        assert found.common.rules == ()
        assert found.after.rules == SOUND.rules

    def test_what_no_outcome_rests_on_is_no_difference(self):
        assert differing.difference(SOUND, dataclasses.replace(SOUND, reservation_days=3)).is_none


class TestCompare:
    @settings(max_examples=400)
    @given(facts=facts_strategy, policies=pairs())
    def test_agrees_with_trying_all_rules_of_both(self, facts, policies):
        before, after = policies
        whole = comparing.compare(facts, before=before, after=after)
        found = differing.compare(facts, differing.difference(before, after))
        if whole.before is whole.after:
            assert found is None
        else:
            assert found is not None
            assert (found.before, found.after) == (whole.before, whole.after)
            assert set(found.newly_against) == set(whole.newly_against)
            assert set(found.no_longer_against) == set(whole.no_longer_against)

    @given(facts=facts_strategy)
    def test_a_policy_tried_against_itself_changes_nothing(self, facts):
        assert differing.compare(facts, differing.difference(SOUND, SOUND)) is None


class TestPortion:
    @settings(max_examples=250)
    @given(facts=facts_strategy, amount=amounts, policies=pairs())
    def test_says_of_an_order_what_the_ordinary_functions_say(self, facts, amount, policies):
        order = ordered(facts, amount)
        found = differing.difference(*policies)
        for policy in (found.common, found.before, found.after):
            prepared = Portions(policy).of(Standing(ordered(facts, Decimal(1))))
            if prepared is None:
                assert not quick.is_plain(order)
                continue
            fast = prepared.said(quick.units(amount), portions.stages_of(order))
            ordinary = differing.said(order, policy)
            assert (fast.worst, set(fast.stopping)) == (ordinary.worst, set(ordinary.stopping))

    def test_what_looks_at_no_amount_is_settled_for_the_standing(self):
        code = next(rule.code for rule in SOUND.rules if rule.check == "overdue_days")
        found = differing.difference(SOUND, changed_rule(code, days=99))
        prepared = Portions(found.after).of(Standing(ordered(credit_facts(), Decimal(1))))
        assert prepared.settled is not None

    def test_what_looks_at_the_room_is_not(self):
        code = next(rule.code for rule in SOUND.rules if rule.check == "headroom")
        found = differing.difference(SOUND, changed_rule(code, on_fail=Outcome.REJECT))
        prepared = Portions(found.after).of(Standing(ordered(credit_facts(), Decimal(1))))
        assert prepared.settled is None


class TestPortions:
    @settings(max_examples=12)
    @given(
        some=st.lists(st.tuples(facts_strategy, amounts), min_size=2, max_size=8),
        policies=pairs(),
    )
    def test_finds_again_what_was_prepared_for_facts_alike(self, some, policies):
        for policy in policies:
            remembering = Portions(policy)
            for facts, amount in [*some, *some]:
                order = ordered(facts, amount)
                known, anew = remembering.of(Standing(order)), Portions(policy).of(Standing(order))
                assert (known is None) == (anew is None)
                if known is not None:
                    stages = portions.stages_of(order)
                    assert known.said(quick.units(amount), stages) == anew.said(quick.units(amount), stages)

    def test_prepares_once_for_customers_that_differ_in_their_names_alone(self, monkeypatch):
        remembering, prepared = Portions(SOUND), []
        evaluated = evaluate.results_of
        monkeypatch.setattr(evaluate, "results_of", lambda *given: prepared.append(1) or evaluated(*given))
        for name in ("甲", "乙", "丙"):
            facts = ordered(credit_facts(), Decimal(1))
            customer = dataclasses.replace(facts.customer, name=name)
            remembering.of(Standing(dataclasses.replace(facts, customer=customer)))
        assert len(prepared) == 2, "once for small documents and once for the others"


class TestMemory:
    @settings(max_examples=60)
    @given(some=st.lists(facts_strategy, min_size=2, max_size=8), policies=pairs())
    def test_finds_again_what_the_rules_say_of_any_facts(self, some, policies):
        for policy in policies:
            memory = Memory(policy)
            for facts in [*some, *some]:
                room = evaluate.headroom_of(facts, policy)
                assert memory.results(facts, lambda room=room: room) == evaluate.results_of(
                    facts, policy, room
                )

    def test_what_a_rule_does_not_look_at_makes_no_difference(self):
        code = next(rule.code for rule in SOUND.rules if rule.check == "overdue_days")
        policy = dataclasses.replace(SOUND, rules=tuple(one for one in SOUND.rules if one.code == code))
        memory, tried = Memory(policy), []
        for name in ("甲", "乙", "丙"):
            facts = credit_facts()
            facts = dataclasses.replace(facts, customer=dataclasses.replace(facts.customer, name=name))
            memory.results(facts, lambda facts=facts: tried.append(1) or evaluate.headroom_of(facts, policy))
        assert tried == [], "a rule about days asks for no room"
