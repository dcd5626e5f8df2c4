"""One effect for one key; workdays; tokens; the clock."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from factories import companies
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Role, people, tokens, workdays
from tradecredit.plumbing.access.models import ApiToken, User
from tradecredit.plumbing.idempotency import store
from tradecredit.plumbing.idempotency.store import Answer


class TestOnce:
    @pytest.mark.django_db
    def test_answers_a_repetition_with_the_stored_answer(self, system_actor):
        calls = []

        def effect():
            calls.append(1)
            return Answer(201, '{"n": 1}')

        with db.unit_of_work(system_actor):
            first = store.once(scope="a", key="k", request_hash="h", effect=effect)
        with db.unit_of_work(system_actor):
            second = store.once(scope="a", key="k", request_hash="h", effect=effect)

        assert (first.body, second.body, second.replayed, calls) == ('{"n": 1}', '{"n": 1}', True, [1])

    @pytest.mark.django_db
    def test_refuses_the_key_for_another_body(self, system_actor):
        with db.unit_of_work(system_actor):
            store.once(scope="a", key="k", request_hash="h", effect=lambda: Answer(201, "{}"))
            with pytest.raises(store.UnableToReuseKeyError):
                store.once(scope="a", key="k", request_hash="other", effect=lambda: Answer(201, "{}"))

    def test_refuses_a_second_runner_meanwhile(self, own_database, system_actor):
        inside, done = threading.Event(), threading.Event()
        refused = []

        def slow():
            def effect():
                inside.set()
                done.wait(10)
                return Answer(201, "{}")

            with db.unit_of_work(system_actor):
                store.once(scope="a", key="k", request_hash="h", effect=effect)
            from django.db import connection

            connection.close()

        thread = threading.Thread(target=slow)
        thread.start()
        assert inside.wait(10)
        try:
            with db.unit_of_work(system_actor):
                store.once(scope="a", key="k", request_hash="h", effect=lambda: Answer(201, "{}"))
        except store.UnableToWaitForKeyError as error:
            refused.append(error.status)
        done.set()
        thread.join()

        assert refused == [409]


@pytest.mark.django_db
class TestTokens:
    def test_acts_as_its_user_until_it_expires(self, company):
        member = companies.person(company, Role.CREDIT_SPECIALIST)
        user = User.objects.get(pk=member.user_id)
        token = tokens.create(user=user, moment=companies.MOMENT, days=1)

        found = tokens.find(token=token, moment=companies.MOMENT)

        assert found is not None
        assert people.actor_of(found.user).roles == frozenset({(company.pk, Role.CREDIT_SPECIALIST)})
        assert tokens.find(token=token, moment=companies.MOMENT + timedelta(days=1)) is None
        assert tokens.find(token="tc_unknown", moment=companies.MOMENT) is None

    def test_is_kept_as_a_hash_only(self, company):
        user = companies.user("a@example.com")
        token = tokens.create(user=user, moment=companies.MOMENT, days=None)
        assert token not in str(list(ApiToken.objects.values()))


@pytest.mark.django_db
class TestWorkdays:
    def test_knows_makeup_workdays_and_own_days(self, company):
        calendar = workdays.calendar_of(company.pk, around=date(2026, 2, 1))
        assert calendar.is_workday(date(2026, 2, 14))
        assert not calendar.is_workday(date(2026, 10, 1))

    def test_estimates_a_year_that_is_not_published(self, company):
        calendar = workdays.calendar_of(company.pk, around=date(2027, 3, 1))
        assert not workdays.is_published(2027)
        assert workdays.is_published(2026)
        assert not calendar.is_workday(date(2027, 10, 1))


@pytest.mark.django_db
class TestClock:
    def test_a_sandbox_has_its_own_day(self, company):
        assert clock.today(company) == date(2026, 3, 2)

    def test_a_given_moment_wins(self, company):
        with clock.at(datetime(2026, 5, 1, 17, 0, tzinfo=UTC)):
            assert clock.today(company) == date(2026, 5, 2)

    def test_a_visitor_acts_on_the_sandbox_day_and_leaves_it_again(self, company):
        with clock.visits():
            clock.visit(company)
            inside = clock.now()
        outside = clock.now()

        assert inside.astimezone(UTC).date() in {date(2026, 3, 2), date(2026, 3, 1)}
        assert abs(outside - clock.real_now()) < timedelta(minutes=1)
        assert not clock.is_given()
