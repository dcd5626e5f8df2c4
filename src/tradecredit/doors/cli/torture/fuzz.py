"""``torture fuzz``: broken bank files, read in the child process and, some of them, into throw-away books."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.proving import ground, verdict

if TYPE_CHECKING:
    from tradecredit.flows.rehearsal.fuzz_bank_files import FuzzReport

_FORMATS: Final = ("camt", "mt940", "ofx", "bai2", "csv", "xlsx")
_FIGURES: Final = (
    *("files", "read", "refused", "crashes", "hangs", "wrong", "digits_changed", "digits_missed"),
    *("slowest_ms", "peak_mb", "imported", "imported_again"),
)


@click.command("fuzz")
@click.option("--format", "form", type=click.Choice(("all", *_FORMATS)), default="all", show_default=True)
@click.option("--n", "count", default=2000, show_default=True, help="How many files (the bar: 20000).")
@click.option("--books", default=200, show_default=True, help="How many more go into books, twice each.")
@click.option("--seed", type=int)
@click.option(
    "--unsafe-no-totals",
    is_flag=True,
    help="Negative control: totals are not checked; must miss changed amounts.",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def fuzz_command(
    *, form: str, count: int, books: int, seed: int | None, unsafe_no_totals: bool, is_json: bool
) -> None:
    """No crash, no hang over 5 s, at most 512 MB, nothing half-imported, no changed amount passing for whole."""
    from rich.console import Console
    from rich.progress import Progress

    found = verdict.Verdict(name="fuzz", seed=verdict.seed_or_new(seed))
    with ground.throw_away(customers=10, limit="1000000.00") as place:
        # Models are there once the installation is awake.
        from tradecredit.flows import ports
        from tradecredit.flows.rehearsal import fuzz_bank_files

        files = ports.find(ports.BankFiles)
        with Progress(console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("broken bank files", total=count)
            report = fuzz_bank_files.fuzz(
                files=files,
                count=count,
                seed=found.seed,
                formats=_FORMATS if form == "all" else (form,),
                ignore_totals=unsafe_no_totals,
                on_progress=lambda done: progress.update(task, completed=done),
            )
        if books:
            _into_books(place.company, files, report, count=books, seed=found.seed)
    _judge(found, report)
    found.tell(headline="files", is_json=is_json)


def _into_books(company: Any, files: Any, report: FuzzReport, *, count: int, seed: int) -> None:
    from tradecredit.analytics.receivables import bank_books
    from tradecredit.doors.cli import installation as installations
    from tradecredit.flows.rehearsal import fuzz_bank_files
    from tradecredit.plumbing.access import scope

    actor = installations.system_actor()

    def counted() -> tuple[int, int]:
        with scope.entered(actor):
            return bank_books.size(company_id=company.pk)

    ground.say(f"{count} of them into books, twice each …")
    fuzz_bank_files.import_some(
        company=company, files=files, actor=actor, count=count, seed=seed, counted=counted, report=report
    )


def _judge(found: verdict.Verdict, report: FuzzReport) -> None:
    from tradecredit.flows.rehearsal import fuzz_bank_files

    found.figures = {name: getattr(report, name) for name in _FIGURES}
    found.figures["by_format"] = dict(report.by_format)
    for name in ("crashes", "hangs", "wrong", "digits_missed"):
        found.require(getattr(report, name) == 0, f"{name}: {getattr(report, name)}")
    limit = fuzz_bank_files.MEMORY_MB_MAX
    found.require(report.peak_mb <= limit, f"{report.peak_mb} MB, at most {limit}")
    found.require(report.read > 0 < report.refused, "the mutations are too harsh or too mild")
    found.failures.extend(report.failures)
