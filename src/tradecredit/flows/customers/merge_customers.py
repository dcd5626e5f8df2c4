"""Two records are one customer: give everything of one to the other with its lineage, and take it apart again.

Documents, money, facts and tasks go to the record that stays; lines, ratings and settings stay where they were decided.
Obligations are carried from account to account by entries of their own, so that every account still adds up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from tradecredit.apps.dossier import master_data, merges
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import locks as account_locks
from tradecredit.apps.exposure import node_queries
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.exposure.operations import NewEntry
from tradecredit.core.dossier import groups
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.customers import undoing
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.apps.dossier.merges import MergeRecord
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToMergeCustomersError(UnableToError):
    """Unknown, the same, already merged, above one another, or tied to what came later."""

    code = "merge_refused"
    status = 409


def merge_customers(
    *, keep_code: str, absorbed_code: str, reason: str, company: Company, actor: Actor
) -> UUID:
    """Make two records one customer and return the merge; the absorbed code stands for the other from now on.

    Raises UnableToMergeCustomersError.
    """
    with db.unit_of_work(actor):
        kept, absorbed = _pair(keep_code, absorbed_code, company)
        merge_id = ids.new_id()
        accounts = _accounts(kept, absorbed)
        moved = merges.move(giver=absorbed.id, taker=kept.id, lineage=None)
        transfers = [
            transfer
            for giver, taker in accounts
            for transfer in _carry(giver, taker, merge_id, company, None)
        ]
        for giver, taker in accounts:
            merges.move_headroom(giver=giver, taker=taker, decision_ids=moved.get("decisions_decision", []))
        merges.record_merge(
            merge_id=merge_id,
            company_id=company.pk,
            customer_id=kept.id,
            absorbed_id=absorbed.id,
            reason=reason,
            moved=moved,
            transfers=[*transfers, *({"giver": str(g), "taker": str(t)} for g, t in accounts)],
            actor=actor,
        )
        words = Words(
            zh=f"合并客户：{absorbed.code} {absorbed.name} 并入 {kept.code}。{reason}",
            en=f"merged: {absorbed.code} {absorbed.name} is {kept.code}. {reason}",
        )
        _log(company, actor, (kept.id, absorbed.id), kind="customer.merged", words=words)
    return merge_id


def unmerge_customers(*, merge_id: UUID, company: Company, actor: Actor) -> None:
    """Give back everything that the merge moved, with the money that was applied to it since.

    Raises UnableToMergeCustomersError for an unknown merge, and where documents that stay are tied to such that go.
    """
    with db.unit_of_work(actor):
        merge = merges.by_id(merge_id)
        if merge is None or merge.is_undone:
            raise _refused(
                zh="没有这次合并，或已经撤销。", en="There is no such merge, or it was undone before."
            )
        account_locks.lock_accounts(node_queries.account_ids_of([merge.customer_id, merge.absorbed_id]))
        tied = undoing.tied_documents(merge)
        if tied:
            listed = "、".join(tied[:5])
            raise _refused(
                zh=f"合并后这些单据已相互核销，请先撤销核销再拆分：{listed}。",
                en=f"These were settled with one another after the merge; undo that first: {', '.join(tied[:5])}.",
            )
        lineage = undoing.with_later(merge)
        merges.move(giver=merge.customer_id, taker=merge.absorbed_id, lineage=lineage)
        _carry_back(merge, company, lineage)
        merges.record_undone(merge_id=merge.id, absorbed_id=merge.absorbed_id, actor=actor)
        words = Words(
            zh=f"撤销合并：{merge.absorbed_code} 重新独立",
            en=f"taken apart: {merge.absorbed_code} is its own",
        )
        both = (merge.customer_id, merge.absorbed_id)
        _log(company, actor, both, kind="customer.unmerged", words=words)


def _pair(keep_code: str, absorbed_code: str, company: Company) -> tuple[CustomerRecord, CustomerRecord]:
    found = dossier.customers_by_code([keep_code, absorbed_code])
    kept, absorbed = found.get(keep_code), found.get(absorbed_code)
    for code, one in ((keep_code, kept), (absorbed_code, absorbed)):
        if one is None or company.pk not in one.company_ids:
            raise _refused(zh=f"没有客户 {code}。", en=f"There is no customer {code}.")
    assert kept is not None  # noqa: S101 - refused above
    assert absorbed is not None  # noqa: S101 - refused above
    if kept.id == absorbed.id:
        raise _refused(zh="两条记录已经是同一客户。", en="These are one customer already.")
    parents = master_data.parents()
    chains = (groups.chain(customer=one.code, parents=parents) for one in (kept, absorbed))
    if any(kept.code in chain and absorbed.code in chain for chain in chains):
        raise _refused(
            zh="母公司与子公司是两个客户，不能合并。请先解除上下级关系。",
            en="A parent and its child are two customers. End the relation first.",
        )
    return kept, absorbed


def _accounts(kept: CustomerRecord, absorbed: CustomerRecord) -> list[tuple[UUID, UUID]]:
    """Return the accounts of the absorbed with the kept one's for the same company and currency, all locked."""
    theirs = exposure_queries.accounts_of_customer(absorbed.id)
    taking = exposure.open_accounts(
        wanted=[(account.company_id, kept.id, account.currency) for account in theirs]
    )
    pairs = [(account.id, taking[account.company_id, kept.id, account.currency]) for account in theirs]
    account_locks.lock_accounts([one for pair in pairs for one in pair])
    return pairs


def _carry(
    giver: UUID, taker: UUID, merge_id: UUID, company: Company, only: Sequence[str] | None
) -> list[Mapping[str, Any]]:
    """Carry obligations from account to account by entries, and return what was carried."""
    found = merges.obligations(account_id=giver, only=only)
    exposure.post(
        entries=[
            NewEntry(
                account_id=account,
                stage=stage,
                amount=sign * amount,
                obligation=obligation,
                cause="customer.merged",
                cause_id=merge_id,
                effective_date=clock.today(company),
            )
            for account, sign in ((giver, -1), (taker, 1))
            for obligation, stage, amount in found
        ]
    )
    return [
        {
            "giver": str(giver),
            "taker": str(taker),
            "obligation": obligation,
            "stage": stage,
            "amount": str(amount),
        }
        for obligation, stage, amount in found
    ]


def _carry_back(merge: MergeRecord, company: Company, lineage: Mapping[str, Sequence[str]]) -> None:
    pairs = {(UUID(one["giver"]), UUID(one["taker"])) for one in merge.transfers}
    accounts = exposure_queries.accounts_by_id([taker for _, taker in pairs])
    documents = undoing.obligations_of(lineage)
    for giver, taker in sorted(pairs):
        seller = accounts[taker].company_id
        ours = [
            obligation
            for obligation, _, _ in merges.obligations(account_id=taker)
            if (seller, obligation.split("#")[0]) in documents
        ]
        _carry(taker, giver, merge.id, company, ours)
        merges.move_headroom(giver=taker, taker=giver, decision_ids=lineage.get("decisions_decision", []))


def _log(company: Company, actor: Actor, customer_ids: Sequence[UUID], *, kind: str, words: Words) -> None:
    entries = [log.NewEntry(stream=f"customer:{one}", kind=kind, words=words) for one in customer_ids]
    log.append(company_id=company.pk, actor=actor, entries=entries)


def _refused(*, zh: str, en: str) -> UnableToMergeCustomersError:
    return UnableToMergeCustomersError(Words(zh=zh, en=en))
