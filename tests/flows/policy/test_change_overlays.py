"""Values that hold for a time: each check follows the value of its day, and old decisions replay as they were."""

from __future__ import annotations

from datetime import date

import pytest

from factories import companies, orders, policies
from tradecredit.apps.decisions import policies as stored
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import reactions
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.flows.policy import begin_policy, change_overlays, draft_policy, tell_values
from tradecredit.flows.policy.draft_policy import UnableToDraftPolicyError
from tradecredit.flows.policy.tell_values import Kind
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"
TODAY, TOMORROW, LAST, AFTER = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9), date(2026, 3, 10)
LABEL = Words(zh="淡季收紧", en="Tight off season")


@pytest.fixture(autouse=True)
def _on_the_day(company):
    with clock.on(company, TODAY):
        yield


@pytest.fixture
def writer(company):
    policies.published(company)
    return companies.person(company, Role.CREDIT_MANAGER, email="writer@example.com")


def started(company, actor, valid_from=TOMORROW):
    return draft_policy.start_draft(
        company=company, title="淡季", reason="淡季", valid_from=valid_from, actor=actor
    )


def with_overlay(draft, actor, *, value="40000.00", path=MAXIMUM, begins=TOMORROW, ends=AFTER):
    return change_overlays.set_overlay(
        draft_id=draft.id,
        label=LABEL,
        reason="淡季",
        begins=begins,
        ends=ends,
        values={path: value},
        version=draft.version,
        actor=actor,
    )


def published(company, writer):
    director = companies.person(company, Role.RISK_DIRECTOR, email="publisher@example.com")
    draft = with_overlay(started(company, writer), writer)
    return draft_policy.publish_draft(draft_id=draft.id, company=company, actor=director)


def checked(company, day):
    request = orders.request(company, "50000.00", reference=f"SO-{day}")
    return check_order_credit.check_order_credit(requests=[request], actor=SYSTEM, as_of=day)[0]


class TestSetOverlay:
    def test_each_day_is_decided_by_its_value_and_replays_so(self, company, writer):
        orders.creditworthy(company, limit="5000000.00")
        assert published(company, writer).number == 2

        statuses = [checked(company, day).order_status for day in (TODAY, TOMORROW, LAST, AFTER)]

        assert statuses == ["released", "held", "held", "released"]
        assert replay_decisions.replay_decisions(actor=SYSTEM).different == ()

    def test_the_day_after_is_a_version_of_its_own_and_begins_when_it_comes(self, company, writer):
        orders.creditworthy(company, limit="5000000.00")
        published(company, writer)
        checked(company, LAST)
        with scope.entered(SYSTEM):
            assert [
                (one.number, one.cause, one.valid_from) for one in stored.versions(company_id=company.pk)
            ] == [
                (3, "overlay", AFTER),
                (2, "published", TOMORROW),
                (1, "published", date(2024, 1, 1)),
            ]
        with db.unit_of_work(SYSTEM):
            assert begin_policy.begin_due(company_id=company.pk, since=LAST, as_of=AFTER) == 1
            assert Event.objects.filter(name="policy.began").count() == 1

    def test_a_later_version_carries_it_on_and_one_without_it_ends_it(self, company, writer):
        orders.creditworthy(company, limit="5000000.00")
        published(company, writer)
        director = companies.person(company, Role.CFO, email="second@example.com")
        draft = started(company, writer, valid_from=date(2026, 3, 5))
        code = draft.document["overlays"]["items"][0]["code"]
        draft = change_overlays.drop_overlay(
            draft_id=draft.id, code=code, version=draft.version, actor=writer
        )
        draft_policy.publish_draft(draft_id=draft.id, company=company, actor=director)

        assert checked(company, date(2026, 3, 4)).order_status == "held"
        assert checked(company, date(2026, 3, 5)).order_status == "released"
        assert checked(company, AFTER).order_status == "released"

    def test_a_draft_is_tried_as_on_the_day_on_which_it_begins(self, company, writer):
        draft = with_overlay(started(company, writer), writer, begins=date(2026, 4, 1), ends=None)
        with scope.entered(SYSTEM):
            tried = change_overlays.tried_of(draft)
        check = next(
            one for one in tried["order_control"]["checks"] if one["code"] == "single_document_maximum"
        )
        assert check["amounts"]["CNY"] == "40000.00"

    @pytest.mark.parametrize(
        "wrong",
        [{"path": "order_control.wind"}, {"ends": TOMORROW}, {"path": "pack.name"}],
        ids=["a path to nothing", "no day", "the pack's name"],
    )
    def test_what_cannot_hold_is_refused(self, company, writer, wrong):
        draft = started(company, writer)
        with pytest.raises(UnableToDraftPolicyError):
            with_overlay(draft, writer, **wrong)

    def test_a_mistake_on_its_days_alone_keeps_the_draft_from_being_published(self, company, writer):
        draft = with_overlay(started(company, writer), writer, value="much")
        with scope.entered(SYSTEM):
            refusal = draft_policy.why_not_fit(draft, on=TODAY)
        assert "overlays[2026-03-03]" in refusal.en


class TestFigures:
    def test_a_lines_figures_can_be_chosen_too_in_words(self, company, writer):
        found = {path: place for path, place, _ in change_overlays.figures(started(company, writer).document)}
        assert "limits.formula.industry.factor.1.times" in found
        assert MAXIMUM in found
        assert not any(path.startswith(("letters", "pack")) for path in found)


class TestTellValues:
    def test_says_the_value_of_the_day_its_origin_and_since_when(self, company, writer):
        published(company, writer)

        def value(day):
            (found,) = tell_values.tell_values(
                company=company, as_of=day, actor=SYSTEM, search=MAXIMUM
            ).values
            return found

        before, held, after = value(TODAY), value(LAST), value(AFTER)
        assert (before.value, before.origin.kind, before.origin.since.number) == ("3000000.00", Kind.PACK, 1)
        assert (held.value, held.origin.kind, held.origin.words) == ("40000.00", Kind.OVERLAY, LABEL)
        assert held.plain.zh == "3000000.00"
        assert (after.value, after.origin.kind, after.origin.since.number) == ("3000000.00", Kind.PACK, 3)

    def test_a_value_that_people_changed_is_the_companys_own(self, company, writer):
        director = companies.person(company, Role.RISK_DIRECTOR, email="publisher@example.com")
        draft = started(company, writer)
        draft_policy.change_draft(
            draft_id=draft.id,
            figures={MAXIMUM: "77.00"},
            valid_from=TOMORROW,
            reason="x",
            version=draft.version,
            actor=writer,
        )
        draft_policy.publish_draft(draft_id=draft.id, company=company, actor=director)
        told = tell_values.tell_values(company=company, as_of=TOMORROW, actor=SYSTEM, kind=Kind.OWN)
        assert [(one.path, one.origin.since.number) for one in told.values] == [(MAXIMUM, 2)]

    def test_finds_by_words_in_either_language(self, company, writer):
        told = tell_values.tell_values(
            company=company, as_of=TODAY, actor=writer, search="订单控制 reservation"
        )
        assert [one.path for one in told.values] == ["order_control.reservation_days"]


def test_the_event_of_a_publication_waits_for_nobody(company, writer):
    published(company, writer)
    reactions.drain(actor=SYSTEM)
    with scope.entered(SYSTEM):
        assert Event.objects.filter(name="policy.published", processed_at__isnull=True).count() == 0
