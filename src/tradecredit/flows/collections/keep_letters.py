"""What people do about letters: let a drafted one go or keep it, prove that one arrived, stop writing to somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError

from tradecredit.apps.collections import agreements, operations, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.collections import post_letters
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.collections.queries import StoredLetter
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

KINDS: Final[Mapping[str, Words]] = {
    "dispatched": Words(zh="已交寄", en="Dispatched"),
    "delivered": Words(zh="已送达", en="Delivered"),
    "signed": Words(zh="已签收", en="Signed for"),
    "read": Words(zh="已读回执", en="Read"),
    "returned": Words(zh="退回", en="Came back"),
}
WAYS: Final[Mapping[str, Words]] = {
    "courier": Words(zh="快递（EMS）", en="Courier"),
    "registered": Words(zh="挂号信", en="Registered mail"),
    "mail": Words(zh="电子邮件", en="E-mail"),
    "by_hand": Words(zh="当面递交", en="By hand"),
    "message": Words(zh="即时消息", en="Message"),
}


class UnableToKeepLetterError(UnableToError):
    """The letter is not there, has left or was kept already, or the proof is known."""

    code = "letter_refused"
    status = 409


def release(*, company: Company, letter_id: UUID, actor: Actor) -> None:
    """Let a drafted letter go; it is recomputed once more when it leaves. Raises UnableToKeepLetterError."""
    with db.unit_of_work(actor):
        letter = _letter(company, letter_id)
        if not operations.release(letter_id=letter_id):
            raise _gone(letter)
        post_letters.post(company_id=company.pk, letters=[(letter_id, letter)])
        words = Words(zh=f"函件 {letter.number} 放行", en=f"Letter {letter.number} was let go")
        _log(company, letter, words, actor, kind="letter.released")


def withhold(*, company: Company, letter_id: UUID, because: str, actor: Actor) -> None:
    """Keep a drafted letter for good, with the reason. Raises UnableToKeepLetterError."""
    with db.unit_of_work(actor):
        letter = _letter(company, letter_id)
        if letter.status != "draft" or not because.strip():
            raise _gone(letter)
        operations.drop(letter_id=letter_id, because=because.strip(), status="draft")
        words = Words(
            zh=f"函件 {letter.number} 不发：{because}", en=f"Letter {letter.number} is not sent: {because}"
        )
        _log(company, letter, words, actor, kind="letter.withheld")


def prove(
    *,
    company: Company,
    letter_id: UUID,
    kind: str,
    way: str,
    actor: Actor,
    reference: str = "",
    day: date | None = None,
    text: str = "",
) -> None:
    """Record proof that a letter left or arrived; a signed one starts the limitation anew.

    Raises UnableToKeepLetterError.
    """
    with db.unit_of_work(actor):
        letter = _letter(company, letter_id)
        proof = agreements.Proof(
            letter_id=letter.id,
            letter_number=letter.number,
            kind=kind,
            way=way,
            reference=reference[:100],
            day=day or clock.today(company),
            text=text,
            recorded_by=actor.name,
        )
        _record_proof(company, letter, proof)
        if kind != "returned":
            # A letter without a mail address waits to be printed; now it has left.
            operations.mark_sent(letter_ids=[letter.id])
        words = Words(
            zh=f"函件 {letter.number} {KINDS[kind].zh}（{WAYS[way].zh} {reference}）",
            en=f"Letter {letter.number}: {KINDS[kind].en} ({WAYS[way].en} {reference})",
        )
        _log(company, letter, words, actor, kind="letter.proof")


def _record_proof(company: Company, letter: StoredLetter, proof: agreements.Proof) -> None:
    if proof.kind not in KINDS or proof.way not in WAYS:
        raise UnableToKeepLetterError(
            Words(zh="请选择送达方式和证明种类。", en="Choose how it was sent and what is proven.")
        )
    try:
        with db.savepoint():
            agreements.record_proof(company_id=company.pk, customer_id=letter.customer_id, proof=proof)
    except IntegrityError as error:
        raise UnableToKeepLetterError(
            Words(zh="这一证明已经登记。", en="This proof is on record already.")
        ) from error


def opt_out(
    *,
    company: Company,
    customer_id: UUID,
    reason: str,
    actor: Actor,
    instalment_id: UUID | None = None,
    ends_on: date | None = None,
) -> UUID:
    """Stop writing to a customer, or about one instalment, on every channel. Raises UnableToKeepLetterError."""
    with db.unit_of_work(actor):
        if not reason.strip():
            raise UnableToKeepLetterError(Words(zh="请写明原因。", en="Say why."))
        try:
            with db.savepoint():
                opt_out_id = agreements.opt_out(
                    company_id=company.pk,
                    customer_id=customer_id,
                    instalment_id=instalment_id,
                    reason=reason.strip(),
                    since=clock.today(company),
                    ends_on=ends_on,
                    recorded_by=actor.name,
                )
        except IntegrityError as error:
            raise UnableToKeepLetterError(
                Words(zh="已经设为不催收。", en="Nobody writes about this already.")
            ) from error
        words = Words(zh=f"设为不发催收函：{reason}", en=f"No letters any more: {reason}")
        entry = log.NewEntry(stream=f"customer:{customer_id}", kind="opt_out", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])
        return opt_out_id


def end_opt_out(*, company: Company, opt_out_id: UUID, actor: Actor) -> None:
    """Let letters go out again. Raises UnableToKeepLetterError for an opt-out that does not hold."""
    with db.unit_of_work(actor):
        customer_id = agreements.end_opt_out(
            company_id=company.pk, opt_out_id=opt_out_id, ended_on=clock.today(company)
        )
        if customer_id is None:
            raise UnableToKeepLetterError(
                Words(
                    zh="没有这项设置，或已经恢复发函；请刷新页面。",
                    en="There is no such mark, or it was ended: reload the page.",
                )
            )
        words = Words(zh="恢复发函", en="Letters go out again")
        entry = log.NewEntry(stream=f"customer:{customer_id}", kind="opt_out.ended", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def _letter(company: Company, letter_id: UUID) -> StoredLetter:
    found = queries.letters(company_id=company.pk, ids=[letter_id], limit=1)
    if not found:
        raise UnableToKeepLetterError(Words(zh="没有这封函件。", en="There is no such letter."))
    return found[0]


def _gone(letter: StoredLetter) -> UnableToKeepLetterError:
    return UnableToKeepLetterError(
        Words(
            zh=f"函件 {letter.number} 不是待放行的草稿，或没有写明原因。",
            en=f"Letter {letter.number} is no draft that waits, or no reason was given.",
        ),
        letter=letter.number,
    )


def _log(company: Company, letter: StoredLetter, words: Words, actor: Actor, *, kind: str) -> None:
    entry = log.NewEntry(
        stream=f"customer:{letter.customer_id}", kind=kind, words=words, payload={"number": letter.number}
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
