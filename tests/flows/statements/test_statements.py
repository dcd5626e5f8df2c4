from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import companies, customers
from factories.receivables import (
    DUE,
    SYSTEM,
    credit_row,
    credits_,
    invoice_row,
    invoices,
    payment_row,
    payments,
)
from tradecredit.analytics.receivables import aging
from tradecredit.apps.collections.models import Promise
from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.apps.receivables.models import AccountStatement, AccountStatementProof, Dispute
from tradecredit.apps.worklist.models import Task
from tradecredit.flows.statements import answer_statement, send_statement
from tradecredit.flows.statements.answer_statement import Answer, LineWord, UnableToAnswerStatementError
from tradecredit.flows.statements.proofs import Proof, UnableToTakeAnswerError
from tradecredit.flows.statements.send_statement import UnableToSendStatementError
from tradecredit.flows.watch import dispatch_outbox
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox.models import Message

pytestmark = pytest.mark.django_db
PDF = Proof(name="../稽核.pdf", content=b"%PDF-1.7 proof")


@pytest.fixture(autouse=True)
def _system_scope():
    with scope.entered(SYSTEM):
        yield


@pytest.fixture
def firm(db):
    firm = companies.company("ONE", "示例一有限公司")
    customers.customer(firm, "C001", "示例客户")
    customers.customer(firm, "C002", "示例客户二")
    invoices(firm, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "70.00"))
    payments(firm, payment_row("PAY-1", "30.00"), match=False)
    credits_(firm, credit_row("CN-1", "5.00"))
    return firm


@pytest.fixture
def sent(firm):
    return send_statement.send_statement(company=firm, customer_code="C001", actor=SYSTEM)


def answer(token: str, **more):
    return answer_statement.answer_statement(token=token, answer=Answer(by="王会计", **more))


class TestSendStatement:
    def test_freezes_every_open_document_and_sums_to_the_aging(self, firm, sent):
        opened = answer_statement.open_link(token=sent.token)

        assert [(line.document, line.open_amount) for line in opened.lines] == [
            ("INV-1", Decimal(100)), ("INV-2", Decimal(70)), ("CN-1", Decimal(-5)), ("PAY-1", Decimal(-30)),
        ]  # fmt: skip
        (total,) = aging.aging(as_of=opened.statement.as_of, company_id=firm.pk).totals
        (figures,) = opened.statement.totals
        assert (figures["open"], figures["waiting"], figures["net"]) == ("170.00", "35.00", "135.00")
        assert total.aged.net.text() == figures["net"]

    def test_keeps_no_token_but_its_digest(self, sent):
        row = AccountStatement.objects.get()

        assert sent.token not in str([getattr(row, field.name) for field in row._meta.concrete_fields])
        assert row.token_digest == links.digest_of(sent.token)

    def test_refuses_whoever_owes_nothing(self, firm):
        for code in ("C002", "C404"):
            with pytest.raises(UnableToSendStatementError):
                send_statement.send_statement(company=firm, customer_code=code, actor=SYSTEM)


class TestMail:
    LINK = "https://credit.example.com/s/{token}"

    @pytest.fixture
    def mailed(self, firm):
        return send_statement.send_statement(
            company=firm, customer_code="C001", recipient="ap@example.com", link=self.LINK, actor=SYSTEM
        )

    def leave(self, firm) -> list:
        mailer = NullMailer()
        dispatch_outbox.dispatch_outbox(company=firm, mailer=mailer, actor=SYSTEM)
        return list(mailer.carried.values())

    def test_the_link_goes_by_mail_and_is_not_kept(self, firm, mailed):
        (carried,) = self.leave(firm)

        assert carried.recipient == "ap@example.com"
        assert f"https://credit.example.com/s/{mailed.token}" in carried.body
        assert "净额为 135.00 CNY" in carried.body
        (kept,) = Message.objects.all()
        assert (kept.status, mailed.token in kept.body, "/s/{token}" in kept.body) == ("sent", False, True)
        assert self.leave(firm) == []

    def test_another_link_goes_by_mail_and_the_one_before_does_not(self, firm, mailed):
        again = send_statement.renew_link(company=firm, number=mailed.number, link=self.LINK, actor=SYSTEM)

        assert all(again.token in one.body and mailed.token not in one.body for one in self.leave(firm))

    def test_what_was_withdrawn_meanwhile_does_not_leave(self, firm, mailed):
        send_statement.withdraw(company=firm, number=mailed.number, actor=SYSTEM)

        assert self.leave(firm) == []
        assert Message.objects.get().status == "dropped"

    def test_without_a_mail_address_nothing_is_put(self, firm):
        send_statement.send_statement(
            company=firm, customer_code="C001", recipient="王会计", link=self.LINK, actor=SYSTEM
        )

        assert not Message.objects.exists()


class TestOpenLink:
    def test_says_the_same_of_unknown_old_and_withdrawn_links(self, firm, sent):
        send_statement.renew_link(company=firm, number=sent.number, actor=SYSTEM)
        other = send_statement.send_statement(company=firm, customer_code="C001", actor=SYSTEM)
        send_statement.withdraw(company=firm, number=other.number, actor=SYSTEM)

        said = set()
        for token in ("nonsense", "", sent.token, other.token):
            with pytest.raises(UnableToAnswerStatementError) as refusal:
                answer_statement.open_link(token=token)
            said.add(refusal.value.words.en)
        assert len(said) == 1

    def test_ends_with_its_time_whatever_day_the_sandbox_has(self, sent):
        with clock.at(clock.now() + timedelta(days=400)):
            assert answer_statement.open_link(token=sent.token).statement.status == "sent"
        AccountStatement.objects.update(expires_at=clock.real_now())

        with pytest.raises(UnableToAnswerStatementError):
            answer_statement.open_link(token=sent.token)


class TestAnswerStatement:
    def test_confirming_opens_nothing_and_counts_once(self, sent):
        done = answer(sent.token)

        assert (done.status, done.answered_by) == ("confirmed", "王会计")
        assert not Dispute.objects.exists()
        with pytest.raises(UnableToAnswerStatementError):
            answer(sent.token)

    def test_a_contested_line_becomes_a_dispute_of_the_difference(self, sent):
        done = answer(
            sent.token,
            contested=(LineWord(position=1, amount=Decimal("80.00"), text="price"),),
            proofs=(PDF,),
        )

        dispute = Dispute.objects.get()
        assert done.status == "disagreed"
        assert (dispute.amount, dispute.reason_code, dispute.text) == (Decimal(20), "statement", "price")
        assert AccountStatementProof.objects.get().media_type == "application/pdf"
        assert Task.objects.filter(kind="statement.answered").count() == 1

    def test_a_dispute_is_never_more_than_what_is_open_by_now(self, sent):
        firm = AccountStatement.objects.get().company
        payments(firm, payment_row("PAY-2", "95.00", invoice_number="INV-1"))

        answer(sent.token, contested=(LineWord(position=1, amount=Decimal(0)),))

        assert Dispute.objects.get().amount == Decimal(5)

    def test_a_promise_covers_what_is_agreed_and_open(self, firm, sent):
        day = clock.today(firm) + timedelta(days=5)

        answer(sent.token, contested=(LineWord(position=1, amount=Decimal(0)),), promised_date=day)

        promise = Promise.objects.get()
        assert (promise.amount, promise.promised_date, len(promise.instalment_ids)) == (Decimal(70), day, 1)

    @pytest.mark.parametrize(
        "more",
        [
            {"contested": (LineWord(position=9, amount=Decimal(0)),)},
            {"contested": (LineWord(position=1, amount=Decimal(100)),)},
            {"contested": (LineWord(position=4, amount=Decimal(0)),)},
            {"contested": (LineWord(position=1, amount=Decimal(0)), LineWord(position=1, amount=Decimal(1)))},
            {"promised_date": date(2000, 1, 1)},
            {"proofs": (Proof(name="a.pdf", content=b"MZ"),)},
        ],
    )
    def test_refuses_nonsense_and_changes_nothing(self, sent, more):
        with pytest.raises(UnableToTakeAnswerError):
            answer(sent.token, **more)

        assert AccountStatement.objects.get().status == "sent"
        assert not Dispute.objects.exists()

    def test_needs_a_name(self, sent):
        with pytest.raises(UnableToTakeAnswerError):
            answer_statement.answer_statement(token=sent.token, answer=Answer(by=" "))


def test_the_due_day_of_the_factory_lies_behind_us():
    assert clock.now().date() > DUE
