"""Releases by people, strength by control point, exemption of what is paid, and the warning line of orders."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal

import pytest

from factories import credit_facts
from factories.credit_facts import DAY, cny
from tradecredit.core.decisions import evaluate, policy, recording, releases
from tradecredit.core.decisions.facts import ControlPoint, WatchFacts
from tradecredit.core.decisions.releases import ReleaseFacts, ReleasePolicy
from tradecredit.core.kernel.outcome import Outcome


def control(**sections):
    return policy.parse({**credit_facts.section("five-pillars", "order_control"), **sections})


def release(**fields):
    values = {
        "up_to": cny("126000.00"), "moved": cny("0.00"), "released_on": DAY, "expires_on": DAY + timedelta(days=10),
        "covers": frozenset({"delivery"}), "stops": frozenset({"headroom"}),
    }  # fmt: skip
    return ReleaseFacts(**{**values, **fields})


def facts(amount="120000.00", *, point=ControlPoint.DELIVERY, **fields):
    asked = credit_facts.asking(credit_facts.credit_facts(), amount, control_point=point)
    return dataclasses.replace(asked, **fields)


class TestCovers:
    @pytest.mark.parametrize(
        ("amount", "moved", "outcome"),
        [("126000.00", "0.00", Outcome.APPROVE), ("126000.01", "0.00", Outcome.HOLD), ("26000.01", "100000.00", Outcome.APPROVE)],
    )  # fmt: skip
    def test_up_to_the_amount_with_its_tolerance(self, amount, moved, outcome):
        found = evaluate.outcome_of(facts(amount, release=release(moved=cny(moved))), control())

        assert found is outcome

    def test_not_from_its_last_day_on(self):
        ended = release(expires_on=DAY)

        assert evaluate.outcome_of(facts(release=ended), control()) is Outcome.HOLD
        assert release().holds_on(DAY + timedelta(days=9))
        assert not release().holds_on(DAY + timedelta(days=10))

    def test_not_a_step_it_was_not_given_for(self):
        assert evaluate.outcome_of(facts(release=release(covers=frozenset())), control()) is Outcome.HOLD

    def test_not_what_policy_stops_anyway_unless_it_was_known(self):
        frozen = WatchFacts(freezes=frozenset({"shipments"}))

        new = evaluate.outcome_of(facts(release=release(), watch=frozen), control())
        known = evaluate.outcome_of(
            facts(release=release(stops=frozenset({"freeze_shipments"})), watch=frozen), control()
        )

        assert (new, known) == (Outcome.HOLD, Outcome.APPROVE)

    def test_is_recorded_and_read_back(self):
        asked = facts(release=release())

        assert recording.from_dict(recording.to_dict(asked)) == asked
        assert "release" not in recording.to_dict(facts())


class TestUpTo:
    def test_is_bound_by_the_most(self):
        found = releases.up_to(
            cny("120000.00"),
            tolerance=Decimal("0.05"),
            policy=ReleasePolicy(tolerance_most={"CNY": Decimal(2000)}),
        )

        assert found == cny("122000.00")


class TestDaysOf:
    @pytest.mark.parametrize(
        ("asked", "most", "days"), [(None, None, 30), (5, 45, 5), (None, 14, 14), (60, 45, 45)]
    )
    def test_never_beyond_authority(self, asked, most, days):
        assert releases.days_of(ReleasePolicy(days=30), asked=asked, most=most) == days


class TestStrength:
    @pytest.mark.parametrize(
        ("strength", "outcome"),
        [
            ("none", Outcome.APPROVE),
            ("warn", Outcome.WARN),
            ("special", Outcome.REVIEW),
            ("block", Outcome.HOLD),
        ],
    )
    def test_bounds_what_a_delivery_can_come_to(self, strength, outcome):
        found = evaluate.outcome_of(facts(), control(strength={"delivery": strength}))

        assert found is outcome

    def test_goods_that_have_left_can_always_be_invoiced(self):
        checks = credit_facts.section("five-pillars", "order_control")["checks"]
        freezes = [{**rule, "at": ["invoice"]} for rule in checks if rule["code"] == "freeze_shipments"]
        strict = control(checks=freezes, strength={"invoice": "block"})
        asked = facts(point=ControlPoint.INVOICE, watch=WatchFacts(freezes=frozenset({"shipments"})))
        delivered = dataclasses.replace(asked, own=dataclasses.replace(asked.own, delivered=cny("120000.00")))

        assert evaluate.outcome_of(asked, strict) is Outcome.HOLD
        assert evaluate.outcome_of(delivered, strict) is Outcome.WARN


class TestPrepaid:
    def test_what_is_paid_for_passes_a_freeze(self):
        frozen = WatchFacts(freezes=frozenset({"shipments"}))
        own = dataclasses.replace(facts().own, ordered=cny("120000.00"))
        exposure = dataclasses.replace(facts().exposure, ordered=cny("136000.00"))
        paid = facts(watch=frozen, own=own, exposure=exposure)
        paid = dataclasses.replace(paid, request=dataclasses.replace(paid.request, prepaid=cny("120000.00")))

        assert evaluate.outcome_of(paid, control()) is Outcome.APPROVE


class TestOrderWarningLine:
    @pytest.mark.parametrize(
        ("amount", "prepaid", "row"),
        [
            ("500000.00", "0", "otherwise"),
            ("500000.01", "0", "b_cny"),
            ("600000.00", "120000.00", "otherwise"),
        ],
    )
    def test_asks_for_a_part_above_it(self, amount, prepaid, row):
        asked = facts(amount, point=ControlPoint.ORDER)
        asked = dataclasses.replace(asked, request=dataclasses.replace(asked.request, prepaid=cny(prepaid)))
        decision = evaluate.evaluate(facts=asked, policy=control())
        found = next(one for one in decision.results if one.code == "order_warning_line").finding

        assert found.row == row


class TestPaymentBeforeShipment:
    @pytest.mark.parametrize(
        ("prepaid", "outcome"), [("119999.99", Outcome.HOLD), ("120000.00", Outcome.APPROVE)]
    )
    def test_goods_leave_when_the_whole_is_paid(self, prepaid, outcome):
        rule = {
            "code": "paid_first", "check": "prepayment", "label": {"zh": "款到发货", "en": "Payment before shipment"},
            "at": ["delivery"], "grades": ["B"], "share": "1", "on_fail": "hold",
        }  # fmt: skip
        asked = facts()
        asked = dataclasses.replace(asked, request=dataclasses.replace(asked.request, prepaid=cny(prepaid)))

        assert evaluate.outcome_of(asked, control(checks=[rule])) is outcome
