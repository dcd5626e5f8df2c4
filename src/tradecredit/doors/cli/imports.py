"""``tradecredit import KIND FILE…``: bring in what other systems know."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.imports.incoming import Finding, ImportReport, TabularFiles, UnableToReadFileError
    from tradecredit.plumbing.access.models import Company

_KINDS = (
    *("customers", "contacts", "orders", "deliveries", "invoices", "credit-notes", "payments"),
    *("contracts", "bills", "goods-events", "covers"),
    *("financial-statements", "facts", "limits", "groups", "rates"),
)
_SHOWN_AT_MOST = 20
_COUNTS = ("read", "created", "updated", "unchanged", "refused", "duplicates")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wish:
    """What was asked for on the command line."""

    kind: str
    files: tuple[Path, ...]
    mapping: str
    company_code: str | None
    dry_run: bool
    errors: Path | None
    create_customers: bool
    as_json: bool


@click.command("import")
@click.argument("kind", type=click.Choice(_KINDS))
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option(
    "--map",
    "mapping",
    default="auto",
    metavar="auto|FILE",
    help="Guess the columns, or a mapping file (YAML).",
)
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.option("--dry-run", is_flag=True, help="Record nothing; say what would happen.")
@click.option(
    "--errors", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the refused rows."
)
@click.option(
    "--create-customers/--no-create-customers",
    default=True,
    help="Let documents bring unknown customers with them.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def import_command(installation: Installation, /, **options: Any) -> None:
    """Import CSV (UTF-8, GB18030, UTF-16), XLSX or XLS files of one KIND.

    Columns, day and number styles are guessed and the guesses are said. The same file twice changes nothing. Refused
    rows never stop good ones; with --errors they are written to a file of your own format, with the reasons beside them.
    """
    wish = _Wish(**options)
    mapping = None if wish.mapping == "auto" else _text_of(wish.mapping)
    with installation.awake():
        company = installations.company_named(wish.company_code)
        done, unread = _import_all(wish, company, mapping=mapping)
        if not wish.dry_run:
            _react(company)
    language = installations.language()
    if wish.as_json:
        click.echo(json.dumps(_document(done, unread, language), ensure_ascii=False))
    else:
        _print(done, language, dry_run=wish.dry_run)
        for path, error in unread:
            click.echo(f"{path.name}: {error.words.in_language(language)}", err=True)
    if unread or any(report.refused for _, report in done):
        raise click.exceptions.Exit(1)


def _import_all(
    wish: _Wish, company: Company, *, mapping: str | None
) -> tuple[list[tuple[Path, ImportReport]], list[tuple[Path, UnableToReadFileError]]]:
    from tradecredit.flows import ports
    from tradecredit.flows.imports.incoming import TabularFiles, UnableToReadFileError

    reader = ports.find(TabularFiles)
    done: list[tuple[Path, ImportReport]] = []
    unread: list[tuple[Path, UnableToReadFileError]] = []
    for path in wish.files:
        try:
            report = _import_one(path, wish, company, reader, mapping=mapping)
        except UnableToReadFileError as error:
            unread.append((path, error))
            continue
        done.append((path, report))
        if wish.errors is not None and report.refused:
            _write_errors(wish.errors, path, report, reader, mapping=mapping, several=len(wish.files) > 1)
    return done, unread


def _text_of(mapping: str) -> str:
    path = Path(mapping)
    if not path.is_file():
        raise click.UsageError(f"--map: there is no file {mapping!r}; give a mapping file, or auto")
    return path.read_text(encoding="utf-8")


def _import_one(
    path: Path, wish: _Wish, company: Company, reader: TabularFiles, *, mapping: str | None
) -> ImportReport:
    from rich.console import Console
    from rich.progress import Progress

    from tradecredit.flows.imports import import_file

    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(path.name, total=None)

        def moved(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        return import_file.import_file(
            kind=wish.kind,
            data=path.read_bytes(),
            name=path.name,
            company=company,
            actor=installations.system_actor(),
            files=reader,
            mapping=mapping,
            create_customers=wish.create_customers,
            dry_run=wish.dry_run,
            on_progress=moved,
        )


def _react(company: Company) -> None:
    """Let ratings, freezes and held orders follow what came in, as a running worker would."""
    from rich.console import Console

    from tradecredit.flows import reactions

    with Console(file=sys.stderr).status("ratings, freezes, held orders …"):
        reactions.drain(actor=installations.system_actor(), company=company)


def _write_errors(
    target: Path,
    path: Path,
    report: ImportReport,
    reader: TabularFiles,
    *,
    mapping: str | None,
    several: bool,
) -> None:
    from tradecredit.flows.imports.incoming import Weight

    if several:
        target = target.with_name(f"{target.stem}-{path.stem}{target.suffix}")
    data = reader.error_file(
        kind=report.kind,
        data=path.read_bytes(),
        findings=report.of_weight(Weight.REFUSED),
        language=installations.language(),
        mapping=mapping,
    )
    target.write_bytes(data)
    click.echo(str(target), err=True)


def _document(
    pairs: Sequence[tuple[Path, ImportReport]],
    unread: Sequence[tuple[Path, UnableToReadFileError]],
    language: str,
) -> dict[str, Any]:
    from tradecredit.flows.imports.incoming import Weight

    several = len(pairs) + len(unread) > 1
    reports = [report for _, report in pairs]

    def listed(weight: Weight) -> list[dict[str, Any]]:
        return [
            _row(finding, language) | ({"file": path.name} if several else {})
            for path, report in pairs
            for finding in report.of_weight(weight)
        ]

    document: dict[str, Any] = {name: sum(getattr(report, name) for report in reports) for name in _COUNTS}
    settlements: dict[str, int] = {}
    for report in reports:
        for status, count in report.settlements.items():
            settlements[status] = settlements.get(status, 0) + count
    return document | {
        "errors": listed(Weight.REFUSED),
        "duplicate_rows": listed(Weight.DUPLICATE),
        "notices": listed(Weight.NOTICE),
        "notes": [note.in_language(language) for report in reports for note in report.notes],
        "mapping": {heading: column for report in reports for heading, column in report.mapping.items()},
        "settlements": settlements,
        "customers_created": sum(report.customers_created for report in reports),
        "unread": [
            {"file": path.name, "message": error.words.in_language(language)} for path, error in unread
        ],
    }


def _row(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "row": finding.row,
        "field": finding.field,
        "value": finding.value,
        "message": finding.words.in_language(language),
    }


def _print(pairs: Sequence[tuple[Path, ImportReport]], language: str, *, dry_run: bool) -> None:
    from tradecredit.core.kernel.reasons import Words

    trial = Words(zh="（试运行，未写入）", en=" (dry run, nothing recorded)").in_language(language)
    for path, report in pairs:
        click.echo(f"{path.name}{trial if dry_run else ''}")
        click.echo("  " + ", ".join(f"{name} {getattr(report, name):,}" for name in _COUNTS))
        if report.settlements:
            click.echo("  settlements: " + ", ".join(f"{k} {v:,}" for k, v in report.settlements.items()))
        for note in report.notes:
            click.echo(f"  · {note.in_language(language)}")
        for finding in report.findings[:_SHOWN_AT_MOST]:
            mark = "✗" if finding.weight.value == "refused" else "·"
            where = f"{finding.field} “{finding.value}”" if finding.value else finding.field
            click.echo(f"  {mark} {finding.row}: {where} — {finding.words.in_language(language)}")
        if len(report.findings) > _SHOWN_AT_MOST:
            click.echo(f"  … {len(report.findings) - _SHOWN_AT_MOST:,} more (--json, --errors FILE)")
