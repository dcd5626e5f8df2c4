"""How a row of each kind is taken back, and of which kinds nothing is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.dossier import attached
from tradecredit.apps.dossier import operations as dossier
from tradecredit.apps.dossier import queries
from tradecredit.apps.exposure import locks as account_locks
from tradecredit.apps.exposure import node_queries
from tradecredit.apps.limits import cover_queries
from tradecredit.apps.orders import queries as order_queries
from tradecredit.core.dossier import facts, stages
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.contracts import watch_contracts
from tradecredit.flows.customers import move_lifecycle
from tradecredit.flows.limits import keep_covers
from tradecredit.flows.orders import move_order
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.sources.files import WrittenRow
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_EXIT: Final = "exit"


class UnableToUndoRowError(UnableToError):
    """Something was built on the row since, so it stays."""

    code = "row_not_undone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """For whom a file is taken back, by whom and why."""

    company: Company
    reason: str
    actor: Actor


def lock_accounts(job: Job, *, kind: str, keys: Sequence[str]) -> None:
    """Lock the accounts that taking these rows back may change, all at once and in their order."""
    ids: set[UUID] = set()
    if kind == "orders":
        orders = order_queries.orders_by_reference((job.company.pk, key) for key in keys)
        ids = {one.customer_id for one in orders.values()}
    elif kind == "covers":
        covers = cover_queries.covers_by_number(company_id=job.company.pk, numbers=keys)
        ids = {one.customer_id for one in covers.values()}
    elif kind == "customers":
        ids = {one.id for one in queries.customers_by_code(keys).values()}
    account_locks.lock_accounts(node_queries.account_ids_of(ids))


def _order(job: Job, row: WrittenRow) -> None:
    move_order.cancel_order(company=job.company, reference=row.key, actor=job.actor, reason=job.reason)


def _contract(job: Job, row: WrittenRow) -> None:
    watch_contracts.end_contract(company=job.company, number=row.key, reason=job.reason, actor=job.actor)


def _cover(job: Job, row: WrittenRow) -> None:
    keep_covers.withdraw_cover(company=job.company, number=row.key, reason=job.reason, actor=job.actor)


def _customer(job: Job, row: WrittenRow) -> None:
    """Let a customer leave on whom nothing hangs: the record stays, and comes back by a step of its stage."""
    customer = _known(job, row)
    hanging = attached.to_customer(customer_id=customer.id, company_id=job.company.pk)
    if hanging:
        zh = "、".join(words.zh for words in hanging)
        en = ", ".join(words.en for words in hanging)
        raise UnableToUndoRowError(
            Words(
                zh=f"该客户已有{zh}，保留。可在客户页把阶段改为“{stages.STAGES[_EXIT].zh}”。",
                en=f"The customer has {en} and stays. Its page can move it to “{stages.STAGES[_EXIT].en}”.",
            )
        )
    move_lifecycle.move_lifecycle(
        customer_code=row.key, stage=_EXIT, cause=job.reason, company=job.company, actor=job.actor
    )


def _fact(job: Job, row: WrittenRow) -> None:
    """Say again what was known before of that day; where nothing was, the fact ends as it begins."""
    customer = _known(job, row)
    name, day, source = row.what.split("@", 2)
    valid_from = date.fromisoformat(day)
    said = [
        one
        for one in queries.fact_history(customer_ids=[customer.id], names=[name]).get(customer.id, ())
        if one.valid_from == valid_from and facts.voice_of(one.source) == facts.voice_of(source)
    ]
    if not said:
        raise UnableToUndoRowError(Words(zh="该事实已被删除。", en="The fact was erased meanwhile."))
    dossier.record_facts(facts=[_former(customer, said)], recorded_by=job.actor.name)
    _tell_fact(job, customer, name=name, day=day)


def _former(customer: CustomerRecord, said: Sequence[RecordedFact]) -> dossier.NewFact:
    latest, before = said[-1], said[-2] if len(said) > 1 else None
    kept = before or latest
    return dossier.NewFact(
        customer_id=customer.id,
        name=kept.name,
        value=kept.value,
        valid_from=kept.valid_from,
        valid_to=kept.valid_to if before else kept.valid_from,
        source=kept.source,
        evidence=kept.evidence,
    )


def _tell_fact(job: Job, customer: CustomerRecord, *, name: str, day: str) -> None:
    payload = {
        "customer_id": customer.id,
        "company_id": job.company.pk,
        "fact": name,
        "value": "",
        "valid_from": day,
    }
    events.emit_many(name="fact.recorded", company_id=job.company.pk, payloads=[(customer.id, payload)])
    words = Words(
        zh=f"撤回事实 {name}（{day}）：{job.reason}", en=f"fact {name} ({day}) taken back: {job.reason}"
    )
    entry = log.NewEntry(stream=f"customer:{customer.id}", kind="fact.undone", words=words)
    log.append(company_id=job.company.pk, actor=job.actor, entries=[entry])


def _known(job: Job, row: WrittenRow) -> CustomerRecord:
    customer = queries.customer_by_code(row.key)
    if customer is None or job.company.pk not in customer.company_ids:
        raise UnableToUndoRowError(
            Words(zh=f"没有客户 {row.key}。", en=f"There is no customer {row.key} any more.")
        )
    return customer


HANDLERS: Final[Mapping[str, Callable[[Job, WrittenRow], None]]] = {
    "orders": _order,
    "contracts": _contract,
    "covers": _cover,
    "customers": _customer,
    "facts": _fact,
}
_IN_LEDGER: Final = Words(
    zh="已记入应收账款台账，台账只增不改。发票请导入红字发票冲回，回款请登记退回。",
    en="It stands in the ledger, which is only added to. Import a credit note for an invoice, record a return of a payment.",
)
_MOVED_GOODS: Final = Words(
    zh="货物流转已占用额度。请导入退货或更正的发货单。",
    en="Goods have moved. Import their return, or the delivery corrected.",
)
_REPLACED: Final = Words(
    zh="这类数据以最后导入的为准。请导入更正后的文件。",
    en="The latest file counts: import a corrected one.",
)
_BY_DECISION: Final = Words(
    zh="额度须经调整流程变更。请在客户的“额度”页发起调整。",
    en="Lines change by decision: ask for a change on the customer's page.",
)
# Of these kinds nothing is taken back, for this reason.
STAYS: Final[Mapping[str, Words]] = {
    "invoices": _IN_LEDGER,
    "credit-notes": _IN_LEDGER,
    "payments": _IN_LEDGER,
    "bills": _IN_LEDGER,
    "deliveries": _MOVED_GOODS,
    "goods-events": _MOVED_GOODS,
    "contacts": _REPLACED,
    "financial-statements": _REPLACED,
    "groups": _REPLACED,
    "rates": _REPLACED,
    "limits": _BY_DECISION,
}
