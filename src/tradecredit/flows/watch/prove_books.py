"""Prove a company's books; an account whose figures do not agree gets no new approvals until it is repaired.

Only that account is frozen, not the customer's others and not the application: one wrong figure must not
stop everybody's orders, and must not be sold against either.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.order_checks import ended_room
from tradecredit.analytics.receivables import verification
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.monitoring import operations, queries
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.orders import verify_exposure
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.exposure.queries import Account
    from tradecredit.flows.orders.verify_exposure import ExposureVerified
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CAUSE: Final = "books"
_SCOPE: Final = "orders"
_ACCOUNT_CHECKS: Final = "account "
_LIFTED: Final = Words(
    zh="账目已核对一致，恢复该账户的审批", en="The books agree again: the account is open for approvals"
)

Place = tuple["UUID", str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksFinding:
    """One figure of one account that is not what its rows make."""

    customer_id: UUID
    currency: str
    figure: str
    words: Words

    @property
    def place(self) -> Place:
        """Return what names the account within its company: customer and currency."""
        return (self.customer_id, self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class BooksProved:
    """What was found wrong; accounts frozen now, and accounts that agree again."""

    accounts: int
    findings: tuple[BooksFinding, ...]
    frozen: int
    lifted: int


def prove_books(*, company: Company, as_of: date, actor: Actor) -> BooksProved:
    """Check the invariants of every account of a company; freeze what fails, lift what agrees again.

    Invariants: each balance is the sum of its entries (I2), reserved room is the sum of pending reservations, each
    with its decision (I3, I4), nothing is kept for an order that ended (I4), billed and unapplied are what the open
    documents say (I6), the chain of entries has no gap and no change (I7). Nothing is locked while it looks.
    """
    verified = verify_exposure.verify_exposure(actor=actor, company_id=company.pk)
    with db.unit_of_work(actor):
        findings = (*_of_exposure(verified), *_of_rooms(company.pk), *_of_receivables(company.pk))
        frozen = _freeze(company, findings, as_of=as_of, actor=actor)
        lifted = _lift(company, {one.place for one in findings}, as_of=as_of, actor=actor)
    return BooksProved(accounts=verified.accounts, findings=findings, frozen=frozen, lifted=lifted)


def _of_exposure(verified: ExposureVerified) -> tuple[BooksFinding, ...]:
    figures = [
        (one.account_id, one.stage, _differs(one.stage, one.balance, one.from_entries))
        for one in verified.drifts
    ]
    figures += [
        (
            account,
            "chain",
            Words(zh=f"第 {sequence} 条分录断链", en=f"entry {sequence} does not fit the chain"),
        )
        for account, sequence in verified.broken
    ]
    figures += [
        (
            one.account_id,
            "reserved",
            Words(zh=f"{one.reference} 的预占没有依据", en=f"{one.reference}: {one.problem}"),
        )
        for one in verified.unfounded
    ]
    return _named(figures)


def _of_rooms(company_id: UUID) -> tuple[BooksFinding, ...]:
    return _named(
        (
            one.account_id,
            "reserved",
            Words(
                zh=f"订单 {one.reference} 已结束（{one.status}），仍预占 {one.amount:.2f}",
                en=f"order {one.reference} is {one.status} and still keeps {one.amount:.2f}",
            ),
        )
        for one in ended_room.of_company(company_id)
    )


def _of_receivables(company_id: UUID) -> tuple[BooksFinding, ...]:
    """Return what the accounts and the open documents disagree about."""
    differences = [
        one
        for one in verification.verify(company_id=company_id).differences
        if one.check.startswith(_ACCOUNT_CHECKS)
    ]
    codes = {_code_of(one.place): one for one in differences}
    customers = dossier.customers_by_code(codes)
    return tuple(
        BooksFinding(
            customer_id=customers[_code_of(one.place)].id,
            currency=one.currency,
            figure=one.check.removeprefix(_ACCOUNT_CHECKS),
            words=_differs(one.check.removeprefix(_ACCOUNT_CHECKS), one.stored, one.rebuilt),
        )
        for one in differences
    )


def _code_of(place: str) -> str:
    """Return the customer of a place such as ``account C001 CNY billed``."""
    return place.removeprefix(_ACCOUNT_CHECKS).rsplit(" ", 2)[0]


def _differs(figure: str, stored: Decimal, rebuilt: Decimal) -> Words:
    return Words(
        zh=f"{figure} 账面 {stored:.2f}，重算 {rebuilt:.2f}",
        en=f"{figure} is {stored:.2f}, rebuilt {rebuilt:.2f}",
    )


def _named(figures: Iterable[tuple[UUID, str, Words]]) -> tuple[BooksFinding, ...]:
    wanted = list(figures)
    accounts: Mapping[UUID, Account] = exposure.accounts_by_id(account for account, _, _ in wanted)
    return tuple(
        BooksFinding(
            customer_id=accounts[account].customer_id,
            currency=accounts[account].currency,
            figure=figure,
            words=words,
        )
        for account, figure, words in wanted
    )


def _freeze(company: Company, findings: Sequence[BooksFinding], *, as_of: date, actor: Actor) -> int:
    by_place: defaultdict[Place, list[BooksFinding]] = defaultdict(list)
    for one in findings:
        by_place[one.place].append(one)
    known = {
        (one.customer_id, one.currency) for one in queries.freezes_on(company_id=company.pk, cause=CAUSE)
    }
    new = {place: found for place, found in by_place.items() if place not in known}
    operations.freeze(
        company_id=company.pk,
        frozen_on=as_of,
        created_by=actor.name,
        switches=[
            operations.NewSwitch(
                customer_id=customer,
                cause=CAUSE,
                scope=_SCOPE,
                currency=currency,
                words=Words(
                    zh=f"账目不符：{found[0].words.zh}", en=f"The books do not agree: {found[0].words.en}"
                ),
            )
            for (customer, currency), found in new.items()
        ],
    )
    _ask(company, findings, as_of=as_of)
    _log(
        company,
        [(customer, "books.frozen", found[0].words) for (customer, _), found in new.items()],
        actor=actor,
    )
    return len(new)


def _ask(company: Company, findings: Sequence[BooksFinding], *, as_of: date) -> None:
    """Ask an administrator to repair each figure, and tell the credit manager why nothing is approved."""
    customers = dossier.customers_by_id({one.customer_id for one in findings})
    worklist.make(
        company_id=company.pk,
        tasks=[
            worklist.NewTask(
                kind="books.disagree",
                role=role,
                priority="high",
                customer_id=one.customer_id,
                words=Words(
                    zh=f"客户 {customers[one.customer_id].code} {one.currency} 账户账目不符：{one.words.zh}。"
                    "该账户暂停新审批；修复后由下次日结（或 tradecredit ledger guard）自动恢复。",
                    en=f"The books of {customers[one.customer_id].code} in {one.currency} do not agree: {one.words.en}."
                    " Nothing new is approved for this account; repaired, the next close of day (or"
                    " `tradecredit ledger guard`) lifts that.",
                ),
                dedupe_key=f"books:{company.pk}:{one.customer_id}:{one.currency}:{one.figure}:{as_of}:{role}",
            )
            for one in findings
            for role in ("admin", "credit_manager")
        ],
    )


def _lift(company: Company, failing: set[Place], *, as_of: date, actor: Actor) -> int:
    cured = [
        one
        for one in queries.freezes_on(company_id=company.pk, cause=CAUSE)
        if (one.customer_id, one.currency) not in failing
    ]
    operations.lift_freezes(ids=[one.id for one in cured], lifted_on=as_of, because=_LIFTED.en)
    customers = sorted({one.customer_id for one in cured}, key=str)
    events.emit_many(
        name="freeze.lifted",
        company_id=company.pk,
        payloads=[(customer, {"customer_id": customer}) for customer in customers],
    )
    _log(company, [(one.customer_id, "books.agree", _LIFTED) for one in cured], actor=actor)
    return len(cured)


def _log(company: Company, entries: Sequence[tuple[UUID, str, Words]], *, actor: Actor) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(stream=f"customer:{customer}", kind=kind, words=words)
            for customer, kind, words in entries
        ],
    )
