"""``tradecredit import KIND FILE…``: bring in what other systems know."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.incoming import Finding, ImportReport, TabularFiles
    from tradecredit.plumbing.access.models import Company

_KINDS = (
    *("customers", "contacts", "orders", "deliveries", "invoices", "credit-notes", "payments"),
    *("financial-statements", "facts", "limits"),
)
_SHOWN_AT_MOST = 20
_COUNTS = ("read", "created", "updated", "unchanged", "refused", "duplicates")


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
def import_command(  # noqa: PLR0917 - click passes options by name
    installation: Installation,
    kind: str,
    files: tuple[Path, ...],
    mapping: str,
    company_code: str | None,
    dry_run: bool,  # noqa: FBT001 - as above
    errors: Path | None,
    create_customers: bool,  # noqa: FBT001 - as above
    as_json: bool,  # noqa: FBT001 - as above
) -> None:
    """Import CSV (UTF-8, GB18030, UTF-16), XLSX or XLS files of one KIND.

    Columns, day and number styles are guessed and the guesses are said. The same file twice changes nothing. Refused
    rows never stop good ones; with --errors they are written to a file of your own format, with the reasons beside them.
    """
    mapping_text = None if mapping == "auto" else _text_of(mapping)
    with installation.awake():
        from tradecredit.flows import ports
        from tradecredit.flows.incoming import TabularFiles

        reader = ports.find(TabularFiles)  # type: ignore[type-abstract] # a protocol is asked for
        company = installations.company_named(company_code)
        reports: list[ImportReport] = []
        for path in files:
            report = _import_one(
                path, kind, company, reader, mapping=mapping_text, dry_run=dry_run, create=create_customers
            )
            reports.append(report)
            if errors is not None and report.refused:
                _write_errors(errors, path, report, reader, mapping=mapping_text, several=len(files) > 1)
        if not dry_run:
            _react(company)
    language = installations.language()
    if as_json:
        click.echo(json.dumps(_document(files, reports, language), ensure_ascii=False))
    else:
        _print(files, reports, language, dry_run=dry_run)
    if any(report.refused for report in reports):
        raise click.exceptions.Exit(1)


def _text_of(mapping: str) -> str:
    path = Path(mapping)
    if not path.is_file():
        raise click.UsageError(f"--map: there is no file {mapping!r}; give a mapping file, or auto")
    return path.read_text(encoding="utf-8")


def _import_one(
    path: Path,
    kind: str,
    company: Company,
    reader: TabularFiles,
    *,
    mapping: str | None,
    dry_run: bool,
    create: bool,
) -> ImportReport:
    from rich.console import Console
    from rich.progress import Progress

    from tradecredit.flows import import_file

    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task(path.name, total=None)

        def moved(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        return import_file.import_file(
            kind=kind,
            data=path.read_bytes(),
            name=path.name,
            company=company,
            actor=installations.system_actor(),
            files=reader,
            mapping=mapping,
            create_customers=create,
            dry_run=dry_run,
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
    from tradecredit.flows.incoming import Weight

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


def _document(files: Sequence[Path], reports: Sequence[ImportReport], language: str) -> dict[str, Any]:
    from tradecredit.flows.incoming import Weight

    several = len(files) > 1
    pairs = list(zip(files, reports, strict=True))

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
    }


def _row(finding: Finding, language: str) -> dict[str, Any]:
    return {
        "row": finding.row,
        "field": finding.field,
        "value": finding.value,
        "message": finding.words.in_language(language),
    }


def _print(files: Sequence[Path], reports: Sequence[ImportReport], language: str, *, dry_run: bool) -> None:
    from tradecredit.core.kernel.reasons import Words

    trial = Words(zh="(试运行,未写入)", en=" (dry run, nothing recorded)").in_language(language)
    for path, report in zip(files, reports, strict=True):
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
