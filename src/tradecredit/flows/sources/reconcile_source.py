"""Compare both sides: counts and sums by day, and the documents that one side has and the other has not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tradecredit.analytics.sources import recorded_documents
from tradecredit.core.sources import tallies
from tradecredit.flows.sources import keep_connection
from tradecredit.flows.sources.erps import DOCUMENTS
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.sources.tallies import DayRow
    from tradecredit.flows.sources.erps import Erps
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTally:
    """One kind of documents over the days that were compared."""

    kind: str
    days: tuple[DayRow, ...]

    @property
    def is_equal(self) -> bool:
        """Tell whether every day is equal on both sides."""
        return all(day.is_equal for day in self.days)

    @property
    def unequal(self) -> tuple[DayRow, ...]:
        """Return the days that differ."""
        return tuple(day for day in self.days if not day.is_equal)


def reconcile_source(
    *, company: Company, code: str, begins: date, ends: date, actor: Actor, erps: Erps
) -> tuple[KindTally, ...]:
    """Ask the system for its documents from ``begins`` up to ``ends`` (excluded) and compare them with ours.

    Ours are the documents that came from this connection and whatever has one of their numbers.
    Raises UnableToReachSourceError, UnableToFindSourceError.
    """
    connection = keep_connection.connection_named(company=company, code=code, actor=actor)
    erp = erps.open(connection)
    found = []
    for kind in DOCUMENTS:
        if kind not in connection.kinds:
            continue
        theirs = [
            one if one.currency else replace(one, currency=company.base_currency)
            for one in erp.documents(kind=kind, begins=begins, ends=ends)
        ]
        with scope.entered(actor):
            ours = recorded_documents.recorded(
                company_id=company.pk,
                kind=kind,
                source=connection.code,
                begins=begins,
                ends=ends,
                numbers=[one.number for one in theirs],
            )
        found.append(KindTally(kind=kind, days=tallies.compare(theirs=theirs, ours=ours)))
    return tuple(found)
