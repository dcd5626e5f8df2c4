"""Lines are proposed, decided by other people, and hold for their time."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories import companies, customers, limits, policies, receivables
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest, Vote
from tradecredit.apps.limits import queries
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError
from tradecredit.core.kernel.limit import NotSet, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.limits.validity import UnableToGrantTemporaryLineError
from tradecredit.flows.limits import (
    limit_advice,
    propose_limit,
    review_limit,
    set_limit,
)
from tradecredit.flows.limits.limit_requests import UnableToDecideLimitError
from tradecredit.flows.limits.propose_limit import UnableToProposeLimitError
from tradecredit.flows.ratings import rerate_customer
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.audit.models import LogEntry
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def customer(company):
    policies.published(company)
    return customers.customer(company, customer_since=date(2024, 3, 2))


@pytest.fixture
def sales(company):
    return companies.person(company, Role.SALES)


@pytest.fixture
def risk(company):
    return companies.person(company, Role.RISK_DIRECTOR)


@pytest.fixture
def cfo(company):
    return companies.person(company, Role.CFO)


def effective(company, customer, day=DAY, reference=""):
    with scope.entered(SYSTEM):
        found = queries.effective(
            company_id=company.pk, customer_ids=[customer.pk], as_of=day, reference=reference
        )
    line = found.get((customer.pk, "CNY"))
    return NotSet() if line is None else line.limit


def changes():
    with scope.entered(SYSTEM):
        return list(Event.objects.filter(name="limit.changed").order_by("pk"))


def propose(company, customer, actor, asked="300000", **fields):
    limit = None if asked is None else cny(asked)
    return propose_limit.propose_limit(
        company=company, customer_id=customer.pk, actor=actor, asked=limit, **fields
    )


def approve(company, proposal, actor, **fields):
    return set_limit.approve_limit(company=company, proposal_id=proposal.id, actor=actor, **fields)


def grade_b(company, customer):
    """Six months of sales of 60,000 paid in time, and the rating that follows."""
    rows, paid = [], []
    for month in range(7, 13):
        due = date(2025, month, 28)
        rows.append(
            receivables.invoice_row(f"I{month}", "60000.00", invoice_date=due.replace(day=1), due_date=due)
        )
        paid.append(
            receivables.payment_row(f"P{month}", "60000.00", payment_date=due, invoice_number=f"I{month}")
        )
    receivables.invoices(company, *rows)
    receivables.payments(company, *paid)
    rerate_customer.rerate_customers(
        company=company, customer_ids=[customer.pk], cause="test", actor=SYSTEM, as_of=DAY
    )


class TestProposeLimit:
    def test_proposes_the_formulas_amount_with_its_steps(self, company, customer, sales):
        grade_b(company, customer)

        proposal = propose(company, customer, sales, asked=None)

        # 360,000 of sales over nine calendar months are 40,000 a month, two months for grade B.
        assert proposal.limit == cny("80000")
        assert proposal.days == 30
        assert (proposal.validity.valid_from, proposal.validity.valid_to) == (DAY, date(2027, 3, 2))
        assert [step["name"] for step in proposal.calculation["steps"]] == [
            "sales",
            "tenure",
            "record",
            "class",
            "industry",
            "equity",
            "grade_cap",
            "rounding",
        ]
        assert proposal.calculation["steps"][0]["words"]["en"].endswith("40,000.00 × 2 = 80,000.00")
        assert proposal.calculation["grade"] == "B"

    def test_asks_the_people_of_the_authority_table(self, company, customer, sales):
        grade_b(company, customer)
        proposal = propose(company, customer, sales, asked="199999.99")

        with scope.entered(SYSTEM):
            request = ApprovalRequest.objects.get(subject_id=proposal.id)

        assert (request.kind, request.mode) == ("credit_limit", "any")
        assert set(request.roles) == {"credit_manager", "risk_director"}
        assert request.requested_by_id == sales.user_id

    def test_grants_nothing_by_itself(self, company, customer, sales):
        propose(company, customer, sales)

        assert effective(company, customer) == NotSet()
        assert changes() == []

    def test_names_the_conditions_of_the_amount_asked_for(self, company, customer, sales):
        proposal = propose(company, customer, sales, asked="600000")

        needed = [each["name"] for each in proposal.conditions["needed"]]
        assert needed == ["prepayment", "guarantee"]
        assert proposal.conditions["prepayment_share"] == "0.3"

    def test_refuses_a_second_question_about_the_same_line(self, company, customer, sales):
        propose(company, customer, sales)

        with pytest.raises(UnableToProposeLimitError, match="already"):
            propose(company, customer, sales, asked="400000")

    def test_refuses_a_formula_without_figures(self, company, customer, sales):
        with pytest.raises(UnableToProposeLimitError, match="say which amount"):
            propose(company, customer, sales, asked=None, currency="USD")

    def test_refuses_an_amount_in_another_currency_than_the_line(self, company, customer, sales):
        with pytest.raises(UnableToProposeLimitError, match="one currency"):
            propose(company, customer, sales, currency="USD")

    def test_refuses_an_end_before_the_beginning(self, company, customer, sales):
        with pytest.raises(UnableToProposeLimitError, match="later day"):
            propose(company, customer, sales, valid_to=DAY)

    def test_hides_customers_out_of_sight(self, company, customer):
        stranger = companies.person(
            company, Role.SALES, email="other@demo.example.com", row_kind="own", row_value="Li"
        )

        with pytest.raises(UnableToProposeLimitError, match="no such customer"):
            propose(company, customer, stranger)


class TestApproveLimit:
    def test_brings_the_line_into_force_when_a_second_person_agrees(self, company, customer, sales, risk):
        grade_b(company, customer)
        proposal = propose(company, customer, sales, asked="150000")

        done = approve(company, proposal, risk, reason="good record")

        assert done.standing is Standing.APPROVED
        assert effective(company, customer) == cny("150000")
        assert effective(company, customer, day=date(2027, 3, 2)) == NotSet()
        (event,) = changes()
        assert (event.payload["old"], event.payload["new"]) == ("not set", "150000.00")
        with scope.entered(SYSTEM):
            (line,) = queries.lines(company_id=company.pk, customer_ids=[customer.pk])[customer.pk, "CNY"]
            entry = LogEntry.objects.get(stream=f"customer:{customer.pk}", kind="limit.changed")
        assert (line.requested_by_id, line.approved_by_id) == (sales.user_id, risk.user_id)
        assert line.line.origin == "approval"
        assert "not set → 150000.00 CNY" in entry.text_en

    def test_waits_for_the_second_vote_where_two_must_countersign(self, company, customer, sales, risk, cfo):
        proposal = propose(company, customer, sales)

        first = approve(company, proposal, risk)
        between = effective(company, customer)
        second = approve(company, proposal, cfo)

        assert (first.standing, between) == (Standing.PENDING, NotSet())
        assert second.standing is Standing.APPROVED
        assert effective(company, customer) == cny("300000")

    def test_refuses_the_person_who_asked(self, company, customer, risk):
        grade_b(company, customer)
        proposal = propose(company, customer, risk, asked="150000")

        with pytest.raises(UnableToApproveError, match="own request"):
            approve(company, proposal, risk)

        assert effective(company, customer) == NotSet()
        with scope.entered(SYSTEM):
            assert Vote.objects.count() == 0
            assert queries.proposal(proposal_id=proposal.id).status == "open"

    def test_refuses_a_role_without_authority(self, company, customer, sales):
        colleague = companies.person(company, Role.SALES, email="sales2@demo.example.com")
        proposal = propose(company, customer, sales)

        with pytest.raises(UnableToApproveError, match="do not decide"):
            approve(company, proposal, colleague)

    def test_refuses_one_person_for_two_places(self, company, customer, sales, risk):
        proposal = propose(company, customer, sales)
        approve(company, proposal, risk)

        with pytest.raises(UnableToApproveError, match="twice"):
            approve(company, proposal, risk)

    def test_refuses_the_system(self, company, customer, sales):
        proposal = propose(company, customer, sales)

        with pytest.raises(UnableToApproveError):
            approve(company, proposal, SYSTEM)

    def test_refuses_what_has_been_decided(self, company, customer, sales, risk):
        grade_b(company, customer)
        proposal = propose(company, customer, sales, asked="150000")
        approve(company, proposal, risk)

        with pytest.raises(UnableToDecideLimitError):
            approve(company, proposal, risk)

        assert len(changes()) == 1

    def test_grants_nothing_for_days_that_are_over(self, company, customer, sales, risk):
        grade_b(company, customer)
        proposal = propose(company, customer, sales, asked="150000", valid_to=date(2026, 3, 10))

        with pytest.raises(UnableToDecideLimitError, match="over"):
            approve(company, proposal, risk, as_of=date(2026, 3, 10))

        late = approve(company, proposal, risk, as_of=date(2026, 3, 9))
        assert late.standing is Standing.APPROVED
        assert effective(company, customer, day=date(2026, 3, 8)) == NotSet()
        assert effective(company, customer, day=date(2026, 3, 9)) == cny("150000")

    def test_takes_unlimited_to_those_who_decide_the_largest_amounts(self, company, customer, sales):
        grade_b(company, customer)

        proposal = propose_limit.propose_limit(
            company=company, customer_id=customer.pk, actor=sales, asked=Unlimited()
        )

        assert proposal.calculation["route"]["rule"] == "b_above_2m"


class TestRejectLimit:
    def test_ends_the_question_with_the_reason(self, company, customer, sales, risk):
        proposal = propose(company, customer, sales)

        done = set_limit.reject_limit(
            company=company, proposal_id=proposal.id, actor=risk, reason="no statements"
        )

        assert done.standing is Standing.REJECTED
        assert effective(company, customer) == NotSet()
        with scope.entered(SYSTEM):
            found = queries.proposal(proposal_id=proposal.id)
            request = ApprovalRequest.objects.get(subject_id=proposal.id)
        assert (found.status, found.decision_reason, request.status) == (
            "rejected",
            "no statements",
            "rejected",
        )

    def test_needs_a_reason(self, company, customer, sales, risk):
        proposal = propose(company, customer, sales)

        with pytest.raises(UnableToDecideLimitError, match="reason"):
            set_limit.reject_limit(company=company, proposal_id=proposal.id, actor=risk, reason=" ")


class TestWithdrawLimit:
    def test_lets_only_the_person_who_asked_take_it_back(self, company, customer, sales, risk):
        proposal = propose(company, customer, sales)

        with pytest.raises(UnableToDecideLimitError, match="who asked"):
            set_limit.withdraw_limit(company=company, proposal_id=proposal.id, actor=risk)
        set_limit.withdraw_limit(company=company, proposal_id=proposal.id, actor=sales)

        with scope.entered(SYSTEM):
            assert queries.proposal(proposal_id=proposal.id).status == "withdrawn"
        assert propose(company, customer, sales).status == "open"


class TestRequestTemporaryLine:
    def ask(self, company, customer, actor, amount="100000", *, until=date(2026, 3, 16), **fields):
        return propose_limit.request_temporary_line(
            company=company,
            customer_id=customer.pk,
            amount=Money.of(amount, "CNY"),
            until=until,
            actor=actor,
            **fields,
        )

    def test_adds_to_the_line_and_ends_by_itself(self, company, customer, sales, risk):
        grade_b(company, customer)
        limits.opening(company, limit="500000")
        proposal = self.ask(company, customer, sales, reason="spring orders")

        approve(company, proposal, risk)

        assert effective(company, customer) == cny("600000")
        assert effective(company, customer, day=date(2026, 3, 16)) == cny("600000")
        assert effective(company, customer, day=date(2026, 3, 17)) == cny("500000")

    def test_counts_for_the_order_it_was_asked_for(self, company, customer, sales, risk):
        grade_b(company, customer)
        limits.opening(company, limit="500000")
        proposal = self.ask(company, customer, sales, reference="SO-7")

        approve(company, proposal, risk)

        assert effective(company, customer) == cny("500000")
        assert effective(company, customer, reference="SO-7") == cny("600000")

    def test_refuses_more_than_policy_allows_and_records_nothing(self, company, customer, sales):
        limits.opening(company, limit="500000")

        with pytest.raises(UnableToGrantTemporaryLineError):
            self.ask(company, customer, sales, amount="250000.01")
        with pytest.raises(UnableToGrantTemporaryLineError):
            self.ask(company, customer, sales, until=date(2026, 6, 1))

        with scope.entered(SYSTEM):
            assert queries.proposals(company_id=company.pk) == ()

    def test_refuses_a_line_on_top_of_nothing(self, company, customer, sales):
        with pytest.raises(UnableToGrantTemporaryLineError, match="base limit"):
            self.ask(company, customer, sales)


class TestS115:
    def test_a_first_line_a_change_of_it_and_a_temporary_one_that_ends_by_itself(
        self, company, customer, sales, risk
    ):
        grade_b(company, customer)
        temporary = TestRequestTemporaryLine()

        approve(company, propose(company, customer, sales, asked="200000"), risk)
        first = effective(company, customer)
        approve(company, propose(company, customer, sales, asked="300000"), risk)
        changed = effective(company, customer)
        approve(company, temporary.ask(company, customer, sales, amount="50000"), risk)

        assert (first, changed) == (cny("200000"), cny("300000"))
        assert effective(company, customer, day=date(2026, 3, 16)) == cny("350000")
        assert effective(company, customer, day=date(2026, 3, 17)) == cny("300000")


class TestReviewLimits:
    def review(self, company, customer):
        return review_limit.review_limits(
            company=company, customer_ids=[customer.pk], actor=SYSTEM, as_of=DAY
        )

    def fall(self, company, customer):
        """A late payment after a good record takes the grade down."""
        grade_b(company, customer)
        receivables.invoices(
            company,
            *[
                receivables.invoice_row(
                    f"L{each}", "300000.00", invoice_date=date(2025, 10, 1), due_date=date(2025, 11, 1)
                )
                for each in range(8)
            ],
        )
        rerate_customer.rerate_customers(
            company=company, customer_ids=[customer.pk], cause="item.overdue", actor=SYSTEM, as_of=DAY
        )

    def test_proposes_a_cut_after_a_fall(self, company, customer):
        limits.opening(company, limit="500000")
        self.fall(company, customer)

        done = self.review(company, customer)

        with scope.entered(SYSTEM):
            (proposal,) = queries.proposals(company_id=company.pk)
        assert done.proposal_ids == (proposal.id,)
        assert proposal.limit.money.amount < Decimal(500000)
        assert effective(company, customer) == cny("500000")

    def test_asks_once_while_people_are_looking(self, company, customer):
        limits.opening(company, limit="500000")
        self.fall(company, customer)
        self.review(company, customer)

        assert self.review(company, customer).proposal_ids == ()

    def test_leaves_customers_without_a_line_alone(self, company, customer):
        self.fall(company, customer)

        assert self.review(company, customer).proposal_ids == ()


class TestAdvise:
    def test_shows_the_line_in_force_beside_the_proposed_one(self, company, customer):
        limits.opening(company, limit="500000")
        grade_b(company, customer)

        with scope.entered(SYSTEM):
            advice = limit_advice.advise(
                company_id=company.pk, customer_ids=[customer.pk], currency="CNY", as_of=DAY
            )[customer.pk]

        assert advice.current == cny("500000")
        assert advice.proposal.amount == Money.of("80000", "CNY")
        assert advice.grade == "B"
