"""Write down by hand who is bound to a customer: shareholders, controllers, guarantors, people, suppliers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier import relations
from tradecredit.apps.dossier.models import RelationKind
from tradecredit.core.dossier.relations import graph
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_NAME_LENGTH: Final = 200


class UnableToRecordRelationError(UnableToError):
    """Unknown parties, an unknown kind, a share that is none, no evidence, or a time that ends before it begins."""

    code = "relation_refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationRow:
    """A tie as somebody says it: ``party_code`` names a customer, else ``party_name`` somebody who is none.

    ``share`` is a part of one (0.35), ``amount`` what is guaranteed; ``valid_to`` is the day on which it ends.
    """

    customer_code: str
    kind: str
    party_code: str = ""
    party_name: str = ""
    share: Decimal | None = None
    amount: Decimal | None = None
    currency: str = "CNY"
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = ""
    evidence: str = ""


def record_relation(*, row: RelationRow, company: Company, actor: Actor) -> UUID:
    """Append the tie; the same parties and kind again replace what was said. Raises UnableToRecordRelationError."""
    day = row.valid_from or clock.today(company)
    with db.unit_of_work(actor):
        customer = _customer(row.customer_code, company)
        party = _customer(row.party_code, company) if row.party_code else None
        _check(row, customer=customer, party=party, day=day)
        identifier = relations.record(
            relations.NewRelation(
                customer_id=customer.id,
                party_id=None if party is None else party.id,
                party_name=row.party_name.strip() if party is None else party.name,
                kind=row.kind,
                share=row.share,
                amount=row.amount,
                currency=row.currency,
                valid_from=day,
                valid_to=row.valid_to,
                source=row.source.strip() or actor.name,
                evidence=row.evidence.strip(),
            ),
            company_id=company.pk,
            actor=actor,
        )
        words = _sentence(row, party.name if party else row.party_name.strip(), customer.name)
        streams = [customer.id, *([party.id] if party else [])]
        entries = [
            log.NewEntry(stream=f"customer:{one}", kind="relation.recorded", words=words) for one in streams
        ]
        log.append(company_id=company.pk, actor=actor, entries=entries)
    return identifier


def _customer(code: str, company: Company) -> CustomerRecord:
    found = dossier.customer_by_code(code)
    if found is None or company.pk not in found.company_ids:
        raise _refused(zh=f"没有客户 {code}。", en=f"There is no customer {code}.")
    return found


def _check(row: RelationRow, *, customer: CustomerRecord, party: CustomerRecord | None, day: date) -> None:
    if row.kind not in RelationKind.values:
        known = ", ".join(RelationKind.values)
        raise _refused(zh=f"关系种类应为 {known}。", en=f"The kind of tie is one of {known}.")
    if party is None and not 0 < len(row.party_name.strip()) <= _NAME_LENGTH:
        raise _refused(zh="请写明对方：客户编码或名称。", en="Say who: the code of a customer, or a name.")
    if party is not None and party.id == customer.id:
        raise _refused(zh="对方须是另一个主体。", en="The other party is somebody else.")
    if row.share is not None and not 0 <= row.share <= 1:
        raise _refused(zh="比例应在 0 与 1 之间，例如 0.35。", en="A share is between 0 and 1, such as 0.35.")
    if row.amount is not None and row.amount < 0:
        raise _refused(zh="金额不能为负。", en="An amount is not negative.")
    if row.valid_to is not None and row.valid_to < day:
        raise _refused(zh="截止日早于起始日。", en="The tie ends before it begins.")
    if not row.evidence.strip():
        raise _refused(
            zh="请写明依据，例如章程、担保合同编号或查询日期。",
            en="Say where it is known from: articles, the number of a contract, a register and its day.",
        )
    _check_currency(row.currency)


def _check_currency(currency: str) -> None:
    try:
        money.parse_currency(currency)
    except money.InvalidMoneyError as error:
        raise _refused(zh=f"“{currency}”不是币种代码，例如 CNY。", en=str(error)) from error


def _sentence(row: RelationRow, party: str, customer: str) -> Words:
    kind = graph.LABELS[row.kind]
    until_zh, until_en = (f",至 {row.valid_to}", f", until {row.valid_to}") if row.valid_to else ("", "")
    return Words(
        zh=f"登记关系：{party} {kind.zh} {customer}{until_zh}(依据：{row.evidence.strip()})",
        en=f"tie recorded: {party} {kind.en} {customer}{until_en} (evidence: {row.evidence.strip()})",
    )


def _refused(*, zh: str, en: str) -> UnableToRecordRelationError:
    return UnableToRecordRelationError(Words(zh=zh, en=en))
