"""The second round trip of a batch of quick checks: record the verdicts and their answers, and commit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from tradecredit.plumbing import ids
from tradecredit.plumbing.idempotency import packing
from tradecredit.plumbing.postgres import binary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.orders.quick_orders import Group, Sheet
    from tradecredit.plumbing.postgres.binary import Parameter
    from tradecredit.plumbing.postgres.pipelined import Line, Statement

_RECORD: Final = (
    b"SELECT order_checks_record($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,"
    b" $18, $19, $20, $21, $22)"
)
_ANSWER: Final = b"SELECT order_checks_answer($1, $2, $3, $4, $5, $6, $7)"
_CREATED: Final = 201


async def record(line: Line, sheet: Sheet) -> None:
    """Record what a sheet holds and end the transaction; the locks are gone afterwards."""
    if not sheet.groups:
        await line.run((b"ROLLBACK", ()))
        return
    new = ids.new_pairs(len(sheet.groups) + len(sheet.answered))
    statements: list[Statement] = [
        (_RECORD, _verdicts(group, event=event))
        for group, (_, event) in zip(sheet.groups.values(), new, strict=False)
    ]
    if sheet.answered:
        statements.append(
            (_ANSWER, _answers(sheet, [identifier for _, identifier in new[len(sheet.groups) :]]))
        )
    await line.run(*statements, (b"COMMIT", ()))


def _verdicts(group: Group, *, event: bytes) -> Sequence[Parameter]:
    """Return the arguments of ``order_checks_record``."""
    (
        identifiers, accounts, standings, numbers, amounts, before, ceilings, reserved, terms, agreed, outcomes,
        statuses, failures, is_demo,
    ) = zip(*group.rows, strict=True)  # fmt: skip
    occasion = group.occasion
    return (
        binary.uuids(identifiers),
        binary.uuids(accounts),
        binary.uuids(standings),
        binary.texts(numbers),
        binary.bigs(amounts),
        binary.bigs(before),
        binary.bigs(ceilings),
        binary.bigs(reserved),
        binary.smalls(terms),
        binary.smalls(agreed),
        binary.texts(outcomes),
        binary.texts(statuses),
        binary.texts(failures),
        binary.flags(is_demo),
        binary.uuid(group.policy_bytes),
        binary.day(group.asked.day),
        binary.moment(occasion.expires_at),
        binary.uuid(group.asked.actor_id.bytes),
        binary.text(group.asked.actor_name),
        binary.moment(occasion.at),
        binary.uuid(event),
        binary.jsonb(json.dumps(occasion.questions, ensure_ascii=False) if occasion.questions else None),
    )


def _answers(sheet: Sheet, identifiers: Sequence[bytes]) -> Sequence[Parameter]:
    """Return the arguments of ``order_checks_answer``, all of one status."""
    asked = [one for one, _ in sheet.answered]
    return (
        binary.uuids(identifiers),
        binary.texts([one.scope for one in asked]),
        binary.texts([one.key for one in asked]),
        binary.texts([one.request_hash for one in asked]),
        binary.integer(_CREATED),
        binary.texts([packing.packed(answer.body) for _, answer in sheet.answered]),
        binary.moment(next(iter(sheet.groups.values())).occasion.at),
    )
