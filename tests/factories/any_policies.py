"""Policies changed at random: figures, outcomes, rules taken out, and what lies beside the rules."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from hypothesis import strategies as st

from factories.any_facts import POLICIES
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.outcome import Outcome

_asked = st.sampled_from([Outcome.WARN, Outcome.REVIEW, Outcome.HOLD, Outcome.REJECT])
_amounts = st.sampled_from(["0", "499.99", "500", "500.01", "20000", "300000", "3000000.01"]).map(Decimal)
_shares = st.sampled_from(["0", "0.1", "0.3", "0.85", "1", "1.2"]).map(Decimal)


@st.composite
def _changed_rule(draw, rule):
    kind = draw(st.sampled_from(["on_fail", "on_unknown", "figure", "small", "points"]))
    if kind == "on_fail":
        return dataclasses.replace(rule, on_fail=draw(_asked))
    if kind == "on_unknown":
        return dataclasses.replace(rule, on_unknown=draw(_asked.filter(lambda one: one >= Outcome.REVIEW)))
    if kind == "small":
        return dataclasses.replace(rule, is_exempt_when_small=not rule.is_exempt_when_small)
    if kind == "points":
        return dataclasses.replace(rule, control_points=draw(st.frozensets(st.sampled_from(ControlPoint))))
    if rule.days is not None:
        return dataclasses.replace(rule, days=draw(st.integers(0, 200)))
    if rule.share is not None:
        return dataclasses.replace(rule, share=draw(_shares))
    if rule.amounts:
        return dataclasses.replace(rule, amounts={"CNY": draw(_amounts)})
    return rule


@st.composite
def _beside(draw, policy):
    kind = draw(st.sampled_from(["small", "measure", "strength", "reservation"]))
    if kind == "small":
        return dataclasses.replace(policy, small_documents={"CNY": draw(_amounts)})
    if kind == "measure":
        measure = dataclasses.replace(policy.measure, counts_disputed=not policy.measure.counts_disputed)
        return dataclasses.replace(policy, measure=measure)
    if kind == "strength":
        strength = {
            ControlPoint.ORDER: draw(st.sampled_from([Outcome.APPROVE, Outcome.WARN, Outcome.REVIEW]))
        }
        return dataclasses.replace(policy, strength=strength)
    return dataclasses.replace(policy, reservation_days=draw(st.integers(1, 90)))


@st.composite
def changed(draw, policy):
    """Return the policy with one to three rules changed or taken out, and now and then what lies beside them."""
    rules = list(policy.rules)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(rules) - 1))
        if draw(st.integers(0, 5)) == 0:
            rules.pop(place)
        else:
            rules[place] = draw(_changed_rule(rules[place]))
    policy = dataclasses.replace(policy, rules=tuple(rules))
    return draw(_beside(policy)) if draw(st.integers(0, 4)) == 0 else policy


@st.composite
def pairs(draw):
    """Return two policies: one that ships, and the same changed (or the other one, unchanged)."""
    before = POLICIES[draw(st.sampled_from(sorted(POLICIES)))]
    after = POLICIES[draw(st.sampled_from(sorted(POLICIES)))] if draw(st.integers(0, 9)) == 0 else before
    return before, draw(changed(after))
