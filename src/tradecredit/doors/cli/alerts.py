"""``tradecredit alerts``: which alarm is worth keeping, on the books or on a ledger in a file."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.core.monitoring import day_rules, rule_measures, triggers
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import policy_documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.monitoring.rule_measures import LateItem, MeasureRules, RuleRecord
    from tradecredit.doors.cli.installation import Installation

_CANDIDATES = (1, 3, 5, 7, 10, 15, 20, 30, 45, 60)
_COLUMNS = (
    ("rule", "规则", "rule"),
    ("alerts", "预警", "alerts"),
    ("right", "命中", "right"),
    ("precision", "查准率", "precision"),
    ("recall", "查全率", "recall"),
    ("lead_days", "提前天数", "lead days"),
    ("tasks", "待办", "tasks"),
)
_NAME = ("name", "名称", "name")

_ALL_OPEN = {
    "zh": "文件中没有付款日：逾期的款项都算一直未付，查准率没有意义。",
    "en": "the file has no day of payment: whatever is late stays late, so that precision says nothing",
}


@click.group("alerts")
def alerts_command() -> None:
    """Alert rules and how they did."""


@alerts_command.command("measure")
@click.option("--company", "code", metavar="CODE", help="The company (default: the only one).")
@click.option("--as-of", metavar="DATE", help="The day of the measurement (default: the company's today).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def measure(installation: Installation, code: str | None, as_of: str | None, *, is_json: bool) -> None:
    """Show precision, recall and lead of every rule on the company's history, and which threshold it suggests."""
    with installation.awake():
        from tradecredit.flows.watch import rule_bench

        company = installations.company_named(code)
        found = rule_bench.bench(
            company=company,
            actor=installations.system_actor(),
            as_of=None if as_of is None else _day(as_of, "%Y-%m-%d"),
        )
    _tell(
        [one.record for one in found.rules],
        found.history.thresholds,
        found.history.suggested,
        is_json=is_json,
        names={one.code: one.label for one in found.rules if one.label is not None},
    )


@alerts_command.command("measure-ledger")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--customer", default="customer", show_default=True, help="The column with the customer.")
@click.option("--due", default="due_date", show_default=True, help="The column with the due day.")
@click.option(
    "--settled", default="settled_on", show_default=True, help="The column with the day of payment."
)
@click.option("--days", "day_format", default="%Y-%m-%d", show_default=True, help="How days are written.")
@click.option("--trouble", default=90, show_default=True, help="From how many days overdue it is trouble.")
@click.option("--horizon", default=180, show_default=True, help="How many days ahead an alert looks.")
@click.option("--precision", default="0.20", show_default=True, help="How often a threshold has to be right.")
@click.option(
    "--policy",
    "sources",
    multiple=True,
    metavar="PACK",
    help="Measure the rules of this pack or folder that days overdue decide; may be given again.",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def measure_ledger(
    installation: Installation,
    /,
    *,
    file: Path,
    trouble: int,
    horizon: int,
    precision: str,
    sources: tuple[str, ...],
    is_json: bool,
    **columns: str,
) -> None:
    """Try rules on days overdue on the items of FILE (CSV, also gzipped): which threshold would have been right?"""
    from decimal import Decimal

    items = list(_items(file, **columns))
    if not items:
        raise click.UsageError("the file has no items")
    if all(item.settled_on is None for item in items):
        click.echo(_ALL_OPEN[installations.language()], err=True)
    rules = rule_measures.MeasureRules(
        trouble_days=trouble, horizon_days=horizon, least_precision=Decimal(precision)
    )
    latest = max(item.settled_on or item.due_date for item in items)
    wanted = [days for days in _CANDIDATES if days < trouble]
    found = rule_measures.thresholds(items, candidates=wanted, rules=rules, as_of=latest)
    named = _named(installation, sources, items, rules, as_of=latest) if sources else []
    _tell(named, found, rule_measures.suggested(found, rules=rules), is_json=is_json)


def _named(
    installation: Installation,
    sources: Sequence[str],
    items: Sequence[LateItem],
    rules: MeasureRules,
    *,
    as_of: date,
) -> list[RuleRecord]:
    """Return the record of each rule of the policies that days overdue decide."""
    with installation.awake():
        policies = [(source, policy_documents.load(source)["monitoring"]) for source in sources]
    return [
        replace(one, rule=f"{source}/{one.rule}")
        for source, section in policies
        for one in day_rules.measured(items, policy=triggers.parse(section), rules=rules, as_of=as_of)
    ]


def _items(file: Path, *, customer: str, due: str, settled: str, day_format: str) -> Iterator[LateItem]:
    opened: Any = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            yield rule_measures.LateItem(
                customer=row[customer],
                due_date=_day(row[due], day_format),
                settled_on=_day(row[settled], day_format) if row.get(settled) else None,
            )


def _day(text: str, day_format: str) -> date:
    try:
        return datetime.strptime(text, day_format).date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise click.UsageError(f"{text!r} is not a day written as {day_format}") from None


def _tell(
    records: Sequence[RuleRecord],
    thresholds: Sequence[RuleRecord],
    suggested: RuleRecord | None,
    *,
    is_json: bool,
    names: Mapping[str, Words] | None = None,
) -> None:
    if is_json:
        document = {
            "rules": [_as_dict(one, names) for one in records],
            "thresholds": [rule_measures.as_dict(one) for one in thresholds],
            "suggested": None if suggested is None else rule_measures.as_dict(suggested),
        }
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    language = installations.language()
    columns = _COLUMNS if names is None else (*_COLUMNS, _NAME)
    click.echo("\t".join(zh if language == "zh" else en for _, zh, en in columns))
    for one in (*records, *thresholds):
        found = (names or {}).get(one.rule)
        values = rule_measures.as_dict(one) | {"name": found.in_language(language) if found else None}
        click.echo("\t".join("–" if values[name] is None else str(values[name]) for name, _, _ in columns))
    if suggested is not None:
        click.echo(
            f"建议门槛：逾期 {suggested.threshold} 天"
            if language == "zh"
            else f"suggested: warn at {suggested.threshold} days overdue"
        )


def _as_dict(record: RuleRecord, names: Mapping[str, Words] | None) -> dict[str, Any]:
    values = rule_measures.as_dict(record)
    if names is None:
        return values
    found = names.get(record.rule)
    return values | {"label": found.as_dict() if found else None}
