"""``policy tck``: the conformance suite of the DMN standard, read in place and run case by case."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tradecredit.core.decision_tables.conformance import Cases, Judgement

_LISTED = 50


@dataclass(slots=True)
class Tally:
    """What has been counted so far."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    valued: dict[str, int] = field(default_factory=lambda: {"passed": 0, "failed": 0})
    folders: dict[str, dict[str, int]] = field(default_factory=dict)
    failures: list[dict[str, str]] = field(default_factory=list)
    skips: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, folder: str, judgement: Judgement) -> None:
        """Count one case."""
        outcome = "passed" if judgement.is_passed else "failed"
        self.folder(folder)[outcome] += 1
        if judgement.is_passed:
            self.passed += 1
        else:
            self.failed += 1
            self.failures.append({"folder": folder, "case": judgement.case, "why": judgement.why})
        if judgement.is_valued:
            self.valued[outcome] += 1

    def folder(self, name: str) -> dict[str, int]:
        """Return the counts of one folder."""
        return self.folders.setdefault(name, {"passed": 0, "failed": 0, "skipped": 0})

    def document(self) -> dict[str, Any]:
        """Return the counts as the document that is printed."""
        return {
            "passed": self.passed,
            "failed": self.failed,
            "skipped": self.skipped,
            "valued": self.valued,
            "folders": self.folders,
            "failures": self.failures,
            "skips": self.skips,
        }


@click.command("tck")
@click.argument("folder", metavar="DIR", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def tck_command(folder: Path, *, is_json: bool) -> None:
    """Run the DMN conformance cases found anywhere below DIR; exit code 1 when any fails."""
    tally = Tally()
    files = sorted(folder.rglob("*.xml"))
    with click.progressbar(files, label="DMN TCK", file=sys.stderr) as listed:
        for path in listed:
            _run_file(path, folder, tally)
    document = tally.document()
    if is_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print(tally)
    if tally.failed:
        raise click.exceptions.Exit(1)


def _run_file(path: Path, root: Path, tally: Tally) -> None:
    from tradecredit.core.decision_tables import conformance

    text = path.read_text(encoding="utf-8-sig")
    if not conformance.is_cases(text):
        return
    cases = conformance.read_cases(text)
    name = path.parent.relative_to(root).as_posix() if path.parent != root else path.parent.name
    skip = conformance.SKIPPED.get(path.parent.name)
    if skip is not None:
        tally.folder(name)["skipped"] += len(cases.cases)
        tally.skipped += len(cases.cases)
        tally.skips[name] = skip.as_dict()
        return
    for judgement in _judged(path.parent, cases):
        tally.add(name, judgement)


def _judged(folder: Path, cases: Cases) -> Iterable[Judgement]:
    from tradecredit.core.decision_tables import conformance
    from tradecredit.core.feel.values import host
    from tradecredit.plumbing import clock

    model = folder / cases.model_name
    others = [one.read_text(encoding="utf-8-sig") for one in sorted(folder.glob("*.dmn")) if one != model]
    text = model.read_text(encoding="utf-8-sig") if model.is_file() else ""
    return conformance.judge(cases, text, others, now=host.from_host(clock.now()))


def _print(tally: Tally) -> None:
    for name, counts in tally.folders.items():
        click.echo(f"{name}\t{counts['passed']} / {sum(counts.values())}")
    for failure in tally.failures[:_LISTED]:
        click.echo(f"✗ {failure['folder']} {failure['case']}: {failure['why']}")
    for name, words in tally.skips.items():
        click.echo(f"– {name}: {words['zh']} / {words['en']}")
    click.echo(
        f"通过 / passed {tally.passed} · 未通过 / failed {tally.failed} · 跳过 / skipped {tally.skipped} · "
        f"有值 / valued {tally.valued['passed']} / {sum(tally.valued.values())}"
    )
