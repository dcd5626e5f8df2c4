"""The exposure of one customer, move by move: which document, when, from which stage to which, and why."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

STAGES: Final = {
    "reserved": Words(zh="已预占", en="reserved"),
    "ordered": Words(zh="已订未发", en="ordered"),
    "delivered": Words(zh="已发未开票", en="delivered, not invoiced"),
    "billed": Words(zh="已开票应收", en="invoiced"),
    "bill": Words(zh="应收票据", en="bill receivable"),
    "unapplied": Words(zh="未核销款", en="not applied"),
}
_CAUSES: Final = {
    "opening": Words(zh="期初登记", en="taken over as open"),
    "order": Words(zh="订单在发票之后登记", en="the order came after its invoice"),
    "check": Words(zh="订单检查", en="the order was checked"),
    "release": Words(zh="审批放行", en="released by people"),
    "amend": Words(zh="订单变更", en="the order was amended"),
    "reopen": Words(zh="订单重开", en="the order was reopened"),
    "closed": Words(zh="订单关闭", en="the order was closed"),
    "cancelled": Words(zh="订单取消", en="the order was cancelled"),
    "delivery": Words(zh="发货", en="goods left"),
    "usage": Words(zh="寄售领用", en="used from the consignment stock"),
    "return": Words(zh="退货", en="goods came back"),
    "replaced": Words(zh="换货退回", en="goods came back to be replaced"),
    "invoice": Words(zh="开票", en="invoiced"),
    "credit_note": Words(zh="贷项", en="credited"),
    "payment": Words(zh="回款", en="money came in"),
    "payment.returned": Words(zh="回款退回", en="money went back"),
    "cash.applied": Words(zh="核销", en="set off"),
    "cash.unapplied": Words(zh="取消核销", en="the setting off was undone"),
    "bill.received": Words(zh="收到票据", en="a bill was received"),
    "bill.collected": Words(zh="票据兑付", en="the bill was paid"),
    "bill.sold": Words(zh="票据转让（无追索）", en="the bill was passed on without recourse"),
    "bill.split": Words(zh="票据拆分", en="the bill was split"),
    "bill.lapsed": Words(zh="票据追索期已过", en="recourse on the bill lapsed"),
    "bill.dishonoured": Words(zh="票据拒付", en="the bill was dishonoured"),
    "reserved": Words(zh="检查通过，预占额度", en="passed its check: room kept"),
    "posted": Words(zh="预占转为占用", en="the room kept was taken"),
    "released": Words(zh="预占释放", en="the room kept was given back"),
    "expired": Words(zh="预占到期", en="the room kept lapsed"),
}

_SQL = """
WITH moves AS (
    SELECT e.effective_date AS day, e.recorded_at, e.stage, e.amount, e.obligation, e.cause, e.cause_id, e.sequence,
        a.currency
    FROM exposure_exposureentry e JOIN exposure_creditaccount a ON a.id = e.account_id
    WHERE a.company_id = %(company)s AND a.customer_id = %(customer)s
    UNION ALL
    SELECT (r.created_at AT TIME ZONE %(zone)s)::date, r.created_at, 'reserved', r.amount, 'order:' || r.reference,
        'reserved', r.decision_id, 0, a.currency
    FROM exposure_reservation r JOIN exposure_creditaccount a ON a.id = r.account_id
    WHERE a.company_id = %(company)s AND a.customer_id = %(customer)s
    UNION ALL
    SELECT (r.ended_at AT TIME ZONE %(zone)s)::date, r.ended_at, 'reserved', -r.amount, 'order:' || r.reference,
        r.status, r.decision_id, 0, a.currency
    FROM exposure_reservation r JOIN exposure_creditaccount a ON a.id = r.account_id
    WHERE a.company_id = %(company)s AND a.customer_id = %(customer)s AND r.ended_at IS NOT NULL
)
SELECT m.day, m.recorded_at, m.stage, m.amount, m.obligation, m.cause, m.cause_id, m.currency FROM moves m
WHERE %(documents)s::text[] IS NULL OR split_part(m.obligation, '#', 1) = ANY(%(documents)s)
ORDER BY m.recorded_at DESC, m.sequence DESC, m.obligation LIMIT %(most)s
"""

# What one document stands under: an order with its deliveries, an invoice, a payment, a bill.
_FAMILY = """
SELECT 'order:' || o.reference FROM orders_order o WHERE o.company_id = %(company)s AND o.reference = %(number)s
UNION SELECT 'delivery:' || d.number FROM orders_delivery d JOIN orders_order o ON o.id = d.order_id
    WHERE d.company_id = %(company)s AND (o.reference = %(number)s OR d.number = %(number)s)
UNION SELECT 'invoice:' || v.number FROM receivables_invoice v
    LEFT JOIN receivables_invoicesource s ON s.invoice_id = v.id
    WHERE v.company_id = %(company)s AND v.kind = 'invoice'
        AND (v.number = %(number)s OR v.order_number = %(number)s OR s.number = %(number)s)
UNION SELECT 'credit_note:' || v.number FROM receivables_invoice v
    WHERE v.company_id = %(company)s AND v.kind = 'credit_note' AND %(number)s IN (v.number, v.refers_to)
UNION SELECT 'payment:' || p.number FROM cash_application_payment p WHERE p.company_id = %(company)s
    AND %(number)s IN (p.number, p.invoice_number, p.order_number)
UNION SELECT 'bill:' || b.number FROM receivables_bill b WHERE b.company_id = %(company)s
    AND %(number)s IN (b.number, b.invoice_number, b.order_number)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One movement of one obligation into (plus) or out of (minus) a stage."""

    day: date
    recorded_at: datetime
    document: str
    stage: str
    amount: Money
    cause: str
    cause_id: UUID | None

    @property
    def stage_words(self) -> Words:
        """Return the stage's name."""
        return STAGES.get(self.stage, Words(zh=self.stage, en=self.stage))

    @property
    def why(self) -> Words:
        """Return what caused the movement."""
        return _CAUSES.get(self.cause, Words(zh=self.cause, en=self.cause))

    @property
    def is_in(self) -> bool:
        """Tell whether the obligation came into the stage."""
        return self.amount.amount > 0


def timeline(
    *, company_id: UUID, customer_id: UUID, zone: str, document: str = "", most: int = 500
) -> tuple[Move, ...]:
    """Return the movements of a customer's exposure, the latest first.

    ``document`` (a number, or a key like ``invoice:INV-1``) keeps those of that document and of what hangs on it.
    """
    documents = _family(company_id, document) if document else None
    rows = _rows(
        _SQL, company=company_id, customer=customer_id, zone=zone, documents=documents, most=most
    )  # fmt: skip
    return tuple(
        Move(
            day=row[0],
            recorded_at=row[1],
            stage=row[2],
            amount=Money(Decimal(row[3]), row[7]),
            document=row[4],
            cause=row[5],
            cause_id=row[6],
        )
        for row in rows
    )


def _family(company_id: UUID, document: str) -> list[str]:
    number = document.split(":", maxsplit=1)[1] if ":" in document else document
    found = [row[0] for row in _rows(_FAMILY, company=company_id, number=number.split("#")[0])]
    return [*found, document.split("#", maxsplit=1)[0]]


def _rows(sql: str, **values: Any) -> Sequence[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())
