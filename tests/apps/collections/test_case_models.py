"""What the database itself refuses about cases, plans, proofs and opt-outs."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from factories import companies, customers
from tradecredit.apps.collections.models import (
    ActionPlan,
    ActionStep,
    Case,
    CaseEvent,
    InstalmentPlan,
    OptOut,
    PlanLine,
)
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


@pytest.fixture
def common(company):
    customer = customers.customer(company)
    with scope.entered(Actor.system("test")):
        yield {"company": company, "customer": customer}


def case(common, number="CASE-1"):
    return Case.objects.create(
        number=number,
        opened_on=DAY,
        cause="overdue",
        channel_since=DAY,
        recorded_at=companies.MOMENT,
        **common,
    )


def plan(common, amount="10.00", number="PLAN-1"):
    return InstalmentPlan.objects.create(
        number=number, currency="CNY", amount=amount, agreed_on=DAY, recorded_at=companies.MOMENT,
        recorded_by="test", **common,
    )  # fmt: skip


def started(common):
    return ActionPlan.objects.create(
        code="stop_loss", title_zh="止损", title_en="Stop", started_on=DAY, recorded_at=companies.MOMENT,
        recorded_by="test", **common,
    )  # fmt: skip


class TestRefusals:
    def test_a_second_open_case_of_a_customer(self, common):
        case(common)
        with pytest.raises(IntegrityError, match="case_open_once_a_customer"), transaction.atomic():
            case(common, "CASE-2")

        assert Case.objects.count() == 1

    def test_a_change_of_what_was_done(self, common):
        event = CaseEvent.objects.create(
            case=case(common), kind="note", text_zh="x", text_en="x", channel="internal", day=DAY,
            recorded_at=companies.MOMENT, recorded_by="test", **common,
        )  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            CaseEvent.objects.filter(pk=event.pk).update(text_zh="y")

        assert CaseEvent.objects.get(pk=event.pk).text_zh == "x"

    def test_the_same_plan_twice_and_a_step_done_without_a_result(self, common):
        running = started(common)
        with pytest.raises(IntegrityError, match="action_plan_runs_once"), transaction.atomic():
            started(common)
        with pytest.raises(IntegrityError, match="action_step_done_with_result"), transaction.atomic():
            ActionStep.objects.create(
                plan=running, position=1, code="a", title_zh="a", title_en="a", role="legal", due_date=DAY,
                done_on=DAY, **common,
            )  # fmt: skip

        assert (ActionPlan.objects.count(), ActionStep.objects.count()) == (1, 0)

    def test_two_instalment_plans_at_once_and_parts_of_nothing(self, common):
        running = plan(common)
        with pytest.raises(IntegrityError, match="instalment_plan_runs_once"), transaction.atomic():
            plan(common, number="PLAN-2")
        with pytest.raises(IntegrityError, match="plan_line_positive"), transaction.atomic():
            PlanLine.objects.create(plan=running, position=1, due_date=DAY, amount=0, **common)

        assert (InstalmentPlan.objects.count(), PlanLine.objects.count()) == (1, 0)

    def test_an_opt_out_twice_even_of_the_whole_customer(self, common):
        fields = {
            "reason": "x",
            "since": DAY,
            "recorded_at": companies.MOMENT,
            "recorded_by": "test",
            **common,
        }
        OptOut.objects.create(**fields)
        with pytest.raises(IntegrityError, match="opt_out_once"), transaction.atomic():
            OptOut.objects.create(**fields)

        assert OptOut.objects.count() == 1
