"""Bring freezes and risk marks into line with where customers stand: set what is missing, lift what is cured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.monitoring import operations, queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.dunning import Standing
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

CAUSE: Final = "dunning"
SCOPES: Final[Mapping[str, Words]] = {
    "orders": Words(zh="新订单", en="new orders"),
    "shipments": Words(zh="发货", en="shipments"),
    "limit": Words(zh="额度", en="the limit"),
}
_CURED: Final = Words(zh="逾期款项已付清或不再催收", en="nothing that is overdue is dunned any more")


@dataclass(frozen=True, slots=True, kw_only=True)
class Switched:
    """What changed; ``cured`` are the customers of whom nothing is frozen for dunning any more."""

    frozen: int = 0
    lifted: int = 0
    marked: int = 0
    unmarked: int = 0
    cured: tuple[UUID, ...] = ()


def sync_freezes(
    *,
    company: Company,
    standings: Mapping[UUID, Standing],
    as_of: date,
    actor: Actor,
    is_lifting_only: bool = False,
) -> Switched:
    """Compare where each customer stands with what is switched on, and change only the difference.

    With ``is_lifting_only`` nothing new is frozen: while an old ledger comes in, its invoices stand there unpaid
    until its payments follow.
    """
    ids = list(standings)
    frozen = queries.active_freezes(company_id=company.pk, customer_ids=ids, as_of=as_of, cause=CAUSE)
    marked = queries.active_marks(company_id=company.pk, customer_ids=ids, as_of=as_of, cause=CAUSE)
    freezes, marks = ([], []) if is_lifting_only else _missing(standings, frozen, marked)
    lifts = [
        freeze for customer, active in frozen.items() for freeze in active
        if freeze.scope not in standings[customer].freezes
    ]  # fmt: skip
    unmarks = [
        mark for customer, active in marked.items() for mark in active if not standings[customer].is_high_risk
    ]
    operations.freeze(company_id=company.pk, frozen_on=as_of, switches=freezes, created_by=actor.name)
    operations.mark(company_id=company.pk, marked_on=as_of, switches=marks, created_by=actor.name)
    operations.lift_freezes(ids=[freeze.id for freeze in lifts], lifted_on=as_of, because=_CURED.en)
    operations.lift_marks(ids=[mark.id for mark in unmarks], lifted_on=as_of, because=_CURED.en)
    log.append(company_id=company.pk, actor=actor, entries=_entries(freezes, marks, lifts, unmarks))
    lifted_customers = _announce(company, lifts)
    return Switched(
        frozen=len(freezes),
        lifted=len(lifts),
        marked=len(marks),
        unmarked=len(unmarks),
        cured=tuple(customer for customer in lifted_customers if not standings[customer].freezes),
    )


def _announce(company: Company, lifts: Sequence[queries.ActiveFreeze]) -> list[UUID]:
    """Say whose freezes were lifted, so that held orders are checked again; returns those customers."""
    customers = sorted({freeze.customer_id for freeze in lifts}, key=str)
    events.emit_many(
        name="freeze.lifted",
        company_id=company.pk,
        payloads=[(customer, {"customer_id": customer}) for customer in customers],
    )
    return customers


def _missing(
    standings: Mapping[UUID, Standing],
    frozen: Mapping[UUID, Sequence[queries.ActiveFreeze]],
    marked: Mapping[UUID, Sequence[queries.ActiveMark]],
) -> tuple[list[operations.NewSwitch], list[operations.NewSwitch]]:
    freezes: list[operations.NewSwitch] = []
    marks: list[operations.NewSwitch] = []
    for customer, standing in standings.items():
        step = standing.worst_step
        if step is None:
            continue
        known = {freeze.scope for freeze in frozen.get(customer, ())}
        freezes += [
            operations.NewSwitch(
                customer_id=customer,
                cause=CAUSE,
                scope=scope,
                words=Words(
                    zh=f"{step.label.zh}：冻结{SCOPES[scope].zh}",
                    en=f"{step.label.en}: {SCOPES[scope].en} frozen",
                ),
            )
            for scope in sorted(standing.freezes - known)
        ]
        if standing.is_high_risk and customer not in marked:
            marks.append(
                operations.NewSwitch(
                    customer_id=customer,
                    cause=CAUSE,
                    words=Words(
                        zh=f"{step.label.zh}：标记为高风险", en=f"{step.label.en}: marked as high risk"
                    ),
                )
            )
    return freezes, marks


def _entries(
    freezes: Sequence[operations.NewSwitch],
    marks: Sequence[operations.NewSwitch],
    lifts: Sequence[queries.ActiveFreeze],
    unmarks: Sequence[queries.ActiveMark],
) -> list[log.NewEntry]:
    entries = [_entry(one.customer_id, "freeze.set", one.words) for one in freezes]
    entries += [_entry(one.customer_id, "risk.marked", one.words) for one in marks]
    entries += [
        _entry(
            one.customer_id,
            "freeze.lifted",
            Words(
                zh=f"解除{SCOPES[one.scope].zh}冻结：{_CURED.zh}",
                en=f"The freeze of {SCOPES[one.scope].en} is lifted: {_CURED.en}",
            ),
        )
        for one in lifts
    ]
    entries += [
        _entry(
            one.customer_id,
            "risk.unmarked",
            Words(zh=f"解除高风险标记：{_CURED.zh}", en=f"No longer marked as high risk: {_CURED.en}"),
        )
        for one in unmarks
    ]
    return entries


def _entry(customer_id: UUID, kind: str, words: Words) -> log.NewEntry:
    return log.NewEntry(stream=f"customer:{customer_id}", kind=kind, words=words)
