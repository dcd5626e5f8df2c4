"""Sales has its say before a policy is published, and a policy asks to be renewed."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, policies
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.approvals import publish_draft
from tradecredit.flows.policy import draft_policy, hear_colleagues
from tradecredit.flows.policy.draft_policy import UnableToPublishDraftError
from tradecredit.flows.policy.hear_colleagues import UnableToRemarkError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"
TOMORROW = date(2026, 3, 3)


@pytest.fixture
def draft(company):
    policies.published(company)
    writer = companies.person(company, Role.CREDIT_MANAGER, email="writer@example.com")
    begun = draft_policy.start_draft(
        company=company, title="单笔上限", reason="单笔过大", valid_from=TOMORROW, actor=writer
    )
    changed = draft_policy.change_draft(
        draft_id=begun.id,
        figures={MAXIMUM: "40000.00"},
        valid_from=TOMORROW,
        reason="单笔过大",
        version=begun.version,
        actor=writer,
    )
    publish_draft.submit_draft(draft_id=begun.id, company=company, actor=writer)
    return changed


@pytest.fixture
def sales(company):
    return companies.person(company, Role.SALES_DIRECTOR, email="sales@example.com")


@pytest.fixture
def director(company):
    return companies.person(company, Role.RISK_DIRECTOR, email="director@example.com")


def said(draft, actor, stance, text="旺季客户会流失"):
    return hear_colleagues.remark(draft_id=draft.id, stance=stance, text=text, actor=actor)


def open_tasks(kind):
    with scope.entered(SYSTEM):
        return list(Task.objects.filter(kind=kind, done_at__isnull=True).values_list("role", flat=True))


class TestRemark:
    def test_sales_is_asked_when_a_draft_is_submitted_and_answers(self, company, draft, sales):
        assert open_tasks("policy_consulted") == ["sales_director"]
        remark = said(draft, sales, "agree", "同意")
        assert (remark.stance, remark.roles, remark.draft_version) == ("agree", ("sales_director",), 2)
        assert open_tasks("policy_consulted") == []

    def test_an_objection_is_not_passed_over_in_silence(self, company, draft, sales, director):
        said(draft, sales, "object")
        with pytest.raises(UnableToPublishDraftError, match="客户会流失"):
            publish_draft.publish(draft_id=draft.id, company=company, actor=director)
        assert publish_draft.publish(
            draft_id=draft.id, company=company, actor=director, reason="已与销售沟通"
        )

    def test_who_agrees_in_the_end_objects_no_more(self, company, draft, sales, director):
        said(draft, sales, "object")
        said(draft, sales, "agree", "调整后同意")
        assert publish_draft.publish(draft_id=draft.id, company=company, actor=director)

    @pytest.mark.parametrize(("stance", "text"), [("agree", " "), ("shout", "x")])
    def test_nothing_said_is_refused(self, draft, sales, stance, text):
        with pytest.raises(UnableToRemarkError):
            said(draft, sales, stance, text)


class TestAskRevision:
    @pytest.mark.parametrize(
        ("pack", "day", "expected"),
        [
            ("policy-scorecard", date(2024, 12, 31), False),
            ("policy-scorecard", date(2025, 1, 1), True),
            ("five-pillars", date(2030, 1, 1), False),
        ],
    )
    def test_a_year_after_the_last_version(self, company, pack, day, expected):
        policies.published(company, pack=pack)
        with db.unit_of_work(SYSTEM):
            assert hear_colleagues.ask_revision(company=company, as_of=day) is expected
            hear_colleagues.ask_revision(company=company, as_of=day)
        assert open_tasks("policy_revision") == ["credit_manager"] * expected

    def test_without_any_policy_nothing_is_due(self, company):
        with db.unit_of_work(SYSTEM):
            assert hear_colleagues.ask_revision(company=company, as_of=TOMORROW) is False
