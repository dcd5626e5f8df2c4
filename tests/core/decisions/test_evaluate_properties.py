from __future__ import annotations

import dataclasses
import random

from hypothesis import given
from hypothesis import strategies as st

from factories.any_facts import AUTHORITY, POLICIES, cents, facts_strategy, packs
from tradecredit.core.approvals import routing
from tradecredit.core.decisions import evaluate, explain, recording
from tradecredit.core.decisions.facts import (
    ControlPoint,
)
from tradecredit.core.kernel import canonical


class TestEvaluateProperties:
    @given(facts=facts_strategy, pack=packs)
    def test_any_facts_give_a_verdict_that_can_be_explained_and_recorded(self, facts, pack):
        decision = routing.decide(facts=facts, policy=POLICIES[pack], authority=AUTHORITY)

        explained = explain.explain(decision=decision, facts=facts)
        assert len(explained["checks"]) == len(POLICIES[pack].rules)
        assert explained["equation"]["adds_up"]
        assert canonical.dumps(decision.as_dict())
        assert all(check["words"]["zh"] and check["words"]["en"] for check in explained["checks"])

    @given(facts=facts_strategy, pack=packs, seed=st.integers(0, 1000))
    def test_the_order_of_the_checks_makes_no_difference(self, facts, pack, seed):
        policy = POLICIES[pack]
        shuffled = list(policy.rules)
        random.Random(seed).shuffle(shuffled)

        there = evaluate.evaluate(facts=facts, policy=dataclasses.replace(policy, rules=tuple(shuffled)))

        here = evaluate.evaluate(facts=facts, policy=policy)
        assert there.outcome is here.outcome
        assert there.remedies == here.remedies

    @given(
        facts=facts_strategy, pack=packs, more=cents(1), stage=st.sampled_from(["billed", "ordered", "bill"])
    )
    def test_more_exposure_never_improves_the_outcome(self, facts, pack, more, stage):
        worse = dataclasses.replace(
            facts,
            exposure=dataclasses.replace(facts.exposure, **{stage: getattr(facts.exposure, stage) + more}),
        )

        before = evaluate.evaluate(facts=facts, policy=POLICIES[pack]).outcome
        after = evaluate.evaluate(facts=worse, policy=POLICIES[pack]).outcome
        assert after >= before

    @given(facts=facts_strategy)
    def test_recorded_facts_come_back_the_same(self, facts):
        document = recording.to_dict(facts)

        again = recording.from_dict(document)

        assert recording.to_dict(again) == document
        assert again == facts

    @given(facts=facts_strategy, pack=packs)
    def test_checking_twice_changes_nothing(self, facts, pack):
        first = evaluate.evaluate(facts=facts, policy=POLICIES[pack])
        if first.reserves is None or facts.request.control_point is not ControlPoint.ORDER:
            return
        taken = dataclasses.replace(facts.own, reserved=first.reserves)
        reserved = dataclasses.replace(facts, own=taken, exposure=facts.exposure.plus(taken))

        assert evaluate.evaluate(facts=reserved, policy=POLICIES[pack]).as_dict() == first.as_dict()

    @given(facts=facts_strategy, pack=packs)
    def test_what_a_remedy_promises_is_what_the_check_then_says(self, facts, pack):
        decision = evaluate.evaluate(facts=facts, policy=POLICIES[pack])

        for remedy in decision.remedies:
            if remedy.code == "ship_part":
                smaller = dataclasses.replace(facts.request, amount=remedy.amount)
                tried = evaluate.evaluate(
                    facts=dataclasses.replace(facts, request=smaller), policy=POLICIES[pack]
                )
                assert tried.outcome is remedy.outcome_after
