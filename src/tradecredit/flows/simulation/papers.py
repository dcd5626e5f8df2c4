"""Contracts, a write-off that waits for a second person, and statements of account: the paper side of the demo."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.receivables import open_items
from tradecredit.core.receivables.adjustments import AdjustmentKind
from tradecredit.flows.cash import adjust_receivable
from tradecredit.flows.contracts import save_contract, sign_contract
from tradecredit.flows.contracts.save_contract import ContractRow
from tradecredit.flows.simulation import world as worlds
from tradecredit.flows.statements import answer_statement, send_statement
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Role, scope

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.analytics.receivables.open_items import OverdueCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_MILESTONES: Final = [
    {"kind": "prepayment", "percent": "30", "days": 7, "label": "合同签订后预付"},
    {"kind": "milestone", "percent": "60", "days": 30, "label": "到货验收合格"},
    {"kind": "retention", "percent": "10", "days": 365, "label": "质保期满"},
]
_MONTHLY: Final = [{"kind": "milestone", "percent": "100", "days": 60, "month_end": True, "label": "月结"}]
_WRITTEN_OFF: Final = Decimal("800.00")
_WITH_LEGAL, _A_DRAFT = 1, 2


def lay_out(*, company: Company, cast: Mapping[Role, Actor], day: date) -> None:
    """Write the papers of the latest day in the main company; they move no balance."""
    author = cast[Role.SALES_MANAGER]
    with clock.on(company, day):
        with scope.entered(author):
            owing = open_items.top_overdue(as_of=day, company_id=company.pk, most=12)
        chosen = [one for one in owing if one.customer_code != worlds.HERO and one.currency == "CNY"][:4]
        _contracts(company, chosen, day, author=author, lawyer=cast[Role.LEGAL])
        _statements(company, chosen[:2], cast[Role.COLLECTOR])
        _write_off(company, chosen, day, cast[Role.COLLECTOR])


def _contracts(
    company: Company, chosen: list[OverdueCustomer], day: date, *, author: Actor, lawyer: Actor
) -> None:
    rows = [
        ContractRow(
            number=f"HT-{day.year}-{place:03}",
            customer_code=one.customer_code,
            title=("设备供货合同", "年度框架协议", "产线改造项目", "备件供应合同")[place % 4],
            amount=Decimal(480_000 + 260_000 * place),
            valid_from=day - timedelta(days=90 * place),
            valid_to=day + timedelta(days=25 + 110 * place),
            salesperson=one.salesperson,
            buyer_class="large" if place == 1 else "other",
            is_small_seller=True,
            parts=_MONTHLY if place % 2 else _MILESTONES,
        )
        for place, one in enumerate(chosen, start=1)
    ]
    save_contract.save_contracts(rows=rows, company=company, actor=author)
    for place, row in enumerate(rows):
        # One is still with legal, one is a draft; the others are signed.
        if place == _A_DRAFT:
            continue
        sign_contract.ask_legal(company=company, number=row.number, actor=author)
        if place != _WITH_LEGAL:
            sign_contract.review(
                company=company, number=row.number, is_cleared=True, text="条款可接受", actor=lawyer
            )
            sign_contract.sign(company=company, number=row.number, actor=author, day=row.valid_from)


def _statements(company: Company, chosen: list[OverdueCustomer], sender: Actor) -> None:
    """Send two: one waits, the other is confirmed."""
    for place, one in enumerate(chosen):
        sent = send_statement.send_statement(company=company, customer_code=one.customer_code, actor=sender)
        if place == 1:
            answer = answer_statement.Answer(by="示例会计", text="账目相符")
            answer_statement.answer_statement(token=sent.token, answer=answer)


def _write_off(company: Company, chosen: list[OverdueCustomer], day: date, collector: Actor) -> None:
    if not chosen:
        return
    with scope.entered(collector):
        (line, *_) = open_items.open_items(
            as_of=day,
            company_id=company.pk,
            customer_ids=(chosen[-1].customer_id,),
            only_overdue=True,
            most=1,
        )
    wanted = adjust_receivable.Wanted(
        kind=AdjustmentKind.WRITE_OFF,
        invoice_number=line.invoice_number,
        line=line.line,
        amount=min(_WRITTEN_OFF, line.open.amount),
        reason_code="rounding",
        text="多次催收未果的尾款",
    )
    adjust_receivable.ask(company=company, wanted=wanted, actor=collector)
