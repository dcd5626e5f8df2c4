"""What a customer answers to a statement of account: confirmed lines, disputes, a promise, proofs. Once."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.apps.receivables import confirmation_operations as operations
from tradecredit.apps.receivables import confirmation_queries as queries
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import ConfirmationStatus, LineAnswer
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import book_allocations, open_dispute
from tradecredit.flows.collections import record_promise
from tradecredit.flows.statements import proofs
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.access.actor import SYSTEM_USER_ID
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.apps.receivables.confirmation_queries import StatementLine, StatementRecord
    from tradecredit.flows.statements.proofs import Proof

REASON: Final = "statement"
_TEXT_MOST: Final = 2000


class UnableToAnswerStatementError(UnableToError):
    """The link is unknown, over or used, or the answer says nothing of a line it should speak of."""

    code = "statement_link"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A statement as its link shows it."""

    company: Company
    statement: StatementRecord
    lines: tuple[StatementLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWord:
    """What the customer says of a line that is contested: what is owed instead, and why."""

    position: int
    amount: Decimal
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Who answers, what is contested (nothing: all is confirmed), and by when the rest is paid."""

    by: str
    contested: tuple[LineWord, ...] = ()
    promised_date: date | None = None
    text: str = ""
    proofs: tuple[Proof, ...] = ()


def open_link(*, token: str) -> Opened:
    """Return the statement behind a link, answered or not, and remember that it was looked at.

    Raises UnableToAnswerStatementError for a link that is unknown, over or withdrawn: always with the same words.
    """
    found = _by_token(token)
    with db.unit_of_work(_customer_of(found)):
        if found.status == ConfirmationStatus.SENT:
            operations.mark_seen(statement_id=found.id)
        company = Company.objects.get(pk=found.company_id)
        return Opened(company=company, statement=found, lines=queries.lines_of(found.id))


def answer_statement(*, token: str, answer: Answer) -> StatementRecord:
    """Take the customer's answer: disputes are opened, a promise is recorded, somebody is told.

    Raises UnableToAnswerStatementError (see ``open_link``; answered before), UnableToTakeAnswerError.
    """
    found = _by_token(token)
    actor = _customer_of(found)
    with db.unit_of_work(actor):
        company = Company.objects.get(pk=found.company_id)
        lines = {line.position: line for line in queries.lines_of(found.id)}
        currencies = {line.currency for line in lines.values()}
        book_allocations.lock_accounts(
            company=company, keys={(found.customer_id, currency) for currency in currencies}
        )
        operations.lock(statement_id=found.id)
        found = _by_token(token)
        if found.status != ConfirmationStatus.SENT:
            raise _refuse_link()
        kept = [proofs.checked(one) for one in answer.proofs]
        _check(answer, lines, today=clock.today(company))
        _record(found, answer, lines)
        operations.keep_proofs(
            company_id=company.pk, customer_id=found.customer_id, statement_id=found.id, proofs=kept
        )
        disputes = sum(_contest(company, lines[word.position], word, actor) for word in answer.contested)
        _promise(company, found, lines, answer, actor)
        _tell(company, found, answer, actor, disputes=disputes)
        return queries.by_number(company_id=company.pk, number=found.number) or found


def _by_token(token: str) -> StatementRecord:
    with scope.entered(Actor.system("statement link")):
        found = queries.by_digest(links.digest_of(token))
    is_over = found is not None and found.expires_at <= clock.real_now()
    if found is None or is_over or found.status == ConfirmationStatus.WITHDRAWN:
        raise _refuse_link()
    return found


def _refuse_link() -> UnableToAnswerStatementError:
    return UnableToAnswerStatementError(
        Words(
            zh="链接无效、已过期或已答复。请联系您的业务联系人重新获取。",
            en="The link is unknown, over or used. Ask your contact person for another one.",
        )
    )


def _customer_of(statement: StatementRecord) -> Actor:
    """Return the customer as the actor: within the one company, and with nobody's roles but a collector's."""
    return Actor(
        user_id=SYSTEM_USER_ID,
        name=f"{statement.customer_code} (link)"[:100],
        roles=frozenset({(statement.company_id, Role.COLLECTOR)}),
    )


def _check(answer: Answer, lines: Mapping[int, StatementLine], *, today: date) -> None:
    if not answer.by.strip():
        raise proofs.refusal("请填写确认人姓名。", "Say who answers.")
    if answer.promised_date is not None and answer.promised_date < today:
        raise proofs.refusal("承诺付款日不能早于今天。", "The promised day lies in the past.")
    if len({word.position for word in answer.contested}) != len(answer.contested):
        raise proofs.refusal("同一行只能答复一次。", "Each line is answered once.")
    for word in answer.contested:
        line = lines.get(word.position)
        if line is None or line.open_amount <= 0 or not 0 <= word.amount < line.open_amount:
            raise proofs.refusal(
                "有异议的行请填写贵方认可的金额（不小于零、小于我方金额）。",
                "For a line that you contest, give the amount that you agree to: not below zero, and below ours.",
            )


def _record(found: StatementRecord, answer: Answer, lines: Mapping[int, StatementLine]) -> None:
    contested = {word.position: word for word in answer.contested}
    operations.answer(
        statement_id=found.id,
        status=ConfirmationStatus.DISAGREED if contested else ConfirmationStatus.CONFIRMED,
        by=answer.by.strip()[:100],
        text=answer.text[:_TEXT_MOST],
        promised_date=answer.promised_date,
        verdicts=[
            operations.LineVerdict(
                position=position,
                answer=LineAnswer.DISAGREED if position in contested else LineAnswer.AGREED,
                amount=contested[position].amount if position in contested else None,
                text=contested[position].text[:_TEXT_MOST] if position in contested else "",
            )
            for position in lines
        ],
    )


def _contest(company: Company, line: StatementLine, word: LineWord, actor: Actor) -> int:
    """Open a dispute of what is contested, as far as it is still open and not disputed; return how many."""
    if line.instalment_id is None:
        return 0
    now = receivables_queries.lines_by_id(ids=[line.instalment_id])[line.instalment_id]
    contested = min(line.open_amount - word.amount, now.open)
    if contested <= 0 or now.disputed > 0:
        return 0
    open_dispute.open_dispute(
        company=company,
        invoice_number=now.number,
        line=now.line,
        amount=contested,
        reason_code=REASON,
        text=word.text[:_TEXT_MOST],
        actor=actor,
    )
    return 1


def _promise(
    company: Company,
    found: StatementRecord,
    lines: Mapping[int, StatementLine],
    answer: Answer,
    actor: Actor,
) -> None:
    """Record that what is agreed and still open is paid by the promised day, a promise a currency."""
    if answer.promised_date is None:
        return
    contested = {word.position for word in answer.contested}
    agreed = [
        line.instalment_id
        for position, line in lines.items()
        if position not in contested and line.open_amount > 0 and line.instalment_id is not None
    ]
    now = receivables_queries.lines_by_id(ids=agreed)
    for currency in sorted({line.currency for line in now.values()}):
        mine = [line for line in now.values() if line.currency == currency and line.open > 0]
        total = sum((line.open for line in mine), Decimal(0))
        if total > 0:
            record_promise.record_promise(
                company=company,
                customer_id=found.customer_id,
                amount=Money(total, currency),
                promised_date=answer.promised_date,
                actor=actor,
                instalment_ids=[line.id for line in mine],
                text=found.number,
            )


def _tell(company: Company, found: StatementRecord, answer: Answer, actor: Actor, *, disputes: int) -> None:
    verdict = ("有异议", "disagrees") if answer.contested else ("确认无误", "confirms")
    words = Words(
        zh=f"客户对账单 {found.number}：{answer.by} {verdict[0]}"
        f"（异议 {len(answer.contested)} 行，新增争议 {disputes} 笔）",
        en=f"Statement {found.number}: {answer.by} {verdict[1]}"
        f" ({len(answer.contested)} lines contested, {disputes} disputes opened)",
    )
    entry = log.NewEntry(
        stream=f"customer:{found.customer_id}",
        kind="statement.answered",
        words=words,
        payload={"statement": found.number},
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
    events.emit(
        name="statement.answered",
        company_id=company.pk,
        subject=found.customer_id,
        payload={
            "customer_id": found.customer_id,
            "statement": found.number,
            "contested": len(answer.contested),
        },
    )
    if answer.contested or answer.text:
        task = worklist.NewTask(
            kind="statement.answered",
            role=Role.COLLECTOR,
            customer_id=found.customer_id,
            words=words,
            link=f"/statements/{found.number}",
            dedupe_key=f"statement-answered:{found.id}",
        )
        worklist.make(company_id=company.pk, tasks=[task])
