"""Freeze what a customer owes on a day as a statement of account, with a link under which the customer answers."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import account_books
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import confirmation_links as links
from tradecredit.apps.receivables import confirmation_operations as operations
from tradecredit.apps.receivables import confirmation_queries as queries
from tradecredit.apps.receivables.models import ConfirmationStatus
from tradecredit.core.kernel import canonical, money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.statements import mail_statement
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.analytics.receivables.account_books import AccountItem
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

DAYS_VALID: Final = 30
_DAYS_MOST: Final = 180
_NOTHING_OPEN: Final = Words(
    zh="客户 {code} 截至 {day} 没有未清项目，无需对账。",
    en="Customer {code} has nothing open on {day}: there is nothing to confirm.",
)


class UnableToSendStatementError(UnableToError):
    """The customer is not there or owes nothing, or the statement is answered or gone."""

    code = "statement_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A statement's number and the token of its link; see Note [Links of statements]."""

    number: str
    token: str


def send_statement(
    *,
    company: Company,
    customer_code: str,
    actor: Actor,
    as_of: date | None = None,
    recipient: str = "",
    language: str = "zh-hans",
    days_valid: int = DAYS_VALID,
    link: str = "",
) -> Sent:
    """Freeze the customer's open items of the day and make a link to them.

    A recipient with a mail address gets it by mail, where ``link`` gives the address of the page of answers with
    ``{token}`` in the token's place. Raises UnableToSendStatementError.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise UnableToSendStatementError(
                Words(zh=f"没有客户 {customer_code}。", en=f"There is no customer {customer_code}."))  # fmt: skip
        items = account_books.items_of(company_id=company.pk, customer_id=customer.id, as_of=day)
        if not items:
            raise UnableToSendStatementError(_NOTHING_OPEN.filled(code=customer_code, day=day))
        new = _statement(
            customer.id, items, day, recipient=recipient, language=language, days_valid=days_valid
        )
        number = operations.record(company_id=company.pk, new=new, recorded_by=actor.name)
        words = Words(
            zh=f"发出截至 {day} 的对账单 {number}，共 {len(items)} 行",
            en=f"Statement of account {number} as of {day} was made, {len(items)} lines",
        )
        _log(company, actor, customer.id, kind="statement.sent", words=words, number=number)
        _mail(company, new.id, link)
    return Sent(number=number, token=links.token_of(statement_id=new.id, expires_at=new.expires_at))


def renew_link(
    *, company: Company, number: str, actor: Actor, days_valid: int = DAYS_VALID, link: str = ""
) -> Sent:
    """Make another link to a statement that is not answered; the one before ends. It goes by mail as the first did.

    Raises UnableToSendStatementError.
    """
    with db.unit_of_work(actor):
        statement_id, customer_id = _waiting(company, number)
        expires_at = _ends(days_valid)
        token = links.token_of(statement_id=statement_id, expires_at=expires_at)
        digest = links.digest_of(token)
        operations.renew(statement_id=statement_id, token_digest=digest, expires_at=expires_at)
        words = Words(zh=f"对账单 {number} 换发链接", en=f"Statement {number} has another link")
        _log(company, actor, customer_id, kind="statement.renewed", words=words, number=number)
        _mail(company, statement_id, link)
    return Sent(number=number, token=token)


def withdraw(*, company: Company, number: str, actor: Actor) -> None:
    """Take a statement back that is not answered. Raises UnableToSendStatementError."""
    with db.unit_of_work(actor):
        statement_id, customer_id = _waiting(company, number)
        operations.withdraw(statement_id=statement_id)
        words = Words(zh=f"撤回对账单 {number}", en=f"Statement {number} was withdrawn")
        _log(company, actor, customer_id, kind="statement.withdrawn", words=words, number=number)


def _mail(company: Company, statement_id: UUID, link: str) -> None:
    mail_statement.put_mail(
        company=company, statement=queries.by_ids([statement_id])[statement_id], link=link
    )


def _waiting(company: Company, number: str) -> tuple[UUID, UUID]:
    found = queries.by_number(company_id=company.pk, number=number)
    if found is not None:
        operations.lock(statement_id=found.id)
        found = queries.by_number(company_id=company.pk, number=number)
    if found is None or found.status != ConfirmationStatus.SENT:
        raise UnableToSendStatementError(
            Words(
                zh=f"对账单 {number} 不存在，或已答复、已撤回。",
                en=f"Statement {number} is not there, or is answered or withdrawn already.",
            )
        )
    return found.id, found.customer_id


def _ends(days_valid: int) -> datetime:
    # Never the moment of a link before: the token would be the same.
    return clock.real_now() + timedelta(
        days=min(max(days_valid, 1), _DAYS_MOST), microseconds=secrets.randbelow(1_000_000)
    )


def _statement(
    customer_id: UUID,
    items: tuple[AccountItem, ...],
    day: date,
    *,
    recipient: str,
    language: str,
    days_valid: int,
) -> operations.NewStatement:
    statement_id, expires_at = ids.new_id(), _ends(days_valid)
    totals = _totals(items, day)
    return operations.NewStatement(
        id=statement_id,
        customer_id=customer_id,
        as_of=day,
        language=language,
        recipient=recipient[:254],
        token_digest=links.digest_of(links.token_of(statement_id=statement_id, expires_at=expires_at)),
        expires_at=expires_at,
        totals=totals,
        content_hash=canonical.sha256(
            canonical.dumps(
                {"as_of": day, "totals": totals, "lines": [[one.document, one.open_amount] for one in items]}
            )
        ),
        lines=tuple(
            operations.NewLine(
                instalment_id=one.instalment_id,
                document=one.document,
                document_date=one.document_date,
                due_date=one.due_date,
                currency=one.currency,
                amount=one.amount,
                open_amount=one.open_amount,
            )
            for one in items
        ),
    )


def _totals(items: tuple[AccountItem, ...], day: date) -> list[dict[str, Any]]:
    found = []
    for currency in sorted({one.currency for one in items}):
        mine = [one for one in items if one.currency == currency]
        sums = {
            "open": sum((one.open_amount for one in mine if one.open_amount > 0), Decimal(0)),
            "overdue": sum(
                (
                    one.open_amount
                    for one in mine
                    if one.open_amount > 0 and one.due_date and one.due_date < day
                ),
                Decimal(0),
            ),
            "waiting": -sum((one.open_amount for one in mine if one.open_amount < 0), Decimal(0)),
            "net": sum((one.open_amount for one in mine), Decimal(0)),
        }
        found.append(
            {"currency": currency, **{key: money.plain(value, currency) for key, value in sums.items()}}
        )
    return found


def _log(company: Company, actor: Actor, customer_id: UUID, *, kind: str, words: Words, number: str) -> None:
    entry = log.NewEntry(
        stream=f"customer:{customer_id}", kind=kind, words=words, payload={"statement": number}
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
