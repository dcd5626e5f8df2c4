"""Keep rows that could not be recorded, so that none is dropped; forget those that were recorded after all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.apps.worklist import inbox
from tradecredit.apps.worklist.models import IncomingStatus
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_texts
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.row_results import ImportResult, RowResult
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NO_WORDS = Words(zh="未能登记", en="could not be recorded")


def keep(*, company: Company, kind: str, rows: Sequence[Any], result: ImportResult, actor: Actor) -> None:
    """Put the refused rows of a batch into the inbox and end those in it that the batch recorded.

    Joins the caller's transaction. ``rows`` are the flow's own rows: their ``row`` (or place) finds the result.
    """
    db.transaction_required()
    by_place = {row.row or place: row for place, row in enumerate(rows, start=1)}
    refused = [one for one in result.refused if one.row in by_place]
    if refused:
        inbox.keep(company_id=company.pk, refused=[_refused(kind, by_place[one.row], one) for one in refused])
    if inbox.has_waiting(company_id=company.pk, kind=kind):
        _end_recorded(company, kind, by_place, result, actor=actor)


def _end_recorded(
    company: Company, kind: str, by_place: dict[int, Any], result: ImportResult, *, actor: Actor
) -> None:
    recorded = {
        _hash(kind, by_place[one.row])
        for one in result.rows
        if one.status is not RowStatus.REFUSED and one.row in by_place
    }
    done = [
        row.id
        for row in inbox.waiting(company_id=company.pk, kind=kind)
        if row.content_hash in recorded
    ]  # fmt: skip
    if done:
        inbox.end(ids=done, status=IncomingStatus.RECORDED, by=actor.name)


def _refused(kind: str, row: Any, result: RowResult) -> inbox.Refused:
    return inbox.Refused(
        kind=kind,
        number=result.number,
        content=row_texts.to_texts(row),
        content_hash=_hash(kind, row),
        waits_for=result.waits_for,
        field=result.field,
        words=result.words or _NO_WORDS,
    )


def _hash(kind: str, row: Any) -> str:
    return canonical.sha256(canonical.dumps([kind, row_texts.to_texts(row)]))
