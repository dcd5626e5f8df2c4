"""``torture language``: broken expressions, cells and decision models; each is read, or refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli.proving import verdict

if TYPE_CHECKING:
    from tradecredit.flows.rehearsal.fuzz_language import LanguageReport

_FIGURES: Final = (
    "texts",
    "read",
    "refused",
    "crashes",
    "hangs",
    "wrong",
    "slowest_ms",
    "grown_mb",
    "by_kind",
)


@click.command("language")
@click.option("--n", "count", default=5000, show_default=True, help="How many texts (the bar: 100000).")
@click.option("--seed", type=int)
@click.option(
    "--models",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Break the decision models (*.dmn) below this folder too.",
)
@click.option(
    "--unsafe-no-depth",
    is_flag=True,
    help="Negative control: nothing bounds how deeply texts are nested; must crash.",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def language_command(
    *, count: int, seed: int | None, folder: Path | None, unsafe_no_depth: bool, is_json: bool
) -> None:
    """No crash, no text over a second, at most 256 MB, and what is written is read again as the same."""
    from rich.console import Console
    from rich.progress import Progress

    from tradecredit import policies
    from tradecredit.flows.rehearsal import fuzz_language

    found = verdict.Verdict(name="language", seed=verdict.seed_or_new(seed))
    folders = [Path(next(iter(policies.__path__))), *([folder] if folder else [])]
    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("broken texts", total=count)
        report = fuzz_language.fuzz(
            models=[path.read_text("utf-8") for one in folders for path in sorted(one.rglob("*.dmn"))],
            count=count,
            seed=found.seed,
            is_unbounded=unsafe_no_depth,
            on_progress=lambda done: progress.update(task, completed=done),
        )
    _judge(found, report)
    found.tell(headline="texts", is_json=is_json)


def _judge(found: verdict.Verdict, report: LanguageReport) -> None:
    from tradecredit.flows.rehearsal import fuzz_language

    found.figures = {name: getattr(report, name) for name in _FIGURES}
    for name in ("crashes", "hangs", "wrong"):
        found.require(getattr(report, name) == 0, f"{name}: {getattr(report, name)}")
    limit = fuzz_language.MEMORY_MB_MAX
    found.require(report.grown_mb <= limit, f"{report.grown_mb} MB more, at most {limit}")
    found.require(report.read > 0 < report.refused, "the mutations are too harsh or too mild")
    found.failures.extend(report.failures)
