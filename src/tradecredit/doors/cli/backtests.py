"""``backtest`` and ``rate simulate``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.doors.cli.installation import Installation

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("backtest")
@click.option("--as-of", type=DayType(), help="The end of the horizon (default: the company's today).")
@click.option(
    "--write", "is_written", is_flag=True, help="Record it; a finding opens a task for a model change."
)
@click.option("--xlsx", type=click.Path(dir_okay=False, path_type=Path), help="Write the review pack here.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def backtest_command(
    installation: Installation,
    as_of: date | None,
    *,
    is_written: bool,
    xlsx: Path | None,
    code: str | None,
    is_json: bool,
) -> None:
    """Hold ratings against what became of the customers: KS, AUC, calibration, migration, vintages, drift."""
    with installation.awake():
        from tradecredit.analytics.scoring import backtest_tables
        from tradecredit.flows.ratings import backtest_ratings
        from tradecredit.plumbing import tables

        company, actor = installations.company_named(code), installations.system_actor()
        if is_written:
            document: Any = backtest_ratings.write_backtest(
                company=company, actor=actor, as_of=as_of
            ).document
        else:
            document = backtest_ratings.backtest_ratings(company=company, actor=actor, as_of=as_of)
        language = installations.language()
        if xlsx is not None:
            xlsx.write_bytes(
                tables.as_workbook(backtest_tables.tables(document, language=language), language=language)
            )
        if is_json:
            click.echo(json.dumps({"company": company.code, **document}, ensure_ascii=False))
        else:
            _print(document, language)


@click.command("simulate")
@click.argument("model", type=_FILE)
@click.option("--as-of", type=DayType())
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def simulate_command(
    installation: Installation, model: Path, as_of: date | None, code: str | None, *, is_json: bool
) -> None:
    """Rate the portfolio under MODEL (YAML: a scorecard, or scorecard and grades): who moves, and why."""
    with installation.awake():
        from tradecredit.flows.ratings import simulate_model
        from tradecredit.plumbing import yaml_texts

        # Every figure as the text that stands in the file: no binary fractions.
        content = yaml_texts.read_plain(model.read_text(encoding="utf-8"))
        document = content if "scorecard" in content else {"scorecard": content}
        found = simulate_model.simulate_model(
            company=installations.company_named(code), document=document,
            actor=installations.system_actor(), as_of=as_of,
        )  # fmt: skip
        if is_json:
            click.echo(json.dumps(found, ensure_ascii=False))
            return
        click.echo(
            f"客户 / customers {found['customers']} · 变动 / moved {found['moved']} (↑ {found['improved']} ↓ {found['worsened']})"
        )
        _print_matrix(found["migration"])
        for each in found["movers"]:
            why = "; ".join(one["words"][installations.language()] for one in each["because"])
            click.echo(f"{each['customer']}\t{each['before']['grade']} → {each['after']['grade']}\t{why}")


@click.command("suggest-weights")
@click.option("--as-of", type=DayType(), help="The end of the horizon (default: the company's today).")
@click.option(
    "--model", default="", help="A model that is for some customers (default: the one for all others)."
)
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def suggest_weights_command(
    installation: Installation, as_of: date | None, model: str, code: str | None, *, is_json: bool
) -> None:
    """Suggest weights for the scorecard from what became of the customers; a person puts them into a draft."""
    with installation.awake():
        from tradecredit.flows.ratings import suggest_weights

        found = suggest_weights.suggest_weights(
            company=installations.company_named(code),
            actor=installations.system_actor(),
            as_of=as_of,
            model=model,
        )
        if is_json:
            click.echo(json.dumps(found, ensure_ascii=False))
            return
        click.echo(f"{found['rated_on']}: {found['customers']} / {found['bads']} bad")
        for each in found["weights"]:
            click.echo(f"{each['indicator']}\t{each['now']} → {each['suggested']}")


def _print(document: Mapping[str, Any], language: str) -> None:
    auc = document["auc"] or {"value": "–", "low": "–", "high": "–"}
    click.echo(
        f"{document['rated_on']} → {document['as_of']}: {document['customers']} / {document['bads']} bad"
        f" (> {document['days_overdue']} d, {document['horizon_days']} d; left out {document['left_out']})"
    )
    if not document["is_enough"]:
        click.echo("样本太少,不下结论 / too few to say")
    click.echo(
        f"KS {document['ks'] or '–'}  AUC {auc['value']} ({auc['low']}–{auc['high']})  PSI {document['psi'] or '–'}"
    )
    for each in document["grades"]:
        observed = each["observed"] or {"value": "–", "low": "–", "high": "–"}
        click.echo(
            f"  {each['grade']}\t{each['customers']}\t{each['bads']}\t{each['expected'] or '–'} → "
            f"{observed['value']} ({observed['low']}–{observed['high']})"
        )
    _print_matrix(document["migration"])
    for finding in document["findings"]:
        click.echo(f"! {finding['words'][language]}")


def _print_matrix(matrix: Mapping[str, Any]) -> None:
    click.echo("\t".join(["", *matrix["grades"]]))
    for name, line in zip(matrix["grades"], matrix["counts"], strict=True):
        click.echo("\t".join([name, *map(str, line)]))
