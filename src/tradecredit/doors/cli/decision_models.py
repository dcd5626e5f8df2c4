"""``policy check FILE.dmn`` and ``policy decide``: a decision model looked over, and asked."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import PairType

if TYPE_CHECKING:
    from tradecredit.core.decision_tables.engine import Model
    from tradecredit.core.decision_tables.strict import StrictVerdict


def is_model(name: str) -> bool:
    """Tell whether a name given to ``policy check`` is a decision model's file."""
    return Path(name).suffix.lower() in {".dmn", ".xml"} and Path(name).is_file()


def check(name: str, *, is_json: bool) -> None:
    """Print what is wrong with each table and text of a model; exit code 1 when anything is."""
    from tradecredit.core.decision_tables import looking_over

    language = installations.language()
    findings = [finding.as_dict() for finding in looking_over.look_over(_model(Path(name)))]
    if is_json:
        click.echo(json.dumps({"model": name, "findings": findings}, ensure_ascii=False))
    else:
        for finding in findings:
            place = "".join(f"[{row}]" for row in finding["rows"]) + finding["column"]
            click.echo(f"{finding['decision']} {place}: {finding['words'][language]}")
        click.echo(f"{name}: {len(findings)} 处问题 / findings" if findings else f"{name}: 正确 / sound")
    if findings:
        raise click.exceptions.Exit(1)


@click.command("decide")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.option(
    "--fact",
    "facts",
    multiple=True,
    type=PairType(),
    metavar="NAME=VALUE",
    help="A fact; numbers and true/false as such.",
)
@click.option(
    "--lenient", is_flag=True, help="Let missing facts pass as the language does, instead of to a person."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def decide_command(
    file: Path, decision: str, facts: tuple[tuple[str, str], ...], *, lenient: bool, is_json: bool
) -> None:
    """Ask a decision model, and be told why; exit code 1 when a person has to look."""
    from tradecredit.core.decision_tables import strict
    from tradecredit.core.decision_tables.strict import StrictVerdict

    model = _model(file)
    given = {name: value(text) for name, text in facts}
    if lenient:
        found = model.decide(decision, given, is_traced=True)
        verdict = StrictVerdict(value=found.value, reasons=(), trace=found.trace)
    else:
        verdict = strict.decide(model, decision, given, is_traced=True)
    document = _document(model, verdict)
    if is_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print(document, installations.language())
    if verdict.needs_person:
        raise click.exceptions.Exit(1)


def _model(path: Path) -> Model:
    from tradecredit.core.decision_tables import reading
    from tradecredit.core.decision_tables.engine import Model

    return Model(reading.read(path.read_text(encoding="utf-8-sig")))


def value(text: str) -> Any:
    """Return what a fact on the command line means: true, false, null, a number, or the text itself."""
    words = {"true": True, "false": False, "null": None}
    if text in words:
        return words[text]
    try:
        number = Decimal(text)
    except ArithmeticError:
        return text
    return number if number.is_finite() else text


def _document(model: Model, verdict: StrictVerdict) -> dict[str, Any]:
    from tradecredit.core.decision_tables import boxes, telling
    from tradecredit.core.decision_tables.tracing import TableTrace
    from tradecredit.core.feel.values import texts

    told = []
    for trace in verdict.trace:
        if isinstance(trace, TableTrace):
            logic = getattr(model.named(trace.element), "logic", None)
            if isinstance(logic, boxes.Table):
                told.append(telling.tell(trace, logic))
    return {
        "value": None if verdict.value is None else texts.text(verdict.value),
        "needs_person": verdict.needs_person,
        "reasons": [words.as_dict() for words in verdict.reasons],
        "told": [
            {
                "headline": one.headline.as_dict(),
                "rows_before": [words.as_dict() for words in one.rows_before],
                "alternatives": [words.as_dict() for words in one.alternatives],
            }
            for one in told
        ],
    }


def _print(document: dict[str, Any], language: str) -> None:
    click.echo(document["value"] if document["value"] is not None else "→ 转人工 / to a person")
    for words in document["reasons"]:
        click.echo(f"  ! {words[language]}")
    for one in document["told"]:
        click.echo(f"  {one['headline'][language]}")
        for words in one["rows_before"]:
            click.echo(f"    - {words[language]}")
        for words in one["alternatives"]:
            click.echo(f"    → {words[language]}")
