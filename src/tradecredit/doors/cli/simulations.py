"""``policy simulate``: what a policy would have changed among the decisions that were made."""

from __future__ import annotations

import json
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tradecredit.core.kernel.money import Money
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import policy_documents
from tradecredit.doors.cli.option_types import DayType
from tradecredit.flows.policy.segments import BECAME

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.policy.simulated import Simulation

_LISTED = 20


@click.command("simulate")
@click.argument("name", required=False)
@click.option(
    "--set", "values", multiple=True, metavar="PATH=VALUE", help="Change one figure of the policy first."
)
@click.option("--from", "since", type=DayType(), help="Decisions from this day on (default: all).")
@click.option("--to", "until", type=DayType(), help="Decisions up to this day.")
@click.option("--grade", help="Only where the customer had this grade then.")
@click.option("--region", help="Only customers of this region.")
@click.option("--salesperson", help="Only customers of this salesperson.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def simulate_command(  # noqa: PLR0917 - click passes the options
    installation: Installation,
    name: str | None,
    values: tuple[str, ...],
    since: date | None,
    until: date | None,
    grade: str | None,
    region: str | None,
    salesperson: str | None,
    code: str | None,
    *,
    is_json: bool,
) -> None:
    """Decide what was decided again under a pack, a folder of your own, or the policy in force with figures changed.

    For example: tradecredit policy simulate --set order_control.checks.overdue_days.days=14
    """
    with installation.awake():
        from tradecredit.flows.policy import simulate_policy

        company = installations.company_named(code)
        base = policy_documents.in_force(code, None) if name is None else policy_documents.load(name)
        document = _changed(base, values)
        part = simulate_policy.Slice(
            since=since, until=until, grade=grade, region=region, salesperson=salesperson
        )
        with click.progressbar(length=0, label="policy simulate", file=sys.stderr) as bar:
            found = simulate_policy.simulate_policy(
                company=company,
                document=document,
                actor=installations.system_actor(),
                part=part,
                progress=partial(_show, bar),
            )
        if is_json:
            click.echo(json.dumps(found.as_dict(), ensure_ascii=False))
        else:
            _print(found)


def _show(bar: Any, done: int, total: int) -> None:
    bar.length = total
    bar.update(done - bar.pos)


def _changed(document: Mapping[str, Any], values: tuple[str, ...]) -> Mapping[str, Any]:
    from tradecredit.core.kernel import document_changes
    from tradecredit.core.kernel.document_changes import UnknownPathError

    for text in values:
        path, sign, value = text.partition("=")
        try:
            before = document_changes.value_at(document, path.strip())
        except UnknownPathError as error:
            raise click.UsageError(str(error)) from error
        if not sign:
            raise click.UsageError(f"write a change as PATH=VALUE, not {text!r}")
        after = int(value) if isinstance(before, int) and value.strip().isdigit() else value.strip()
        document = document_changes.changed(document, path.strip(), after)
    return document


def _print(found: Simulation) -> None:
    click.echo(f"看过 / looked at {found.looked_at} · 改判 / flipped {found.flipped}")
    for label, side in (
        ("新拦 / newly held", found.newly_held),
        ("新放 / newly released", found.newly_released),
    ):
        amounts = ", ".join(
            f"{amount.text()} {currency}" for currency, amount in sorted(side.amounts.items())
        )
        click.echo(f"{label}: {side.count} ({len(side.customers)} 客户 / customers) {amounts}")
        became = {name: side.segments.total(name) for name in BECAME}
        for currency in sorted(became["invoiced"]):
            nothing = Money.zero(currency)
            texts = " / ".join(became[name].get(currency, nothing).text() for name in BECAME)
            click.echo(f"    开票/逾期/呆账风险 invoiced/overdue/likely bad {currency}: {texts}")
        for check, count in side.checks.most_common():
            click.echo(f"    {check}: {count}")
    for flip in found.flips[:_LISTED]:
        codes = ", ".join((*flip.compared.newly_against, *flip.compared.no_longer_against))
        click.echo(
            f"  {flip.day} {flip.reference} {flip.customer} {flip.amount.text()}: {flip.compared.before.text} → {flip.compared.after.text} ({codes})"
        )
