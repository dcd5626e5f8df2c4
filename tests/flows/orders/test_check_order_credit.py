from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from factories import companies, customers, orders
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.decisions import queries as decisions
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.monitoring.models import Freeze
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.decisions.facts import ControlPoint
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.orders.order_cases import UnableToCheckOrderError, UnableToFindCustomerError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def check(*requests, commit=True, actor=SYSTEM, **options):
    return check_order_credit.check_order_credit(requests=requests, actor=actor, commit=commit, **options)


def order_of(company, reference="SO-2001"):
    with db.unit_of_work(SYSTEM):
        return order_queries.orders_by_reference([(company.pk, reference)]).get((company.pk, reference))


def account_of(company, customer):
    with db.unit_of_work(SYSTEM):
        return exposure.accounts_of_customer(customer.pk, company_id=company.pk)[0]


@pytest.fixture
def customer(company):
    orders.policy(company)
    return orders.creditworthy(company)


class TestCheckOrderCredit:
    def test_releases_an_order_that_fits_and_keeps_its_room(self, company, customer):
        view = check(orders.request(company, "50000.00"))[0]

        assert view.decision.outcome is Outcome.WARN
        assert view.order_status == "released"
        assert view.reservation.amount.text() == "50000.00"
        assert view.reservation.expires_at.date() == date(2026, 4, 1)
        assert account_of(company, customer).reserved.text() == "50000.00"
        assert order_of(company).status == "released"

    def test_holds_what_does_not_fit_and_asks_who_may_decide(self, company, customer):
        view = check(orders.request(company, "120000.00"))[0]

        assert view.decision.outcome is Outcome.HOLD
        assert view.decision.headroom_after == Amount(Money.of("-36000.00", "CNY"))
        assert view.reservation is None
        assert order_of(company).status == "held"
        assert account_of(company, customer).reserved.text() == "0.00"
        with db.unit_of_work(SYSTEM):
            asked = approvals.by_id(view.approval_request_id)
        assert asked.roles == ("credit_manager", "risk_director")
        assert asked.decision_id == view.id

    def test_keeps_nothing_when_only_asked(self, company, customer):
        view = check(orders.request(company, "50000.00"), commit=False)[0]

        assert view.decision.outcome is Outcome.WARN
        assert order_of(company) is None
        assert account_of(company, customer).reserved.text() == "0.00"
        with db.unit_of_work(SYSTEM):
            assert not decisions.by_id(view.id).is_committed

    def test_does_not_count_a_reference_twice(self, company, customer):
        first, second = (check(orders.request(company, "80000.00"))[0] for _ in range(2))

        assert first.decision.headroom_after == second.decision.headroom_after
        assert account_of(company, customer).reserved.text() == "80000.00"

    def test_requests_of_a_batch_see_the_room_taken_before_them(self, company, customer):
        views = check(
            orders.request(company, "50000.00", reference="SO-1"),
            orders.request(company, "40000.00", reference="SO-2"),
            orders.request(company, "34000.00", reference="SO-3"),
        )

        assert [view.order_status for view in views] == ["released", "held", "released"]
        assert account_of(company, customer).reserved.text() == "84000.00"

    def test_the_same_document_twice_in_a_batch_ends_as_decided_last(self, company, customer):
        views = check(
            orders.request(company, "50000.00"),
            orders.request(company, "84000.00"),
            orders.request(company, "70000.00"),
        )

        assert [view.lets_through for view in views] == [True, True, True]
        assert account_of(company, customer).reserved.text() == "70000.00"
        assert order_of(company).decision_id == views[-1].id

    def test_checks_again_with_more_and_gives_the_old_room_back_when_it_is_held(self, company, customer):
        check(orders.request(company, "50000.00"))

        view = check(orders.request(company, "90000.00"))[0]

        assert view.order_status == "held"
        assert account_of(company, customer).reserved.text() == "0.00"

    def test_puts_a_changed_question_anew(self, company, customer):
        first = check(orders.request(company, "120000.00"))[0]
        same = check(orders.request(company, "120000.00"))[0]
        other = check(orders.request(company, "130000.00"))[0]

        assert same.approval_request_id == first.approval_request_id
        assert other.approval_request_id != first.approval_request_id
        with db.unit_of_work(SYSTEM):
            assert approvals.by_id(first.approval_request_id).status == "withdrawn"

    def test_rejects_grade_d_without_asking_anybody(self, company, customer):
        orders.rating(company, customer, "D", as_of=date(2026, 2, 20))

        view = check(orders.request(company, "1000.00"))[0]

        assert (view.decision.outcome, view.order_status) == (Outcome.REJECT, "rejected")
        assert view.approval_request_id is None

    def test_reads_overdue_items_and_names_the_one_to_receive(self, company, customer):
        orders.invoice(company, customer, "INV-1042", "82000.00", due=orders.DAY - timedelta(days=12))
        orders.invoice(company, customer, "INV-1050", "334000.00", due=orders.DAY + timedelta(days=20))

        view = check(orders.request(company, "120000.00"))[0]

        assert view.facts.receivables.overdue_days_max == 12
        first = view.decision.remedies[0]
        assert (first.code, first.references, first.is_enough) == ("receive_invoices", ("INV-1042",), True)

    def test_counts_a_temporary_line_of_this_order_only(self, company, customer):
        orders.line(
            company,
            customer,
            "36000.00",
            line_kind="temporary",
            valid_to=date(2026, 4, 1),
            reference="SO-2001",
        )

        mine = check(orders.request(company, "120000.00"), commit=False)[0]
        other = check(orders.request(company, "120000.00", reference="SO-9"), commit=False)[0]

        assert mine.lets_through
        assert not other.lets_through

    def test_holds_while_orders_are_frozen(self, company, customer):
        with db.unit_of_work(SYSTEM):
            Freeze.objects.create(
                company=company,
                customer=customer,
                scope="orders",
                cause="dunning",
                text_zh="冻结",
                text_en="frozen",
                frozen_on=orders.DAY,
                created_at=companies.MOMENT,
                created_by="test",
            )

        assert check(orders.request(company, "1000.00"))[0].order_status == "held"

    def test_refuses_an_unknown_customer_and_writes_nothing(self, company, customer):
        with pytest.raises(UnableToFindCustomerError):
            check(orders.request(company), orders.request(company, customer_code="NOBODY", reference="SO-2"))

        assert order_of(company) is None

    def test_refuses_an_order_number_of_another_customer(self, company, customer):
        orders.creditworthy(company, "C002")
        check(orders.request(company))

        with pytest.raises(UnableToCheckOrderError):
            check(orders.request(company, customer_code="C002"))

    def test_emits_events_with_the_decision(self, company, customer):
        view = check(orders.request(company, "120000.00"))[0]

        with db.unit_of_work(SYSTEM):
            names = list(Event.objects.order_by("sequence").values_list("name", flat=True))
            payload = Event.objects.get(name="order.held").payload
        assert names == ["order.checked", "order.held"]
        assert payload["decision_id"] == str(view.id)

    def test_the_number_of_statements_does_not_depend_on_the_batch(self, company, customer):
        def count(*requests):
            with CaptureQueriesContext(
                connection,
            ) as captured:
                check(*requests)
            return len(captured)

        one = count(orders.request(company, "1.00", reference="SO-0"))
        many = count(*(orders.request(company, "1.00", reference=f"SO-{n}") for n in range(1, 41)))

        assert many == one
        assert one <= 40


class TestDeliveryControlPoint:
    def test_keeps_room_for_a_delivery_without_an_order(self, company, customer):
        first = check(orders.request(company, "60000.00", control_point=ControlPoint.DELIVERY))[0]
        again = check(orders.request(company, "60000.00", control_point=ControlPoint.DELIVERY))[0]
        other = check(
            orders.request(company, "60000.00", control_point=ControlPoint.DELIVERY, reference="SO-3")
        )[0]

        assert [view.lets_through for view in (first, again, other)] == [True, True, False]
        assert account_of(company, customer).reserved.text() == "60000.00"


class TestScope:
    def test_a_salesperson_checks_only_own_customers(self, company, customer):
        seller = companies.person(company, Role.SALES, row_kind="own", row_value="张三")

        with pytest.raises(UnableToFindCustomerError):
            check(orders.request(company), actor=seller)

    def test_the_same_order_shows_everybody_the_same_verdict(self, company, customer):
        with scope.entered(SYSTEM):
            type(customer).objects.filter(pk=customer.pk).update(salesperson="张三")
        orders.invoice(company, customer, "INV-1", "416000.00", due=orders.DAY - timedelta(days=12))
        seller = companies.person(company, Role.SALES, row_kind="own", row_value="张三")

        theirs = check(orders.request(company), actor=seller, commit=False)[0]
        ours = check(orders.request(company), commit=False)[0]

        assert theirs.decision.as_dict() == ours.decision.as_dict()


class TestTheRecord:
    def test_replays_every_decision_to_the_same_verdict(self, company, customer):
        check(orders.request(company, "50000.00"))
        check(orders.request(company, "120000.00", reference="SO-2"))
        check(orders.request(company, "10.00", reference="SO-3"), commit=False)

        replay = replay_decisions.replay_decisions(actor=SYSTEM)

        assert (replay.replayed, replay.identical) == (3, 3)

    def test_finds_a_verdict_that_was_not_computed(self, company, customer):
        from tradecredit.apps.decisions.models import Decision

        view = check(orders.request(company, "120000.00"))[0]
        with db.unit_of_work(SYSTEM):
            row = Decision.objects.get(pk=view.id)
            verdict = json.loads(row.verdict)
            verdict["outcome"] = "approve"
            row.pk, row.verdict = uuid4(), json.dumps(verdict)
            row.save(force_insert=True)

        replay = replay_decisions.replay_decisions(actor=SYSTEM)

        assert [one.places for one in replay.different] == [
            ("verdict.outcome: recorded 'approve', recomputed 'hold'",)
        ]

    @pytest.mark.parametrize(
        "sql", ["UPDATE decisions_decision SET outcome = 'approve'", "DELETE FROM decisions_decision"]
    )
    def test_the_database_refuses_to_change_a_decision(self, company, customer, sql):
        check(orders.request(company))

        with (
            db.unit_of_work(SYSTEM),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)

    def test_a_foreign_company_has_no_such_decision(self, company, customer):
        view = check(orders.request(company))[0]
        stranger = companies.person(companies.company("OTHER"), Role.CFO)

        with db.unit_of_work(stranger):
            assert decisions.by_id(view.id) is None


class TestManyAccounts:
    def test_decides_many_customers_in_one_batch(self, company, customer):
        for number in range(2, 6):
            orders.creditworthy(company, f"C00{number}")
        customers.customer(company, "C006")

        views = check(
            *(
                orders.request(company, "60000.00", customer_code=f"C00{n}", reference=f"SO-{n}")
                for n in range(1, 7)
            )
        )

        assert [view.order_status for view in views] == ["released"] * 5 + ["held"]
