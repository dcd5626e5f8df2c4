from __future__ import annotations

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from factories import companies, orders, policies
from tradecredit.apps.decisions import drafts
from tradecredit.apps.decisions.models import PolicyDraft
from tradecredit.core.approvals.four_eyes import Standing, UnableToApproveError
from tradecredit.flows.approvals import decide_approval, publish_draft
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.policy import draft_policy
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError, UnableToPublishDraftError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.audit.models import LogEntry

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"
TODAY, TOMORROW = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def writer(company):
    policies.published(company)
    return companies.person(company, Role.CREDIT_MANAGER, email="writer@example.com")


@pytest.fixture
def publisher(company):
    return companies.person(company, Role.RISK_DIRECTOR, email="publisher@example.com")


def started(company, actor):
    return draft_policy.start_draft(
        company=company, title="单笔上限", reason="单笔过大", valid_from=TOMORROW, actor=actor
    )


def changed(draft, actor, value="40000.00", **fields):
    values = {
        "valid_from": TOMORROW,
        "reason": "单笔过大",
        "version": draft.version,
        "figures": {MAXIMUM: value},
    }
    return draft_policy.change_draft(draft_id=draft.id, actor=actor, **{**values, **fields})


def published(draft, company, actor):
    return draft_policy.publish_draft(draft_id=draft.id, company=company, actor=actor)


def found(draft):
    with scope.entered(SYSTEM):
        return drafts.by_id(draft.id)


class TestPublishDraft:
    def test_tomorrows_check_follows_and_todays_does_not(self, company, writer, publisher):
        orders.creditworthy(company)
        stored = published(changed(started(company, writer), writer), company, publisher)
        assert (stored.number, stored.valid_from) == (2, TOMORROW)

        today, tomorrow = (
            check_order_credit.check_order_credit(
                requests=[orders.request(company, "50000.00", reference=f"SO-{day}")], actor=SYSTEM, as_of=day
            )[0]
            for day in (TODAY, TOMORROW)
        )
        assert today.order_status == "released"
        assert tomorrow.order_status == "held"
        assert "single_document_maximum" in [one.code for one in tomorrow.decision.reasons]
        assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()

    def test_the_log_keeps_every_change_with_both_values(self, company, writer, publisher):
        published(changed(started(company, writer), writer), company, publisher)
        with scope.entered(SYSTEM):
            latest = LogEntry.objects.filter(kind="policy.published").latest("sequence")
        assert latest.actor_id == publisher.user_id
        assert json.loads(latest.payload)["changes"] == [
            {"path": MAXIMUM, "before": "3000000.00", "after": "40000.00"}
        ]

    def test_the_author_cannot_publish(self, company, writer):
        director = companies.person(company, Role.RISK_DIRECTOR, email="both@example.com")
        draft = changed(started(company, director), director)
        with pytest.raises(UnableToPublishDraftError) as refusal:
            published(draft, company, director)
        assert "起草人" in refusal.value.words.zh

    def test_who_changed_a_colleagues_draft_cannot_publish_it(self, company, writer, publisher):
        draft = changed(changed(started(company, writer), publisher), writer, value="50000.00")

        with pytest.raises(UnableToPublishDraftError) as refusal:
            published(draft, company, publisher)

        assert publisher.name in refusal.value.words.zh
        assert "has changed this draft" in refusal.value.words.en
        assert found(draft).is_open

    def test_a_third_person_publishes_what_two_have_written(self, company, writer, publisher):
        third = companies.person(company, Role.RISK_DIRECTOR, email="third@example.com")
        draft = changed(changed(started(company, writer), publisher), writer, value="50000.00")

        stored = published(draft, company, third)

        assert draft.editor_ids == (publisher.user_id, writer.user_id)
        assert stored.number == 2

    def test_a_draft_of_which_no_editor_is_recorded_only_keeps_its_author_back(
        self, company, writer, publisher
    ):
        draft = changed(started(company, writer), publisher)
        with scope.entered(SYSTEM):
            PolicyDraft.objects.filter(pk=draft.id).update(editor_ids=[])

        with pytest.raises(UnableToPublishDraftError):
            published(draft, company, writer)
        assert published(draft, company, publisher).number == 2

    def test_an_editor_agrees_to_no_request_about_it_either(self, company, writer, publisher):
        draft = changed(changed(started(company, writer), publisher), writer, value="50000.00")
        asked = publish_draft.submit_draft(draft_id=draft.id, company=company, actor=writer)

        with pytest.raises(UnableToApproveError) as refusal:
            decide_approval.decide_approval(
                request_id=asked.id, approves=True, reason="fine", actor=publisher
            )

        assert refusal.value.facts["reason"] == "own_draft"
        assert found(draft).is_open

    def test_an_editor_may_still_reject_it(self, company, writer, publisher):
        draft = changed(changed(started(company, writer), publisher), writer, value="50000.00")
        asked = publish_draft.submit_draft(draft_id=draft.id, company=company, actor=writer)

        done = decide_approval.decide_approval(
            request_id=asked.id, approves=False, reason="too low", actor=publisher
        )

        assert done.standing is Standing.REJECTED

    def test_the_database_itself_wants_somebody_who_has_not_changed_it(self, company, writer, publisher):
        draft = changed(started(company, writer), publisher)
        with scope.entered(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
            PolicyDraft.objects.filter(pk=draft.id).update(
                status="published", published_id=draft.base_id, ended_by_id=publisher.user_id
            )

    def test_only_roles_of_the_authority_table_publish(self, company, writer):
        other = companies.person(company, Role.CREDIT_MANAGER, email="other@example.com")
        with pytest.raises(UnableToPublishDraftError) as refusal:
            published(changed(started(company, writer), writer), company, other)
        assert "risk_director" in refusal.value.words.en

    def test_a_draft_with_a_mistake_stays_a_draft(self, company, writer, publisher):
        draft = changed(started(company, writer), writer, value="plenty")
        with pytest.raises(UnableToPublishDraftError) as refusal:
            published(draft, company, publisher)
        assert "amounts.CNY" in refusal.value.words.en

    def test_a_draft_that_changes_nothing_is_not_published(self, company, writer, publisher):
        with pytest.raises(UnableToPublishDraftError):
            published(started(company, writer), company, publisher)

    def test_a_day_that_has_begun_is_refused(self, company, writer, publisher):
        with pytest.raises(UnableToPublishDraftError) as refusal:
            published(changed(started(company, writer), writer, valid_from=TODAY), company, publisher)
        assert "2026-03-02" in refusal.value.words.en

    def test_a_draft_of_an_older_version_is_refused(self, company, writer, publisher):
        draft = changed(started(company, writer), writer)
        published(changed(started(company, writer), writer, value="50000.00"), company, publisher)
        with pytest.raises(UnableToPublishDraftError) as refusal:
            published(draft, company, publisher)
        assert "Version 2" in refusal.value.words.en

    def test_a_draft_is_published_once(self, company, writer, publisher):
        draft = changed(started(company, writer), writer)
        published(draft, company, publisher)
        with pytest.raises(UnableToDraftPolicyError):
            published(draft, company, publisher)

    def test_the_database_itself_wants_a_second_person(self, company, writer):
        draft = started(company, writer)
        with scope.entered(SYSTEM), pytest.raises(IntegrityError), transaction.atomic():
            PolicyDraft.objects.filter(pk=draft.id).update(
                status="published", published_id=draft.base_id, ended_by_id=draft.author_id
            )


class TestChangeDraft:
    def test_two_people_do_not_overwrite_each_other(self, company, writer):
        draft = started(company, writer)
        changed(draft, writer)
        with pytest.raises(UnableToDraftPolicyError) as refusal:
            changed(draft, writer, value="60000.00")
        assert "已被修改" in refusal.value.words.zh

    def test_refuses_a_figure_that_the_policy_has_not(self, company, writer):
        with pytest.raises(UnableToDraftPolicyError):
            changed(started(company, writer), writer, figures={"authority.currency": "USD"})

    def test_sales_may_not_draft(self, company, writer):
        sales = companies.person(company, Role.SALES, email="sales@example.com")
        with pytest.raises(UnableToDraftPolicyError):
            started(company, sales)


class TestWithdrawDraft:
    def test_ends_it(self, company, writer):
        draft = draft_policy.withdraw_draft(draft_id=started(company, writer).id, actor=writer)
        assert (draft.status, draft.is_open) == ("withdrawn", False)

    def test_another_company_never_sees_it(self, company, writer):
        draft = started(company, writer)
        stranger = companies.person(
            companies.company("OTHER", "示例贸易有限公司"), Role.CFO, email="s@example.com"
        )
        with db.unit_of_work(stranger):
            assert drafts.by_id(draft.id) is None
