from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories.credit_facts import (
    DAY,
    asking,
    cny,
    credit_facts,
    item,
    order_control,
    receivables,
    request,
)
from tradecredit.core.decisions import evaluate
from tradecredit.core.decisions.facts import (
    ControlPoint,
    CustomerFacts,
    LineFacts,
    RatingFacts,
    WatchFacts,
)
from tradecredit.core.decisions.outcome import CheckState
from tradecredit.core.exposure import components
from tradecredit.core.kernel.limit import Amount, NotSet, Unlimited
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.periods import Validity

POLICY = order_control()


def verdict(facts, policy=POLICY):
    return evaluate.evaluate(facts=facts, policy=policy)


def result(decision, code):
    return next(one for one in decision.results if one.code == code)


def failing(decision):
    return {one.code for one in decision.reasons}


class TestHeadroomCheck:
    def test_holds_the_order_that_does_not_fit(self):
        decision = verdict(credit_facts())

        found = result(decision, "headroom").finding
        assert decision.outcome is Outcome.HOLD
        assert (found.ours, found.limit, found.gap) == ("120000.00", "84000.00", "36000.00")
        assert decision.headroom_after == Amount(cny("-36000.00"))
        assert decision.reserves is None

    def test_lets_the_order_through_that_fits_to_the_cent(self):
        decision = verdict(asking(credit_facts(), "84000.00"))

        assert decision.outcome is Outcome.WARN
        assert failing(decision) == {"utilisation", "order_share_of_available"}
        assert decision.reserves == cny("84000.00")

    def test_stops_a_cent_too_much(self):
        assert verdict(asking(credit_facts(), "84000.01")).outcome is Outcome.HOLD

    def test_approves_a_small_share_without_a_word(self):
        decision = verdict(asking(credit_facts(), "30000.00"))

        assert decision.outcome is Outcome.APPROVE
        assert decision.reasons == ()
        assert decision.remedies == ()

    def test_does_not_count_the_document_twice(self):
        facts = asking(credit_facts(), "80000.00")
        checked_before = dataclasses.replace(
            facts,
            exposure=facts.exposure.plus(components.of({"reserved": "80000.00"}, "CNY")),
            own=components.of({"reserved": "80000.00"}, "CNY"),
        )

        assert verdict(checked_before).as_dict() == verdict(facts).as_dict()

    def test_counts_a_delivery_once_and_the_rest_of_the_order_still(self):
        facts = credit_facts(
            request=request(control_point=ControlPoint.DELIVERY, amount=cny("30000.00")),
            exposure=components.of({"ordered": "100000.00", "billed": "400000.00"}, "CNY"),
            own=components.of({"ordered": "100000.00"}, "CNY"),
        )

        decision = verdict(facts)

        assert decision.outcome is Outcome.APPROVE
        assert decision.headroom.exposure == cny("470000.00")
        assert decision.headroom_after == Amount(cny("0.00"))

    def test_never_stops_a_document_that_takes_nothing_for_want_of_room(self):
        facts = credit_facts(
            request=request(amount=cny("0")), exposure=components.of({"billed": "600000.00"}, "CNY")
        )

        assert result(verdict(facts), "headroom").finding.sentence == "headroom.nothing_asked"

    def test_leaves_an_unlimited_account_alone(self):
        decision = verdict(credit_facts(line=LineFacts(limit=Unlimited(), days=60)))

        assert decision.outcome is Outcome.APPROVE


class TestLine:
    def test_holds_without_a_line(self):
        decision = verdict(credit_facts(line=LineFacts(limit=NotSet())))

        assert decision.outcome is Outcome.HOLD
        assert "line_set" in failing(decision)
        assert result(decision, "headroom").finding.state is CheckState.NOT_APPLICABLE
        assert [remedy.code for remedy in decision.remedies] == ["set_line"]

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            (date(2025, 12, 31), "line_valid.early"),
            (date(2026, 1, 1), "line_valid.passed"),
            (date(2026, 12, 31), "line_valid.passed"),
            (date(2027, 1, 1), "line_valid.lapsed"),
        ],
    )
    def test_grants_only_inside_the_validity(self, day, sentence):
        facts = credit_facts(request=request(requested_on=day, amount=cny("1000.00")))

        assert result(verdict(facts), "line_valid").finding.sentence == sentence

    def test_a_lapsed_line_grants_nothing(self):
        decision = verdict(credit_facts(request=request(requested_on=date(2027, 1, 1))))

        assert decision.headroom.limit == Amount(cny("0"))
        assert "renew_line" in {remedy.code for remedy in decision.remedies}

    def test_a_temporary_line_counts_until_its_last_day(self):
        line = dataclasses.replace(
            credit_facts().line,
            temporary=cny("36000.00"),
            temporary_validity=Validity(DAY, DAY + timedelta(days=15)),
        )

        assert verdict(credit_facts(line=line)).outcome is Outcome.WARN
        later = request(requested_on=DAY + timedelta(days=15))
        assert verdict(credit_facts(line=line, request=later)).outcome is Outcome.HOLD


class TestReceivables:
    @pytest.mark.parametrize(("days", "outcome"), [(7, Outcome.APPROVE), (8, Outcome.HOLD)])
    def test_holds_from_day_eight(self, days, outcome):
        facts = credit_facts(receivables=receivables(item("INV-1042", "82000.00", days=days)))

        assert verdict(asking(facts, "30000.00")).outcome is outcome

    def test_leaves_disputed_items_out(self):
        facts = credit_facts(receivables=receivables(item("INV-1042", "82000.00", days=40, disputed=True)))

        assert verdict(asking(facts, "30000.00")).outcome is Outcome.APPROVE

    def test_ignores_pennies(self):
        facts = credit_facts(receivables=receivables(item("INV-1042", "100.00", days=40)))

        decision = verdict(asking(facts, "30000.00"))

        assert result(decision, "overdue_days").finding.sentence == "receivables.pennies"
        assert decision.outcome is Outcome.APPROVE

    def test_warns_when_much_is_overdue(self):
        facts = credit_facts(receivables=receivables(item("INV-1042", "150000.00", days=3)))

        found = result(verdict(asking(facts, "30000.00")), "overdue_share")

        assert found.outcome is Outcome.WARN
        assert (found.finding.ours, found.finding.limit, found.finding.gap) == ("0.3750", "0.30", "0.0750")

    def test_looks_at_the_age_of_the_oldest_item(self):
        old = dataclasses.replace(credit_facts().receivables, oldest_open_days=181)

        decision = verdict(asking(credit_facts(receivables=old), "30000.00"))

        assert decision.outcome is Outcome.REVIEW
        assert failing(decision) == {"oldest_open_item"}

    def test_exempts_small_documents(self):
        facts = credit_facts(receivables=receivables(item("INV-1042", "82000.00", days=40)))

        decision = verdict(asking(facts, "500.00"))

        assert result(decision, "overdue_days").finding.sentence == "rule.small_document"
        assert decision.outcome is Outcome.APPROVE


class TestCustomer:
    @pytest.mark.parametrize(
        ("lifecycle", "outcome"),
        [("trading", Outcome.APPROVE), ("restricted", Outcome.HOLD), (None, Outcome.REVIEW)],
    )
    def test_trades_with_active_customers_only(self, lifecycle, outcome):
        facts = credit_facts(customer=CustomerFacts(code="C9", name="", lifecycle=lifecycle))

        assert verdict(asking(facts, "30000.00")).outcome is outcome

    def test_rejects_grade_d(self):
        decision = verdict(asking(credit_facts(rating=RatingFacts(grade="D")), "30000.00"))

        assert decision.outcome is Outcome.REJECT

    def test_asks_grade_c_for_a_prepayment_and_short_terms(self):
        facts = credit_facts(
            rating=RatingFacts(grade="C"), request=request(amount=cny("30000.00"), terms_days=45)
        )

        decision = verdict(facts)

        assert failing(decision) == {"prepayment", "terms_days_c"}
        assert result(decision, "prepayment").finding.gap == "9000.00"
        assert result(decision, "terms_days_c").finding.gap == "15"

    def test_terms_go_by_the_grade_of_the_day_where_the_rule_says_so(self):
        rules = tuple(
            dataclasses.replace(rule, days_by_grade={"A": 60, "B": 30}) if rule.code == "terms_days" else rule
            for rule in POLICY.rules
        )
        policy = dataclasses.replace(POLICY, rules=rules)
        asked = request(amount=cny("30000.00"), terms_days=45)
        line = LineFacts(limit=Amount(cny("500000.00")), days=60)

        of_b = verdict(credit_facts(rating=RatingFacts(grade="B"), request=asked, line=line), policy)
        of_a = verdict(credit_facts(rating=RatingFacts(grade="A"), request=asked, line=line), policy)

        assert result(of_b, "terms_days").finding.limit == "30"
        assert result(of_b, "terms_days").finding.gap == "15"
        assert result(of_a, "terms_days").finding.state is CheckState.PASSED

    def test_takes_the_prepayment(self):
        facts = credit_facts(
            rating=RatingFacts(grade="C"),
            request=request(amount=cny("30000.00"), prepaid=cny("9000.00"), terms_days=30),
        )

        assert verdict(facts).outcome is Outcome.APPROVE

    def test_takes_the_stricter_prepayment_of_line_and_grade(self):
        line = dataclasses.replace(credit_facts().line, prepayment_share=Decimal("0.50"))
        facts = credit_facts(rating=RatingFacts(grade="C"), line=line)

        assert result(verdict(asking(facts, "30000.00")), "prepayment").finding.limit == "15000.00"

    def test_reviews_without_a_rating(self):
        decision = verdict(asking(credit_facts(rating=RatingFacts()), "30000.00"))

        assert decision.outcome is Outcome.REVIEW
        assert "rating_present" in failing(decision)

    @pytest.mark.parametrize(
        ("freeze", "point", "outcome"),
        [
            ("orders", ControlPoint.ORDER, Outcome.HOLD),
            ("limit", ControlPoint.ORDER, Outcome.HOLD),
            ("shipments", ControlPoint.ORDER, Outcome.APPROVE),
            ("orders", ControlPoint.DELIVERY, Outcome.APPROVE),
            ("shipments", ControlPoint.DELIVERY, Outcome.HOLD),
            ("shipments", ControlPoint.INVOICE, Outcome.WARN),
        ],
    )
    def test_freezes_each_control_point_by_its_own_switch(self, freeze, point, outcome):
        facts = credit_facts(
            watch=WatchFacts(freezes=frozenset({freeze})),
            request=request(control_point=point, amount=cny("30000.00")),
        )

        assert verdict(facts).outcome is outcome

    def test_holds_high_risk_customers_and_red_alerts(self):
        watch = WatchFacts(is_high_risk=True, alert_level="red")

        decision = verdict(asking(credit_facts(watch=watch), "30000.00"))

        assert failing(decision) == {"high_risk", "alert_red"}


class TestInvoice:
    def test_an_order_is_no_invoice_whatever_a_policy_names_the_check_for(self):
        rules = tuple(
            dataclasses.replace(rule, control_points=frozenset(ControlPoint))
            if rule.check == "invoice_for_delivered"
            else rule
            for rule in POLICY.rules
        )

        decision = verdict(credit_facts(), dataclasses.replace(POLICY, rules=rules))

        assert result(decision, "invoice_for_delivered").finding.state is CheckState.NOT_APPLICABLE

    def test_never_stops_the_invoice_of_delivered_goods(self):
        facts = credit_facts(
            request=request(control_point=ControlPoint.INVOICE),
            exposure=components.of({"delivered": "900000.00"}, "CNY"),
            own=components.of({"delivered": "120000.00"}, "CNY"),
            watch=WatchFacts(freezes=frozenset({"orders", "shipments", "limit"}), is_high_risk=True),
            rating=RatingFacts(grade="D"),
        )

        assert verdict(facts).outcome is Outcome.APPROVE


class TestUnknowns:
    @pytest.mark.parametrize("unknown", ["limit", "exposure", "receivables", "rating", "watch"])
    def test_what_cannot_be_known_goes_to_a_person(self, unknown):
        facts = dataclasses.replace(asking(credit_facts(), "30000.00"), unknowns=frozenset({unknown}))

        assert verdict(facts).outcome is Outcome.REVIEW

    def test_a_policy_without_checks_goes_to_a_person(self):
        empty = dataclasses.replace(POLICY, rules=())

        assert verdict(asking(credit_facts(), "1.00"), empty).outcome is Outcome.REVIEW


class TestRemedies:
    def test_offers_the_invoice_that_frees_enough_first(self):
        facts = credit_facts(
            receivables=receivables(
                item("INV-1042", "82000.00", days=12), item("INV-1050", "318000.00", days=-20)
            )
        )

        decision = verdict(facts)

        first, *others = decision.remedies
        assert (first.code, first.references, first.amount) == (
            "receive_invoices",
            ("INV-1042",),
            cny("82000.00"),
        )
        assert first.is_enough
        assert [remedy.code for remedy in others] == ["ship_part", "prepay", "temporary_line"]
        assert not any(remedy.is_enough for remedy in others)

    def test_offers_what_fits_the_gap_and_the_temporary_line(self):
        remedies = {remedy.code: remedy for remedy in verdict(credit_facts()).remedies}

        assert remedies["ship_part"].amount == cny("84000.00")
        assert remedies["prepay"].amount == cny("36000.00")
        assert (remedies["temporary_line"].amount, remedies["temporary_line"].days) == (cny("36000.00"), 15)
        assert all(remedy.is_enough for remedy in remedies.values())

    def test_names_the_smallest_invoice_that_covers_the_gap(self):
        found = next(iter(verdict(credit_facts()).remedies))

        assert found.references == ("INV-1042",)

    def test_names_several_when_one_is_not_enough(self):
        facts = credit_facts(
            receivables=receivables(
                item("INV-1", "20000.00", days=-1),
                item("INV-2", "10000.00", days=-2),
                item("INV-3", "30000.00", days=-3),
            )
        )

        found = next(iter(verdict(facts).remedies))

        assert (found.references, found.amount) == (("INV-1", "INV-2", "INV-3"), cny("60000.00"))

    def test_offers_shorter_terms(self):
        facts = credit_facts(request=request(amount=cny("30000.00"), terms_days=90))

        assert [(one.code, one.days) for one in verdict(facts).remedies] == [("shorten_terms", 60)]

    def test_promises_nothing_for_paperwork(self):
        decision = verdict(asking(credit_facts(rating=RatingFacts()), "30000.00"))

        assert [(one.code, one.is_enough) for one in decision.remedies] == [("get_rating", False)]

    def test_knows_that_paying_lifts_the_freeze_that_dunning_made(self):
        items = receivables(item("INV-1042", "82000.00", days=12), item("INV-1050", "318000.00", days=-20))
        by_dunning = WatchFacts(
            freezes=frozenset({"orders"}),
            is_high_risk=True,
            cured_by_payment=frozenset({"orders", "high_risk"}),
        )
        by_a_person = WatchFacts(freezes=frozenset({"orders"}))

        cured = verdict(credit_facts(receivables=items, watch=by_dunning)).remedies[0]
        not_cured = verdict(credit_facts(receivables=items, watch=by_a_person)).remedies

        assert (cured.references, cured.is_enough) == (("INV-1042",), True)
        assert not any(remedy.is_enough for remedy in not_cured)

    def test_offers_payment_and_prepayment_together_where_neither_is_enough(self):
        facts = credit_facts(
            rating=RatingFacts(grade="C"),
            receivables=receivables(
                item("INV-1042", "82000.00", days=12), item("INV-1050", "318000.00", days=-20)
            ),
        )

        first = verdict(facts).remedies[0]

        assert (first.code, first.references, first.amount, first.prepaid) == (
            "receive_and_prepay",
            ("INV-1042",),
            cny("82000.00"),
            cny("36000.00"),
        )
        assert first.is_enough


class TestTakenOverLine:
    def test_keeps_its_own_terms_until_it_is_approved_anew(self):
        line = dataclasses.replace(credit_facts().line, is_taken_over=True)
        facts = credit_facts(rating=RatingFacts(grade="C"), line=line)

        decision = verdict(asking(facts, "30000.00", terms_days=60))

        assert decision.outcome is Outcome.APPROVE
        assert result(decision, "prepayment").finding.sentence == "rule.taken_over_line"

    def test_is_asked_what_the_line_itself_asks(self):
        line = dataclasses.replace(credit_facts().line, is_taken_over=True, prepayment_share=Decimal("0.10"))

        decision = verdict(asking(credit_facts(line=line), "30000.00"))

        assert failing(decision) == {"prepayment_of_line"}
        assert result(decision, "prepayment_of_line").finding.gap == "3000.00"
