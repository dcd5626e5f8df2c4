"""``rate``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import backtests, model_files
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.ratings.rerate_customer import Assessment
    from tradecredit.plumbing.access.models import Company


@click.group("rate", invoke_without_command=True)
@click.option("--customer", metavar="CODE", help="One customer (default: all of the company).")
@click.option("--as-of", type=DayType(), help="Another day than today: shown, not recorded.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_context
def rate_command(
    ctx: click.Context, customer: str | None, as_of: date | None, code: str | None, *, is_json: bool
) -> None:
    """Rate customers: score and grade, with the parts that make them; or simulate a changed model."""
    if ctx.invoked_subcommand is not None:
        return
    installation: Installation = ctx.obj
    with installation.awake():
        from tradecredit.flows.ratings import rerate_company
        from tradecredit.plumbing import clock

        company = installations.company_named(code)
        today = clock.today(company)
        day = as_of or today
        changed = _record(company, customer) if day == today else 0
        found = rerate_company.assess_company(
            company=company, actor=installations.system_actor(), as_of=day, customer_code=customer
        )
        if is_json:
            click.echo(
                json.dumps(_document(company, day=day, found=found, changed=changed), ensure_ascii=False)
            )
        else:
            _print(found, is_detailed=customer is not None)


rate_command.add_command(backtests.simulate_command)
rate_command.add_command(backtests.suggest_weights_command)
rate_command.add_command(model_files.export_command)
rate_command.add_command(model_files.import_command)


def _record(company: Company, customer: str | None) -> int:
    """Rate as of today for the books, with a progress bar where it is long; returns how many changed."""
    from rich.console import Console
    from rich.progress import Progress

    from tradecredit.flows.ratings import rerate_company

    actor = installations.system_actor()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        total = rerate_company.count_customers(company=company, actor=actor, customer_code=customer)
        task = bar.add_task("评级 / rating", total=total)
        done = rerate_company.rerate_company(
            company=company,
            actor=actor,
            cause="manual",
            customer_code=customer,
            progress=lambda count: bar.advance(task, count),
        )
    return len(done.changes)


def _document(company: Company, *, day: date, found: Sequence[Assessment], changed: int) -> dict[str, Any]:
    return {
        "company": company.code,
        "as_of": day.isoformat(),
        "rated": len(found),
        "changed": changed,
        "ratings": [
            {
                "customer": each.customer_code,
                "name": each.customer_name,
                "is_high_risk": each.is_high_risk,
                **each.recorded,
            }
            for each in found
        ],
    }


def _print(found: Sequence[Assessment], *, is_detailed: bool) -> None:
    language = installations.language()
    for each in found:
        score = "—" if each.recorded["score"] is None else each.recorded["score"]
        known = f"{each.recorded['completeness']}%"
        mark = {"zh": " 高风险", "en": " high risk"}[language] if each.is_high_risk else ""
        click.echo(
            f"{each.customer_code}\t{each.recorded['grade']}\t{score}\t{known}{mark}\t{each.customer_name}"
        )
        if is_detailed:
            for reason in each.recorded["reasons"]:
                click.echo(f"  {reason[language]}")
            for part in each.recorded["parts"]:
                click.echo(f"    {part['sentence'][language]}")
