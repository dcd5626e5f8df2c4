"""``tradecredit report``: a table on the screen, or JSON, CSV or XLSX on stdout or into a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DayType, MomentType

if TYPE_CHECKING:
    from datetime import date, datetime

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.plumbing.tables import Table

_WIDTH_OF_A_FILE = 200
_FORMATS = ("table", "json", "csv", "xlsx")


@click.command("report")
@click.argument("name")
@click.option("--as-of", type=DayType(), help="The day to report (default: the company's today).")
@click.option("--known-at", type=MomentType(), help="As it was known at this moment (default: now).")
@click.option(
    "--by",
    default="",
    metavar="A,B",
    help="Group by customer, salesperson, region, team, industry, grade, company; currencies are always apart.",
)
@click.option("--scheme", metavar="KEY", help="Aging scheme of the policy, e.g. overdue, overdue_short, age.")
@click.option("--company", "code", metavar="CODE", help="One company (default: every company).")
@click.option("--format", "form", type=click.Choice(_FORMATS), default="table", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write here instead of stdout.")
@click.option("--json", "is_json", is_flag=True, help="The same as --format json.")
@click.pass_obj
def report_command(installation: Installation, /, *, form: str, is_json: bool, **options: Any) -> None:
    """Report NAME, as of any day.

    NAME is one of: aging, dso, days-to-pay, collection-rate, bad-debts, provision, abc, overdue, exposure, grades,
    statement-of-account, customer-fields, collection-progress, bank-statements, letters, coverage, overrides, levels, hold-errors.
    """
    with installation.awake():
        table, heading = _make(**{key: options[key] for key in options if key != "out"})
        content = _render(table, heading, form="json" if is_json else form, language=installations.language())
    if options["out"] is not None:
        options["out"].write_bytes(content)
    else:
        sys.stdout.buffer.write(content)


def _make(
    *,
    name: str,
    as_of: date | None,
    known_at: datetime | None,
    by: str,
    scheme: str | None,
    code: str | None,
) -> tuple[Table, dict[str, Any]]:
    from tradecredit.analytics import reports
    from tradecredit.plumbing import clock
    from tradecredit.plumbing.access import scope

    company = installations.company_named(code)
    more = {} if scheme is None else {"scheme": scheme}
    request = reports.ReportRequest(
        as_of=as_of or clock.today(company),
        known_at=known_at,
        by=tuple(part.strip() for part in by.split(",") if part.strip()),
        company_id=company.pk if code else None,
        **more,
    )
    with scope.entered(installations.system_actor()):
        table = reports.make(name=name, request=request)
    heading = {
        "report": name,
        "as_of": request.as_of.isoformat(),
        "known_at": known_at.isoformat() if known_at else None,
    }
    return table, heading


def _render(table: Table, heading: dict[str, Any], *, form: str, language: str) -> bytes:
    from tradecredit.plumbing import tables

    match form:
        case "json":
            document = {**heading, "rows": tables.as_records(table)}
            return (json.dumps(document, ensure_ascii=False) + "\n").encode()
        case "csv":
            return tables.as_csv(table, language=language)
        case "xlsx":
            return tables.as_xlsx(table, language=language)
        case _:
            return _drawn(table, language).encode()


def _drawn(table: Table, language: str) -> str:
    from rich.console import Console
    from rich.table import Table as Drawing
    from rich.text import Text

    from tradecredit.plumbing import tables

    drawing = Drawing(title=table.title.in_language(language))
    for column in table.columns:
        justify = "left" if column.kind == "text" else "right"
        drawing.add_column(column.label.in_language(language), justify=justify)  # type: ignore[arg-type] # rich's own literal
    for row in table.rows:
        drawing.add_row(*(Text(tables.as_text(value)) for value in row))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    with console.capture() as captured:
        console.print(drawing)
    return captured.get()
