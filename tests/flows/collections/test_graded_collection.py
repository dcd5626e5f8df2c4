"""G8, graded collection (分级催收): what the requirements promise, told one by one; the days stand in the packs' examples."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import date

import pytest

from factories import companies, orders, policies, receivables
from tradecredit.analytics.collections import evidence, measures, worklist
from tradecredit.apps.collections import case_queries
from tradecredit.apps.monitoring.models import Alert, RiskMark
from tradecredit.apps.worklist.models import Task
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import reactions
from tradecredit.flows.cash import open_dispute
from tradecredit.flows.collections import (
    follow_downgrade,
    hand_over,
    log_contact,
    open_case,
    serve_customers,
    start_plan,
    strategies,
)
from tradecredit.flows.imports import record_facts
from tradecredit.flows.imports.record_facts import FactRow
from tradecredit.integrations import policy_packs
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


class TestS164:
    def test_a_case_opens_on_day_one_with_no_manual_step_and_closes_when_paid(self, owing):
        owing.invoice()

        assert owing.follow(0).opened == 0
        assert (owing.follow(1).opened, owing.follow(1).opened) == (1, 0)
        owing.pay("60000.00", 2)
        assert owing.follow(3).closed == 1
        assert owing.case() is None


class TestS179:
    def test_on_day_31_everybody_responsible_hears_and_legal_has_a_task(self, owing):
        roles = [
            *(Role.SALES_MANAGER, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR),
            *(Role.FINANCE_MANAGER, Role.CFO, Role.LEGAL),
        ]
        for role in roles:
            companies.person(owing.company, role)
        companies.person(
            owing.company, Role.SALES, email="own@example.com", row_kind="own", row_value="王示例"
        )
        owing.invoice()

        owing.dun(30)
        before = self._told()
        owing.dun(31)

        assert before == set()
        assert self._told() == {"own@example.com"} | {f"{role}@demo.example.com" for role in roles}
        assert ("dunning.stage-3", "legal") in owing.tasks()
        with scope.entered(SYSTEM):
            alert = Alert.objects.get(rule="dunning.stage-3")
            assert (alert.level, alert.phase) == ("orange", "after_trade")
            assert RiskMark.objects.filter(lifted_on__isnull=True).count() == 1

    @staticmethod
    def _told():
        with scope.entered(SYSTEM):
            rows = Message.objects.filter(cause_kind="alert", channel="mail")
            return set(rows.values_list("recipient", flat=True))


class TestS180:
    def test_three_channels_in_turn_each_with_a_record_of_the_hand_over(self, under):
        owing = under("policy-scorecard")
        owing.invoice()
        channels = {}
        for days in (1, 90, 91, 180, 181):
            owing.follow(days)
            channels[days] = owing.case().channel

        with scope.entered(SYSTEM):
            events = case_queries.events(case_id=owing.case().id)
        assert channels == {1: "internal", 90: "internal", 91: "agency", 180: "agency", 181: "legal"}
        assert [(event.kind, event.channel) for event in events] == [
            ("handover", "legal"), ("handover", "agency"), ("opened", "internal"),
        ]  # fmt: skip
        assert ("case.handover", "legal") in owing.tasks()

    def test_a_person_hands_over_and_says_to_whom(self, owing):
        owing.invoice()
        owing.follow(1)
        hand_over.hand_over(
            company=owing.company,
            case_id=owing.case().id,
            channel="agency",
            receiver="示例清收有限公司",
            facts={"fee": "8%"},
            actor=SYSTEM,
            as_of=owing.day(5),
        )

        with scope.entered(SYSTEM):
            handed = case_queries.events(case_id=owing.case().id)[0]
        assert handed.facts == {
            "from": "internal", "to": "agency", "receiver": "示例清收有限公司", "fee": "8%",
        }  # fmt: skip
        with pytest.raises(hand_over.UnableToHandOverError):
            hand_over.hand_over(
                company=owing.company, case_id=owing.case().id, channel="friends", receiver="x", actor=SYSTEM
            )
        assert owing.case().channel == "agency"


class TestS184:
    @pytest.mark.parametrize(("owes", "opened"), [(True, 1), (False, 0)])
    def test_a_downgrade_opens_a_case_of_whoever_owes(self, owing, monkeypatch, owes, opened):
        if owes:
            owing.invoice(due_date=owing.day(30))
        fallen = type(
            "Fallen", (), {"result": {"change": {"direction": "down"}}, "old_grade": "B", "grade": "D"}
        )
        monkeypatch.setattr(follow_downgrade.scoring, "latest", lambda **_: {owing.customer.pk: fallen})

        made = follow_downgrade.follow_downgrade(
            company=owing.company, customer_ids=[owing.customer.pk], as_of=owing.day(0), actor=SYSTEM
        )

        assert len(made) == opened
        assert (owing.case().cause if owes else None) == ("downgrade:B-D" if owes else None)

    def test_a_lawsuit_that_lowers_the_grade_opens_it_by_itself(self, owing):
        for month in range(7, 13):
            due = date(2025, month, 28)
            owing.invoice(f"I{month}", invoice_date=due.replace(day=1), due_date=due)
            row = receivables.payment_row(
                f"P{month}", "60000.00", payment_date=due, invoice_number=f"I{month}"
            )
            assert not receivables.payments(owing.company, row).refused
        owing.invoice("OPEN", due_date=owing.day(30))
        reactions.drain(actor=SYSTEM, company=owing.company)
        assert owing.case() is None

        record_facts.record_facts(
            rows=[FactRow(customer_code="C001", fact="pending_lawsuits", value="2", source="court")],
            company=owing.company,
            actor=SYSTEM,
        )
        reactions.drain(actor=SYSTEM, company=owing.company)

        assert owing.case().cause == "downgrade:B-D"


class TestS185:
    def test_the_case_tells_who_has_it_what_is_next_and_all_that_was_done(self, owing):
        owing.invoice()
        owing.follow(1)
        case_id = owing.case().id
        hand_over.assign(
            company=owing.company, case_id=case_id, owner_id=None, owner_name="李催收", actor=SYSTEM
        )

        owing.log(case_id, 3, outcome="not_reached")

        case = owing.case()
        with scope.entered(SYSTEM):
            kinds = [
                (event.kind, event.outcome, event.stage) for event in case_queries.events(case_id=case_id)
            ]
        assert (case.owner_name, case.next_action, case.next_on) == ("李催收", "not_reached", owing.day(4))
        assert kinds == [
            ("contact", "not_reached", "stage-1"),
            ("assigned", "", ""),
            ("opened", "", "stage-1"),
        ]

    def test_one_case_a_customer_a_further_cause_is_a_line_in_it(self, owing):
        ids = {
            open_case.open_case(
                company=owing.company,
                customer_id=owing.customer.pk,
                as_of=owing.day(0),
                actor=SYSTEM,
                cause=cause,
                words=Words(zh="预警", en="An alert"),
            )
            for cause in ("alert:pledge", "alert:lawsuit", "alert:lawsuit")
        }

        with scope.entered(SYSTEM):
            assert [event.kind for event in case_queries.events(case_id=ids.pop())] == ["cause", "opened"]
        assert ids == set()


class TestS186:
    @pytest.mark.parametrize(("grade", "comes_first"), [("D", True), ("A", False)])
    def test_the_desk_and_other_systems_are_told_who_is_served_first(self, owing, grade, comes_first):
        owing.invoice()
        owing.follow(1)
        orders.rating(owing.company, owing.customer, grade, as_of=owing.day(0))

        with scope.entered(SYSTEM):
            strategy = strategies.in_force(company_id=owing.company.pk, as_of=owing.day(1))
            (row,) = worklist.of_company(
                company_id=owing.company.pk, as_of=owing.day(1), strategy=strategy, currency="CNY"
            ).rows

        assert row.ranked.is_priority is comes_first

    @pytest.mark.parametrize(
        ("grade", "urgency", "days", "reason"),
        [("D", 2, 1, "customers of grade D are served first"), ("A", 5, 3, "")],
    )
    def test_a_dispute_of_a_high_risk_customer_is_a_task_that_comes_first_and_says_why(
        self, owing, grade, urgency, days, reason
    ):
        owing.invoice()
        with clock.on(owing.company, owing.day(0)):
            reactions.drain(actor=SYSTEM, company=owing.company)
        orders.rating(owing.company, owing.customer, grade, as_of=owing.day(1))

        with clock.on(owing.company, owing.day(1)):
            self._contest(owing)
            reactions.drain(actor=SYSTEM, company=owing.company)

        task = self._task("service.dispute")
        assert (task.priority, (task.due_at - task.created_at).days) == (urgency, days)
        assert (task.role, task.done_at) == ("credit_specialist", None)
        assert "contests CNY 60,000.00 of invoice INV-1" in task.text_en
        assert reason in task.text_en
        assert ("(" in task.text_en) is bool(reason)

    def test_the_mark_of_high_risk_is_enough_whatever_the_grade(self, owing):
        owing.invoice()
        owing.dun(31)

        with clock.on(owing.company, owing.day(31)):
            reactions.drain(actor=SYSTEM, company=owing.company)
            self._contest(owing)
            reactions.drain(actor=SYSTEM, company=owing.company)

        assert self._task("service.dispute").priority == 2

    def test_a_dispute_that_is_settled_settles_its_task(self, owing):
        owing.invoice()
        with clock.on(owing.company, owing.day(1)):
            self._contest(owing)
            reactions.drain(actor=SYSTEM, company=owing.company)
            open_dispute.close_dispute(
                company=owing.company, invoice_number="INV-1", resolution="credited", actor=SYSTEM
            )

        assert self._task("service.dispute").outcome == "credited"

    def test_a_dispute_settled_before_anybody_heard_of_it_is_no_task(self, owing):
        owing.invoice()
        with clock.on(owing.company, owing.day(1)):
            self._contest(owing)
            open_dispute.close_dispute(
                company=owing.company, invoice_number="INV-1", resolution="credited", actor=SYSTEM
            )
            reactions.drain(actor=SYSTEM, company=owing.company)

        assert ("service.dispute", "credit_specialist") not in owing.tasks()

    @pytest.mark.parametrize(("grade", "urgency", "days"), [("D", 2, 1), ("A", 5, 3)])
    def test_a_complaint_is_routed_by_the_customers_grade_and_told_once(self, owing, grade, urgency, days):
        with clock.on(owing.company, owing.day(1)):
            for _ in range(2):
                # What is recorded rates the customer anew: the grade stands in for that rating.
                orders.rating(owing.company, owing.customer, grade, as_of=owing.day(1))
                self._complain(owing, "1")
                told = {
                    "customer_id": str(owing.customer.pk), "fact": "complaints", "value": "1",
                    "valid_from": owing.day(1).isoformat(),
                }  # fmt: skip
                serve_customers.serve(
                    company=owing.company, customer_ids=[owing.customer.pk], told=[told],
                    as_of=owing.day(1), actor=SYSTEM,
                )  # fmt: skip
            reactions.drain(actor=SYSTEM, company=owing.company)

        task = self._task("service.complaint")
        assert (task.priority, (task.due_at - task.created_at).days) == (urgency, days)

    def test_a_complaint_that_was_taken_back_sends_nobody(self, owing):
        told = {
            "customer_id": str(owing.customer.pk), "fact": "complaints", "value": "",
            "valid_from": owing.day(1).isoformat(),
        }  # fmt: skip

        made = serve_customers.serve(
            company=owing.company,
            customer_ids=[owing.customer.pk],
            told=[told],
            as_of=owing.day(1),
            actor=SYSTEM,
        )

        assert (made, owing.tasks()) == (0, [])

    @pytest.mark.parametrize(("value", "days_ago"), [("0", 0), ("2", 31)])
    def test_no_complaint_or_one_of_long_ago_sends_nobody(self, owing, value, days_ago):
        with clock.on(owing.company, owing.day(60)):
            self._complain(owing, value, valid_from=owing.day(60 - days_ago))
            reactions.drain(actor=SYSTEM, company=owing.company)

        assert ("service.complaint", "credit_specialist") not in owing.tasks()

    @staticmethod
    def _contest(owing):
        open_dispute.open_dispute(
            company=owing.company, invoice_number="INV-1", reason_code="quality", actor=SYSTEM
        )

    @staticmethod
    def _complain(owing, value, **fields):
        row = FactRow(customer_code="C001", fact="complaints", value=value, source="form", **fields)
        record_facts.record_facts(rows=[row], company=owing.company, actor=SYSTEM)

    @staticmethod
    def _task(kind):
        with scope.entered(SYSTEM):
            return Task.objects.get(kind=kind)


class TestS187:
    def test_every_contact_counts_and_what_it_brought_is_measured(self, owing):
        owing.invoice()
        owing.follow(1)
        case_id = owing.case().id
        owing.log(
            case_id,
            3,
            outcome="will_pay",
            amount=Money.of("60000.00", "CNY"),
            promised_date=owing.day(5),
        )
        owing.pay("60000.00", 5, invoice_number="INV-1")
        with scope.entered(SYSTEM):
            policy = strategies.in_force(company_id=owing.company.pk, as_of=owing.day(10)).cases
        span = measures.Span(
            company_id=owing.company.pk,
            since=owing.day(0),
            as_of=owing.day(10),
            currency="CNY",
            policy=policy,
        )

        with scope.entered(SYSTEM):
            (effect,) = measures.contacts(span, by="outcome")
            kept = measures.promises_kept(span, grace_days=0)
        assert (effect.key, effect.contacts, effect.followed, str(effect.cash)) == (
            "will_pay",
            1,
            1,
            "60000.0000",
        )
        assert effect.cost == policy.contact_costs["call"]
        assert (kept.kept, kept.broken, kept.rate) == (1, 0, 1)

    def test_a_promise_without_amount_and_day_is_refused(self, owing):
        owing.invoice()
        owing.follow(1)

        with pytest.raises(log_contact.UnableToLogContactError):
            owing.log(owing.case().id, 2, outcome="will_pay")

        with scope.entered(SYSTEM):
            assert [event.kind for event in case_queries.events(case_id=owing.case().id)] == ["opened"]

    def test_a_broken_promise_is_told_in_the_worklist(self, owing):
        owing.invoice()
        owing.follow(1)
        owing.log(
            owing.case().id,
            3,
            outcome="will_pay",
            amount=Money.of("60000.00", "CNY"),
            promised_date=owing.day(5),
        )

        def row(days):
            with scope.entered(SYSTEM):
                return (
                    worklist.of_company(
                        company_id=owing.company.pk,
                        as_of=owing.day(days),
                        strategy=strategies.in_force(company_id=owing.company.pk, as_of=owing.day(days)),
                        currency="CNY",
                    )
                    .rows[0]
                    .ranked
                )

        assert "承诺今天付款" in row(5).why.zh
        assert row(4).candidate.is_waiting
        assert (row(6).candidate.broken_promises, "承诺已落空 1 次" in row(6).why.zh) == (1, True)
        assert "承诺" not in row(2).why.zh or row(2).candidate.broken_promises == 0


class TestS188:
    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    def test_the_way_of_collecting_leaves_as_a_file_and_comes_in_as_it_was(self, tmp_path, pack):
        archive = tmp_path / "way.zip"
        policy_packs.save(policies.shipped(pack), archive)

        read = policy_packs.load_folder(archive)

        assert read["dunning"] == policies.shipped(pack)["dunning"]
        assert read["letters"] == policies.shipped(pack)["letters"]
        assert read["monitoring"] == policies.shipped(pack)["monitoring"]

    def test_another_company_collects_by_the_file(self, under, tmp_path):
        archive = tmp_path / "way.zip"
        policy_packs.save(policies.shipped("policy-scorecard"), archive)
        owing = under("five-pillars")
        policies.published(owing.company, document=policy_packs.load_folder(archive), valid_from=owing.day(0))
        owing.invoice()

        owing.follow(1)
        owing.follow(91)

        assert owing.case().channel == "agency"


class TestS189:
    def test_the_library_comes_with_the_policy_and_a_start_is_recorded_once(self, owing):
        owing.invoice()
        owing.follow(1)
        with scope.entered(SYSTEM):
            plans = strategies.in_force(company_id=owing.company.pk, as_of=owing.day(1)).cases.plans
        started = {
            start_plan.start_plan(
                company=owing.company,
                customer_id=owing.customer.pk,
                code="asset_preservation",
                as_of=owing.day(2),
                actor=SYSTEM,
                cause="alert:pledge",
            )
            for _ in range(2)
        }

        assert {plan.code: plan.answers for plan in plans} == {
            "joint_collection": ("yellow",), "asset_preservation": ("orange",), "stop_loss": ("red",),
            "litigation": ("red",),
        }  # fmt: skip
        assert len(started) == 1
        with pytest.raises(start_plan.UnableToStartPlanError):
            start_plan.start_plan(
                company=owing.company,
                customer_id=owing.customer.pk,
                code="prayer",
                as_of=owing.day(2),
                actor=SYSTEM,
            )


class TestS190:
    def test_the_stop_loss_plan_is_done_step_by_step_each_with_its_result(self, owing):
        owing.invoice()
        owing.follow(1)
        plan_id = start_plan.start_plan(
            company=owing.company,
            customer_id=owing.customer.pk,
            code="stop_loss",
            as_of=owing.day(40),
            actor=SYSTEM,
        )
        with scope.entered(SYSTEM):
            plan, _ = case_queries.plan_of(company_id=owing.company.pk, plan_id=plan_id)
        assert [(step.code, (step.due_date - owing.day(40)).days) for step in plan.steps] == [
            ("stop_shipping", 0), ("recover_goods", 3), ("set_off", 5), ("claim_insurance", 5), ("sue", 10),
        ]  # fmt: skip
        assert sum(kind == "plan.stop_loss" for kind, _ in owing.tasks()) == 5

        with clock.on(owing.company, owing.day(41)):
            with pytest.raises(start_plan.UnableToFinishStepError):
                start_plan.finish_step(
                    company=owing.company, plan_id=plan_id, step_id=plan.steps[0].id, result=" ", actor=SYSTEM
                )
            for step in plan.steps:
                start_plan.finish_step(
                    company=owing.company,
                    plan_id=plan_id,
                    step_id=step.id,
                    result="已办",
                    is_skipped=step.code == "set_off",
                    actor=SYSTEM,
                )

        with scope.entered(SYSTEM):
            done, _ = case_queries.plan_of(company_id=owing.company.pk, plan_id=plan_id)
        assert done.ended_on == owing.day(41)
        assert [step.code for step in done.steps if step.is_skipped] == ["set_off"]


class TestEvidencePack:
    def test_holds_every_record_and_the_letters_with_digests_of_all_of_it(self, owing):
        owing.invoice()
        owing.follow(1)
        owing.dun(1)
        owing.send(1)
        receivables.payments(
            owing.company,
            receivables.payment_row("PAY-9", "100.00", payment_date=owing.day(2), invoice_number="INV-1"),
        )

        def pack():
            with scope.entered(SYSTEM), clock.on(owing.company, owing.day(9)):
                return evidence.pack(
                    company=owing.company,
                    case=owing.case(),
                    policy=strategies.in_force(company_id=owing.company.pk, as_of=owing.day(9)).cases,
                    as_of=owing.day(9),
                )

        content = pack()
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = sorted(archive.namelist())
            manifest = json.loads(archive.read("manifest.json"))
            ledger = archive.read("09-ledger.csv").decode("utf-8-sig")
        assert [name for name in names if name[:2].isdigit()] == [
            "00-summary.pdf", "01-contracts.csv", "02-orders.csv", "03-deliveries.csv", "04-invoices.csv",
            "05-payments.csv", "06-statements.csv", "07-letters.csv", "08-contacts.csv", "09-ledger.csv",
            "10-log.csv",
        ]  # fmt: skip
        assert any(name.startswith("letters/") for name in names)
        assert {one["name"] for one in manifest["files"]} == set(names) - {"manifest.json"}
        assert all(len(one["sha256"]) == 64 for one in manifest["files"])
        assert ledger.splitlines()[0].endswith("hash")
        assert pack() == content
