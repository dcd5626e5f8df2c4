"""``tradecredit customers``: records that may be one, merging and taking apart."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.doors.cli.installation import Installation


@click.group("customers")
def customers_command() -> None:
    """Find records that are one customer, merge them, and take merges apart."""


@customers_command.command("duplicates")
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def duplicates(installation: Installation, /, *, company_code: str | None, as_json: bool) -> None:
    """Compare all customers and list the pairs that wait for a decision."""
    with installation.awake():
        from tradecredit.apps.dossier import merges
        from tradecredit.flows.customers import find_duplicates
        from tradecredit.plumbing.access import scope

        company, actor = installations.company_named(company_code), installations.system_actor()
        looked = find_duplicates.find_duplicates(company=company, actor=actor)
        with scope.entered(actor):
            found = merges.pairs(company_id=company.pk, limit=10_000)
    if as_json:
        rows = [
            {
                "customer": pair.customer_code,
                "other": pair.other_code,
                "score": str(pair.score),
                "evidence": list(pair.evidence),
            }
            for pair in found
        ]
        click.echo(
            json.dumps({"customers": looked.customers, "new": looked.new, "pairs": rows}, ensure_ascii=False)
        )
        return
    for pair in found:
        click.echo(
            f"{pair.score}  {pair.customer_code} {pair.customer_name} | {pair.other_code} {pair.other_name}"
            f"  ({', '.join(pair.evidence)})"
        )
    click.echo(f"{looked.customers:,} customers, {len(found):,} pairs, {looked.new:,} new")


@customers_command.command("merge")
@click.argument("keep")
@click.argument("absorbed")
@click.option("--reason", default="", help="Why they are one.")
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.pass_obj
def merge(
    installation: Installation, /, *, keep: str, absorbed: str, reason: str, company_code: str | None
) -> None:
    """Make the record ABSORBED one customer with KEEP; prints the merge, by which it is taken apart."""
    with installation.awake():
        from tradecredit.flows.customers import merge_customers

        merge_id = merge_customers.merge_customers(
            keep_code=keep,
            absorbed_code=absorbed,
            reason=reason,
            company=installations.company_named(company_code),
            actor=installations.system_actor(),
        )
    click.echo(str(merge_id))


@customers_command.command("unmerge")
@click.argument("merge_id", type=click.UUID)
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.pass_obj
def unmerge(installation: Installation, /, *, merge_id: UUID, company_code: str | None) -> None:
    """Take a merge apart: everything goes back where it was."""
    with installation.awake():
        from tradecredit.flows.customers import merge_customers

        merge_customers.unmerge_customers(
            merge_id=merge_id,
            company=installations.company_named(company_code),
            actor=installations.system_actor(),
        )


@customers_command.command("credit-report")
@click.argument("customer")
@click.option("--as-of", metavar="DAY", help="The day to report (default: the company's today).")
@click.option(
    "--known-at", metavar="MOMENT", help="As it was known at this moment, with an offset (default: now)."
)
@click.option("--format", "form", type=click.Choice(("pdf", "xlsx")), default="pdf", show_default=True)
@click.option("--language", type=click.Choice(("zh", "en")), default="zh", show_default=True)
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Write here.")
@click.pass_obj
def credit_report_command(
    installation: Installation, /, *, customer: str, form: str, out: Path, **options: Any
) -> None:
    """Write the credit report of CUSTOMER; the same day and moment give the same report again."""
    with installation.awake():
        out.write_bytes(_report(customer, form=form, **options))
    click.echo(f"{out}")


@customers_command.command("retain")
@click.option("--company", "company_code", metavar="CODE", help="The company whose policy says how long.")
@click.pass_obj
def retain(installation: Installation, /, *, company_code: str | None) -> None:
    """Erase values under consent that are older than the policy's retention allows."""
    with installation.awake():
        from tradecredit.flows.customers import sealed_values

        count = sealed_values.erase_outlived(
            company=installations.company_named(company_code), actor=installations.system_actor()
        )
    click.echo(f"{count} 项已删除 / erased")


def _report(
    customer: str,
    *,
    form: str,
    as_of: str | None,
    known_at: str | None,
    language: str,
    company_code: str | None,
) -> bytes:
    from tradecredit.analytics.dossier import credit_report
    from tradecredit.plumbing import clock, printing
    from tradecredit.plumbing.access import scope

    company = installations.company_named(company_code)
    try:
        day = date.fromisoformat(as_of) if as_of else clock.today(company)
        moment = datetime.fromisoformat(known_at) if known_at else clock.now()
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    with scope.entered(installations.system_actor()):
        paper = credit_report.credit_report(
            code=customer, company=company, as_of=day, known_at=moment, language=language
        )
    if paper is None:
        raise click.ClickException(
            f"没有客户 {customer} / there was no customer {customer} at {moment.isoformat()}"
        )
    render = printing.as_pdf if form == "pdf" else printing.as_workbook
    return render(paper, language=language)
