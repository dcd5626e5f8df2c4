"""Holds, releases and amendments: what users of other systems were told, and what they are told here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import companies, orders
from tradecredit.analytics import reports
from tradecredit.analytics.order_checks import releases as release_reports
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.decisions.models import Decision
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.monitoring.models import Freeze
from tradecredit.apps.orders import parts, stopped
from tradecredit.apps.orders import queries as order_queries
from tradecredit.apps.orders import releases as books
from tradecredit.apps.orders.models import Release
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.decisions.releases import UnableToUseReasonCodeError
from tradecredit.core.exposure.parting import PartLine, UnableToPartOrderError
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows import reactions
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.orders import (
    check_order_credit,
    deliver_order,
    expire_reservations,
    move_order,
    recheck_held_orders,
    replay_decisions,
    review_hold,
    split_order,
    verify_exposure,
)
from tradecredit.flows.orders.split_order import Part
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
KEY = "SO-2001"


def cny(amount):
    return Money.of(amount, "CNY")


def check(company, amount, actor=SYSTEM, **fields):
    return check_order_credit.check_order_credit(
        requests=[orders.request(company, amount, **fields)], actor=actor
    )[0]


def approve(request_id, person, **fields):
    return decide_approval.decide_approval(
        request_id=request_id, approves=True, reason="客户承诺本周付款", actor=person, **fields
    )


def deliver(company, amount, number="DN-1", **fields):
    return deliver_order.deliver_order(
        company=company, reference=KEY, number=number, amount=cny(amount), actor=SYSTEM, **fields
    )


def freeze(company, customer, scope="shipments", **fields):
    with db.unit_of_work(SYSTEM):
        return Freeze.objects.create(
            company=company, customer=customer, scope=scope, cause="person", text_zh="停", text_en="stop",
            frozen_on=orders.DAY, created_at=companies.MOMENT, created_by="test", **fields,
        )  # fmt: skip


def order(company, reference=KEY):
    with db.unit_of_work(SYSTEM):
        return order_queries.orders_by_reference([(company.pk, reference)]).get((company.pk, reference))


def occupied(company, customer):
    with db.unit_of_work(SYSTEM):
        account = exposure.accounts_of_customer(customer.pk, company_id=company.pk)[0]
    found = {name: getattr(account, name) for name in ("ordered", "delivered", "reserved")}
    return {name: amount.text() for name, amount in found.items() if not amount.is_zero}


@pytest.fixture
def customer(company):
    """A line of 500,000 with 416,000 open: 84,000 of room."""
    orders.policy(company)
    return orders.creditworthy(company)


@pytest.fixture
def manager(company):
    return companies.person(company, Role.CREDIT_MANAGER)


@pytest.fixture
def seller(company):
    return companies.person(company, Role.SALES)


@pytest.fixture
def released(company, customer, manager, seller):
    """An order of 120,000 that people let 36,000 over the line."""
    held = check(company, "120000.00", actor=seller)
    return approve(held.approval_request_id, manager)


@pytest.fixture(autouse=True)
def whole_books(db):
    yield
    assert verify_exposure.verify_exposure(actor=SYSTEM).is_whole
    assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()


class TestRelease:
    def test_p11_an_approved_order_is_not_stopped_again_at_delivery(self, company, customer, released):
        """Others: release 120,000, deliver, blocked again. Ours: new overdue of 40 days does not stop it."""
        orders.invoice(company, customer, "INV-9", "50000.00", due=orders.DAY - timedelta(days=40))

        view = deliver(company, "120000.00")

        assert view.lets_through
        assert occupied(company, customer) == {"delivered": "120000.00"}

    def test_p11_the_release_tolerates_five_percent(self, company, customer, released):
        """Others: 120,000.01 is a new block. Ours: up to 126,000.00 passes, 126,000.01 is checked."""
        beyond = deliver(company, "126000.01")
        within = deliver(company, "126000.00", "DN-2")

        assert (beyond.lets_through, within.lets_through) == (False, True)

    def test_p11_an_amendment_within_the_tolerance_is_not_stopped(self, company, customer, released):
        """Others: any change loses the approval. Ours: 125,000 of 126,000 stays released."""
        view = move_order.amend_order(company=company, reference=KEY, amount=cny("125000.00"), actor=SYSTEM)

        assert (view.lets_through, order(company).status) == (True, "released")
        assert occupied(company, customer) == {"reserved": "125000.00"}

    def test_p11_a_freeze_after_the_release_stops_the_goods_all_the_same(self, company, customer, released):
        """Others: released once, released for ever. Ours: policy names what stops anyway."""
        freeze(company, customer)

        assert deliver(company, "60000.00").decision.outcome is Outcome.HOLD

    def test_p11_the_release_ends_and_gives_the_room_back(self, company, customer, released):
        """Others: a released order counts for ever. Ours: 120,000 come back after 30 days."""
        before = expire_reservations.expire_releases(
            company=company, actor=SYSTEM, day=orders.DAY + timedelta(days=29)
        )
        ended = expire_reservations.expire_releases(
            company=company, actor=SYSTEM, day=orders.DAY + timedelta(days=30)
        )

        assert (before, ended) == (0, 1)
        assert (order(company).status, occupied(company, customer)) == ("expired", {})

    def test_p07_raising_an_order_after_confirmation_is_checked(self, company, customer):
        """Others: 50,000 confirmed, raised to 84,000.01, never looked at. Ours: a cent too many is held."""
        check(company, "50000.00")

        view = move_order.amend_order(company=company, reference=KEY, amount=cny("84000.01"), actor=SYSTEM)

        assert view.decision.outcome is Outcome.HOLD

    def test_p07_beyond_a_release_only_the_increment_is_asked_for(self, company, customer, released):
        """Others: the whole 150,000 is blocked, or nothing is. Ours: 120,000 go on, 30,000 wait apart."""
        view = move_order.amend_order(company=company, reference=KEY, amount=cny("150000.00"), actor=SYSTEM)

        rest = order(company, f"{KEY}~2")
        assert (view.facts.request.reference, view.order_status) == (f"{KEY}~2", "held")
        assert (rest.amount, order(company).amount, order(company).whole) == (
            cny("30000.00"), cny("120000.00"), cny("150000.00"),
        )  # fmt: skip
        assert occupied(company, customer) == {"ordered": "120000.00"}

    def test_p06_a_release_does_not_survive_closing_and_reopening(self, company, customer, released):
        """Others: close, order more, reopen: 36,000 over unseen. Ours: reopening is checked like new."""
        move_order.close_order(company=company, reference=KEY, actor=SYSTEM)

        view = move_order.reopen_order(company=company, reference=KEY, actor=SYSTEM)

        assert (view.decision.outcome, occupied(company, customer)) == (Outcome.HOLD, {})

    def test_p10_delivered_goods_are_always_invoiced(self, company, customer, released):
        """Others: blocked at the invoice, after the goods have left. Ours: never stopped."""
        deliver(company, "120000.00")
        freeze(company, customer)

        view = check(company, "120000.00", control_point=ControlPoint.INVOICE)

        assert view.lets_through

    def test_p36_a_new_limit_frees_the_order_by_itself(self, company, customer):
        """Others: stays blocked until somebody touches it. Ours: the event looks again and releases."""
        held = check(company, "120000.00")
        orders.line(company, customer, "540000.00", valid_from=orders.DAY)

        views = recheck_held_orders.recheck_held_orders(
            company=company, customer_ids=[customer.pk], actor=SYSTEM
        )

        assert (held.lets_through, [view.lets_through for view in views]) == (False, [True])
        assert order(company).status == "released"

    def test_p18_a_new_limit_writes_one_row(self, company, customer, django_assert_num_queries):
        """Others: raising a limit recomputed dozens of contacts. Ours: one insert."""
        with django_assert_num_queries(3):  # the scope's two settings, and the line
            orders.line(company, customer, "540000.00", valid_from=orders.DAY)

    def test_p17_a_check_leaves_the_customer_row_alone(self, company, customer):
        """Others: stored risk fields rewrite the customer at each order. Ours: not one byte of it."""
        with db.unit_of_work(SYSTEM):
            before = type(customer).objects.values().get(pk=customer.pk)

        check(company, "50000.00")

        with db.unit_of_work(SYSTEM):
            assert type(customer).objects.values().get(pk=customer.pk) == before


class TestOverride:
    def test_p47_an_override_has_reason_days_and_mail(self, company, customer, manager, seller):
        """Others: a button without a reason. Ours: who, why, until when, and the CFO reads it."""
        cfo = companies.person(company, Role.CFO)
        held = check(company, "120000.00", actor=seller)

        approve(held.approval_request_id, manager, reason_code="paid_on_the_way", days=5)

        with db.unit_of_work(SYSTEM):
            (release,) = books.of_order(order(company).id)
            mail = Message.objects.get(cause_kind="release")
        assert (release.over, release.expires_on) == (cny("36000.00"), orders.DAY + timedelta(days=5))
        assert (release.reason_code, release.stops) == ("paid_on_the_way", ("headroom",))
        assert mail.recipient == cfo.email
        assert "36,000.00" in mail.body

    def test_p47_a_code_that_policy_does_not_know_is_refused(self, company, customer, manager, seller):
        """Others: free text or nothing. Ours: the policy's codes."""
        held = check(company, "120000.00", actor=seller)

        with pytest.raises(UnableToUseReasonCodeError):
            approve(held.approval_request_id, manager, reason_code="because")

        assert order(company).status == "held"

    def test_p47_nobody_releases_for_longer_than_their_authority(self, company, customer, manager, seller):
        """Others: no end at all. Ours: 31 days with an authority of 30 are refused, nothing moves."""
        held = check(company, "120000.00", actor=seller)

        with pytest.raises(UnableToApproveError, match="30"), transaction.atomic():
            approve(held.approval_request_id, manager, days=31)

        assert (order(company).status, occupied(company, customer)) == ("held", {})

    def test_p47_deep_over_the_line_asks_a_higher_desk(self, company, customer):
        """Others: the order's amount alone decides. Ours: 50,000 that goes 280,000 over is asked of the director."""
        orders.accounts.account(company, customer, billed="314000.00")

        held = check(company, "50000.00")

        with db.unit_of_work(SYSTEM):
            asked = approvals.by_id(held.approval_request_id)
        assert asked.roles == ("risk_director", "cfo")

    def test_p47_the_database_refuses_a_release_without_its_votes(self, company, customer, manager, seller):
        """Others: a flag that any SQL can set. Ours: the trigger looks for the vote."""
        held = check(company, "120000.00", actor=seller)
        standing = order(company)

        with (
            db.unit_of_work(SYSTEM),
            pytest.raises(IntegrityError, match="request that was approved"),
            transaction.atomic(),
        ):
            Release.objects.create(
                company=company, customer=customer, order_id=standing.id, decision_id=held.id,
                request_id=held.approval_request_id, currency="CNY", amount="120000", over_amount="36000",
                tolerance_share="0", covers=[], stops=[], released_on=orders.DAY, reason="x",
                requested_by_id=seller.user_id, released_by_id=manager.user_id, released_by_name="x",
                recorded_at=companies.MOMENT,
            )  # fmt: skip


class TestPartialRelease:
    def test_p10_what_fits_goes_and_the_rest_waits(self, company, customer):
        """Others: 120,000 or nothing. Ours: 84,000.00 go, 36,000.00 wait, 84,000.00 are counted."""
        check(company, "120000.00")

        halves = split_order.split_order(company=company, reference=KEY, part=Part(), actor=SYSTEM)

        assert (halves.part.lets_through, halves.rest.lets_through) == (True, False)
        assert (order(company).amount, order(company, f"{KEY}~2").amount) == (
            cny("84000.00"), cny("36000.00"),
        )  # fmt: skip
        assert occupied(company, customer) == {"reserved": "84000.00"}

    def test_p06_sending_the_whole_order_again_counts_nothing_twice(self, company, customer):
        """Others: the retry holds 120,000 beside the 84,000. Ours: the same two parts, the same 84,000.00."""
        check(company, "120000.00")
        split_order.split_order(company=company, reference=KEY, part=Part(), actor=SYSTEM)

        again = check(company, "120000.00")

        assert (again.lets_through, order(company).whole) == (True, cny("120000.00"))
        assert occupied(company, customer) == {"reserved": "84000.00"}

    def test_p36_a_cured_remainder_goes_back_into_its_order(self, company, customer):
        """Others: two orders for ever, one never delivered. Ours: SO-2001 has 120,000.00 again."""
        check(company, "120000.00")
        split_order.split_order(company=company, reference=KEY, part=Part(), actor=SYSTEM)
        orders.line(company, customer, "540000.00", valid_from=orders.DAY)

        recheck_held_orders.recheck_held_orders(company=company, customer_ids=[customer.pk], actor=SYSTEM)

        assert (order(company).amount, order(company).apart) == (cny("120000.00"), cny("0.00"))
        assert order(company, f"{KEY}~2").status == "merged"
        assert occupied(company, customer) == {"ordered": "120000.00"}

    def test_p47_a_remainder_is_released_by_people_like_an_order(self, company, customer, manager, seller):
        """Others: the second release overwrites the first. Ours: 84,000 + 36,000 = 120,000.00, one order."""
        check(company, "120000.00", actor=seller)
        halves = split_order.split_order(company=company, reference=KEY, part=Part(), actor=manager)

        approve(halves.rest.approval_request_id, manager)

        assert (order(company).status, order(company).amount) == ("released", cny("120000.00"))
        assert deliver(company, "120000.00").lets_through
        assert occupied(company, customer) == {"delivered": "120000.00"}

    def test_p07_lines_and_quantities_are_parted_to_the_cent(self, company, customer):
        """Others: the part's lines lose a cent. Ours: 3 of 7 pieces at 100,000.00: 42,857.14 and 57,142.86."""
        lines = (
            PartLine(line=1, item="示例电机", quantity=cny("7").amount, amount=cny("100000").amount),
            PartLine(line=2, item="示例电缆", quantity=None, amount=cny("20000").amount),
        )
        check(company, "120000.00", lines=lines)

        split_order.split_order(
            company=company,
            reference=KEY,
            part=Part(lines={1: cny("3").amount, 2: None}),
            actor=SYSTEM,
        )

        first, rest = order(company), order(company, f"{KEY}~2")
        with db.unit_of_work(SYSTEM):
            found = parts.lines_of([first.id, rest.id])
        assert (first.amount, rest.amount) == (cny("62857.14"), cny("57142.86"))
        assert [(line.line, line.quantity, line.amount) for line in found[rest.id]] == [
            (1, cny("4").amount, cny("57142.86").amount)
        ]

    def test_p08_cancelling_the_order_ends_its_remainder(self, company, customer):
        """Others: the rest of a dead order goes on waiting. Ours: it ends with its order."""
        check(company, "120000.00")
        split_order.split_order(company=company, reference=KEY, part=Part(), actor=SYSTEM)

        move_order.cancel_order(company=company, reference=KEY, actor=SYSTEM)

        assert (order(company).status, order(company, f"{KEY}~2").status) == ("cancelled", "cancelled")
        assert occupied(company, customer) == {}

    def test_p10_a_part_must_be_a_part(self, company, customer):
        """Others: a part of 120,000 of 120,000 made an empty remainder. Ours: refused, nothing moved."""
        check(company, "120000.00")

        with pytest.raises(UnableToPartOrderError):
            split_order.split_order(
                company=company, reference=KEY, part=Part(amount=cny("120000.00")), actor=SYSTEM
            )

        assert order(company).amount == cny("120000.00")


class TestHeldDelivery:
    @pytest.fixture
    def stop(self, company, customer, seller):
        check(company, "80000.00")
        freeze(company, customer)
        deliver_order.deliver_order(
            company=company, reference=KEY, number="DN-1", amount=cny("30000.00"), actor=seller
        )
        with db.unit_of_work(SYSTEM):
            return stopped.by_number(company_id=company.pk, numbers=["DN-1"])["DN-1"]

    def request(self, stop):
        with db.unit_of_work(SYSTEM):
            return approvals.open_of_subjects(kind="delivery_release", subject_ids=[stop.id])[stop.id]

    def test_p11_a_held_delivery_can_be_approved(self, company, customer, stop, manager):
        """Others: blocked at the gate, nobody to ask. Ours: asked, voted, left."""
        approve(self.request(stop).id, manager)

        assert occupied(company, customer) == {"ordered": "50000.00", "delivered": "30000.00"}
        with db.unit_of_work(SYSTEM):
            assert stopped.by_id(stop.id).status == "released"
            assert books.of_order(stop.order_id)[0].delivery_number == "DN-1"

    def test_p11_a_rejected_delivery_leaves_its_order_alone(self, company, customer, stop, manager):
        """Others: the order dies with it. Ours: 80,000.00 stay reserved."""
        decide_approval.decide_approval(
            request_id=self.request(stop).id, approves=False, reason="先付款", actor=manager
        )

        assert (order(company).status, occupied(company, customer)) == ("released", {"reserved": "80000.00"})

    def test_p36_a_lifted_freeze_lets_the_goods_go_by_itself(self, company, customer, stop):
        """Others: somebody has to try again. Ours: looked at again, left, question closed."""
        with db.unit_of_work(SYSTEM):
            Freeze.objects.update(lifted_on=orders.DAY)
        asked = self.request(stop)

        views = recheck_held_orders.recheck_held_deliveries(
            company=company, customer_ids=[customer.pk], actor=SYSTEM
        )

        assert [view.lets_through for view in views] == [True]
        with db.unit_of_work(SYSTEM):
            assert approvals.by_id(asked.id).status == "cured"
        assert occupied(company, customer) == {"ordered": "50000.00", "delivered": "30000.00"}

    def test_p36_a_second_look_that_changes_nothing_leaves_no_trace(self, company, customer, stop):
        """Others: a decision an hour, for ever. Ours: the same question, the same decision."""
        before = self.request(stop)

        recheck_held_orders.recheck_held_deliveries(company=company, customer_ids=[customer.pk], actor=SYSTEM)

        assert self.request(stop).id == before.id
        with db.unit_of_work(SYSTEM):
            assert stopped.by_id(stop.id).decision_id == stop.decision_id

    def test_p08_closing_the_order_withdraws_its_held_delivery(self, company, customer, stop):
        """Others: the delivery waits for an order that is gone. Ours: withdrawn with its question."""
        move_order.close_order(company=company, reference=KEY, actor=SYSTEM)

        with db.unit_of_work(SYSTEM):
            assert stopped.by_id(stop.id).status == "withdrawn"

    def test_p37_what_is_paid_for_is_not_kept_back(self, company, customer):
        """Others: a service paid for is suspended with the overdue. Ours: prepaid 50,000 passes the freeze."""
        freeze(company, customer, "orders")

        paid = check(company, "50000.00", prepaid=cny("50000.00"))
        unpaid = check(company, "50000.00", reference="SO-2002", prepaid=cny("49999.99"))

        assert (paid.lets_through, unpaid.lets_through) == (True, False)


class TestEvents:
    def test_p36_cash_or_limits_wake_held_deliveries_too(self):
        """Others: only orders are looked at again. Ours: one reaction for both, on each cure."""
        cures = ("cash.applied", "dispute.opened", "rating.changed", "limit.changed", "freeze.lifted")

        assert all(reactions._recheck in reactions.REACTIONS[name] for name in cures)


class TestReports:
    def test_p47_the_report_of_overrides_names_who_why_and_how_far(self, company, customer, released):
        """Others: no list at all. Ours: 120,000.00 by 36,000.00 over, with the reason, to its last day."""
        with db.unit_of_work(SYSTEM):
            (row,) = release_reports.overrides(as_of=orders.DAY, company_id=company.pk)
            table = reports.make(name="overrides", request=reports.ReportRequest(as_of=orders.DAY))

        assert (row["amount"], row["over_amount"], row["reason"], row["in_force"]) == (
            cny("120000").amount, cny("36000").amount, "客户承诺本周付款", True,
        )  # fmt: skip
        assert len(table.rows) == 1

    def test_p47_wrong_holds_are_counted(self, company, customer, released, seller, manager):
        """Others: nobody looks back. Ours: 1 hold looked back on, 1 wrong; 1 release, right."""
        with db.unit_of_work(SYSTEM):
            held = Decision.objects.get(purpose="check").pk
        review_hold.review_hold(decision_id=held, was_right=False, note="回款已在途", actor=manager)
        review_hold.review_hold(decision_id=released.decision_id, was_right=True, note="", actor=manager)

        with db.unit_of_work(SYSTEM):
            rows = release_reports.hold_errors(as_of=orders.DAY)

        assert [(row["kind"], row["reviewed"], row["wrong"], str(row["share"])) for row in rows] == [
            ("hold", 1, 1, "1.0000"),
            ("release", 1, 0, "0.0000"),
        ]
