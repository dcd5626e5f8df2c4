"""``collections``: the worklist, who gets what tomorrow, files for an agency, evidence packs."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.doors.cli.installation import Installation


@click.group("collections")
def collections_command() -> None:
    """Getting the money back: whom to ask, what leaves tomorrow, agency files, evidence."""


@collections_command.command("worklist")
@click.option("--company", "code", metavar="CODE")
@click.option("--top", default=20, show_default=True)
@click.pass_obj
def worklist_command(installation: Installation, code: str | None, top: int) -> None:
    """Print whom to ask first, with the reason."""
    with installation.awake():
        from tradecredit.analytics.collections import worklist
        from tradecredit.flows.collections import strategies
        from tradecredit.plumbing import clock
        from tradecredit.plumbing.access import scope

        company = installations.company_named(code)
        day = clock.today(company)
        with scope.entered(installations.system_actor()):
            found = worklist.of_company(
                company_id=company.pk,
                as_of=day,
                strategy=strategies.in_force(company_id=company.pk, as_of=day),
                currency=company.base_currency,
            )
    language = installations.language()
    for place, row in enumerate(found.rows[:top], start=1):
        why = row.ranked.why.in_language(language)
        click.echo(f"{place:>3}  {row.figures['code']}  {row.figures['name']}  {why}")


@collections_command.command("preview")
@click.option("--company", "code", metavar="CODE")
@click.option("--as-of", type=DayType(), help="Which day (default: tomorrow).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def preview_command(
    installation: Installation, code: str | None, as_of: date | None, *, is_json: bool
) -> None:
    """Print who gets what, and who does not and why; nothing is recorded."""
    with installation.awake():
        from tradecredit.flows.watch import preview_dunning
        from tradecredit.plumbing import clock

        company = installations.company_named(code)
        found = preview_dunning.preview_dunning(
            company=company,
            as_of=as_of or clock.today(company) + timedelta(days=1),
            actor=installations.system_actor(),
        )
    rows = [
        {
            "customer": one.account.addressee.code,
            "stage": one.notice.step.code,
            "total": one.notice.total.text(),
            "currency": one.notice.currency,
            "recipient": one.letter.recipient,
            "subject": one.letter.subject,
        }
        for one in found.planned
    ]
    if is_json:
        document = {"as_of": found.as_of.isoformat(), "letters": rows, "left_alone": dict(found.reasons)}
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    for row in rows:
        click.echo("  ".join(row.values()))
    for reason, count in found.reasons.most_common():
        click.echo(f"left alone, {reason}: {count}")


@collections_command.command("trials")
@click.option("--company", "code", metavar="CODE")
@click.option("--as-of", type=DayType(), help="As known on which day (default: today).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def trials_command(
    installation: Installation, code: str | None, as_of: date | None, *, is_json: bool
) -> None:
    """Print what the trials of strategies show, the latest first."""
    with installation.awake():
        from tradecredit.flows.collections import measure_trials
        from tradecredit.plumbing import clock

        company = installations.company_named(code)
        found = measure_trials.measure_trials(
            company=company, as_of=as_of or clock.today(company), actor=installations.system_actor()
        )
    if is_json:
        click.echo(json.dumps({"items": [one.as_dict() for one in found]}, ensure_ascii=False))
        return
    language = installations.language()
    for one in found:
        trial = one.known.trial
        click.echo(f"{trial.code}  {trial.label.in_language(language)}  {trial.from_date} – {trial.to_date}")
        for words in (*one.known.differs, one.told):
            click.echo(f"    {words.in_language(language)}")


@collections_command.command("agency-export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def agency_export(installation: Installation, path: Path, code: str | None) -> None:
    """Write what stands with the agency into the CSV file PATH."""
    with installation.awake():
        from tradecredit.flows.collections import agency_files
        from tradecredit.plumbing.access import scope

        with scope.entered(installations.system_actor()):
            content = agency_files.export_cases(
                company=installations.company_named(code), language=installations.language()
            )
    path.write_bytes(content)


@collections_command.command("agency-import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def agency_import(installation: Installation, path: Path, code: str | None) -> None:
    """Take the agency's report from the CSV file PATH; each of its references once."""
    with installation.awake():
        from tradecredit.flows.collections import agency_files

        found = agency_files.import_report(
            company=installations.company_named(code),
            content=path.read_bytes(),
            actor=installations.system_actor(),
        )
    for problem in found.problems:
        click.echo(f"{problem.row}: {problem.words.in_language(installations.language())}", err=True)
    click.echo(f"taken: {found.taken}")
    if found.problems:
        raise click.exceptions.Exit(1)


@collections_command.command("evidence")
@click.argument("number")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def evidence_command(installation: Installation, number: str, path: Path, code: str | None) -> None:
    """Write the evidence pack of the case NUMBER into the zip file PATH."""
    with installation.awake():
        from tradecredit.analytics.collections import evidence
        from tradecredit.apps.collections import case_queries
        from tradecredit.flows.collections import strategies
        from tradecredit.plumbing import clock
        from tradecredit.plumbing.access import scope

        company = installations.company_named(code)
        day = clock.today(company)
        with scope.entered(installations.system_actor()):
            case = case_queries.by_number(company_id=company.pk, number=number)
            if case is None:
                raise click.UsageError(f"there is no case {number}")
            policy = strategies.in_force(company_id=company.pk, as_of=day).cases
            content = evidence.pack(company=company, case=case, policy=policy, as_of=day)
    path.write_bytes(content)
