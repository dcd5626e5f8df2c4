from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from uuid import NAMESPACE_URL, uuid4, uuid5

import pytest
from django.db import IntegrityError, connection, transaction

from factories import companies, customers, policies, receivables
from tradecredit.analytics.collections import trial_results
from tradecredit.apps.collections.models import Letter
from tradecredit.apps.scoring.models import Rating
from tradecredit.core.collections import strategy_trials
from tradecredit.flows.collections import measure_trials
from tradecredit.flows.watch import preview_dunning, run_dunning
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

SYSTEM = Actor.system("test")
BEGINS, ENDS = date(2026, 3, 1), date(2026, 4, 29)
CODE = "softer"
TRIAL = {
    "code": CODE,
    "label": {"zh": "软语气", "en": "Softer"},
    "share": 50,
    "from_date": BEGINS,
    "to_date": ENDS,
    "paid_within_days": 14,
    "changes": {"stages": {"stage-1": {"letter": "reminder", "tasks": []}}},
}
CUSTOMERS = 80


def _document(*trials):
    shipped = policies.shipped()
    return {**shipped, "dunning": {**shipped["dunning"], "trials": list(trials)}}


@pytest.fixture
def company(db):
    company = companies.company()
    policies.published(company, document=_document(TRIAL))
    return company


def _arm(customer):
    return strategy_trials.drawn(CODE, str(customer.pk), share=50)


def _people(company, many=CUSTOMERS):
    """Customers of whom the lot puts two by two on either side, as it does in every run."""
    sides = ("champion", "champion", "challenger", "challenger")
    return [
        customers.customer(
            company,
            code=f"C{n:03}",
            name=f"示例商行{n}",
            id=_identity(f"{company.code}-{n}", arm=sides[n % 4]),
        )
        for n in range(many)
    ]


def _identity(name, *, arm):
    """An identity that the lot puts on this side: the lot is drawn by the customer's identity."""
    tried = (uuid5(NAMESPACE_URL, f"{name}-{n}") for n in count(0))
    return next(one for one in tried if strategy_trials.drawn(CODE, str(one), share=50) == arm)


def _owe(company, people, *, due, days_late):
    """Let each owe 100 due on the day; whoever has days pays so many days later."""
    rows = [
        receivables.invoice_row(
            f"{due:%m%d}-{one.code}",
            customer_code=one.code,
            invoice_date=due - timedelta(days=30),
            due_date=due,
        )
        for one in people
    ]
    assert not receivables.invoices(company, *rows).refused
    paid = [
        receivables.payment_row(
            f"P{due:%m%d}-{one.code}",
            customer_code=one.code,
            payment_date=due + timedelta(days=days_late(one)),
            invoice_number=f"{due:%m%d}-{one.code}",
        )
        for one in people
        if days_late(one) is not None
    ]
    assert not receivables.payments(company, *paid).refused


def _measured(company, *, on):
    return measure_trials.measure_trials(company=company, as_of=on, actor=SYSTEM)


def _rate(company, customer, *, grade, on):
    with scope.entered(SYSTEM):
        Rating.objects.create(
            company_id=company.pk,
            customer=customer,
            as_of=on,
            model_name="test",
            policy_version_id=uuid4(),
            completeness=1,
            suggested_grade=grade,
            grade=grade,
            result="{}",
            inputs="{}",
            cause="test",
            recorded_at=clock.now(),
            recorded_by="test",
        )


class TestMeasureTrials:
    def test_an_effect_that_is_there_is_told_when_all_is_known(self, company):
        people = _people(company)
        # Before the trial all pay alike; in it, whoever hears the softer letters pays in time.
        _owe(
            company, people, due=date(2026, 2, 1), days_late=lambda one: 5 if one.code[-1] in "02468" else 40
        )
        late = {one.pk: 3 if _arm(one) == "challenger" or one.code[-1] == "0" else 20 for one in people}
        _owe(company, people, due=date(2026, 3, 15), days_late=lambda one: late[one.pk])

        (result,) = _measured(company, on=ENDS + timedelta(days=15))

        sides = [_arm(one) for one in people]
        main = result.main
        assert (main.champion.customers, main.challenger.customers) == (
            sides.count("champion"),
            sides.count("challenger"),
        )
        assert main.challenger.rate == 1
        assert main.champion.y == sum(_arm(one) == "champion" and one.code[-1] == "0" for one in people)
        assert (result.state, main.finding, result.before[0].finding) == ("over", "better", "open")
        assert result.told.en.startswith("The new strategy does better")
        days = {measure.code: measure for measure in result.measures}["days"]
        assert days.challenger.rate == 3
        assert 3 < days.champion.rate <= 14  # twenty days late count as the fourteen that are looked at
        assert days.finding == "better"

    def test_items_not_known_yet_do_not_count(self, company):
        people = _people(company, 4)
        _owe(company, people, due=date(2026, 3, 10), days_late=lambda _: None)

        early, known = (_measured(company, on=date(2026, 3, day))[0] for day in (23, 24))

        assert (early.main.champion.x + early.main.challenger.x, early.decided_until) == (0, date(2026, 3, 9))
        assert known.main.champion.x + known.main.challenger.x == 4
        assert known.main.champion.y + known.main.challenger.y == 0

    def test_what_was_credited_was_neither_paid_nor_late(self, company):
        people = _people(company, 3)
        _owe(company, people, due=date(2026, 3, 10), days_late=lambda _: None)
        credit = receivables.credit_row(
            "CN", "100.00", customer_code="C000", credit_date=date(2026, 3, 11), invoice_number="0310-C000"
        )
        assert not receivables.credits_(company, credit).refused

        (result,) = _measured(company, on=date(2026, 4, 1))

        assert result.main.champion.x + result.main.challenger.x == 2

    def test_half_the_money_counts_half(self, company):
        people = _people(company, 1)
        _owe(company, people, due=date(2026, 3, 10), days_late=lambda _: None)
        part = receivables.payment_row(
            "HALF", "50.00", customer_code="C000", payment_date=date(2026, 3, 12), invoice_number="0310-C000"
        )
        assert not receivables.payments(company, part).refused

        (result,) = _measured(company, on=date(2026, 4, 1))

        cash = {measure.code: measure for measure in result.measures}["cash"]
        assert (cash.champion.y + cash.challenger.y, cash.champion.x + cash.challenger.x) == (50, 100)

    def test_the_database_draws_the_same_lots(self, company):
        people = _people(company)
        with connection.cursor() as cursor, scope.entered(SYSTEM):
            for share in (1, 37, 50, 99):
                cursor.execute(
                    "WITH item AS (SELECT id AS customer_id FROM dossier_customer), "
                    + trial_results.MEMBER
                    + " SELECT customer_id, arm FROM member",
                    {"code": CODE, "share": share, "grades": [], "company": company.pk, "start": BEGINS},
                )
                assert dict(cursor.fetchall()) == {
                    one.pk: strategy_trials.drawn(CODE, str(one.pk), share=share) for one in people
                }

    def test_another_companys_books_are_not_counted(self, company):
        other = companies.company("E002")
        policies.published(other)
        _owe(other, _people(other, 3), due=date(2026, 3, 10), days_late=lambda _: 1)

        (result,) = _measured(company, on=date(2026, 5, 1))

        assert result.main.champion.x + result.main.challenger.x == 0
        assert _measured(other, on=date(2026, 5, 1)) == ()


class TestAcrossVersions:
    def test_a_trial_taken_out_of_the_policy_ended_the_day_before(self, company):
        policies.published(company, document=_document(), valid_from=date(2026, 4, 1))

        (result,) = _measured(company, on=date(2026, 4, 10))

        assert (result.known.trial.to_date, result.known.is_cut_short) == (date(2026, 3, 31), True)
        assert result.state == "waiting"

    def test_one_taken_out_before_it_began_never_was(self, company):
        policies.published(company, document=_document(), valid_from=date(2026, 2, 20))

        assert _measured(company, on=date(2026, 4, 10)) == ()

    @pytest.mark.parametrize(
        ("change", "on", "changed_on"),
        [
            ({"share": 20}, date(2026, 3, 20), date(2026, 3, 20)),
            ({"share": 20}, date(2026, 2, 20), None),  # before it began nothing was mixed
            ({"to_date": date(2026, 4, 10)}, date(2026, 3, 20), None),  # it may be made shorter
        ],
    )
    def test_changed_terms_are_told(self, company, change, on, changed_on):
        policies.published(company, document=_document({**TRIAL, **change}), valid_from=on)

        (result,) = _measured(company, on=date(2026, 4, 20))

        assert result.known.changed_on == changed_on

    def test_a_change_of_what_it_is_compared_with_is_told_too(self, company):
        document = _document(TRIAL)
        stages = [{**stage, "pay_within_workdays": 9} for stage in document["dunning"]["stages"]]
        document["dunning"] = {**document["dunning"], "stages": stages}
        policies.published(company, document=document, valid_from=date(2026, 3, 20))

        (result,) = _measured(company, on=date(2026, 4, 20))

        assert result.known.changed_on == date(2026, 3, 20)


class TestLettersOfATrial:
    def test_each_side_gets_its_own_letter_once_and_the_letter_says_which(self, company):
        people, day = _people(company, 12), date(2026, 3, 17)
        _owe(company, people, due=date(2026, 3, 15), days_late=lambda _: None)

        planned = preview_dunning.preview_dunning(company=company, as_of=day, actor=SYSTEM).planned
        with clock.on(company, day):
            first = run_dunning.run_dunning(company=company, as_of=day, actor=SYSTEM)
            again = run_dunning.run_dunning(company=company, as_of=day, actor=SYSTEM)

        with scope.entered(SYSTEM):
            letters = {letter.customer_id: letter for letter in Letter.objects.all()}
        assert (first.letters, again.letters, first.tasks) == (
            12,
            0,
            sum(_arm(one) == "champion" for one in people),
        )
        for one in people:
            assert (letters[one.pk].trial, letters[one.pk].arm) == (CODE, _arm(one))
        assert len({letter.body.split("\n")[0] for letter in letters.values()}) == 2
        assert {one.account.addressee.code: one.notice.assignment.arm for one in planned} == {
            one.code: _arm(one) for one in people
        }
        (result,) = _measured(company, on=day)
        assert (result.champion.letters, result.challenger.letters) == (0, 0)  # none has left yet

    @pytest.mark.parametrize(("trial", "arm"), [("x", ""), ("", "champion"), ("x", "third")])
    def test_the_database_refuses_a_side_of_nothing(self, company, trial, arm):
        people, day = _people(company, 1), date(2026, 3, 17)
        _owe(company, people, due=date(2026, 3, 15), days_late=lambda _: None)
        with clock.on(company, day):
            run_dunning.run_dunning(company=company, as_of=day, actor=SYSTEM)

        with scope.entered(SYSTEM), pytest.raises(IntegrityError, match="letter_arm"), transaction.atomic():
            Letter.objects.update(trial=trial, arm=arm)

    def test_grades_are_those_of_the_first_day(self, company):
        policies.published(
            company, document=_document({**TRIAL, "grades": ["A"]}), valid_from=date(2026, 1, 2)
        )
        people, day = _people(company, 6), date(2026, 3, 17)
        _owe(company, people, due=date(2026, 3, 15), days_late=lambda _: None)
        for one, grade in zip(people, "AABBA", strict=False):
            _rate(company, one, grade=grade, on=date(2026, 2, 1))
        _rate(company, people[0], grade="C", on=date(2026, 3, 5))  # while the trial runs: it stays

        with clock.on(company, day):
            run_dunning.run_dunning(company=company, as_of=day, actor=SYSTEM)

        with scope.entered(SYSTEM):
            inside = set(Letter.objects.exclude(trial="").values_list("customer__code", flat=True))
        assert inside == {"C000", "C001", "C004"}
        (result,) = _measured(company, on=date(2026, 5, 20))
        assert result.main.champion.x + result.main.challenger.x == 3
