"""``tradecredit model train-own``, ``train-own-lateness``: learn from the company's own recorded history."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import model_telling
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.doors.cli.installation import Installation


@click.command("train-own")
@click.argument("name")
@click.option("--kind", type=click.Choice(["scorecard", "boosted"]), default="scorecard", show_default=True)
@click.option("--first", type=DayType(), required=True, help="The first day on which ratings are looked at.")
@click.option("--every-months", type=click.IntRange(1, 12), default=3, show_default=True)
@click.option("--folds", type=click.IntRange(2, 20), default=10, show_default=True)
@click.option("--leave-out", default="", metavar="A,B", help="Indicators that are no features.")
@click.option("--not-kept", is_flag=True, help="Print the figures only.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def train_own_command(
    installation: Installation, /, *, not_kept: bool, code: str | None, is_json: bool, **options: Any
) -> None:
    """Learn who goes bad from the company's own books: ratings as recorded then, and what came after."""
    with installation.awake():
        from tradecredit.flows.ratings import learn_from_books

        wish = learn_from_books.Wish(
            name=options["name"], kind=options["kind"], first=options["first"],
            every_months=options["every_months"], folds=options["folds"], leave_out=model_telling.parts(options["leave_out"]),
        )  # fmt: skip
        with click.progressbar(length=wish.folds, label="model train-own", file=sys.stderr) as bar:
            document = learn_from_books.learn_from_books(
                company=installations.company_named(code),
                actor=installations.system_actor(),
                wish=wish,
                progress=bar.update,
            )
    model_telling.keep_and_tell(installation, document, is_kept=not not_kept, code=code, is_json=is_json)


@click.command("train-own-lateness")
@click.argument("name")
@click.option(
    "--test-from",
    type=DayType(),
    help="Prove on invoices from this day on; default: the latest quarter of them.",
)
@click.option("--not-kept", is_flag=True, help="Print the figures only.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def train_own_lateness_command(
    installation: Installation,
    name: str,
    test_from: date | None,
    *,
    not_kept: bool,
    code: str | None,
    is_json: bool,
) -> None:
    """Learn when invoices are paid from the company's own books, strictly past history only (needs the extra ml).

    Once promoted, `tradecredit report expected-payments` tells the day on which each open instalment is expected.
    """
    with installation.awake():
        from tradecredit.flows.ratings import learn_from_books

        document = learn_from_books.learn_lateness(
            company=installations.company_named(code),
            actor=installations.system_actor(),
            name=name,
            test_from=test_from,
        )
    model_telling.keep_and_tell(installation, document, is_kept=not not_kept, code=code, is_json=is_json)
