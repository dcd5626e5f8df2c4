from __future__ import annotations

import pytest

from factories import customers
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import open_dispute
from tradecredit.flows.collections import record_promise
from tradecredit.flows.watch import dispatch_outbox
from tradecredit.flows.watch.dispatch_outbox import DispatchReport
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.outbox.models import Message

SYSTEM = Actor.system("test")


class _BrokenMailer:
    def __init__(self):
        self.attempts = 0

    def send(self, **_):
        self.attempts += 1
        raise ConnectionRefusedError("no mail server")


def _statuses():
    with scope.entered(SYSTEM):
        return list(Message.objects.order_by("id").values_list("status", flat=True))


class TestDispatchOutbox:
    def test_sends_each_letter_once(self, scene):
        scene.invoice()
        scene.dun(1)

        first, second = scene.send(1), scene.send(1)

        assert (first, second) == (DispatchReport(sent=1), DispatchReport())
        (carried,) = scene.mailer.carried.values()
        assert carried.recipient == "ap@example.com"
        assert carried.subject == scene.letters()[0].subject
        assert scene.letters()[0].status == "sent"
        assert scene.letters()[0].sent_at is not None

    @pytest.mark.parametrize("match", [True, False])
    def test_drops_the_letter_of_whoever_has_paid_meanwhile(self, scene, match):
        scene.invoice()
        scene.dun(1)
        scene.pay("100.00", day=scene.day(1), match=match)

        report = scene.send(1)

        assert report == DispatchReport(dropped=1)
        assert scene.mailer.carried == {}
        assert [(letter.status, letter.sent_at) for letter in scene.letters()] == [("dropped", None)]
        assert _statuses() == ["dropped"]

    def test_drops_a_disputed_line_and_asks_for_the_rest(self, scene):
        scene.invoice("INV-1", "100.00")
        scene.invoice("INV-2", "40.00")
        scene.dun(1)
        open_dispute.open_dispute(
            company=scene.company,
            invoice_number="INV-1",
            reason_code="quality",
            actor=SYSTEM,
            as_of=scene.day(1),
        )
        frozen_hash = scene.letters()[0].content_hash

        scene.send(1)

        (letter,) = scene.letters()
        (carried,) = scene.mailer.carried.values()
        assert [(item["invoice"], item["amount"]) for item in letter.items] == [("INV-2", "40.00")]
        assert letter.total == 40
        assert letter.content_hash != frozen_hash
        assert "INV-1" not in carried.body
        assert "人民币肆拾元整" in carried.body

    def test_asks_for_what_is_left_after_a_part_payment(self, scene):
        scene.invoice()
        scene.dun(1)
        scene.pay("30.00", day=scene.day(1))

        scene.send(1)

        assert scene.letters()[0].total == 70

    def test_drops_a_letter_after_a_promise(self, scene):
        scene.invoice()
        scene.dun(1)
        record_promise.record_promise(
            company=scene.company,
            customer_id=scene.customer.pk,
            amount=Money.of("100.00", "CNY"),
            promised_date=scene.day(5),
            as_of=scene.day(1),
            actor=SYSTEM,
        )

        assert scene.send(1) == DispatchReport(dropped=1)

    def test_does_not_send_a_friendly_letter_when_the_formal_one_is_due(self, scene):
        scene.invoice()
        scene.dun(1)
        scene.dun(8)

        report = scene.send(8)

        assert report == DispatchReport(sent=1, dropped=1)
        assert [letter.status for letter in scene.letters()] == ["dropped", "sent"]

    def test_keeps_a_message_that_failed_for_a_later_attempt_and_gives_up_in_the_end(self, scene):
        scene.invoice()
        scene.dun(1)
        broken = _BrokenMailer()

        outcomes = []
        for hour in range(0, 24, 2):
            with clock.on(scene.company, scene.day(1), hour=hour):
                outcomes.append(
                    dispatch_outbox.dispatch_outbox(company=scene.company, mailer=broken, actor=SYSTEM).failed
                )

        assert outcomes[:6] == [1, 1, 1, 1, 1, 1]
        assert outcomes[6:] == [0] * 6
        assert broken.attempts == 6
        assert _statuses() == ["failed"]
        assert scene.letters()[0].status == "failed"

    def test_does_not_touch_the_messages_of_another_company(self, scene):
        from factories import companies, policies

        other = companies.company("OTHER", "示例贸易有限公司")
        policies.published(other)
        customers.customer(other, "C900", "示例五金丙有限公司", email="c@example.com")
        scene.invoice()
        scene.dun(1)

        report = dispatch_outbox.dispatch_outbox(company=other, mailer=scene.mailer, actor=SYSTEM)

        assert report == DispatchReport()
        assert _statuses() == ["pending"]
