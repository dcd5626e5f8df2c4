from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from factories import companies, customers
from tradecredit.apps.cash_application.models import Payment
from tradecredit.apps.collections.models import Letter, Notice
from tradecredit.apps.worklist.models import Task
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import open_dispute, unapply_cash
from tradecredit.flows.collections import record_promise
from tradecredit.flows.watch import run_dunning
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.access.models import User
from tradecredit.plumbing.audit.models import LogEntry
from tradecredit.plumbing.outbox.models import Message

SYSTEM = Actor.system("test")


class TestRunDunning:
    @pytest.mark.parametrize(
        ("days", "stage"),
        [(-8, None), (-7, "due-7"), (-3, "due-3"), (0, "due-3"), (1, "stage-1"), (7, "stage-1"), (8, "stage-2"),
         (30, "stage-2"), (31, "stage-3")],
    )  # fmt: skip
    def test_says_the_step_of_the_day_once(self, scene, days, stage):
        scene.invoice()

        first, second = scene.dun(days), scene.dun(days)

        assert scene.said() == ([("INV-1", stage)] if stage else [])
        assert first.reminders + first.letters == (1 if stage else 0)
        assert second == run_dunning.DunningReport()

    @pytest.mark.parametrize(
        ("days", "frozen", "is_marked"),
        [(7, set(), False), (8, {"orders"}, False), (30, {"orders"}, False), (31, {"orders", "shipments"}, True)],
    )  # fmt: skip
    def test_freezes_from_day_8_and_marks_from_day_31(self, scene, days, frozen, is_marked):
        scene.invoice()

        scene.dun(days)

        assert (scene.frozen(), scene.is_marked()) == (frozen, is_marked)

    def test_freezes_the_numbers_of_the_letter(self, scene):
        scene.invoice("INV-1", "82000.00")

        scene.dun(8)

        (letter,) = scene.letters()
        assert (letter.stage, letter.kind, letter.language, letter.status) == (
            "stage-2",
            "letter",
            "zh",
            "pending",
        )
        assert (letter.total, letter.currency) == (82000, "CNY")
        assert [(item["invoice"], item["amount"], item["days_overdue"]) for item in letter.items] == [
            ("INV-1", "82000.00", "8")
        ]
        assert "人民币捌万贰仟元整" in letter.body
        assert letter.number == "DEMO-20260310-0001"
        assert len(letter.content_hash) == 64

    def test_writes_in_the_customers_language(self, scene):
        customers.customer(scene.company, "C002", "Demo Hardware B Ltd", language="en", email="b@example.com")
        scene.invoice(customer_code="C002")

        scene.dun(1)

        (letter,) = scene.letters()
        assert letter.language == "en"
        assert letter.subject == "A friendly reminder: CNY 100.00 to Demo Electromechanical is past due"

    def test_gives_the_tasks_of_the_stage_to_their_roles(self, scene):
        scene.invoice()

        for days in (1, 8, 31):
            scene.dun(days)

        assert scene.tasks() == [
            ("dunning.stage-1", "sales"),
            ("dunning.stage-2", "sales_manager"),
            ("dunning.stage-3", "legal"),
        ]

    def test_does_not_repeat_a_task_that_is_still_to_do(self, scene):
        scene.invoice("INV-1")
        scene.invoice("INV-2", due_date=scene.day(1))

        scene.dun(1)
        scene.dun(2)

        assert scene.said() == [("INV-2", "due-3"), ("INV-1", "stage-1"), ("INV-2", "stage-1")]
        assert scene.tasks() == [("dunning.stage-1", "sales")]

    def test_raises_the_alert_of_the_last_stage_and_tells_the_responsible(self, scene):
        companies.person(scene.company, Role.LEGAL)
        scene.invoice()

        scene.dun(31)

        assert scene.alerts() == [("dunning.stage-3", "orange")]
        with scope.entered(SYSTEM):
            told = Message.objects.filter(cause_kind="alert").values_list("channel", "recipient")
            assert sorted(told) == [("mail", "legal@demo.example.com"), ("wecom", "legal")]

    def test_sends_one_summary_a_run_to_the_customers_own_salesperson(self, scene):
        companies.person(
            scene.company, Role.SALES, email="own@example.com", row_kind="own", row_value="王示例"
        )
        companies.person(
            scene.company, Role.SALES, email="other@example.com", row_kind="own", row_value="李示例"
        )
        scene.invoice("INV-1")
        scene.invoice("INV-2", currency="USD")

        scene.dun(-7)

        with scope.entered(SYSTEM):
            digests = Message.objects.filter(cause_kind="letter_digest")
            assert [digest.recipient for digest in digests] == ["own@example.com"]
            assert digests[0].body.count("\n") == 2

    def test_says_in_english_how_many_there_are(self, scene):
        companies.person(
            scene.company, Role.SALES, email="own@example.com", row_kind="own", row_value="王示例"
        )
        User.objects.filter(email="own@example.com").update(language="en")
        customers.customer(
            scene.company, "C002", "Demo Hardware B Ltd", language="en", email="b@example.com",
            salesperson="王示例",
        )  # fmt: skip
        scene.invoice("INV-1", customer_code="C002")

        scene.dun(1)

        (letter,) = scene.letters()
        assert "we found 1 item past the due date, the oldest by 1 day, without" in letter.body
        with scope.entered(SYSTEM):
            digest = Message.objects.get(cause_kind="letter_digest")
            entry = LogEntry.objects.get(kind="letter.issued")
        assert digest.subject.endswith("1 letter to your customers")
        assert ", 1 item, CNY 100.00, number " in digest.body
        assert ": 1 item, CNY 100.00, letter " in entry.text_en

    def test_leaves_paid_items_alone_and_lifts_everything(self, scene):
        scene.invoice()
        scene.dun(31)

        scene.pay("100.00", day=scene.day(32))
        scene.dun(32)

        assert (scene.frozen(), scene.is_marked()) == (set(), False)
        assert [(letter.kind, letter.stage) for letter in scene.letters()] == [
            ("letter", "stage-3"),
            ("thanks", "thanks"),
        ]

    def test_does_not_dun_while_unapplied_cash_covers_the_item(self, scene):
        scene.invoice()
        scene.pay("100.00", match=False)

        report = scene.dun(40)

        assert (report.letters, scene.said(), scene.frozen()) == (0, [], set())

    def test_does_not_dun_a_disputed_item_and_goes_on_with_the_others(self, scene):
        scene.invoice("INV-1")
        scene.invoice("INV-2")
        open_dispute.open_dispute(
            company=scene.company,
            invoice_number="INV-1",
            reason_code="quality",
            actor=SYSTEM,
            as_of=scene.day(2),
        )

        scene.dun(5)

        assert scene.said() == [("INV-2", "stage-1")]

    def test_waits_for_a_promised_day(self, scene):
        scene.invoice()
        record_promise.record_promise(
            company=scene.company,
            customer_id=scene.customer.pk,
            amount=Money.of("100.00", "CNY"),
            promised_date=scene.day(10),
            as_of=scene.day(0),
            actor=SYSTEM,
        )

        waiting = scene.dun(10)
        broken = scene.dun(11)

        assert (waiting.letters, broken.letters) == (0, 1)
        assert scene.frozen() == {"orders"}

    def test_freezes_again_when_a_payment_is_taken_back_without_writing_again(self, scene):
        scene.invoice()
        scene.dun(8)
        scene.pay("100.00", day=scene.day(9))
        scene.dun(9)
        assert scene.frozen() == set()

        unapply_cash.unapply_cash(
            company=scene.company, payment_number="PAY-1", reason="bounced", actor=SYSTEM
        )
        with scope.entered(SYSTEM):
            Payment.objects.update(amount=1, allocated_amount=0)
        scene.dun(10)

        assert scene.frozen() == {"orders"}
        with scope.entered(SYSTEM):
            assert Notice.objects.count() == 1

    def test_asks_for_a_mail_address_once(self, scene):
        customers.customer(scene.company, "C002", "示例五金乙有限公司")
        scene.invoice(customer_code="C002")

        scene.dun(1)
        scene.dun(8)

        with scope.entered(SYSTEM):
            assert Task.objects.filter(kind="letter.no_address").count() == 1
            assert Message.objects.filter(cause_kind="letter").count() == 0


class TestDatabase:
    def test_refuses_a_second_notice_for_the_same_instalment_and_stage(self, scene):
        scene.invoice()
        scene.dun(1)

        with scope.entered(SYSTEM):
            notice = Notice.objects.get()
            notice.pk = None
            notice.id = None
            again = Notice(
                **{
                    field.attname: getattr(notice, field.attname)
                    for field in Notice._meta.concrete_fields
                    if field.name != "id"
                }
            )
            with pytest.raises(IntegrityError, match="notice_once_a_stage"), transaction.atomic():
                again.save(force_insert=True)

            assert Notice.objects.count() == 1
            assert Letter.objects.count() == 1


class TestSettleStandings:
    def test_frees_whoever_has_paid_at_once(self, scene):
        scene.invoice()
        scene.dun(8)
        scene.pay("100.00", day=scene.day(8))

        switched = run_dunning.settle_standings(
            company=scene.company, as_of=scene.day(8), actor=SYSTEM, customer_ids=[scene.customer.pk]
        )

        assert (switched.lifted, switched.cured) == (1, (scene.customer.pk,))
        assert scene.frozen() == set()

    def test_thanks_nobody_who_was_never_written_to(self, scene):
        scene.invoice()
        for day in (8, 9):
            run_dunning.settle_standings(
                company=scene.company, as_of=scene.day(day), actor=SYSTEM, customer_ids=[scene.customer.pk]
            )
            if day == 8:
                assert scene.frozen() == {"orders"}
                scene.pay("100.00", day=scene.day(8))

        assert scene.frozen() == set()
        assert scene.letters() == []

    def test_keeps_the_freeze_while_something_late_is_open(self, scene):
        scene.invoice("INV-1")
        scene.invoice("INV-2", due_date=scene.day(0) - timedelta(days=1))
        scene.dun(8)
        scene.pay("100.00", day=scene.day(8), invoice_number="INV-1")

        switched = run_dunning.settle_standings(
            company=scene.company, as_of=scene.day(8), actor=SYSTEM, customer_ids=[scene.customer.pk]
        )

        assert switched.lifted == 0
        assert scene.frozen() == {"orders"}


class TestPortions:
    def test_a_run_in_portions_says_the_same_and_tells_colleagues_once(self, scene, monkeypatch):
        monkeypatch.setattr(run_dunning, "_PORTION", 2)
        companies.person(
            scene.company, Role.SALES, email="own@example.com", row_kind="own", row_value="王示例"
        )
        codes = [f"C{number:03}" for number in range(2, 7)]
        for code in codes:
            customers.customer(
                scene.company, code, f"示例商行{code}", email=f"{code}@example.com", salesperson="王示例"
            )
            scene.invoice(f"INV-{code}", customer_code=code)

        first, again = scene.dun(31), scene.dun(31)

        assert (first.letters, first.switched.marked, first.tasks > 0) == (5, 5, True)
        assert again == run_dunning.DunningReport()
        assert [letter.number for letter in scene.letters()] == [
            f"DEMO-20260402-{number:04}" for number in range(1, 6)
        ]
        with scope.entered(SYSTEM):
            digest = Message.objects.get(cause_kind="letter_digest", recipient="own@example.com")
        assert digest.body.count("\n") == 5
        assert all(code in digest.body for code in codes)
