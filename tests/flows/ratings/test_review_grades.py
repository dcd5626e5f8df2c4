"""Ratings that people look at again: who is due, the task, the look on record; and moves that are suggested."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, customers, limits, policies, receivables
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.ratings import rerate_customer, review_grades
from tradecredit.flows.ratings.review_grades import UnableToReviewRatingError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


def rated(company, *found, day=DAY, cause="test"):
    rerate_customer.rerate_customers(
        company=company, customer_ids=[each.pk for each in found], cause=cause, actor=SYSTEM, as_of=day
    )


def tasks(kind):
    with scope.entered(SYSTEM):
        return list(Task.objects.filter(kind=kind).order_by("created_at"))


class TestReviews:
    @pytest.fixture
    def customer(self, company):
        policies.published(company)
        found = customers.customer(company)
        rated(company, found, day=date(2026, 1, 31))
        return found

    def test_a_c_customer_is_due_a_month_after_its_first_rating(self, company, customer):
        (due,) = review_grades.calendar(company=company, actor=SYSTEM)

        assert (due.customer.code, due.customer.grade, due.due_on) == ("C001", "C", date(2026, 2, 28))
        assert not due.is_large

    def test_one_task_a_month_says_who_is_due(self, company, customer):
        for day in (date(2026, 2, 27), DAY, date(2026, 3, 9)):
            with db.unit_of_work(SYSTEM):
                review_grades.ask_reviews(company=company, as_of=day)

        (task,) = tasks("rating_review")
        assert (task.role, task.link) == ("credit_manager", "/ratings/reviews")
        assert task.text_en.startswith("The ratings of 1 customers are due for review")

    def test_a_look_moves_the_day(self, company, customer):
        limits.opening(company, "C001", "1000000")
        manager = companies.person(company, Role.CREDIT_MANAGER)

        review_grades.record_review(company=company, customer_code="C001", note="无变化", actor=manager)

        (due,) = review_grades.calendar(company=company, actor=SYSTEM)
        assert (due.customer.last, due.due_on, due.is_large) == (DAY, date(2026, 4, 2), True)
        assert due.customer.reviewer == manager.name

    def test_refuses_to_look_at_what_is_not_there(self, company, customer):
        with pytest.raises(UnableToReviewRatingError):
            review_grades.record_review(company=company, customer_code="C999", note="", actor=SYSTEM)


class TestSuggestMoves:
    def test_three_payments_in_time_make_one_task_a_quarter(self, company):
        policies.published(company, pack="authority-matrix")
        found = customers.customer(company)
        for month in (10, 11, 12):
            due = date(2025, month, 20)
            number = f"I{month}"
            receivables.invoices(
                company,
                receivables.invoice_row(number, "60000.00", invoice_date=due.replace(day=1), due_date=due),
            )
            receivables.payments(
                company,
                receivables.payment_row(f"P{month}", "60000.00", payment_date=due, invoice_number=number),
            )
            rated(company, found, day=due)
            assert len(tasks("grade_move")) == (month == 12)

        rated(company, found, cause="again")

        suggested = tasks("grade_move")
        assert [(task.role, task.customer_id) for task in suggested] == [
            ("credit_manager", found.pk),
            ("credit_manager", found.pk),
        ], "one in the fourth quarter, one in the first of the next year"
        assert suggested[0].text_en.endswith("Three payments in time in a row; a better grade is suggested")
