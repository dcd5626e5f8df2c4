"""Record facts about customers, one or many: appended with valid and recorded time, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.dossier import consents, field_forms
from tradecredit.apps.dossier import operations as dossier
from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.core.dossier import facts, own_fields
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.operations import NewFact
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.core.dossier.own_fields import OwnField
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_UNKNOWN = Words(
    zh="没有规则使用“{name}”；已按文本记录", en="no rule asks for “{name}”; it is recorded as text"
)
_NO_CONSENT = Words(
    zh="没有客户的有效授权（{scope}），不能记录这类资料。请先登记授权书",
    en="the customer's consent ({scope}) is missing or has ended; record it before the datum",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """A fact as it came; without a first day it holds from the day on which it is recorded."""

    customer_code: str
    fact: str
    value: str
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    evidence: str = ""
    row: int = 0


def record_facts(
    *, rows: Sequence[FactRow], company: Company, actor: Actor, as_of: date | None = None
) -> ImportResult:
    """Append the facts in one transaction; a refused row does not stop the good ones.

    A fact that says what is recorded already is unchanged. A differing value for the same first day is a correction:
    a later record, the earlier one stays readable by ``known_at``. Every recorded fact emits ``fact.recorded``.
    """
    with db.unit_of_work(actor):
        day = as_of or clock.today(company)
        customers = row_results.customers_by_code(
            company_id=company.pk, codes=[row.customer_code for row in rows]
        )
        ids = [found.id for found in customers.values()]
        history = dossier_queries.fact_history(customer_ids=ids)
        agreed = consents.in_force(customer_ids=ids, company_id=company.pk, as_of=day)
        own = {field.name: field for field in field_forms.fields_of(company_id=company.pk)}
        results: list[RowResult] = []
        new: list[NewFact] = []
        for place, row in enumerate(rows, start=1):
            try:
                fact = _fact(row, customers, day, agreed, own)
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row or place, number=row.customer_code))
                continue
            known = history.get(fact.customer_id, ())
            is_known = fact in new or _is_known(fact, known, is_dated=row.valid_from is not None, day=day)
            if not is_known:
                new.append(fact)
            results.append(_result(row, row.row or place, fact, own, is_known=is_known))

        dossier.record_facts(facts=new, recorded_by=actor.name)
        _tell(company, actor, new, own)
    return row_results.in_order(results)


def _fact(
    row: FactRow,
    customers: Mapping[str, NamedCustomer],
    day: date,
    agreed: Mapping[UUID, frozenset[str]],
    own: Mapping[str, OwnField],
) -> NewFact:
    customer = row_results.known_customer(row.customer_code, customers)
    try:
        name = _own_name(row.fact, own) or facts.name_of(row.fact)
    except facts.BadFactError as error:
        raise RefusedRowError(field="fact", value=row.fact, words=error.words) from error
    scope = facts.KNOWN[name].consent if name in facts.KNOWN else ""
    if scope and scope not in agreed.get(customer.id, frozenset()):
        raise RefusedRowError(field="fact", value=row.fact, words=_NO_CONSENT.filled(scope=scope))
    try:
        field = own.get(name)
        value = own_fields.value_of(field, row.value) if field else facts.value_of(name=name, text=row.value)
    except facts.BadFactError as error:
        raise RefusedRowError(field="value", value=row.value, words=error.words) from error
    valid_from = row.valid_from or day
    if row.valid_to is not None and row.valid_to <= valid_from:
        words = Words(
            zh=f"失效日期不晚于生效日期 {valid_from}，请更正",
            en=f"it ends before it begins on {valid_from}; correct it",
        )
        raise RefusedRowError(field="valid_to", value=row.valid_to.isoformat(), words=words)
    return dossier.NewFact(
        customer_id=customer.id,
        name=name,
        value=value,
        valid_from=valid_from,
        valid_to=row.valid_to,
        source=row.source,
        evidence=row.evidence,
    )


def _own_name(text: str, own: Mapping[str, OwnField]) -> str:
    """Return the name of the own field that is called so in either language; nothing where none is."""
    clean = text.strip()
    return next((name for name, field in own.items() if clean in (field.label.zh, field.label.en)), "")


def _is_known(fact: NewFact, history: Sequence[RecordedFact], *, is_dated: bool, day: date) -> bool:
    """Tell whether the books say this already; a fact without a day of its own need only hold today."""
    voice = facts.voice_of(fact.source)
    if not is_dated:
        current = facts.by_voice(history, as_of=day).get(voice, {}).get(fact.name)
        return current is not None and current.value == fact.value
    same_start = [
        record
        for record in history
        if record.name == fact.name
        and record.valid_from == fact.valid_from
        and facts.voice_of(record.source) == voice
    ]
    if not same_start:
        return False
    latest = same_start[-1]
    return (latest.value, latest.valid_to, latest.source, latest.evidence) == (
        fact.value,
        fact.valid_to,
        fact.source,
        fact.evidence,
    )


def _result(
    row: FactRow, place: int, fact: NewFact, own: Mapping[str, OwnField], *, is_known: bool
) -> RowResult:
    is_unknown_name = fact.name not in facts.KNOWN and fact.name not in own
    return RowResult(
        row=place,
        number=row.customer_code,
        status=RowStatus.UNCHANGED if is_known else RowStatus.CREATED,
        id=fact.customer_id,
        field="fact" if is_unknown_name else "",
        value=fact.name if is_unknown_name else "",
        words=_UNKNOWN.filled(name=fact.name) if is_unknown_name else None,
        what=f"{fact.name}@{fact.valid_from}@{fact.source}",
    )


def _tell(company: Company, actor: Actor, new: Sequence[NewFact], own: Mapping[str, OwnField]) -> None:
    events.emit_many(
        name="fact.recorded",
        company_id=company.pk,
        payloads=[
            (
                fact.customer_id,
                {
                    "customer_id": fact.customer_id,
                    "company_id": company.pk,
                    "fact": fact.name,
                    "value": facts.masked(fact.name, fact.value),
                    "valid_from": fact.valid_from.isoformat(),
                },
            )
            for fact in new
        ],
    )
    by_customer: dict[UUID, list[NewFact]] = {}
    for fact in new:
        by_customer.setdefault(fact.customer_id, []).append(fact)
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{customer_id}",
                kind="fact.recorded",
                words=_sentence(recorded, own),
                payload={fact.name: facts.masked(fact.name, fact.value) for fact in recorded},
            )
            for customer_id, recorded in by_customer.items()
        ],
    )


def _sentence(recorded: Sequence[NewFact], own: Mapping[str, OwnField]) -> Words:
    def labelled(language: str) -> str:
        return ", ".join(
            f"{_label(fact.name, own).in_language(language)} = {facts.masked(fact.name, fact.value)}"
            for fact in recorded
        )

    sources = ", ".join(dict.fromkeys(fact.source for fact in recorded if fact.source)) or "-"
    return Words(
        zh=f"获知：{labelled('zh')}（来源：{sources}）", en=f"learned: {labelled('en')} (source: {sources})"
    )


def _label(name: str, own: Mapping[str, OwnField]) -> Words:
    known = facts.KNOWN.get(name) or own.get(name)
    return known.label if known else Words(zh=name, en=name)
