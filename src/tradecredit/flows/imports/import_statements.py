"""Record financial statements, one or many: a period's figures, appended; a later record corrects an earlier one."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import operations as dossier
from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring import statement_checks
from tradecredit.core.scoring.ratios import Statement
from tradecredit.flows import row_results
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tradecredit.apps.dossier.operations import NewStatement
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_BASES: Final = {
    "standalone": ("standalone", "stand-alone", "single", "no", "单体", "母公司", "非合并", "个别", "否"),
    "consolidated": ("consolidated", "group", "yes", "合并", "是"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A statement as it came: the items that it has, by name."""

    customer_code: str
    period_end: date
    items: Mapping[str, Decimal] = field(default_factory=dict)
    currency: str = ""
    source: str = ""
    # standalone or consolidated, in the words of either language; nothing where nobody said.
    basis: str = ""
    row: int = 0


def import_statements(*, rows: Sequence[StatementRow], company: Company, actor: Actor) -> ImportResult:
    """Record the statements in one transaction; a refused row does not stop the good ones.

    The same figures again are unchanged; other figures for a period are a correction (``updated``), the earlier ones stay
    readable by ``known_at``. Figures that contradict each other are recorded, and said in the row's ``words``.
    """
    with db.unit_of_work(actor):
        customers = row_results.customers_by_code(
            company_id=company.pk, codes=[row.customer_code for row in rows]
        )
        known = dossier_queries.statements(
            customer_ids=[found.id for found in customers.values()], as_of=date.max
        )
        latest = {
            (customer_id, record.period_end, record.basis): record
            for customer_id, records in known.items()
            for record in records
        }
        results: list[RowResult] = []
        new: list[NewStatement] = []
        for place, row in enumerate(rows, start=1):
            try:
                statement = _statement(row, customers)
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row or place, number=row.customer_code))
                continue
            before = latest.get((statement.customer_id, statement.period_end, statement.basis))
            status = _status(statement, before)
            if status is not RowStatus.UNCHANGED:
                new.append(statement)
            results.append(_result(row, row.row or place, statement, status))

        dossier.record_statements(statements=new, recorded_by=actor.name)
        _tell(company, actor, new)
    return row_results.in_order(results)


def _statement(row: StatementRow, customers: Mapping[str, NamedCustomer]) -> NewStatement:
    customer = row_results.known_customer(row.customer_code, customers)
    if not row.items:
        words = Words(zh="没有任何报表项目，请至少填写一项", en="it has no figures; give at least one")
        raise RefusedRowError(field="total_assets", value="", words=words)
    currency = row.currency or customer.currency
    items: dict[str, Decimal] = {}
    for name, amount in row.items.items():
        try:
            items[name] = money.parse(f"{amount:f}", currency).amount
        except InvalidMoneyError as error:
            words = Words(zh=f"{amount:f} {currency} 不是有效金额，请更正", en=f"{error}; correct it")
            raise RefusedRowError(field=name, value=f"{amount:f}", words=words) from error
    return dossier.NewStatement(
        customer_id=customer.id,
        period_end=row.period_end,
        currency=currency,
        items=items,
        source=row.source,
        basis=_basis(row.basis),
    )


def _basis(text: str) -> str:
    said = text.strip().lower()
    if not said:
        return ""
    found = next((basis for basis, names in _BASES.items() if said in names), None)
    if found is None:
        words = Words(
            zh="报表口径请填“单体”或“合并”", en="the basis is standalone or consolidated; correct it"
        )
        raise RefusedRowError(field="basis", value=text, words=words)
    return found


def _status(statement: NewStatement, before: dossier_queries.StatementRecord | None) -> RowStatus:
    if before is None:
        return RowStatus.CREATED
    is_same = before.currency == statement.currency and dict(before.items) == dict(statement.items)
    return RowStatus.UNCHANGED if is_same else RowStatus.UPDATED


def _result(row: StatementRow, place: int, statement: NewStatement, status: RowStatus) -> RowResult:
    figures = Statement(period_end=statement.period_end, basis=statement.basis, **statement.items)
    failed = [each for each in statement_checks.checks(figures) if not each.holds]
    words = None
    if failed:
        words = Words(
            zh=f"报表勾稽不符，请核对：{'；'.join(each.words.zh for each in failed)}",
            en=f"the statement contradicts itself, check it: {'; '.join(each.words.en for each in failed)}",
        )
    return RowResult(
        row=place,
        number=row.customer_code,
        status=status,
        id=statement.customer_id,
        field="total_assets" if failed else "",
        value=f"{statement.items['total_assets']:f}" if "total_assets" in statement.items and failed else "",
        words=words,
    )


def _tell(company: Company, actor: Actor, new: Sequence[NewStatement]) -> None:
    events.emit_many(
        name="statement.recorded",
        company_id=company.pk,
        payloads=[
            (
                statement.customer_id,
                {
                    "customer_id": statement.customer_id,
                    "company_id": company.pk,
                    "period_end": statement.period_end.isoformat(),
                },
            )
            for statement in new
        ],
    )
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{statement.customer_id}",
                kind="statement.recorded",
                words=Words(
                    zh=f"登记截至 {statement.period_end} 的财务报表",
                    en=f"financial statement to {statement.period_end} recorded",
                ),
                payload={"period_end": statement.period_end, "items": len(statement.items)},
            )
            for statement in new
        ],
    )
