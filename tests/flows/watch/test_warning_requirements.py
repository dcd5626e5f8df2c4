"""G9, early warning (预警): what the requirements promise beyond a rule's own words, told one by one.

What a rule says stands in the packs' examples (``policies/<pack>/examples/alerts``); here is what follows from it.
"""

from __future__ import annotations

import copy
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from factories import companies, customers, limits, policies, receivables
from tradecredit.analytics.order_checks import standings
from tradecredit.apps.collections.models import ActionPlan, Case
from tradecredit.apps.dossier import operations as dossier
from tradecredit.apps.limits.models import LimitProposal
from tradecredit.apps.monitoring.models import Alert, Freeze
from tradecredit.apps.worklist.models import Task
from tradecredit.flows import reactions
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.flows.watch import answer_alert, close_alert, close_day, raise_alert, rule_bench
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


class House:
    """A company under a pack with one customer; facts come in as they do, and what follows is drained."""

    def __init__(self, pack="five-pillars", document=None):
        self.company = companies.company()
        policies.published(self.company, pack=pack, document=document)
        self.customer = customers.customer(self.company, salesperson="王示例", industry="房地产")
        self.manager = companies.person(self.company, Role.CREDIT_MANAGER)
        self.today = clock.today(self.company)

    def learn(self, **facts):
        """Record facts of today and let the house react, without any day being closed."""
        rows = [FactRow(customer_code="C001", fact=name, value=value) for name, value in facts.items()]
        assert not record_facts.record_facts(rows=rows, company=self.company, actor=SYSTEM).refused
        self.drain()

    def drain(self, days=0):
        with clock.on(self.company, self.today + timedelta(days=days), hour=12):
            reactions.drain(company=self.company, actor=SYSTEM)

    def owe(self, *, days_overdue, amount="60000.00", number="INV-1"):
        due = self.today - timedelta(days=days_overdue)
        row = receivables.invoice_row(number, amount, invoice_date=due - timedelta(days=60), due_date=due)
        assert not receivables.invoices(self.company, row).refused

    def warn(self):
        return raise_alert.raise_alert(
            company=self.company, customer_ids=[self.customer.pk], as_of=self.today, actor=SYSTEM
        )

    def close_day(self, days=0):
        day = self.today + timedelta(days=days)
        return close_day.close_day(company=self.company, as_of=day, actor=SYSTEM)

    def alerts(self):
        with scope.entered(SYSTEM):
            return sorted(Alert.objects.filter(closed_at__isnull=True).values_list("level", "rule"))

    def alert(self, rule):
        with scope.entered(SYSTEM):
            return Alert.objects.filter(rule=rule).latest("created_at")

    def answer(self, rule, **fields):
        close_alert.close_alert(
            company=self.company, alert_id=self.alert(rule).pk, actor=self.manager,
            **{"response": "已处理", **fields},
        )  # fmt: skip

    def level(self):
        """The customer's level, as every order is checked with it."""
        key = (self.company.pk, self.customer.pk, "CNY")
        with scope.entered(SYSTEM):
            return standings.of_accounts([key], as_of=self.today)[key].alert_level

    def frozen(self):
        with scope.entered(SYSTEM):
            return sorted(Freeze.objects.filter(lifted_on__isnull=True).values_list("scope", flat=True))

    def tasks(self, prefix="alert."):
        with scope.entered(SYSTEM):
            rows = Task.objects.filter(kind__startswith=prefix, done_at__isnull=True)
            return sorted(rows.values_list("kind", "role"))


class TestS007:
    """Every alert records created and first response; later than 24 hours is late, and the share in time is a figure."""

    def test_the_share_answered_in_time_counts_late_and_unanswered_ones(self):
        house = House("policy-scorecard")
        house.learn(dishonest_debtor="yes", core_assets_mortgaged="yes")
        house.owe(days_overdue=30)
        house.warn()
        with clock.at(house.alert("dishonest-debtor").created_at + timedelta(hours=23)):
            answer_alert.see(
                company=house.company, alert_id=house.alert("dishonest-debtor").pk, actor=house.manager
            )
        with clock.at(house.alert("assets-mortgaged").created_at + timedelta(hours=25)):
            answer_alert.see(
                company=house.company, alert_id=house.alert("assets-mortgaged").pk, actor=house.manager
            )

        def told(hours):
            with clock.at(house.alert("overdue-30").created_at + timedelta(hours=hours)):
                found = rule_bench.bench(company=house.company, actor=SYSTEM, as_of=house.today)
            return found.answered_in_time, [
                (one.level, one.in_time, one.late, one.median_hours) for one in found.responses
            ]

        assert told(23) == (
            Decimal("0.5000"),
            [("red", 1, 0, Decimal("23.0")), ("orange", 0, 1, Decimal("25.0")), ("yellow", 0, 0, None)],
        )
        assert told(25)[0] == Decimal("0.3333")

    def test_without_alerts_there_is_no_share(self):
        house = House()

        found = rule_bench.bench(company=house.company, actor=SYSTEM)

        assert (found.answered_in_time, found.responses) == (None, ())


class TestS191:
    def test_the_highest_open_alert_is_the_customers_level_and_falls_when_it_is_closed(self):
        house = House("policy-scorecard")
        assert house.level() is None

        house.owe(days_overdue=30)
        house.learn(core_assets_mortgaged="yes", dishonest_debtor="yes")
        levels = [house.level()]
        house.answer("dishonest-debtor")
        levels.append(house.level())
        house.answer("assets-mortgaged")
        levels.append(house.level())
        house.answer("overdue-30")

        assert (levels, house.level()) == (["red", "orange", "yellow"], None)

    def test_what_triggers_a_level_is_policy(self):
        document = copy.deepcopy(dict(policies.shipped("policy-scorecard")))
        rule = next(one for one in document["monitoring"]["rules"] if one["code"] == "overdue-30")
        rule |= {"condition": "overdue_days_max >= 10", "level": "orange"}
        house = House(document=document)
        house.owe(days_overdue=10)

        house.warn()

        assert house.alerts() == [("orange", "overdue-30")]


class TestS194:
    @pytest.mark.parametrize(("amount", "is_major"), [("999999", False), ("1000000", True)])
    def test_a_tenth_of_what_the_customer_owns_is_major(self, amount, is_major):
        house = House("policy-scorecard")
        with db.unit_of_work(SYSTEM):
            dossier.record_statements(
                statements=[
                    dossier.NewStatement(
                        customer_id=house.customer.pk, period_end=house.today - timedelta(days=61), currency="CNY",
                        source="test", items={"total_assets": Decimal(10_000_000)},
                    )
                ],
                recorded_by="test",
            )  # fmt: skip

        house.learn(pending_lawsuit_amount=amount)

        assert (("red", "lawsuit-amount") in house.alerts()) is is_major


class TestS195:
    def test_yellow_opens_the_case_starts_joint_collection_and_freezes_the_line(self):
        house = House("policy-scorecard")
        house.owe(days_overdue=31)

        house.warn()

        assert (house.alerts(), house.frozen()) == ([("yellow", "overdue-30")], ["limit"])
        with scope.entered(SYSTEM):
            assert list(Case.objects.values_list("cause", flat=True)) == ["alert:overdue-30"]
            assert list(ActionPlan.objects.values_list("code", flat=True)) == ["joint_collection"]


class TestS198:
    @pytest.mark.parametrize("response", ["", "   "])
    def test_no_alert_closes_without_a_recorded_response(self, response):
        house = House()
        house.learn(dishonest_debtor="yes")

        with pytest.raises(close_alert.UnableToCloseAlertError):
            house.answer("dishonest-debtor", response=response)

        assert ("red", "dishonest-debtor") in house.alerts()

    def test_nor_past_the_programme(self):
        house = House()
        house.learn(dishonest_debtor="yes")

        with (
            pytest.raises(IntegrityError, match="alert"),
            scope.entered(SYSTEM),
            transaction.atomic(),
        ):
            Alert.objects.update(closed_at=clock.now(), closed_by="nobody", response="")

        assert ("red", "dishonest-debtor") in house.alerts()


class TestS204:
    def test_a_new_enforcement_record_is_a_task_first_in_line_at_once(self):
        house = House()

        house.learn(enforcement_records="1")

        with scope.entered(SYSTEM):
            task = Task.objects.get(kind="alert.new-enforcement-record")
        assert (task.role, task.priority) == ("credit_manager", 2)
        assert task.due_at is not None
        assert task.due_at - task.created_at <= timedelta(days=2)
        assert "立即进行风险审查" in task.text_zh


class TestS205:
    def test_lawsuit_representative_and_news_warn_at_once_with_nothing_overdue(self):
        house = House()

        house.learn(major_lawsuit="yes", legal_representative_changed="yes", negative_news="yes")

        assert house.alerts() == [
            ("red", "major-lawsuit"), ("yellow", "legal-representative"), ("yellow", "negative-news"),
        ]  # fmt: skip


class TestS207:
    def test_news_of_a_trade_go_to_two_departments_and_tighten_once_they_are_confirmed(self):
        document = copy.deepcopy(dict(policies.shipped("payment-record")))
        document["monitoring"]["overlays"] = [
            {
                "code": "news", "label": {"zh": "房地产负面新闻", "en": "Bad news"}, "from": "2026-03-04",
                "industries": ["房地产"], "signals": {"industry_news": "yes"},
            }
        ]  # fmt: skip
        house = House(document=document)
        limits.opening(house.company, limit="100000", valid_from=house.today)
        house.close_day(1)
        before = house.alerts()

        house.close_day(2)
        asked = house.alerts(), house.tasks("alert.industry"), self._proposed()
        with clock.on(house.company, house.today + timedelta(days=2)):
            answer_alert.confirm(
                company=house.company, alert_id=house.alert("industry-news").pk, actor=house.manager
            )

        assert before == []
        assert asked == (
            [("yellow", "industry-news")],
            [("alert.industry-news", "credit_manager"), ("alert.industry-news", "sales_manager")],
            [],
        )
        assert self._proposed() == ["80000.0000"]

    @staticmethod
    def _proposed():
        with scope.entered(SYSTEM):
            return [str(one.limit_amount) for one in LimitProposal.objects.all()]


class TestS209:
    def test_what_people_call_false_counts_against_the_rule(self):
        house = House("policy-scorecard")
        house.learn(core_assets_mortgaged="yes", dishonest_debtor="yes")
        house.answer("assets-mortgaged", response="同名误判", is_false_alarm=True)
        house.answer("dishonest-debtor", response="已起诉")

        found = rule_bench.bench(company=house.company, actor=SYSTEM)

        records = {one.code: one.record for one in found.rules}
        wrong, right = records["assets-mortgaged"], records["dishonest-debtor"]
        assert (wrong.false_alarms, wrong.judged, wrong.precision) == (1, 1, Decimal("0.0000"))
        assert (right.false_alarms, right.judged, right.precision) == (0, 0, None)


class TestS211:
    """A threshold is pushed in the house (a task), by mail, and into the chat."""

    def _messages(self):
        with scope.entered(SYSTEM):
            return sorted(Message.objects.filter(cause_kind="alert").values_list("channel", "recipient"))

    def test_fifteen_days_overdue_reach_people_by_task_mail_and_chat(self):
        house = House("three-tiers")
        companies.person(
            house.company, Role.SALES, email="own@example.com", row_kind="own", row_value="王示例"
        )
        finance = companies.person(house.company, Role.FINANCE_MANAGER)
        with scope.entered(SYSTEM):
            from tradecredit.plumbing.access.models import User

            User.objects.filter(pk=finance.user_id).update(phone="13800000000")
        house.owe(days_overdue=15)

        house.close_day()

        assert house.tasks() == [("alert.paying-late", "finance_manager"), ("alert.paying-late", "sales")]
        assert self._messages() == [
            ("mail", "finance_manager@demo.example.com"), ("mail", "own@example.com"), ("wecom", "13800000000"),
        ]  # fmt: skip

    def test_a_house_that_keeps_yellow_out_of_its_chats_does_not_find_it_there(self):
        house = House("policy-scorecard")
        companies.person(house.company, Role.CREDIT_SPECIALIST)
        house.owe(days_overdue=30)

        house.warn()

        assert {channel for channel, _ in self._messages()} == {"mail"}


class TestZ2:
    """Orders, shipments and the line are three switches; each rule turns its own."""

    @pytest.mark.parametrize(
        ("pack", "days", "frozen"),
        [
            ("five-pillars", 7, []),
            ("five-pillars", 8, ["orders"]),
            ("five-pillars", 30, ["limit", "orders"]),
            ("authority-matrix", 1, ["shipments"]),
            ("policy-scorecard", 30, ["limit", "orders", "shipments"]),
        ],
    )
    def test_each_pack_freezes_what_its_document_says(self, pack, days, frozen):
        house = House(pack)
        house.owe(days_overdue=days)

        house.close_day()

        assert sorted(set(house.frozen())) == frozen
