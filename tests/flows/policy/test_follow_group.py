"""A company follows the group's policy: its own values stay, the rest is renewed with what the group publishes."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, policies
from tradecredit.apps.decisions import policies as stored
from tradecredit.apps.worklist.models import Task
from tradecredit.flows import reactions
from tradecredit.flows.policy import draft_policy, follow_group, tell_values
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.flows.policy.tell_values import Kind
from tradecredit.plumbing.access import Actor, Role, people, scope
from tradecredit.plumbing.access.models import Membership, User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
CHECKS = "order_control.checks"
MAXIMUM = f"{CHECKS}.single_document_maximum.amounts.CNY"
OVERDUE = f"{CHECKS}.overdue_days.days"
TODAY, TOMORROW, LATER = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 20)


@pytest.fixture
def group(company):
    policies.published(company)
    return company


@pytest.fixture
def branch(group):
    found = companies.company("BRANCH", "示例分公司")
    policies.published(found)
    return found


def in_both(group, branch, role, email):
    actor = companies.person(group, role, email=email)
    Membership.objects.create(user_id=actor.user_id, company=branch, role=role.value, row_kind="all")
    return people.actor_of(User.objects.get(pk=actor.user_id))


@pytest.fixture
def writer(group, branch):
    return in_both(group, branch, Role.CREDIT_MANAGER, "writer@example.com")


@pytest.fixture
def publisher(group, branch):
    return in_both(group, branch, Role.RISK_DIRECTOR, "publisher@example.com")


def change(company, writer, publisher, figures, valid_from=TOMORROW):
    draft = draft_policy.start_draft(
        company=company, title="x", reason="年度修订", valid_from=valid_from, actor=writer
    )
    draft_policy.change_draft(
        draft_id=draft.id,
        figures=figures,
        valid_from=valid_from,
        reason="年度修订",
        version=draft.version,
        actor=writer,
    )
    return draft_policy.publish_draft(draft_id=draft.id, company=company, actor=publisher)


def follow(group, branch, writer, publisher, *, keeps_own=True):
    draft = follow_group.draft_following(
        company=branch,
        group_code=group.code,
        keeps_own=keeps_own,
        reason="统一",
        valid_from=TOMORROW,
        actor=writer,
    )
    return draft_policy.publish_draft(draft_id=draft.id, company=branch, actor=publisher)


def value(company, path, day=TOMORROW):
    told = tell_values.tell_values(company=company, as_of=day, actor=SYSTEM, search=path)
    return next(one for one in told.values if one.path == path)


class TestFollowPublished:
    def test_what_the_group_changes_holds_and_what_is_ones_own_stays(self, group, branch, writer, publisher):
        change(branch, writer, publisher, {MAXIMUM: "77.00"})
        followed = follow(group, branch, writer, publisher)
        assert (followed.group_number, followed.cause) == (1, "published")

        change(group, writer, publisher, {MAXIMUM: "99.00", OVERDUE: "3"})
        reactions.drain(actor=SYSTEM)

        own, taken = value(branch, MAXIMUM), value(branch, OVERDUE)
        assert (own.value, own.origin.kind) == ("77.00", Kind.OWN)
        assert (taken.value, taken.origin.kind, taken.origin.group_number) == (3, Kind.GROUP, 2)
        with scope.entered(SYSTEM):
            latest = stored.versions(company_id=branch.pk)[0]
        assert (latest.cause, latest.group_number, latest.number) == ("group", 2, 4)
        assert latest.approved_by_id == publisher.user_id
        assert "年度修订" in latest.reason

    def test_a_day_further_on_keeps_both_changes(self, group, branch, writer, publisher):
        follow(group, branch, writer, publisher)
        change(branch, writer, publisher, {MAXIMUM: "77.00"}, valid_from=LATER)

        change(group, writer, publisher, {OVERDUE: "3"})
        reactions.drain(actor=SYSTEM)

        assert [value(branch, OVERDUE, day).value for day in (TODAY, TOMORROW, LATER)] == [7, 3, 3]
        assert [value(branch, MAXIMUM, day).value for day in (TOMORROW, LATER)] == ["3000000.00", "77.00"]

    def test_one_who_follows_nobody_is_left_alone(self, group, branch, writer, publisher):
        change(group, writer, publisher, {OVERDUE: "3"})
        reactions.drain(actor=SYSTEM)
        assert value(branch, OVERDUE).value == 7

    def test_what_does_not_fit_together_is_a_task_and_no_version(
        self, group, branch, writer, publisher, monkeypatch
    ):
        follow(group, branch, writer, publisher)
        change(group, writer, publisher, {OVERDUE: "3"})
        wrong = [follow_group.check_policy.PolicyError("order_control", "no good")]
        monkeypatch.setattr(follow_group.check_policy, "check_policy", lambda *, document: wrong)
        reactions.drain(actor=SYSTEM)
        assert value(branch, OVERDUE).value == 7
        with scope.entered(SYSTEM):
            assert Task.objects.filter(company=branch, kind="policy_follow").count() == 1


class TestDraftFollowing:
    def test_without_ones_own_the_groups_values_hold(self, group, branch, writer, publisher):
        change(branch, writer, publisher, {MAXIMUM: "77.00"})
        follow(group, branch, writer, publisher, keeps_own=False)
        found = value(branch, MAXIMUM)
        assert (found.value, found.origin.kind) == ("3000000.00", Kind.GROUP)

    def test_a_company_out_of_sight_itself_and_a_follower_are_refused(self, group, branch, writer, publisher):
        stranger = companies.company("OTHER", "示例外人")
        policies.published(stranger)
        follow(group, branch, writer, publisher)
        for company, code in ((branch, "OTHER"), (branch, branch.code), (group, branch.code)):
            with pytest.raises(UnableToDraftPolicyError):
                follow_group.draft_following(
                    company=company,
                    group_code=code,
                    keeps_own=True,
                    reason="x",
                    valid_from=TOMORROW,
                    actor=writer,
                )

    def test_who_follows_no_more_keeps_every_value(self, group, branch, writer, publisher):
        follow(group, branch, writer, publisher)
        draft = draft_policy.start_draft(
            company=branch, title="x", reason="x", valid_from=LATER, actor=writer
        )
        draft = follow_group.stop_following(draft_id=draft.id, version=draft.version, actor=writer)
        ended = draft_policy.publish_draft(draft_id=draft.id, company=branch, actor=publisher)
        assert ended.group_document is None
        assert value(branch, OVERDUE, LATER).value == 7
