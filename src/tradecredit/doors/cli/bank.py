"""``tradecredit bank``: statements of our bank accounts, from files."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from rich.progress import Progress

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.cash.import_bank_statement import BankImport
    from tradecredit.plumbing.access.models import Company

_COUNTS = ("matched", "suggested", "unidentified", "held", "returned", "refund", "outgoing")


@click.group("bank")
def bank_command() -> None:
    """Bank statements: import files, list the column profiles."""


@bank_command.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--account", default="", metavar="ID", help="Whose statement it is, where the file does not say."
)
@click.option(
    "--profile", default="", metavar="NAME", help="Column profile of a table, or a YAML file of your own."
)
@click.option("--company", "company_code", metavar="CODE", help="The company whose account it is.")
@click.option("--accept-differences", is_flag=True, help="Book statements that do not add up as well.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def import_statements(installation: Installation, /, **options: Any) -> None:
    """Import statements: camt.052/053/054, MT940/942, OFX, BAI2, or tables (CSV, XLS, XLSX) of banks and wallets.

    Each file is taken whole or refused whole. The same statement twice adds nothing; overlapping ones add what is new.
    """
    files: tuple[Path, ...] = options["files"]
    profile = _profile(options["profile"])
    with installation.awake():
        company = installations.company_named(options["company_code"])
        done, refused = _import_all(files, company, options, profile=profile)
        _react(company)
    language = installations.language()
    document = _document(done, refused, language)
    if options["as_json"]:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print(done, language)
        for one in document["refused"]:
            click.echo(f"{one['file']}: {one['message']}", err=True)
    if refused:
        raise click.exceptions.Exit(1)


@bank_command.command("match")
@click.option("--company", "company_code", metavar="CODE", help="The company whose lines they are.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def match_command(installation: Installation, /, *, company_code: str | None, as_json: bool) -> None:
    """Match the lines that wait once more: what came since may have made them certain."""
    with installation.awake():
        from tradecredit.flows.cash import match_again

        company = installations.company_named(company_code)
        counts = match_again.match_again(company=company, actor=installations.system_actor())
        _react(company)
    document = {name: counts[name] for name in ("matched", "suggested", "unidentified")}
    if as_json:
        click.echo(json.dumps(document))
    else:
        click.echo(", ".join(f"{name} {count:,}" for name, count in document.items()))


@bank_command.command("profiles")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def profiles_command(installation: Installation, /, *, as_json: bool) -> None:
    """List the column profiles that can be named with --profile."""
    with installation.awake():
        from tradecredit.flows import ports

        found = ports.find(ports.BankFiles).profiles()
    language = installations.language()
    titles = {name: title.in_language(language) for name, title in found.items()}
    if as_json:
        click.echo(json.dumps(titles, ensure_ascii=False))
    else:
        for name, title in titles.items():
            click.echo(f"{name:12} {title}")


def _profile(given: str) -> str:
    path = Path(given)
    if given.endswith((".yaml", ".yml")):
        if not path.is_file():
            raise click.UsageError(f"--profile: there is no file {given!r}")
        return path.read_text(encoding="utf-8")
    return given


def _import_all(
    files: tuple[Path, ...], company: Company, options: dict[str, Any], *, profile: str
) -> tuple[list[BankImport], list[tuple[Path, Words]]]:
    from rich.console import Console
    from rich.progress import Progress

    from tradecredit.core.kernel.refusal import UnableToError

    done: list[BankImport] = []
    refused: list[tuple[Path, Words]] = []
    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("", total=len(files))
        for path in files:
            progress.update(task, description=path.name)
            try:
                done.append(_import_one(path, company, options, profile=profile, progress=progress))
            except UnableToError as refusal:
                refused.append((path, refusal.words))
            progress.advance(task)
    return done, refused


def _import_one(
    path: Path, company: Company, options: dict[str, Any], *, profile: str, progress: Progress
) -> BankImport:
    from tradecredit.core.cash_application.statements import BankFile
    from tradecredit.flows import ports
    from tradecredit.flows.cash import import_bank_statement

    task = progress.add_task(path.name, total=None)

    def moved(lines: int, total: int) -> None:
        progress.update(task, completed=lines, total=total)

    return import_bank_statement.import_bank_statement(
        company=company,
        file=BankFile(name=path.name, data=path.read_bytes(), profile=profile, account=options["account"]),
        files=ports.find(ports.BankFiles),
        actor=installations.system_actor(),
        accept_differences=options["accept_differences"],
        moved=moved,
    )


def _react(company: Company) -> None:
    """Let freezes, held orders and ratings follow the money, as a running worker would."""
    from rich.console import Console

    from tradecredit.flows import reactions

    with Console(file=sys.stderr).status("ratings, freezes, held orders …"):
        reactions.drain(actor=installations.system_actor(), company=company)


def _document(done: list[BankImport], refused: list[tuple[Path, Words]], language: str) -> dict[str, Any]:
    from tradecredit.flows.cash import bank_import_json

    return bank_import_json.document(
        done=done, refused=[(path.name, words) for path, words in refused], language=language
    )


def _print(done: list[BankImport], language: str) -> None:
    for report in done:
        form = f"{report.format} {report.profile}".strip()
        click.echo(f"{report.file_name} ({form})")
        counts = ", ".join(f"{name} {report.statuses[name]:,}" for name in _COUNTS if report.statuses[name])
        click.echo(
            f"  lines {report.lines:,}, duplicates {report.duplicates:,}{', ' if counts else ''}{counts}"
        )
        for one in report.unbalanced:
            difference = one.recorded.check.difference
            click.echo(
                f"  ✗ {one.account} {one.number}: ≠ {'?' if difference is None else f'{difference:f}'}"
            )
        for one in report.statements:
            for note in one.notes:
                click.echo(f"  · {note.in_language(language)}")
