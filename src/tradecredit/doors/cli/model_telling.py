"""How a newly learned model is kept and told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.doors.cli.installation import Installation


def keep_and_tell(
    installation: Installation, document: Mapping[str, Any], *, is_kept: bool, code: str | None, is_json: bool
) -> None:
    """Record the model as the next number of its name, unless it is not kept, and print its figures."""
    number = None
    if is_kept:
        with installation.awake():
            from tradecredit.flows.ratings import learned_models
            from tradecredit.plumbing import clock

            company = installations.company_named(code)
            number = learned_models.keep_model(
                company=company,
                document=document,
                trained_on=clock.today(company),
                actor=installations.system_actor(),
            ).number
    told = {key: document[key] for key in ("name", "kind", "target", "figures", "protection", "training")}
    if is_json:
        click.echo(json.dumps({"number": number, **told}, ensure_ascii=False))
        return
    _print(told)


def _print(told: Mapping[str, Any]) -> None:
    language = installations.language()
    click.echo(f"{told['name']} · {told['kind']} · {told['target']['definition']}")
    for key, value in told["figures"].items():
        if key == "bands":
            for band in value:
                click.echo(
                    f"  {band['band']}: {band['customers']} / {band['bads']}  "
                    f"{band['predicted']} → {band['observed']} ({band['observed_low']}–{band['observed_high']})"
                )
        else:
            click.echo(f"{key}\t{value}")
    for words in told["protection"]:
        click.echo(words[language])
    click.echo(f"rows\t{told['training']['rows']}\ndata\t{told['training']['data_digest'][:16]}")


def parts(text: str) -> tuple[str, ...]:
    """Return the parts of a list with commas."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def named(name: str) -> tuple[str, int | None]:
    """Split ``NAME:NUMBER``; without a number the newest is meant."""
    base, _, number = name.partition(":")
    return base, int(number) if number.isdigit() else None
