from __future__ import annotations

from datetime import date

import pytest

from factories import companies, orders, policies
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.apps.decisions import drafts
from tradecredit.apps.decisions import policies as stored_policies
from tradecredit.core.approvals.four_eyes import UnableToApproveError
from tradecredit.flows.approvals import decide_approval, publish_draft
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.policy import change_report, draft_policy, run_simulation
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError, UnableToPublishDraftError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role

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


@pytest.fixture
def draft(company, writer):
    begun = draft_policy.start_draft(
        company=company, title="单笔上限", reason="单笔过大", valid_from=TOMORROW, actor=writer
    )
    return _changed(begun, writer, "40000.00")


def _changed(draft, actor, value):
    return draft_policy.change_draft(
        draft_id=draft.id,
        figures={MAXIMUM: value},
        valid_from=TOMORROW,
        reason="单笔过大",
        version=draft.version,
        actor=actor,
    )


def _now(draft):
    with db.unit_of_work(SYSTEM):
        return drafts.by_id(draft.id)


def _request(request_id):
    with db.unit_of_work(SYSTEM):
        return approvals.by_id(request_id)


def _submitted(company, writer, draft):
    return publish_draft.submit_draft(draft_id=draft.id, company=company, actor=writer)


def _decided(asked, actor, *, approves=True):
    return decide_approval.decide_approval(request_id=asked.id, approves=approves, reason="看过", actor=actor)


class TestSubmitDraft:
    def test_asks_the_roles_of_the_authority_table_once(self, company, writer, draft):
        asked = _submitted(company, writer, draft)
        assert _submitted(company, writer, draft).id == asked.id
        assert (asked.kind, asked.reference, asked.requested_by_id) == ("policy", "单笔上限", writer.user_id)
        with db.unit_of_work(SYSTEM):
            assert set(asked.roles) == set(draft_policy.publishers(company=company, on=TODAY))

    def test_only_its_author_submits_it(self, company, publisher, draft):
        with pytest.raises(UnableToPublishDraftError):
            _submitted(company, publisher, draft)

    def test_agreeing_among_the_tasks_publishes_it(self, company, writer, publisher, draft):
        asked = _submitted(company, writer, draft)
        _decided(asked, publisher)
        assert (_now(draft).status, _now(draft).ended_by_name) == ("published", publisher.name)
        assert _request(asked.id).status == RequestStatus.APPROVED

    def test_the_author_cannot_agree_to_it(self, company, writer, draft):
        asked = _submitted(company, writer, draft)
        with pytest.raises(UnableToApproveError):
            _decided(asked, writer)
        assert _now(draft).is_open

    def test_rejecting_it_leaves_it_to_its_author(self, company, writer, publisher, draft):
        asked = _submitted(company, writer, draft)
        _decided(asked, publisher, approves=False)
        assert _now(draft).is_open
        assert _request(asked.id).status == RequestStatus.REJECTED

    def test_changing_it_takes_the_question_back(self, company, writer, publisher, draft):
        asked = _submitted(company, writer, draft)
        _changed(draft, writer, "45000.00")
        assert _request(asked.id).status == RequestStatus.WITHDRAWN
        with pytest.raises(decide_approval.UnableToDecideRequestError):
            _decided(asked, publisher)


class TestPublish:
    def test_agreeing_on_the_drafts_page_ends_the_question(self, company, writer, publisher, draft):
        asked = _submitted(company, writer, draft)
        stored = publish_draft.publish(draft_id=draft.id, company=company, actor=publisher)
        assert (stored.number, stored.valid_from) == (2, TOMORROW)
        assert _request(asked.id).status == RequestStatus.APPROVED

    def test_its_author_cannot_publish_it(self, company, writer, draft):
        with pytest.raises(UnableToPublishDraftError):
            publish_draft.publish(draft_id=draft.id, company=company, actor=writer)
        assert _now(draft).is_open


class TestChangeReport:
    def test_names_changes_customers_and_who_signed(self, company, writer, publisher, draft):
        orders.creditworthy(company)
        request = orders.request(company, "50000.00")
        check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)
        stored = publish_draft.publish(draft_id=draft.id, company=company, actor=publisher)
        assert run_simulation.run_waiting(actor=SYSTEM) == 1

        report = change_report.change_report(company=company, number=2, actor=publisher)

        assert [(one.path, one.after) for one in report.changes] == [(MAXIMUM, "40000.00")]
        assert (report.published_by, report.approved_by) == (writer.name, publisher.name)
        assert report.sections == ("order_control",)
        assert [(one.code, one.newly_held, one.newly_released) for one in report.affected] == [("C001", 1, 0)]
        assert report.as_dict()["sha256"] == stored.sha256

    def test_a_version_that_is_not_there_is_refused(self, company, writer):
        with pytest.raises(change_report.UnableToFindVersionError):
            change_report.change_report(company=company, number=7, actor=writer)


class TestGoingBack:
    def test_publishes_the_former_version_anew_and_old_decisions_replay(
        self, company, writer, publisher, draft
    ):
        orders.creditworthy(company)
        request = orders.request(company, "50000.00")
        (decided,) = check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)
        publish_draft.publish(draft_id=draft.id, company=company, actor=publisher)

        back = draft_policy.draft_former(
            company=company, number=1, reason="误伤", valid_from=TOMORROW, actor=writer
        )
        assert back.origin == "former"
        stored = publish_draft.publish(draft_id=back.id, company=company, actor=publisher)

        with db.unit_of_work(SYSTEM):
            first = stored_policies.by_number(company_id=company.pk, number=1)
            assert stored_policies.in_force(company_id=company.pk, as_of=TOMORROW).id == stored.id
        assert (stored.number, stored.sha256) == (3, first.sha256)
        replay = replay_decisions.replay_decision(decision_id=decided.id, actor=SYSTEM)
        assert (replay.replayed, replay.different) == (1, ())

    @pytest.mark.parametrize("number", [1, 9])
    def test_refuses_the_latest_version_and_one_that_is_not_there(self, company, writer, number):
        with pytest.raises(UnableToDraftPolicyError):
            draft_policy.draft_former(
                company=company, number=number, reason="x", valid_from=TOMORROW, actor=writer
            )


class TestPilot:
    def test_another_company_takes_over_the_version_on_trial_here(self, company, writer, publisher, draft):
        pilot = publish_draft.publish(draft_id=draft.id, company=company, actor=publisher)
        other = companies.company("OTHER")
        policies.published(other)

        taken = draft_policy.draft_from_company(
            company=other, version_id=pilot.id, reason="试点有效", valid_from=TOMORROW, actor=SYSTEM
        )

        assert (taken.company_id, taken.origin, taken.origin_id) == (other.pk, "company", pilot.id)
        with db.unit_of_work(SYSTEM):
            changes = draft_policy.changes_of(taken)
        assert [(one.path, one.after) for one in changes] == [(MAXIMUM, "40000.00")]

    def test_who_does_not_see_the_pilot_cannot_take_it_over(self, company, writer, publisher, draft):
        pilot = publish_draft.publish(draft_id=draft.id, company=company, actor=publisher)
        other = companies.company("OTHER")
        policies.published(other)
        stranger = companies.person(other, Role.CREDIT_MANAGER, email="stranger@example.com")
        with pytest.raises(UnableToDraftPolicyError):
            draft_policy.draft_from_company(
                company=other, version_id=pilot.id, reason="x", valid_from=TOMORROW, actor=stranger
            )
