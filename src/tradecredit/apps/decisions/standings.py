"""Standings: what compact decisions rest on besides their own figures, written once for each content."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.apps.decisions.models import Standing
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_KEPT_MOST: Final = 2000
# A standing never changes, so those read lately may be kept.
_kept: OrderedDict[UUID, Mapping[str, Any]] = OrderedDict()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStanding:
    """A standing to record unless it is recorded already."""

    company_id: UUID
    customer_id: UUID
    document: Mapping[str, Any]


def record(standings: Sequence[NewStanding]) -> list[UUID]:
    """Write the standings that are new; returns the identifier of each, in their order."""
    db.transaction_required()
    moment = clock.now()
    rows = [_row(new, moment=moment) for new in standings]
    Standing.objects.bulk_create(rows, ignore_conflicts=True)
    return [row.pk for row in rows]


def documents(standing_ids: Iterable[UUID]) -> dict[UUID, Mapping[str, Any]]:
    """Return the documents of standings in scope by identifier, with at most one statement."""
    wanted = set(standing_ids)
    found = {one: _kept[one] for one in wanted if one in _kept}
    missing = wanted - found.keys()
    if missing:
        for row in Standing.objects.filter(pk__in=missing):
            found[row.pk] = json.loads(row.document)
            _kept[row.pk] = found[row.pk]
        while len(_kept) > _KEPT_MOST:
            _kept.popitem(last=False)
    return found


def _row(new: NewStanding, *, moment: Any) -> Standing:
    text = canonical.dumps(dict(new.document))
    digest = canonical.sha256(f"{new.company_id}\n{new.customer_id}\n{text}")
    return Standing(
        pk=UUID(digest[:32]),
        company_id=new.company_id,
        customer_id=new.customer_id,
        document=text,
        sha256=digest,
        recorded_at=moment,
    )
