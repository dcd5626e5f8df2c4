"""Expected credit losses of whole books: the policy's matrix beside the rates that the books' own roll rates give."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.analytics import columns
from tradecredit.analytics.receivables import aging, policies, reading
from tradecredit.analytics.receivables.ledger_sql import Ledger
from tradecredit.core.kernel import periods
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import provision
from tradecredit.core.receivables.provision import Rolled
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.analytics.receivables.aging import AgingReport
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.aging import Scheme

# A line of an open book: its bucket and what is open of it.
_Standing = dict["UUID", tuple[int, Decimal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BucketLoss:
    """One bucket of one group: the balance, and the allowance by either set of rates (None: no history)."""

    keys: tuple[str, ...]
    bucket: str
    label: Words
    balance: Money
    rate: Decimal
    allowance: Money
    roll_rate: Decimal | None
    history_rate: Decimal | None
    history_allowance: Money | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionReport:
    """The matrix by group and bucket, with the months that the roll rates were measured over."""

    as_of: date
    scheme: Scheme
    by: tuple[str, ...]
    months: int
    rows: tuple[BucketLoss, ...]


def provisions(
    *,
    as_of: date,
    known_at: datetime | None = None,
    by: Sequence[str] = ("company",),
    company_id: UUID | None = None,
) -> ProvisionReport:
    """Return expected losses by group and bucket; roll rates come from all books in scope, by currency."""
    policy = policies.in_force(company_id=company_id, as_of=as_of, known_at=known_at).provision
    report = aging.aging(as_of=as_of, known_at=known_at, by=by, scheme=policy.scheme, company_id=company_id)
    rolled = roll_rates(
        as_of=as_of, known_at=known_at, company_id=company_id, scheme=report.scheme, months=policy.roll_months
    )
    return ProvisionReport(
        as_of=as_of, scheme=report.scheme, by=report.by, months=policy.roll_months,
        rows=tuple(_rows(report, policy, rolled)),
    )  # fmt: skip


def roll_rates(
    *, as_of: date, known_at: datetime | None, company_id: UUID | None, scheme: Scheme, months: int
) -> Mapping[str, Mapping[str, Rolled]]:
    """Return, by currency and bucket, what stood at each month's end and what of it had rolled on a month later."""
    days = [periods.add_months(as_of, -back) for back in range(months, -1, -1)]
    found: dict[str, dict[str, Rolled]] = defaultdict(dict)
    earlier = _standing(days[0], known_at, company_id, scheme)
    for day in days[1:]:
        later = _standing(day, known_at, company_id, scheme)
        for currency, lines in earlier.items():
            _add(found[currency], lines, later.get(currency, {}), scheme)
        earlier = later
    return found


def _add(sums: dict[str, Rolled], lines: _Standing, later: _Standing, scheme: Scheme) -> None:
    for line, (position, balance) in lines.items():
        then, still_open = later.get(line, (position, Decimal(0)))
        key = scheme.buckets[position].key
        before = sums.get(key, Rolled(balance=Decimal(0), rolled=Decimal(0)))
        moved = min(still_open, balance) if then > position else Decimal(0)
        sums[key] = Rolled(balance=before.balance + balance, rolled=before.rolled + moved)


def _standing(
    day: date, known_at: datetime | None, company_id: UUID | None, scheme: Scheme
) -> dict[str, _Standing]:
    ledger = Ledger(as_of=day, known_at=known_at, company_id=company_id)
    bucket = aging.bucket_sql(scheme, ledger)
    query = f"SELECT id, currency, open, {bucket} AS bucket FROM standing WHERE kind = 'invoice' AND open > 0"
    found: dict[str, _Standing] = defaultdict(dict)
    for row in reading.fetch(ledger.sql(query), ledger.values):
        found[row["currency"]][row["id"]] = (row["bucket"], row["open"])
    return found


def _rows(
    report: AgingReport, policy: provision.ProvisionPolicy, rolled: Mapping[str, Mapping[str, Rolled]]
) -> list[BucketLoss]:
    keys = [bucket.key for bucket in report.scheme.buckets]
    rows = []
    for group in report.groups:
        balances = dict(zip(keys, group.aged.amounts, strict=True))
        of_currency = rolled.get(group.currency, {})
        history = provision.loss_rates(buckets=keys, rolled=of_currency, policy=policy)
        fixed = provision.matrix(balances=balances, rates=policy.rates, forward_factor=policy.forward_factor)
        for bucket, weighed in zip(report.scheme.buckets, fixed, strict=True):
            rate = history[bucket.key]
            measured = None if rate is None else provision.matrix(
                balances={bucket.key: weighed.balance}, rates={bucket.key: rate},
                forward_factor=policy.forward_factor,
            )[0]  # fmt: skip
            rows.append(
                BucketLoss(
                    keys=group.keys,
                    bucket=bucket.key,
                    label=bucket.label,
                    balance=weighed.balance,
                    rate=weighed.rate,
                    allowance=weighed.allowance,
                    roll_rate=provision.roll_rate(of_currency.get(bucket.key)),
                    history_rate=None if measured is None else measured.rate,
                    history_allowance=None if measured is None else measured.allowance,
                )
            )
    return rows


def provisions_table(report: ProvisionReport, *, dimensions: Sequence[Column]) -> Table:
    """Return the matrix: bucket by bucket with balance, rates and allowances, both variants named."""
    return Table(
        name="provision",
        title=Words(
            zh=f"坏账准备（预期信用损失矩阵，{report.scheme.label.zh}），截至 {report.as_of}；迁徙率取近 {report.months} 个月",
            en=f"Provision matrix ({report.scheme.label.en}) as of {report.as_of}; roll rates over {report.months} months",
        ),
        columns=(
            *dimensions,
            columns.CURRENCY,
            Column(key="bucket", label=Words(zh="区间", en="Bucket")),
            Column(key="balance", label=Words(zh="余额", en="Balance"), kind="amount"),
            Column(key="rate", label=Words(zh="损失率（制度）", en="Loss rate (policy)"), kind="ratio"),
            Column(key="allowance", label=Words(zh="准备（制度）", en="Allowance (policy)"), kind="amount"),
            Column(key="roll_rate", label=Words(zh="迁徙率", en="Roll rate"), kind="ratio"),
            Column(
                key="history_rate", label=Words(zh="损失率（迁徙率法）", en="Loss rate (roll rates)"), kind="ratio"
            ),
            Column(
                key="history_allowance",
                label=Words(zh="准备（迁徙率法）", en="Allowance (roll rates)"),
                kind="amount",
            ),
        ),
        rows=tuple(
            (
                *row.keys, row.balance.currency, row.bucket, row.balance, _rounded(row.rate), row.allowance,
                _rounded(row.roll_rate), _rounded(row.history_rate), row.history_allowance,
            )
            for row in report.rows
        ),
    )  # fmt: skip


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal("0.000001"))
