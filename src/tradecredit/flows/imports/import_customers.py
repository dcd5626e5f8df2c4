"""Record customers, one or many: master data, registered number, place in a group."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import master_data
from tradecredit.apps.dossier import operations as dossier
from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.apps.exposure import locks as account_locks
from tradecredit.apps.exposure import node_queries
from tradecredit.core.dossier import groups, identifiers
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.imports import customer_drafts
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from tradecredit.apps.dossier.operations import Upserted
    from tradecredit.core.dossier.drafts import CustomerDraft
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_REPEATED: Final = Words(
    zh="本批第 {row} 行已有同一客户编码，请保留正确的一行",
    en="row {row} of this batch has the same customer code; keep the right one",
)
_SAME_NUMBER: Final = Words(
    zh="统一社会信用代码 {uscc} 也登记在客户 {others} 名下，可能是同一家企业，请核对",
    en="{uscc} is also the number of customer {others}: perhaps the same company; check",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerRow:
    """A customer as it came; ``parent_code`` None says nothing about its group, an empty one takes it out."""

    draft: CustomerDraft
    parent_code: str | None = None
    row: int = 0


def import_customers(
    *, rows: Sequence[CustomerRow], company: Company, actor: Actor, source: str = "", is_demo: bool = False
) -> ImportResult:
    """Create and change customers in one transaction; a refused row does not stop the good ones.

    Idempotent by customer code. A doubtful registered number is recorded as it came, marked, and said in the row's
    ``words``; a parent must be known or come in the same batch.
    """
    with db.unit_of_work(actor):
        results, accepted = _checked(rows, company=company, actor=actor)
        accepted, moves, misplaced = _places(accepted)

        _let_orders_finish(accepted)
        done = dossier.upsert_customers(
            drafts=[row.draft for row in accepted], company_id=company.pk, source=source, is_demo=is_demo
        )
        _move(moves, done)

        _emit(company, done, moves)
        _log(company, actor, done, accepted)
        results += [*misplaced, *_results(accepted, done, moves)]
    return row_results.in_order(results)


def _let_orders_finish(rows: Sequence[CustomerRow]) -> None:
    """Lock the accounts of customers that may move between levels, before anything else is locked."""
    known = dossier_queries.customers_by_code(row.draft.code for row in rows)
    moving = [
        known[row.draft.code].id
        for row in rows
        if row.draft.code in known and _may_move(row, known[row.draft.code])
    ]
    if moving:
        account_locks.lock_accounts(node_queries.account_ids_of(moving))


def _may_move(row: CustomerRow, known: dossier_queries.CustomerRecord) -> bool:
    said = (row.draft.salesperson, row.draft.region, row.draft.industry, row.parent_code)
    stands = (known.salesperson, known.region, known.industry, known.parent_code)
    return any(new is not None and new != old for new, old in zip(said, stands, strict=True))


def _checked(
    rows: Sequence[CustomerRow], *, company: Company, actor: Actor
) -> tuple[list[RowResult], list[CustomerRow]]:
    codes = {row.draft.code for row in rows}
    known = dossier_queries.customers_by_code(codes).keys()
    taken = dossier_queries.codes_out_of_sight(codes - known)
    refused: list[RowResult] = []
    accepted: dict[str, CustomerRow] = {}
    for place, row in enumerate(rows, start=1):
        number = row.row or place
        try:
            draft = customer_drafts.clean(row.draft)
            _refuse_repeated(draft.code, accepted)
            if draft.code not in known:
                draft = customer_drafts.new(draft, taken=taken, actor=actor, company_id=company.pk)
        except RefusedRowError as refusal:
            refused.append(refusal.result(row=number, number=row.draft.code))
        else:
            accepted[draft.code] = dataclasses.replace(row, draft=draft, row=number)
    return refused, list(accepted.values())


def _refuse_repeated(code: str, accepted: Mapping[str, CustomerRow]) -> None:
    if code in accepted:
        words = _REPEATED.filled(row=accepted[code].row)
        raise RefusedRowError(field="customer_code", value=code, words=words)


def _places(
    rows: Sequence[CustomerRow],
) -> tuple[list[CustomerRow], dict[str, str], list[RowResult]]:
    """Ask the rules of groups, one row after the other; return the good rows, the moves (code to parent), the refusals."""
    tree = master_data.parents()
    there = set(dossier_queries.customers_by_code(row.parent_code for row in rows if row.parent_code))
    good, refused = list(rows), list[RowResult]()
    moves: dict[str, str] = {}
    while True:
        # A parent that comes in the same batch may be refused itself: then whoever names it is asked again.
        coming = there | {row.draft.code for row in good}
        stays, moves, wrong = _asked(good, coming, dict(tree))
        refused += wrong
        if not wrong:
            return stays, moves, refused
        good = stays


def _asked(
    rows: Sequence[CustomerRow], there: AbstractSet[str], tree: dict[str, str]
) -> tuple[list[CustomerRow], dict[str, str], list[RowResult]]:
    good: list[CustomerRow] = []
    refused: list[RowResult] = []
    moves: dict[str, str] = {}
    for row in rows:
        code, parent = row.draft.code, row.parent_code
        if parent is not None and parent != tree.get(code, ""):
            try:
                _ask(code, parent, tree, there)
            except RefusedRowError as refusal:
                refused.append(refusal.result(row=row.row, number=code))
                continue
            tree[code] = moves[code] = parent
        good.append(row)
    return good, moves, refused


def _move(moves: Mapping[str, str], done: Upserted) -> None:
    above = dossier_queries.customers_by_code(parent for parent in moves.values() if parent)
    dossier.set_parents(
        parents={done.ids[code]: above[parent].id if parent else None for code, parent in moves.items()}
    )


def _ask(code: str, parent: str, tree: Mapping[str, str], there: AbstractSet[str]) -> None:
    if not parent:
        return
    if parent not in there:
        words = Words(
            zh=f"没有编码为 {parent} 的客户，请先导入上级客户",
            en=f"there is no customer {parent}; import the parent first",
        )
        raise RefusedRowError(field="parent_code", value=parent, words=words)
    try:
        groups.check_parent(customer=code, parent=parent, parents=tree)
    except groups.UnableToJoinGroupError as error:
        raise RefusedRowError(field="parent_code", value=parent, words=error.words) from error


def _results(rows: Sequence[CustomerRow], done: Upserted, moves: Mapping[str, str]) -> list[RowResult]:
    shared = dossier_queries.codes_by_uscc(row.draft.uscc or "" for row in rows)
    results = []
    for row in rows:
        code = row.draft.code
        status = RowStatus.UNCHANGED
        if code in done.created:
            status = RowStatus.CREATED
        elif code in done.changed or code in moves:
            status = RowStatus.UPDATED
        field, value, words = _notice(row, shared)
        results.append(
            RowResult(
                row=row.row,
                number=code,
                status=status,
                id=done.ids[code],
                field=field,
                value=value,
                words=words,
            )
        )
    return results


def _notice(row: CustomerRow, shared: Mapping[str, tuple[str, ...]]) -> tuple[str, str, Words | None]:
    uscc = row.draft.uscc
    if not uscc:
        return "", "", None
    checked = identifiers.check_uscc(uscc)
    if checked.problem or checked.warning:
        return "uscc", uscc, checked.problem or checked.warning
    others = [code for code in shared.get(uscc, ()) if code != row.draft.code]
    if others:
        return "uscc", uscc, _SAME_NUMBER.filled(uscc=uscc, others=", ".join(others))
    return "", "", None


def _emit(company: Company, done: Upserted, moves: Mapping[str, str]) -> None:
    touched = sorted(done.created | done.changed.keys() | moves.keys())
    events.emit_many(
        name="customer.imported",
        company_id=company.pk,
        payloads=[
            (done.ids[code], {"customer_id": done.ids[code], "company_id": company.pk}) for code in touched
        ],
    )


def _log(company: Company, actor: Actor, done: Upserted, rows: Sequence[CustomerRow]) -> None:
    entries = []
    for row in rows:
        code = row.draft.code
        if code in done.created:
            entries.append(
                log.NewEntry(
                    stream=f"customer:{done.ids[code]}",
                    kind="customer.created",
                    words=Words(zh=f"客户 {code} 建档", en=f"customer {code} recorded"),
                )
            )
        elif changes := done.changed.get(code):
            named = ", ".join(sorted(changes)).replace("_", " ")
            entries.append(
                log.NewEntry(
                    stream=f"customer:{done.ids[code]}",
                    kind="customer.changed",
                    words=Words(zh=f"客户资料变更：{named}", en=f"customer data changed: {named}"),
                    payload={name: [old, new] for name, (old, new) in changes.items()},
                )
            )
    log.append(company_id=company.pk, actor=actor, entries=entries)
