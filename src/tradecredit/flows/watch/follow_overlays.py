"""Follow overlays of trades in the lines: cut together when a downturn begins, asked back when it ends.

A cut is a journal that a second person decides on, like every change of many lines. It is asked for once an overlay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.monitoring import watched
from tradecredit.apps.decisions import policies
from tradecredit.apps.limits import journals, queries
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.monitoring import overlays
from tradecredit.flows.limits import limit_journal
from tradecredit.flows.limits.journal_lines import Change
from tradecredit.flows.limits.limit_journal import UnableToJournalError
from tradecredit.flows.watch import watch_policy
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.monitoring.overlays import Overlay
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


def follow_overlays(*, company: Company, since: date, as_of: date, actor: Actor) -> int:
    """Ask for the cuts of overlays that began after ``since``, and for their end; returns how many journals were opened.

    An overlay that a policy brings after its first day begins with the policy. Call it in the transaction of the day.
    """
    db.transaction_required()
    version = policies.in_force(company_id=company.pk, as_of=as_of)
    held = [
        one
        for one in watch_policy.in_force(company_id=company.pk, as_of=as_of).monitoring.overlays
        if one.limit_change is not None and one.is_on(as_of)
    ]
    ended = _take_back(company, held, as_of=as_of, actor=actor)
    known = journals.origins(company_id=company.pk, prefix=overlays.ORIGIN)
    begun = [
        one
        for one in held
        if one.origin not in known and since < max(one.valid_from, version.valid_from) <= as_of
    ]
    return ended + sum(_cut(company, one, as_of=as_of, actor=actor) for one in begun)


def _cut(company: Company, overlay: Overlay, *, as_of: date, actor: Actor) -> int:
    assert overlay.limit_change is not None, "only those that change lines are asked"  # noqa: S101
    changes = _changes(company, overlay, change=overlay.limit_change, as_of=as_of)
    if not changes:
        return 0
    limit_journal.open_journal(
        company=company,
        title=f"{overlay.label.zh} / {overlay.label.en}"[:200],
        reason=f"{overlay.valid_from.isoformat()}: {overlay.limit_change * 100:+f} %",
        changes=changes,
        actor=actor,
        as_of=as_of,
        origin=overlay.origin,
    )
    return 1


def _changes(company: Company, overlay: Overlay, *, change: Decimal, as_of: date) -> list[Change]:
    """Return the lines of the trade in the company's currency as they become; what has no amount stays."""
    customer_ids = watched.of_trade(company_id=company.pk, overlay=overlay)
    standing = queries.effective(company_id=company.pk, customer_ids=customer_ids, as_of=as_of)
    return [
        Change(
            customer_id=customer,
            limit=tagged.Amount(one.base.limit.money.times(1 + change).rounded_down()),
            currency=currency,
        )
        for (customer, currency), one in sorted(standing.items(), key=lambda entry: str(entry[0]))
        if currency == company.base_currency
        and one.base is not None
        and isinstance(one.base.limit, tagged.Amount)
        and one.base.limit.money.is_positive
    ]


def _take_back(company: Company, held: Sequence[Overlay], *, as_of: date, actor: Actor) -> int:
    """Ask for the lines as they were of overlays that are over; a cut that nobody decided on is withdrawn."""
    on = {one.origin for one in held}
    count = 0
    for found in journals.of_origin(company_id=company.pk, prefix=overlays.ORIGIN):
        if found.origin in on:
            continue
        reason = f"{as_of.isoformat()}: {found.title}"
        if found.status == "open":
            limit_journal.withdraw_journal(found=found, reason=reason, actor=actor)
        elif found.status == "approved":
            try:
                limit_journal.undo_journal(
                    company=company,
                    journal_id=found.id,
                    reason=reason,
                    actor=actor,
                    as_of=as_of,
                    is_sparing=True,
                )
            except UnableToJournalError:
                # Every line was decided anew since: there is nothing to give back.
                continue
            count += 1
    return count
