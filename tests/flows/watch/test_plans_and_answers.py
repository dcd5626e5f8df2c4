"""From the alert to its end: who is asked, what the plan does, what is proved, what is free again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from factories import companies, customers, limits, policies
from tradecredit.apps.collections.models import ActionPlan, Case
from tradecredit.apps.dossier.models import Fact
from tradecredit.apps.limits.models import LimitProposal
from tradecredit.apps.monitoring.models import Alert, AlertAct, Freeze
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.watch import answer_alert, close_alert, close_day, mute_rule, raise_alert, rule_bench
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = companies.MOMENT.date()


class Watch:
    """A company under a pack, with one customer of whom facts are learned."""

    def __init__(self, pack: str) -> None:
        self.company = companies.company()
        policies.published(self.company, pack=pack)
        self.customer = customers.customer(self.company, salesperson="王示例", industry="房地产")
        self.manager = companies.person(self.company, Role.CREDIT_MANAGER)
        self.today = clock.today(self.company)

    def learn(self, name: str, value: str, *, days: int = 0) -> None:
        with scope.entered(SYSTEM):
            Fact.objects.create(
                customer=self.customer, name=name, value=value, valid_from=self.today + timedelta(days=days),
                recorded_at=clock.now(), recorded_by="test",
            )  # fmt: skip

    def warn(self) -> int:
        return raise_alert.raise_alert(
            company=self.company, customer_ids=[self.customer.pk], as_of=self.today, actor=SYSTEM
        )

    def close(self, days: int = 0) -> close_day.CloseDayReport:
        day = self.today + timedelta(days=days)
        return close_day.close_day(company=self.company, as_of=day, actor=SYSTEM)

    def alert(self) -> Alert:
        with scope.entered(SYSTEM):
            return Alert.objects.latest("id")

    def frozen(self) -> list[str]:
        with scope.entered(SYSTEM):
            rows = Freeze.objects.filter(lifted_on__isnull=True)
            return sorted(rows.values_list("scope", flat=True))

    def tasks(self, prefix: str = "") -> list[tuple[str, str]]:
        with scope.entered(SYSTEM):
            rows = Task.objects.filter(kind__startswith=prefix, done_at__isnull=True)
            return sorted(rows.values_list("kind", "role"))

    def running(self) -> list[str]:
        with scope.entered(SYSTEM):
            return sorted(ActionPlan.objects.values_list("code", flat=True))

    def cases(self) -> list[str]:
        with scope.entered(SYSTEM):
            return sorted(Case.objects.values_list("cause", flat=True))

    def acts(self) -> list[tuple[str, bool]]:
        with scope.entered(SYSTEM):
            return list(AlertAct.objects.order_by("recorded_at", "id").values_list("kind", "is_by_person"))


@pytest.fixture
def watch():
    return Watch


class TestResponsesByLevel:
    """S-195, S-196, S-197: yellow collects, orange brings in legal, red stops the loss; every freeze has its thaw."""

    def test_red_freezes_everything_and_gives_each_department_its_part(self, watch):
        house = watch("policy-scorecard")
        house.learn("dishonest_debtor", "yes")

        house.warn()

        assert house.frozen() == ["limit", "orders", "shipments"]
        assert house.running() == ["litigation", "stop_loss"]
        assert house.cases() == ["alert:dishonest-debtor"]
        assert house.acts() == [("done", False)]
        with scope.entered(SYSTEM):
            assert Event.objects.filter(name="plan.rate_again").count() == 1

    def test_orange_goes_through_the_list_for_preserving_assets(self, watch):
        house = watch("policy-scorecard")
        house.learn("core_assets_mortgaged", "yes")

        house.warn()

        assert house.running() == ["asset_preservation"]
        assert ("plan.legal", "legal") in house.tasks("plan.")
        assert house.frozen() == ["limit"]

    def test_closing_thaws_and_leaves_what_people_began(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        house.warn()

        close_alert.close_alert(
            company=house.company, alert_id=house.alert().pk, response="已起诉", actor=house.manager
        )

        assert house.frozen() == []
        assert len(house.tasks("plan.")) == 2
        assert house.acts()[-1] == ("closed", True)

    def test_a_false_alarm_ends_what_was_begun_for_nothing(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        house.warn()

        close_alert.close_alert(
            company=house.company, alert_id=house.alert().pk, response="同名误判", is_false_alarm=True,
            actor=house.manager,
        )  # fmt: skip

        assert house.tasks("plan.") == []
        assert house.frozen() == []


class TestResponseInTime:
    """S-007: created, first response, 24 hours, proved by what cannot be changed."""

    def test_taking_it_up_is_the_first_response(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        house.warn()

        found = answer_alert.see(company=house.company, alert_id=house.alert().pk, actor=house.manager)
        answer_alert.see(company=house.company, alert_id=found.id, actor=house.manager)

        assert found.respond_by - found.created_at == timedelta(hours=24)
        assert found.was_answered_in_time(clock.now()) is True
        assert house.acts().count(("seen", True)) == 1

    def test_an_alert_without_answer_is_put_before_the_credit_manager(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        house.warn()
        with scope.entered(SYSTEM):
            Alert.objects.update(respond_by=companies.MOMENT - timedelta(days=999))

        house.close()
        house.close()

        assert house.tasks("alert.late") == [("alert.late", "credit_manager")]

    def test_nothing_said_is_no_note(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        house.warn()

        with pytest.raises(answer_alert.UnableToAnswerAlertError):
            answer_alert.note(company=house.company, alert_id=house.alert().pk, text=" ", actor=house.manager)

        assert ("note", True) not in house.acts()


class TestConfirmation:
    """S-209: what wants a person's word does nothing before it."""

    def test_freezes_and_plan_wait_for_it(self, watch):
        house = watch("policy-scorecard")
        house.learn("key_customer_bankrupt", "yes")
        house.warn()
        before = house.frozen(), house.tasks("plan.")

        answer_alert.confirm(company=house.company, alert_id=house.alert().pk, actor=house.manager)

        assert before == ([], [])
        assert house.frozen() == ["limit"]
        assert ("plan.legal", "legal") in house.tasks("plan.")
        assert house.running() == ["asset_preservation"]

    def test_one_that_waits_for_nothing_cannot_be_confirmed(self, watch):
        house = watch("policy-scorecard")
        house.learn("dishonest_debtor", "yes")
        house.warn()

        with pytest.raises(answer_alert.UnableToAnswerAlertError):
            answer_alert.confirm(company=house.company, alert_id=house.alert().pk, actor=house.manager)


class TestLowerLine:
    """S-206: a negative signal lowers grade and line; people still say yes to the line."""

    def test_half_of_the_line_is_proposed(self, watch):
        house = watch("authority-matrix")
        limits.opening(house.company, limit="100000", valid_from=house.today)
        house.learn("equity_frozen", "yes")

        house.warn()

        with scope.entered(SYSTEM):
            assert [str(row.limit_amount) for row in LimitProposal.objects.all()] == ["50000.0000"]
            assert Event.objects.filter(name="plan.rate_again").exists()

    def test_without_a_line_the_alert_stands_and_says_so(self, watch):
        house = watch("authority-matrix")
        house.learn("equity_frozen", "yes")

        assert house.warn() == 1
        with scope.entered(SYSTEM):
            assert "没有可下调的额度" in AlertAct.objects.get().text_zh


class TestMute:
    def test_a_silent_rule_is_not_asked_until_its_day(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        until = house.today + timedelta(days=10)
        mute_rule.mute_rule(
            company=house.company,
            rule="dishonest-debtor",
            reason="数据源有误",
            until=until,
            actor=house.manager,
        )
        silent = house.warn()

        mute_rule.unmute_rule(company=house.company, rule="dishonest-debtor", actor=house.manager)

        assert (silent, house.warn()) == (0, 1)

    @pytest.mark.parametrize(
        ("rule", "reason", "days"), [("no-such", "x", 9), ("overdue-30", " ", 9), ("overdue-30", "x", 0)]
    )
    def test_wants_a_rule_a_reason_and_an_end(self, watch, rule, reason, days):
        house = watch("five-pillars")

        with pytest.raises(mute_rule.UnableToMuteRuleError):
            mute_rule.mute_rule(
                company=house.company, rule=rule, reason=reason, until=house.today + timedelta(days=days),
                actor=house.manager,
            )  # fmt: skip


class TestDay:
    """What a day asks by itself: facts that begin, trades that turn, alerts that have rested, rounds of playbooks."""

    def test_a_fact_that_begins_today_is_asked_about_today(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes", days=3)
        house.close()
        before = house.frozen()

        house.close(days=3)

        assert before == []
        assert house.frozen() == ["limit", "orders", "shipments"]

    def test_a_closed_alert_that_has_rested_speaks_again(self, watch):
        house = watch("five-pillars")
        house.learn("abnormal_operation", "yes")
        house.warn()
        close_alert.close_alert(
            company=house.company, alert_id=house.alert().pk, response="已核实", actor=house.manager
        )

        counts = [house.close(days=day).alerts for day in (1, 29, 30, 31)]

        assert counts == [0, 0, 1, 0]

    def test_playbooks_make_their_tasks_round_by_round(self, watch):
        house = watch("three-tiers")
        with scope.entered(SYSTEM):
            _rate(house, "C")

        made = [house.close(days=day) and len(house.tasks("playbook.")) for day in range(0, 70, 5)]

        assert made[0] in {0, 1}
        assert made[-1] in {2, 3}


def _rate(house: Watch, grade: str) -> None:
    from tradecredit.apps.scoring.models import Rating

    Rating.objects.create(
        company=house.company, customer=house.customer, as_of=house.today - timedelta(days=1), model_name="test",
        policy_version_id=house.company.pk, completeness=1, suggested_grade=grade, grade=grade, result="{}",
        inputs="{}", cause="test", recorded_at=clock.now(), recorded_by="test",
    )  # fmt: skip


class TestBench:
    def test_tells_of_every_rule_and_of_the_first_warning(self, watch):
        house = watch("five-pillars")
        house.learn("dishonest_debtor", "yes")
        house.warn()

        found = rule_bench.bench(company=house.company, actor=SYSTEM)

        by_code = {one.code: one for one in found.rules}
        assert by_code["dishonest-debtor"].record.alerts == 1
        assert by_code["dishonest-debtor"].plan.code == "stop-loss"
        assert by_code["overdue-90"].record.alerts == 0
        assert by_code["dishonest-debtor"].record.tasks == 3
