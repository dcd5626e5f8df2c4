"""``tradecredit model export``: a learned model as a file for other engines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import model_telling

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation


@click.command("export")
@click.argument("name")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def export_command(installation: Installation, name: str, target: Path, code: str | None) -> None:
    """Write a boosted model or a model of lateness (NAME or NAME:NUMBER) as ONNX; needs the extra ml.

    A scorecard goes out as YAML (model show --scorecard) or, once it is the policy's, as PMML.
    """
    with installation.awake():
        from tradecredit.analytics.learning import onnx_models
        from tradecredit.flows.ratings import learned_models

        base, number = model_telling.named(name)
        found = learned_models.find_model(
            company=installations.company_named(code),
            name=base,
            number=number,
            actor=installations.system_actor(),
        )
        content = onnx_models.as_onnx(found.document)
        target.write_bytes(content)
        click.echo(f"{found.name}:{found.number}\t{target}\t{len(content):,} bytes")
