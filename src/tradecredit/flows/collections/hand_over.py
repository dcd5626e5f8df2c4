"""Hand a case to somebody: an owner among ourselves, an agency, or the law, with a record of what was handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import case_operations as operations
from tradecredit.core.collections import case_policy
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.collections import find_case, follow_cases
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.collections.case_queries import CaseRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToHandOverError(UnableToError):
    """The channel is not known, the case is there already, or nobody is named to receive it."""

    code = "handover_refused"
    status = 422


def hand_over(
    *,
    company: Company,
    case_id: UUID,
    channel: str,
    receiver: str,
    actor: Actor,
    text: str = "",
    facts: Mapping[str, str] | None = None,
    as_of: date | None = None,
) -> None:
    """Give the case to a channel and record who received it, what was agreed (fee, mandate, court) and by whom.

    Raises UnableToFindCaseError and UnableToHandOverError.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        case = find_case.find_case(company=company, case_id=case_id)
        _check(case, channel, receiver)
        name = follow_cases.CHANNELS[channel]
        operations.hand_over(case_ids=[case.id], channel=channel, since=day)
        words = Words(
            zh=f"移交{name.zh}：{receiver}。{text}".rstrip("。") + "。",
            en=f"Handed over to {name.en}: {receiver}. {text}".rstrip(),
        )
        event = operations.NewEvent(
            case_id=case.id,
            customer_id=case.customer_id,
            kind="handover",
            words=words,
            channel=channel,
            day=day,
            facts={"from": case.channel, "to": channel, "receiver": receiver, **(facts or {})},
        )
        operations.record(company_id=company.pk, actor=actor, events=[event])
        _log(company, case, words, actor, kind="case.handed_over")


def assign(*, company: Company, case_id: UUID, owner_id: UUID | None, owner_name: str, actor: Actor) -> None:
    """Make somebody the owner of the case; raises UnableToFindCaseError."""
    with db.unit_of_work(actor):
        case = find_case.find_case(company=company, case_id=case_id)
        operations.assign(case_id=case.id, owner_id=owner_id, owner_name=owner_name)
        words = Words(zh=f"案件由{owner_name}负责", en=f"The case is {owner_name}'s")
        _record_note(company, case, words, actor, kind="assigned")


def note(*, company: Company, case_id: UUID, text: str, actor: Actor) -> None:
    """Write a note into the case; raises UnableToFindCaseError."""
    with db.unit_of_work(actor):
        case = find_case.find_case(company=company, case_id=case_id)
        _record_note(company, case, Words(zh=text, en=text), actor, kind="note")


def close(*, company: Company, case_id: UUID, because: str, actor: Actor) -> None:
    """Close a case by hand, with its reason; raises UnableToFindCaseError."""
    with db.unit_of_work(actor):
        case = find_case.find_case(company=company, case_id=case_id)
        words = Words(zh=because, en=because)
        _record_note(company, case, words, actor, kind="closed")
        operations.close(case_ids=[case.id], closed_on=clock.today(company), because=because)


def _check(case: CaseRecord, channel: str, receiver: str) -> None:
    if channel not in case_policy.CHANNELS or not receiver.strip():
        raise UnableToHandOverError(
            Words(
                zh="请选择移交的渠道并写明接收人或机构。",
                en="Choose a channel and name the person or firm that receives the case.",
            ),
            channel=channel,
        )
    if case.channel == channel and channel == case_policy.INTERNAL:
        raise UnableToHandOverError(
            Words(zh="案件本来就由内部催收。", en="The case is with our own people already."), channel=channel
        )


def _record_note(company: Company, case: CaseRecord, words: Words, actor: Actor, *, kind: str) -> None:
    operations.record(
        company_id=company.pk,
        actor=actor,
        events=[
            operations.NewEvent(
                case_id=case.id,
                customer_id=case.customer_id,
                kind=kind,
                words=words,
                channel=case.channel,
                day=clock.today(company),
            )
        ],
    )
    _log(company, case, words, actor, kind=f"case.{kind}")


def _log(company: Company, case: CaseRecord, words: Words, actor: Actor, *, kind: str) -> None:
    entry = log.NewEntry(
        stream=f"customer:{case.customer_id}", kind=kind, words=words, payload={"case": case.number}
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
