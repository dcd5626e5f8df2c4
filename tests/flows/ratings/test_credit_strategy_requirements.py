"""G4, credit strategy (授信策略): what follows from an industry, from a year gone by, and from a record, told one by one."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from factories import companies, customers, orders, policies
from tradecredit.apps.approvals import flow_queries
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.limits.models import LimitJournal
from tradecredit.apps.monitoring.models import Alert
from tradecredit.apps.worklist.models import Task
from tradecredit.core.kernel.money import Money
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.scoring import attributes
from tradecredit.core.scoring.values import Known
from tradecredit.flows.applications import make_application
from tradecredit.flows.applications.make_application import Application
from tradecredit.flows.approvals import decide_approval
from tradecredit.flows.policy import hear_colleagues
from tradecredit.flows.ratings import rerate_customer
from tradecredit.flows.watch import close_day
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


@pytest.fixture
def customer(company):
    policies.published(company, pack="policy-scorecard")
    return customers.customer(company, industry="房地产开发", customer_since=date(2025, 12, 2))


def suggested():
    with scope.entered(SYSTEM):
        rows = Task.objects.filter(kind="grade_move")
        return sorted((row.role, row.text_zh.split("，")[-1]) for row in rows)


def rerated(company, customer):
    rerate_customer.rerate_customers(
        company=company, customer_ids=[customer.pk], cause="test", actor=SYSTEM, as_of=DAY
    )


class TestS101:
    """While a trade is in a downturn its lines are tightened, and longer terms want a further guarantee."""

    @pytest.mark.parametrize(("industry", "steps"), [("房地产开发", ["guarantee"]), ("专用设备", ["decide"])])
    def test_longer_terms_wait_for_the_guarantee_in_that_trade_only(self, company, industry, steps):
        policies.published(company, pack="policy-scorecard")
        customers.customer(company, industry=industry)
        sales = companies.person(company, Role.SALES)
        answers = {"days_asked": "90", "from_day": "2026-04-01"}

        with clock.on(company, DAY):
            request = make_application.make_application(
                company=company,
                application=Application(
                    kind="payment_terms", customer_code="C001", amount=None, reason="旺季", answers=answers
                ),
                actor=sales,
            )

        with scope.entered(SYSTEM):
            waiting = flow_queries.steps_of([request.id])[request.id]
        assert [step.node_id for step in waiting] == steps

    @pytest.mark.parametrize(("industry", "amount"), [("房地产", "160000.00"), ("专用设备", "200000.00")])
    def test_lines_of_the_trade_are_a_fifth_lower(self, industry, amount):
        pack = policy_packs.load_pack("policy-scorecard")
        policy = recommend.parse(pack["limits"], grades=pack["grades"], known=attributes.REGISTRY)
        grade = grade_policy.of_grade(grade_policy.parse(pack["grades"]), grade="B")

        found = recommend.propose(
            policy,
            grade=grade,
            values={
                "industry": Known(value=industry),
                "average_monthly_sales": Known(value=Decimal(100000)),
                "order_count": Known(value=Decimal(9)),
            },
            currency="CNY",
        )

        assert found.amount == Money.of(amount, "CNY")


class TestLinesInADownturnOfS101:
    """The switch cuts all lines of the trade by a fifth, with a second person's word, and gives them back when it ends."""

    @pytest.fixture
    def house(self, company):
        policies.published(company, pack="policy-scorecard", valid_from=date(2025, 1, 1))
        self._publish(company, ends=date(2026, 6, 1))
        for code, industry in (("C001", "房地产开发"), ("C002", "房地产"), ("C003", "专用设备")):
            orders.line(company, customers.customer(company, code, industry=industry), "500000.00")
        self.director = companies.person(company, Role.RISK_DIRECTOR)
        return company

    def _publish(self, company, *, ends):
        pack = policy_packs.load_pack("policy-scorecard")
        (overlay,) = pack["monitoring"]["overlays"]
        overlay = {**overlay, "from": "2026-03-02", "to": ends.isoformat()}
        monitoring = {**pack["monitoring"], "overlays": [overlay]}
        policies.published(company, document={**pack, "monitoring": monitoring}, valid_from=date(2025, 2, 1))

    def _close(self, company, *days):
        for day in days:
            close_day.close_day(company=company, as_of=day, actor=SYSTEM)

    def _asked(self):
        with scope.entered(SYSTEM):
            return list(LimitJournal.objects.order_by("created_at", "id").values_list("status", flat=True))

    def _decide(self, *, approves=True):
        with scope.entered(SYSTEM):
            journal = LimitJournal.objects.filter(status="open").latest("created_at")
            asked = approvals.open_of_subjects(kind="limit_journal", subject_ids=[journal.pk])[journal.pk]
        decide_approval.decide_approval(
            request_id=asked.id, approves=approves, reason="同意", actor=self.director
        )

    def _lines(self, company, day):
        with scope.entered(SYSTEM):
            names = {one.pk: one.code for one in Customer.objects.all()}
            found = limits.effective(company_id=company.pk, customer_ids=names, as_of=day)
        return {names[customer]: int(one.base.limit.money.amount) for (customer, _), one in found.items()}

    def test_all_lines_of_the_trade_fall_by_a_fifth_once_somebody_agreed(self, house):
        self._close(house, date(2026, 3, 1), DAY)
        before = self._lines(house, DAY)

        with clock.on(house, DAY):
            self._decide()

        assert before == {"C001": 500000, "C002": 500000, "C003": 500000}
        assert self._lines(house, DAY) == {"C001": 400000, "C002": 400000, "C003": 500000}

    def test_it_is_asked_once_however_often_a_day_is_closed_and_whatever_was_decided(self, house):
        self._close(house, date(2026, 3, 1), DAY, DAY)
        with clock.on(house, DAY):
            self._decide(approves=False)
        self._close(house, date(2026, 3, 3), date(2026, 3, 4))

        assert self._asked() == ["rejected"]
        assert self._lines(house, DAY) == {"C001": 500000, "C002": 500000, "C003": 500000}

    def test_its_end_asks_to_give_back_what_nobody_changed_since(self, house):
        self._close(house, DAY)
        with clock.on(house, DAY):
            self._decide()
        with scope.entered(SYSTEM):
            second = Customer.objects.get(code="C002")
        orders.line(house, second, "300000.00", valid_from=date(2026, 4, 1))
        ended = date(2026, 6, 1)

        self._close(house, ended, date(2026, 6, 2))
        with clock.on(house, ended):
            self._decide()

        assert self._asked() == ["approved", "approved"]
        assert self._lines(house, ended) == {"C001": 500000, "C002": 300000, "C003": 500000}

    def test_a_cut_that_nobody_decided_on_is_withdrawn_when_the_downturn_is_over(self, house):
        self._close(house, DAY, date(2026, 6, 1), date(2026, 6, 2))

        assert self._asked() == ["withdrawn"]
        with scope.entered(SYSTEM):
            journal = LimitJournal.objects.get()
            assert approvals.open_of_subjects(kind="limit_journal", subject_ids=[journal.pk]) == {}

    def test_a_policy_that_no_longer_speaks_of_it_ends_it_too(self, house):
        self._close(house, DAY)
        with clock.on(house, DAY):
            self._decide()
        pack = policy_packs.load_pack("policy-scorecard")
        monitoring = {**pack["monitoring"], "overlays": []}
        policies.published(house, document={**pack, "monitoring": monitoring}, valid_from=date(2026, 3, 10))

        self._close(house, date(2026, 3, 10))

        assert self._asked() == ["approved", "open"]

    def test_the_database_keeps_one_journal_an_overlay(self, house):
        self._close(house, DAY)

        with scope.entered(SYSTEM), pytest.raises(IntegrityError, match="journal_once"), transaction.atomic():
            journal = LimitJournal.objects.get()
            journal.pk = None
            journal.save(force_insert=True)


class TestS102:
    """Overlays hold from a day to a day (tests/flows/policy/test_change_overlays.py); every year the policy is looked at anew."""

    def test_a_year_after_the_latest_version_people_are_asked_to_revise_it_once(self, company):
        policies.published(company, pack="policy-scorecard", valid_from=date(2025, 3, 3))
        asked = []

        for day in (date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 4)):
            with db.unit_of_work(SYSTEM):
                hear_colleagues.ask_revision(company=company, as_of=day)
            with scope.entered(SYSTEM):
                asked.append(Task.objects.filter(kind="policy_revision").count())

        assert asked == [0, 1, 1]


class TestS113:
    @pytest.mark.parametrize(("since", "found"), [(date(2024, 3, 1), 1), (date(2024, 3, 10), 0)])
    def test_two_years_of_grade_a_suggest_strategic_credit_to_the_risk_director(
        self, company, customer, since, found
    ):
        orders.rating(company, customer, "A", as_of=since)
        self._rated_a_today(company, customer)

        assert suggested() == [("risk_director", "建议升级为战略授信")] * found

    def test_a_worse_grade_between_starts_the_two_years_anew(self, company, customer):
        orders.rating(company, customer, "A", as_of=date(2023, 3, 1))
        orders.rating(
            company,
            customer,
            "B",
            as_of=date(2025, 3, 1),
            recorded_at=companies.MOMENT + timedelta(seconds=1),
        )
        orders.rating(
            company,
            customer,
            "A",
            as_of=date(2025, 6, 1),
            recorded_at=companies.MOMENT + timedelta(seconds=2),
        )

        self._rated_a_today(company, customer)

        assert suggested() == []

    @staticmethod
    def _rated_a_today(company, customer):
        from tradecredit.apps.dossier import queries as dossier
        from tradecredit.flows.ratings import rating_policy, suggest_moves

        with db.unit_of_work(SYSTEM):
            suggest_moves.suggest(
                company_id=company.pk,
                policy=rating_policy.in_force(company_id=company.pk, as_of=DAY),
                looked=[
                    suggest_moves.Looked(
                        customer=dossier.customers_by_id([customer.pk])[customer.pk], values={}, grade="A"
                    )
                ],
                as_of=DAY,
            )


class TestS114:
    """Z14: two review periods one after another, each with a valid alert, suggest restricted credit."""

    def warned(self, company, customer, days_ago, **fields):
        raised_on = DAY - timedelta(days=days_ago)
        values = {
            "rule": f"rule-{days_ago}", "level": "yellow", "text_zh": "预警", "text_en": "Alert", "facts": {},
            "raised_on": raised_on, "created_at": clock.now(), "policy_version_id": company.pk,
            "dedupe_key": f"{customer.pk}:{days_ago}", "phase": "in_trade",
        }  # fmt: skip
        with scope.entered(SYSTEM):
            Alert.objects.create(company=company, customer=customer, **{**values, **fields})

    @pytest.mark.parametrize(
        ("days_ago", "found"),
        [
            ((10, 89), 0),
            ((10, 90), 1),
            ((10, 179), 1),
            ((10, 180), 0),
            ((100, 200), 0),
        ],
        ids=["one period", "two in a row", "late in the second", "a period between", "none of late"],
    )
    def test_two_periods_in_a_row_are_a_person_asked(self, company, customer, days_ago, found):
        for days in days_ago:
            self.warned(company, customer, days)

        rerated(company, customer)

        assert suggested() == [("risk_director", "建议降级为限制授信")] * found

    @pytest.mark.parametrize(
        ("fields", "found"),
        [
            ({"is_false_alarm": True}, 0),
            ({"wants_confirmation": True}, 0),
            ({"wants_confirmation": True, "confirmed_at": companies.MOMENT, "confirmed_by": "甲"}, 1),
        ],
        ids=["false", "not confirmed", "confirmed"],
    )
    def test_only_valid_alerts_count(self, company, customer, fields, found):
        self.warned(company, customer, 10)
        self.warned(company, customer, 100, **fields)

        rerated(company, customer)

        assert len(suggested()) == found
