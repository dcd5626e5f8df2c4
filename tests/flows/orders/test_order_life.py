from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from factories import companies, orders
from tradecredit.apps.approvals import operations as approval_operations
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.decisions import queries as decisions
from tradecredit.apps.exposure import operations as exposure_operations
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.approvals.decide_approval import UnableToDecideRequestError
from tradecredit.flows.orders import (
    check_order_credit,
    deliver_order,
    expire_reservations,
    explain_decision,
    move_order,
    recheck_held_orders,
    replay_decisions,
    verify_exposure,
)
from tradecredit.flows.orders.deliver_order import UnableToDeliverError
from tradecredit.flows.orders.order_exposure import UnableToFindOrderError, UnableToMoveOrderError
from tradecredit.flows.orders.release_order import UnableToReleaseOrderError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def cny(amount):
    return Money.of(amount, "CNY")


def check(company, amount="50000.00", actor=SYSTEM, **fields):
    return check_order_credit.check_order_credit(
        requests=[orders.request(company, amount, **fields)], actor=actor
    )[0]


def standing(company, customer):
    """The account's stages that are not zero, and the order's status."""
    with db.unit_of_work(SYSTEM):
        account = exposure.accounts_of_customer(customer.pk, company_id=company.pk)[0]
        order = order_queries.orders_by_reference([(company.pk, "SO-2001")]).get((company.pk, "SO-2001"))
    stages = ("ordered", "delivered", "reserved")
    amounts = {
        stage: getattr(account, stage).text() for stage in stages if not getattr(account, stage).is_zero
    }
    return (order.status if order else None, amounts)


@pytest.fixture
def customer(company):
    orders.policy(company)
    return orders.creditworthy(company)


@pytest.fixture
def people(company):
    return {
        role: companies.person(company, role)
        for role in (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO)
    }


@pytest.fixture(autouse=True)
def whole_ledger(db):
    yield
    assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole


class TestDecideApproval:
    def test_releases_beyond_the_line_by_authority(self, company, customer, people):
        held = check(company, "120000.00", actor=people[Role.SALES])

        done = decide_approval.decide_approval(
            request_id=held.approval_request_id,
            approves=True,
            reason="客户承诺本周付款",
            actor=people[Role.CREDIT_MANAGER],
        )

        assert done.standing is Standing.APPROVED
        assert standing(company, customer) == ("released", {"ordered": "120000.00"})
        with db.unit_of_work(SYSTEM):
            release = decisions.by_id(done.decision_id)
        assert (release.purpose, release.outcome, release.previous_id) == ("release", "hold", held.id)
        assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()

    def test_the_requester_does_not_decide(self, company, customer, people):
        both = companies.person(company, Role.CREDIT_MANAGER, email="both@demo.example.com")
        held = check(company, "120000.00", actor=both)

        with pytest.raises(UnableToApproveError) as refusal:
            decide_approval.decide_approval(
                request_id=held.approval_request_id, approves=True, reason="ok", actor=both
            )

        assert refusal.value.facts["reason"] == "own_request"
        assert standing(company, customer) == ("held", {})

    def test_refuses_without_authority_or_reason(self, company, customer, people):
        held = check(company, "120000.00")

        with pytest.raises(UnableToApproveError):
            decide_approval.decide_approval(
                request_id=held.approval_request_id, approves=True, reason="ok", actor=people[Role.SALES]
            )
        with pytest.raises(UnableToDecideRequestError):
            decide_approval.decide_approval(
                request_id=held.approval_request_id,
                approves=True,
                reason=" ",
                actor=people[Role.CREDIT_MANAGER],
            )
        assert standing(company, customer) == ("held", {})

    def test_grade_c_takes_two_people(self, company, customer, people):
        orders.rating(company, customer, "C", as_of=date(2026, 2, 20))
        held = check(company, "120000.00")

        first = decide_approval.decide_approval(
            request_id=held.approval_request_id, approves=True, reason="ok", actor=people[Role.RISK_DIRECTOR]
        )
        between = standing(company, customer)
        second = decide_approval.decide_approval(
            request_id=held.approval_request_id, approves=True, reason="ok", actor=people[Role.CFO]
        )

        assert (first.standing, between[0]) == (Standing.PENDING, "held")
        assert (second.standing, standing(company, customer)[0]) == (Standing.APPROVED, "released")

    def test_one_no_rejects_the_order(self, company, customer, people):
        held = check(company, "120000.00")

        decide_approval.decide_approval(
            request_id=held.approval_request_id,
            approves=False,
            reason="风险过高",
            actor=people[Role.CREDIT_MANAGER],
        )

        assert standing(company, customer) == ("rejected", {})
        with pytest.raises(UnableToDecideRequestError):
            decide_approval.decide_approval(
                request_id=held.approval_request_id,
                approves=True,
                reason="ok",
                actor=people[Role.RISK_DIRECTOR],
            )

    def test_what_policy_rejects_meanwhile_is_not_released(self, company, customer, people):
        held = check(company, "120000.00")
        orders.rating(company, customer, "D", as_of=date(2026, 3, 1))

        with pytest.raises(UnableToReleaseOrderError), transaction.atomic():
            decide_approval.decide_approval(
                request_id=held.approval_request_id,
                approves=True,
                reason="ok",
                actor=people[Role.CREDIT_MANAGER],
            )

        assert standing(company, customer) == ("held", {})
        with db.unit_of_work(SYSTEM):
            assert approvals.by_id(held.approval_request_id).votes == ()

    def test_the_database_refuses_a_vote_on_ones_own_request(self, company, customer, people):
        held = check(company, "120000.00", actor=people[Role.SALES])
        seller = people[Role.SALES]

        with (
            db.unit_of_work(SYSTEM),
            pytest.raises(IntegrityError, match="vote_four_eyes"),
            transaction.atomic(),
        ):
            vote = approval_operations.NewVote(
                company_id=company.pk,
                request_id=held.approval_request_id,
                requested_by_id=seller.user_id,
                actor=seller,
                role="credit_manager",
                approves=True,
                reason="",
            )
            approval_operations.record_votes([vote])


class TestAmendOrder:
    def test_an_increase_is_checked(self, company, customer):
        check(company, "50000.00")

        fits = move_order.amend_order(
            company=company, reference="SO-2001", amount=cny("84000.00"), actor=SYSTEM
        )
        after_fitting = standing(company, customer)
        held = move_order.amend_order(
            company=company, reference="SO-2001", amount=cny("84000.01"), actor=SYSTEM
        )

        assert fits.lets_through
        assert after_fitting == ("released", {"reserved": "84000.00"})
        assert held.decision.outcome is Outcome.HOLD
        assert standing(company, customer) == ("held", {})

    def test_a_decrease_gives_room_back(self, company, customer):
        check(company, "50000.00")

        move_order.amend_order(company=company, reference="SO-2001", amount=cny("20000.00"), actor=SYSTEM)

        assert standing(company, customer) == ("released", {"reserved": "20000.00"})

    def test_an_approved_order_does_not_grow_by_the_old_approval(self, company, customer, people):
        held = check(company, "120000.00")
        decide_approval.decide_approval(
            request_id=held.approval_request_id, approves=True, reason="ok", actor=people[Role.CREDIT_MANAGER]
        )

        amended = move_order.amend_order(
            company=company, reference="SO-2001", amount=cny("150000.00"), actor=SYSTEM
        )

        # What was approved goes on; the increment waits apart.
        assert (amended.order_status, amended.facts.request.amount) == ("held", cny("30000.00"))
        assert standing(company, customer) == ("released", {"ordered": "120000.00"})


class TestReopenOrder:
    def test_closing_making_another_and_reopening_does_not_pass_the_line(self, company, customer):
        check(company, "80000.00")
        move_order.close_order(company=company, reference="SO-2001", actor=SYSTEM)
        check(company, "80000.00", reference="SO-2002")

        reopened = move_order.reopen_order(company=company, reference="SO-2001", actor=SYSTEM)

        assert reopened.decision.outcome is Outcome.HOLD
        assert standing(company, customer) == ("held", {"reserved": "80000.00"})

    def test_refuses_an_order_that_is_under_way(self, company, customer):
        check(company)

        with pytest.raises(UnableToMoveOrderError):
            move_order.reopen_order(company=company, reference="SO-2001", actor=SYSTEM)


class TestCancelOrder:
    def test_gives_the_room_back_and_withdraws_the_question(self, company, customer):
        held = check(company, "120000.00")

        move_order.cancel_order(company=company, reference="SO-2001", actor=SYSTEM, reason="客户取消")

        assert standing(company, customer) == ("cancelled", {})
        with db.unit_of_work(SYSTEM):
            assert approvals.by_id(held.approval_request_id).status == "withdrawn"

    def test_cancels_once(self, company, customer):
        check(company)
        move_order.cancel_order(company=company, reference="SO-2001", actor=SYSTEM)

        with pytest.raises(UnableToMoveOrderError):
            move_order.cancel_order(company=company, reference="SO-2001", actor=SYSTEM)

    def test_does_not_know_other_orders(self, company, customer):
        with pytest.raises(UnableToFindOrderError):
            move_order.cancel_order(company=company, reference="SO-404", actor=SYSTEM)


class TestDeliverOrder:
    def deliver(self, company, amount, number="DN-1"):
        return deliver_order.deliver_order(
            company=company, reference="SO-2001", number=number, amount=cny(amount), actor=SYSTEM
        )

    def test_moves_what_leaves_and_keeps_the_rest_ordered(self, company, customer):
        check(company, "80000.00")

        view = self.deliver(company, "30000.00")

        assert view.lets_through
        assert standing(company, customer) == ("released", {"ordered": "50000.00", "delivered": "30000.00"})

    def test_completes_the_order(self, company, customer):
        check(company, "80000.00")

        self.deliver(company, "30000.00")
        self.deliver(company, "50000.00", "DN-2")

        assert standing(company, customer) == ("delivered", {"delivered": "80000.00"})

    def test_an_approved_order_is_not_stopped_again_for_want_of_room(self, company, customer, people):
        held = check(company, "120000.00")
        decide_approval.decide_approval(
            request_id=held.approval_request_id, approves=True, reason="ok", actor=people[Role.CREDIT_MANAGER]
        )

        assert self.deliver(company, "120000.00").lets_through
        assert standing(company, customer) == ("delivered", {"delivered": "120000.00"})

    def test_more_than_the_order_must_fit(self, company, customer):
        check(company, "80000.00")

        too_much = self.deliver(company, "84000.01")
        fits = self.deliver(company, "84000.00", "DN-2")

        assert (too_much.lets_through, fits.lets_through) == (False, True)
        assert standing(company, customer) == ("delivered", {"delivered": "84000.00"})

    def test_stops_goods_while_shipments_are_frozen(self, company, customer):
        from tradecredit.apps.monitoring.models import Freeze

        check(company, "80000.00")
        with db.unit_of_work(SYSTEM):
            Freeze.objects.create(
                company=company, customer=customer, scope="shipments", cause="person", text_zh="停", text_en="stop",
                frozen_on=orders.DAY, created_at=companies.MOMENT, created_by="test",
            )  # fmt: skip

        view = self.deliver(company, "30000.00")

        assert view.decision.outcome is Outcome.HOLD
        assert standing(company, customer) == ("released", {"reserved": "80000.00"})

    def test_refuses_a_held_order_and_a_second_delivery_of_one_number(self, company, customer):
        check(company, "120000.00")
        with pytest.raises(UnableToMoveOrderError):
            self.deliver(company, "10.00")

        check(company, "50000.00")
        self.deliver(company, "10.00")
        with pytest.raises(UnableToDeliverError):
            self.deliver(company, "10.00")

    def test_cancelling_the_rest_keeps_what_was_delivered(self, company, customer):
        check(company, "80000.00")
        self.deliver(company, "30000.00")

        move_order.close_order(company=company, reference="SO-2001", actor=SYSTEM)

        assert standing(company, customer) == ("closed", {"delivered": "30000.00"})

    def test_checks_only_what_is_still_to_leave_when_amended(self, company, customer):
        check(company, "80000.00")
        self.deliver(company, "30000.00")

        view = move_order.amend_order(
            company=company, reference="SO-2001", amount=cny("84000.00"), actor=SYSTEM
        )

        assert view.facts.request.amount == cny("54000.00")
        assert view.lets_through
        assert standing(company, customer) == ("released", {"reserved": "54000.00", "delivered": "30000.00"})

    def test_an_order_amended_to_what_has_left_is_delivered(self, company, customer):
        check(company, "80000.00")
        self.deliver(company, "30000.00")

        view = move_order.amend_order(
            company=company, reference="SO-2001", amount=cny("30000.00"), actor=SYSTEM
        )

        assert view.order_status == "delivered"
        assert standing(company, customer) == ("delivered", {"delivered": "30000.00"})


class TestExpireReservations:
    def test_lapses_on_its_day_once_and_the_order_waits_for_a_check(self, company, customer):
        check(company, "50000.00")
        before = datetime(2026, 3, 31, 15, 59, 59, tzinfo=UTC)
        moment = datetime(2026, 3, 31, 16, 0, tzinfo=UTC)

        counts = [
            expire_reservations.expire_reservations(company=company, actor=SYSTEM, moment=when)
            for when in (before, moment, moment)
        ]

        assert counts == [0, 1, 0]
        assert standing(company, customer) == ("expired", {})
        with pytest.raises(UnableToMoveOrderError):
            deliver_order.deliver_order(
                company=company, reference="SO-2001", number="DN-1", amount=cny("1.00"), actor=SYSTEM
            )
        assert move_order.reopen_order(company=company, reference="SO-2001", actor=SYSTEM).lets_through


class TestRecheckHeldOrders:
    def test_releases_what_cash_has_cured_and_takes_the_question_back(self, company, customer):
        held = check(company, "120000.00")
        account = exposure_account(company, customer)
        with db.unit_of_work(SYSTEM):
            exposure_operations.post(
                entries=[
                    exposure_operations.NewEntry(
                        account_id=account, stage="billed", amount=cny("-36000.00").amount,
                        obligation="invoice:INV-1#1", cause="payment", cause_id=None, effective_date=orders.DAY,
                    )
                ]
            )  # fmt: skip

        released = recheck_held_orders.recheck_held_orders(
            company=company, customer_ids=[customer.pk], actor=SYSTEM
        )

        assert [view.purpose for view in released] == ["recheck"]
        assert standing(company, customer) == ("released", {"reserved": "120000.00"})
        with db.unit_of_work(SYSTEM):
            assert approvals.by_id(held.approval_request_id).status == "cured"

    def test_leaves_no_trace_of_what_still_does_not_pass(self, company, customer):
        held = check(company, "120000.00")

        released = recheck_held_orders.recheck_held_orders(
            company=company, customer_ids=[customer.pk], actor=SYSTEM
        )

        assert released == ()
        assert standing(company, customer) == ("held", {})
        with db.unit_of_work(SYSTEM):
            assert len(decisions.of_reference(company_id=company.pk, reference="SO-2001")) == 1
            assert approvals.by_id(held.approval_request_id).status == "open"


class TestExplainDecision:
    def test_tells_what_was_decided_as_it_was_decided(self, company, customer):
        held = check(company, "120000.00")

        told = explain_decision.explain_decision(decision_id=held.id, actor=SYSTEM)

        assert told.view.decision.as_dict() == held.decision.as_dict()
        assert told.view.order_status == "held"
        assert told.explained["equation"]["available"]["words"]["zh"] == "¥84,000.00"

    def test_shows_the_reservation(self, company, customer):
        released = check(company, "50000.00")

        view = explain_decision.decision_view(decision_id=released.id, actor=SYSTEM)

        assert view.reservation == released.reservation


def exposure_account(company, customer):
    with db.unit_of_work(SYSTEM):
        return exposure.accounts_of_customer(customer.pk, company_id=company.pk)[0].id
