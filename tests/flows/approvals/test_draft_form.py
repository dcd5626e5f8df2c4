"""A form's fields written in a draft by a business user, published by a second person, asked of requests from that day."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, customers, policies
from tradecredit.apps.decisions import drafts
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.flows.applications import make_application
from tradecredit.flows.applications.make_application import Application
from tradecredit.flows.approvals import decide_approval, draft_form, publish_draft
from tradecredit.flows.approvals.draft_form import FieldLine, UnableToDraftFormError
from tradecredit.flows.policy import draft_policy
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TUESDAY = date(2026, 3, 3)
SITE = FieldLine(
    key="site_visit", label_zh="走访日", label_en="Visited on", type="datetime", is_required=True
)


@pytest.fixture
def people(company):
    policies.published(company)
    customers.customer(company, "C001")
    customers.customer(company, "C002", "示例二有限公司")
    roles = (Role.SALES, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR)
    return {role: companies.person(company, role) for role in roles}


@pytest.fixture
def draft(company, people):
    return draft_policy.start_draft(
        company=company,
        title="表单",
        reason="加走访日",
        valid_from=TUESDAY,
        actor=people[Role.CREDIT_MANAGER],
    )


def form_of(draft_id, kind="admission"):
    with db.unit_of_work(SYSTEM):
        return drafts.by_id(draft_id).document["forms"].get(kind)


def change(draft, actor, *more, kind="admission", version=None):
    lines = [*draft_form.lines_of(form_of(draft.id, kind)), *more]
    return draft_form.change_form(
        draft_id=draft.id, kind=kind, lines=lines, version=version or draft.version, actor=actor
    )


def apply(company, actor, answers, code="C001"):
    said = Application(kind="admission", customer_code=code, amount=None, reason="新客户", answers=answers)
    return make_application.make_application(company=company, application=said, actor=actor)


class TestChangeForm:
    def test_adds_a_field_and_keeps_what_the_form_said_of_the_others(self, draft, people):
        before = form_of(draft.id)
        change(draft, people[Role.CREDIT_MANAGER], SITE)
        after = form_of(draft.id)
        assert after["components"][:-1] == before["components"]
        assert after["components"][-1] == {
            "type": "datetime",
            "key": "site_visit",
            "label": {"zh": "走访日", "en": "Visited on"},
            "validate": {"required": True},
        }
        assert after["then"] == before["then"]

    def test_published_by_a_second_person_it_is_asked_from_its_day_and_of_no_request_before(
        self, company, people, draft
    ):
        answers = {"cooperation": "account", "monthly_sales": "50000"}
        with clock.on(company, date(2026, 3, 2)):
            early = apply(company, people[Role.SALES], answers)
        changed = change(draft, people[Role.CREDIT_MANAGER], SITE)
        publish_draft.publish(draft_id=changed.id, company=company, actor=people[Role.RISK_DIRECTOR])
        decider = people[Role.CREDIT_MANAGER]

        with clock.on(company, TUESDAY):
            decide_approval.decide_approval(request_id=early.id, approves=True, reason="好", actor=decider)
            late = apply(company, people[Role.SALES], answers, "C002")
            with pytest.raises(UnableToApproveError, match="Visited on"):
                decide_approval.decide_approval(request_id=late.id, approves=True, reason="好", actor=decider)

    @pytest.mark.parametrize(
        "line",
        [
            FieldLine(key="Bad Key", label_zh="x", label_en="", type="textfield", is_required=False),
            FieldLine(key="pick", label_zh="x", label_en="", type="select", is_required=False),
            FieldLine(key="script", label_zh="x", label_en="", type="html", is_required=False),
        ],
        ids=["key", "no-choices", "type"],
    )
    def test_a_field_that_cannot_be_used_is_refused_and_the_draft_stays(self, draft, people, line):
        before = form_of(draft.id)
        with pytest.raises(UnableToDraftFormError):
            change(draft, people[Role.CREDIT_MANAGER], line)
        assert form_of(draft.id) == before

    def test_only_writers_of_policies_change_it(self, draft, people):
        with pytest.raises(UnableToDraftPolicyError):
            change(draft, people[Role.SALES], SITE)

    def test_without_fields_it_goes_away(self, draft, people):
        draft_form.change_form(
            draft_id=draft.id,
            kind="admission",
            lines=[],
            version=draft.version,
            actor=people[Role.CREDIT_MANAGER],
        )
        assert form_of(draft.id) is None
        assert form_of(draft.id, "exception") is not None
