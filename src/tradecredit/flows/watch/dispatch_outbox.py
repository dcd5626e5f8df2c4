"""Let messages leave: a letter is recomputed at that moment, so that nobody who has paid is dunned."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import books
from tradecredit.apps.collections import locks, operations, queries
from tradecredit.core.collections import dunning
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import colleagues
from tradecredit.flows.collections import post_letters
from tradecredit.flows.watch import (
    decision_notices,
    letter_content,
    statement_mails,
    watch_policy,
    write_letters,
)
from tradecredit.plumbing import clock, db, failpoints
from tradecredit.plumbing.access import workdays
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import delivery

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from tradecredit.analytics.collections.books import Account
    from tradecredit.core.collections.customer_books import Line
    from tradecredit.flows.ports import Mailer
    from tradecredit.flows.watch.watch_policy import WatchPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_CHANNEL: Final = "mail"
_BATCH: Final = 50
# Technical: what lands for these customers waits meanwhile, so a slow mail server must not keep it for long.
_HOLD_SECONDS: Final = 1
# Technical, not of the business: how often a mail server is asked before a person has to look.
_ATTEMPTS: Final = 6
_NOTHING_LEFT: Final = Words(
    zh="发送前复核：款项已付、有争议、已承诺或已进入下一阶段",
    en="checked before sending: paid, disputed, promised, or already in a later step",
)

_BECAUSE: Final = {
    statement_mails.CAUSE: statement_mails.BECAUSE,
    decision_notices.CAUSE: decision_notices.BECAUSE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchReport:
    """How many messages left, were dropped at the last moment, or could not be delivered."""

    sent: int = 0
    dropped: int = 0
    failed: int = 0

    def __add__(self, other: DispatchReport) -> DispatchReport:
        return DispatchReport(
            sent=self.sent + other.sent,
            dropped=self.dropped + other.dropped,
            failed=self.failed + other.failed,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Outgoing:
    """A message with the words of now, or None for words when it is not to leave any more; ``because`` says why.

    ``kept`` is what is stored of it where that is not what leaves.
    """

    message: delivery.Waiting
    words: tuple[str, str] | None
    because: str = _NOTHING_LEFT.en
    kept: tuple[str, str] | None = None


def dispatch_outbox(
    *, company: Company, mailer: Mailer, actor: Actor, channel: str = _CHANNEL
) -> DispatchReport:
    """Send everything that waits, a small transaction at a time; a failed message waits for its next attempt."""
    total = DispatchReport()
    while True:
        with db.unit_of_work(actor):
            claimed = delivery.claim(company_id=company.pk, channel=channel, limit=_BATCH)
            waiting, letters = _held(claimed)
            if not waiting:
                return total
            total += _carry(_recomputed(company, waiting, letters, actor), mailer)
        failpoints.reach("letters.committed")


def _held(
    claimed: Sequence[delivery.Waiting],
) -> tuple[Sequence[delivery.Waiting], Mapping[UUID, queries.StoredLetter]]:
    """Return the messages that may be looked at now, with their letters; see locks.hold_for_sending."""
    ids = [one.cause_id for one in claimed if one.cause_kind == "letter" and one.cause_id is not None]
    letters = {letter.id: letter for letter in queries.letters(ids=ids, limit=len(ids))} if ids else {}
    held = locks.hold_for_sending({letter.customer_id for letter in letters.values()})
    return [
        one for one in claimed if one.cause_id not in letters or letters[one.cause_id].customer_id in held
    ], letters


def _carry(outgoing: Iterable[_Outgoing], mailer: Mailer) -> DispatchReport:
    """Hand over one after another until the time is up; what left is recorded together, in the same transaction."""
    began = time.monotonic()
    report = DispatchReport()
    left: list[delivery.Sent] = []
    for one in outgoing:
        found = _send(one, mailer)
        if isinstance(found, delivery.Sent):
            left.append(found)
        else:
            report += found
        if time.monotonic() - began > _HOLD_SECONDS:
            break
    _mark(left)
    return report + DispatchReport(sent=len(left))


def _mark(left: Sequence[delivery.Sent]) -> None:
    delivery.mark_sent(sent=left)
    letter_ids = [one.message.cause_id for one in left if one.message.cause_kind in post_letters.CAUSES]
    operations.mark_sent(letter_ids=[one for one in letter_ids if one is not None])


def _send(one: _Outgoing, mailer: Mailer) -> delivery.Sent | DispatchReport:
    message = one.message
    if one.words is None:
        delivery.drop(message_id=message.id, because=one.because)
        return DispatchReport(dropped=1)
    subject, body = one.words
    try:
        mailer.send(recipient=message.recipient, subject=subject, body=body, message_id=str(message.id))
    except Exception as error:  # noqa: BLE001 - whatever the carrier raises, the message waits and is seen
        return _failed(message, f"{type(error).__name__}: {error}")
    failpoints.reach("letter.sent")
    subject, body = one.kept or one.words
    return delivery.Sent(message=message, subject=subject, body=body)


def _failed(message: delivery.Waiting, failure: str) -> DispatchReport:
    attempt = message.attempts + 1
    is_final = attempt >= _ATTEMPTS
    until = None if is_final else clock.now() + timedelta(minutes=2**attempt)
    delivery.put_off(message_id=message.id, failure=failure, until=until)
    if is_final and message.cause_kind in post_letters.CAUSES and message.cause_id is not None:
        operations.mark_failed(letter_ids=[message.cause_id])
    return DispatchReport(failed=1)


def _recomputed(
    company: Company,
    waiting: Sequence[delivery.Waiting],
    letters: Mapping[UUID, queries.StoredLetter],
    actor: Actor,
) -> Iterator[_Outgoing]:
    """Yield each message as it leaves now; a letter that fell out is dropped when its turn comes, not before."""
    as_they_are = _as_they_are(waiting)
    if not letters or failpoints.is_switched_off("blind-send"):
        yield from as_they_are
        return
    day = clock.today(company)
    policy = watch_policy.in_force(company_id=company.pk, as_of=day)
    accounts = books.gather(
        company_id=company.pk,
        customer_ids=sorted({letter.customer_id for letter in letters.values()}, key=str),
        as_of=day,
        strategy=policy.strategy,
    )
    sender = write_letters.Sender(
        company=company, policy=policy, staff=colleagues.of_company(company.pk), as_of=day
    )
    for one in as_they_are:
        letter = letters.get(one.message.cause_id) if one.message.cause_id is not None else None
        if letter is None:
            yield one
        else:
            yield _Outgoing(message=one.message, words=_words_of_now(sender, letter, accounts, actor))


def _as_they_are(waiting: Sequence[delivery.Waiting]) -> list[_Outgoing]:
    """Return messages with the words they were put with; those with a statement's link have it filled in."""
    linked = statement_mails.bodies(waiting) | decision_notices.bodies(waiting)
    outgoing = []
    for one in waiting:
        kept, body = (one.subject, one.body), linked.get(one.id, one.body)
        words = None if body is None else (one.subject, body)
        because = _NOTHING_LEFT.en if body is not None else _BECAUSE.get(one.cause_kind, _NOTHING_LEFT.en)
        outgoing.append(_Outgoing(message=one, words=words, because=because, kept=kept))
    return outgoing


def _words_of_now(
    sender: write_letters.Sender,
    letter: queries.StoredLetter,
    accounts: Mapping[UUID, Account],
    actor: Actor,
) -> tuple[str, str] | None:
    """Return subject and body with the numbers of now; None (and the letter dropped) when nothing is left."""
    account = accounts[letter.customer_id]
    lines = _lines_left(sender.policy, letter, account, sender)
    if not lines:
        operations.drop(letter_id=letter.id, because=_NOTHING_LEFT.en)
        _log_dropped(sender.company, letter, actor)
        return None
    if [(line.item.instalment_id, line.asked) for line in lines] == [
        (str(item.instalment), item.amount) for item in letter.items
    ]:
        return letter.subject, letter.body
    calendar = workdays.calendar_of(sender.company.pk, around=sender.as_of)
    content = letter_content.Content(
        step=lines[0].step,
        lines=lines,
        total=dunning.total_of(lines, letter.total.currency),
        pay_by_date=dunning.pay_by_date(lines[0], calendar=calendar, as_of=sender.as_of),
    )
    content = letter_content.with_interest(
        content, company_id=sender.company.pk, texts=sender.policy.letters, as_of=sender.as_of
    )
    rewritten = write_letters.compose(sender, account.addressee, content, number=letter.number)
    operations.rewrite(letter_id=letter.id, letter=rewritten)
    return rewritten.subject, rewritten.body


def _lines_left(
    policy: WatchPolicy, letter: queries.StoredLetter, account: Account, sender: write_letters.Sender
) -> list[Line]:
    # A line that has moved on to a later step is spoken of there: a late friendly letter would contradict it.
    still = dunning.still_due(
        strategy=policy.strategy,
        books=account.books,
        instalment_ids=frozenset(str(item.instalment) for item in letter.items),
        as_of=sender.as_of,
    )
    return [
        line
        for line in still
        if line.step.code == letter.stage and line.asked.currency == letter.total.currency
    ]


def _log_dropped(company: Company, letter: queries.StoredLetter, actor: Actor) -> None:
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{letter.customer_id}",
                kind="letter.dropped",
                words=Words(
                    zh=f"函件 {letter.number} 未发出：{_NOTHING_LEFT.zh}",
                    en=f"Letter {letter.number} was not sent: {_NOTHING_LEFT.en}",
                ),
                payload={"number": letter.number},
            )
        ],
    )
