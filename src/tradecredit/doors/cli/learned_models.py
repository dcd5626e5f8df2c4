"""``tradecredit model``: train, prove, compare, promote and show learned models."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import model_exports, model_telling, own_history
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.scoring.models_kept import StoredModel
    from tradecredit.doors.cli.installation import Installation

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN = ("auc", "auc_low", "auc_high", "ks", "brier", "mean_error_days")


@click.group("model")
def model_command() -> None:
    """Learned models: train, list, show, compare, promote, export. They advise; policy decides."""


model_command.add_command(own_history.train_own_command)
model_command.add_command(own_history.train_own_lateness_command)
model_command.add_command(model_exports.export_command)


@model_command.command("train")
@click.argument("name")
@click.option("--kind", type=click.Choice(["scorecard", "boosted"]), default="scorecard", show_default=True)
@click.option("--file", "path", type=_FILE, required=True, help="CSV or ARFF, .gz or not.")
@click.option("--outcome", required=True, metavar="COLUMN[=VALUE]", help="What says that a row went bad.")
@click.option("--definition", default="", help="The default and its horizon in words, kept with the model.")
@click.option("--period", metavar="COLUMN", help="When the row was looked at, for example a year.")
@click.option("--group", metavar="COLUMN", help="Whose row it is: rows of one customer stay in one fold.")
@click.option("--at-last-period", is_flag=True, help="Bad only in the last period of a group that went bad.")
@click.option("--leave-out", default="", metavar="A,B", help="Columns that are no features.")
@click.option("--known-afterwards", default="", metavar="A,B", help="Refused as features, even in ratios.")
@click.option("--per", metavar="COLUMN", help="Divide every other number by this one.")
@click.option("--ratio", "ratios", multiple=True, metavar="A/B", help="One more feature.")
@click.option("--rises", default="", metavar="A,B", help="Features whose risk may only rise.")
@click.option("--falls", default="", metavar="A,B", help="Features whose risk may only fall.")
@click.option("--folds", type=click.IntRange(2, 20), default=10, show_default=True)
@click.option("--test-from", type=float, help="Prove on periods from this one on, instead of folds.")
@click.option("--not-kept", is_flag=True, help="Print the figures only; needs no installation.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def train_command(
    installation: Installation, /, *, not_kept: bool, code: str | None, is_json: bool, **options: Any
) -> None:
    """Learn who goes bad, prove it on rows that were not learned from, and keep it with its figures.

    A scorecard needs nothing more; --kind boosted needs the extra ml (pip install 'tradecredit[ml]').
    """
    document = _learned(**options)
    model_telling.keep_and_tell(installation, document, is_kept=not not_kept, code=code, is_json=is_json)


@model_command.command("train-lateness")
@click.argument("name")
@click.option("--file", "path", type=_FILE, required=True, help="Invoices with their settlement, CSV.")
@click.option("--reference", required=True, metavar="COLUMN")
@click.option("--customer", required=True, metavar="COLUMN")
@click.option("--issued", required=True, metavar="COLUMN")
@click.option("--due", required=True, metavar="COLUMN")
@click.option("--settled", required=True, metavar="COLUMN")
@click.option("--amount", required=True, metavar="COLUMN")
@click.option("--group", metavar="COLUMN", help="For example a country or an industry.")
@click.option(
    "--happening", default="", metavar="A,B", help="Columns of days that count once they have come."
)
@click.option("--test-from", type=DayType(), required=True, help="Prove on invoices issued from this day on.")
@click.option("--not-kept", is_flag=True, help="Print the figures only; needs no installation.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def train_lateness_command(
    installation: Installation, /, *, not_kept: bool, code: str | None, is_json: bool, **options: Any
) -> None:
    """Learn when invoices are paid, from strictly past history only (needs the extra ml)."""
    document = _learned_lateness(**options)
    model_telling.keep_and_tell(installation, document, is_kept=not not_kept, code=code, is_json=is_json)


@model_command.command("list")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def list_command(installation: Installation, code: str | None, *, is_json: bool) -> None:
    """List the models with their standing and figures."""
    with installation.awake():
        from tradecredit.flows.ratings import learned_models

        company = installations.company_named(code)
        found = learned_models.list_models(company=company, actor=installations.system_actor())
        _tell_all(found, is_json=is_json)


@model_command.command("compare")
@click.argument("names", nargs=-1, required=True)
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def compare_command(
    installation: Installation, names: tuple[str, ...], code: str | None, *, is_json: bool
) -> None:
    """Put models side by side (NAME or NAME:NUMBER), and say whether they were proven on the same data."""
    with installation.awake():
        from tradecredit.flows.ratings import learned_models

        company, actor = installations.company_named(code), installations.system_actor()
        found = [
            learned_models.find_model(company=company, name=name, number=number, actor=actor)
            for name, number in map(model_telling.named, names)
        ]
        _tell_all(tuple(found), is_json=is_json)
        if len({each.data_digest for each in found}) > 1:
            click.echo(
                "样本不同,数字不可直接比较 / learned from different data: figures do not compare", err=True
            )


@model_command.command("promote")
@click.argument("name")
@click.option(
    "--as", "standing", type=click.Choice(["champion", "challenger", "retired"]), default="champion"
)
@click.option("--reason", required=True)
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def promote_command(
    installation: Installation, name: str, standing: str, reason: str, code: str | None
) -> None:
    """Give a model (NAME or NAME:NUMBER) its standing from today on."""
    with installation.awake():
        from tradecredit.flows.ratings import learned_models

        base, number = model_telling.named(name)
        found = learned_models.promote_model(
            company=installations.company_named(code), name=base, number=number, standing=standing,
            reason=reason, actor=installations.system_actor(),
        )  # fmt: skip
        click.echo(f"{found.name}:{found.number}\t{standing}")


@model_command.command("show")
@click.argument("name")
@click.option("--scorecard", "is_scorecard", is_flag=True, help="The scorecard as YAML, ready for a policy.")
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def show_command(installation: Installation, name: str, code: str | None, *, is_scorecard: bool) -> None:
    """Show a model (NAME or NAME:NUMBER): figures, training, protection; or its scorecard."""
    with installation.awake():
        import yaml

        from tradecredit.flows.ratings import learned_models

        base, number = model_telling.named(name)
        found = learned_models.find_model(
            company=installations.company_named(code),
            name=base,
            number=number,
            actor=installations.system_actor(),
        )
        if is_scorecard and found.kind == "scorecard":
            click.echo(yaml.safe_dump(found.document["model"], allow_unicode=True, sort_keys=False))
        else:
            click.echo(
                json.dumps(
                    _line(found) | {"training": found.document["training"]}, ensure_ascii=False, indent=1
                )
            )


def _learned(
    *, path: Path, name: str, kind: str, definition: str, folds: int, test_from: float | None, **options: Any
) -> dict[str, Any]:
    from tradecredit.analytics.learning import documents, leakage, proving, sample_files

    reading = sample_files.Reading(
        outcome=options["outcome"],
        period=options["period"],
        group=options["group"],
        leave_out=model_telling.parts(options["leave_out"]),
        known_afterwards=model_telling.parts(options["known_afterwards"]),
        per=options["per"],
        ratios=options["ratios"],
        is_at_last_period=options["at_last_period"],
    )
    sample = sample_files.read(path, reading=reading)
    leakage.refuse_outcomes_in_disguise(sample)
    trends: dict[str, Any] = dict.fromkeys(model_telling.parts(options["rises"]), "rising")
    trends |= dict.fromkeys(model_telling.parts(options["falls"]), "falling")
    plan = proving.Plan(
        kind="boosted" if kind == "boosted" else "scorecard", folds=folds, test_from=test_from, trends=trends
    )
    with click.progressbar(length=proving.steps(plan), label="model train", file=sys.stderr) as bar:
        return documents.of_default(
            sample, plan=plan, name=name, definition=definition or options["outcome"], progress=bar.update
        )


def _learned_lateness(
    *, path: Path, name: str, test_from: date, group: str | None, happening: str, **columns: str
) -> dict[str, Any]:
    from datetime import timedelta

    from tradecredit.analytics.learning import documents, invoice_files

    rows = invoice_files.read(
        path, columns=invoice_files.Columns(group=group, happening=model_telling.parts(happening), **columns)
    )
    latest = max(row.settled_on or row.issued_on for row in rows)
    return documents.of_lateness(rows, test_from=test_from, known_on=latest + timedelta(days=1), name=name)


def _tell_all(found: tuple[StoredModel, ...], *, is_json: bool) -> None:
    if is_json:
        click.echo(json.dumps({"models": [_line(each) for each in found]}, ensure_ascii=False))
        return
    for each in found:
        figures = " ".join(
            f"{key}={each.document['figures'][key]}" for key in _SHOWN if key in each.document["figures"]
        )
        click.echo(
            f"{each.name}:{each.number}\t{each.kind}\t{each.standing or '–'}\t{each.trained_on}\t{figures}"
        )


def _line(found: StoredModel) -> dict[str, Any]:
    return {
        "name": found.name,
        "number": found.number,
        "kind": found.kind,
        "standing": found.standing or None,
        "trained_on": found.trained_on.isoformat(),
        "sha256": found.sha256,
        "data_digest": found.data_digest,
        "target": found.document["target"],
        "figures": found.document["figures"],
        "protection": found.document["protection"],
    }
