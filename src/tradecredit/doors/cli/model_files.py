"""``rate export`` and ``rate import``: the model as a file, and a file as a draft of the policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import policy_documents
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.doors.cli.installation import Installation

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("export")
@click.option("--format", "form", type=click.Choice(("yaml", "pmml")), default="yaml", show_default=True)
@click.option("--as-of", type=DayType())
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def export_command(
    installation: Installation, form: Literal["yaml", "pmml"], as_of: date | None, code: str | None
) -> None:
    """Write the model in force to stdout: YAML that `rate import` reads, or a PMML 4.4 Scorecard for other tools."""
    with installation.awake():
        from tradecredit.flows.ratings import draft_model

        click.echo(draft_model.written_model(policy_documents.in_force(code, as_of), form=form), nl=False)


@click.command("import")
@click.argument("model", type=_FILE)
@click.option("--as", "email", required=True, metavar="EMAIL", help="Whose draft it becomes.")
@click.option("--from", "valid_from", type=DayType(), required=True, help="From which day it is to hold.")
@click.option("--reason", required=True)
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def import_command(
    installation: Installation,
    *,
    model: Path,
    email: str,
    valid_from: date,
    reason: str,
    code: str | None,
    is_json: bool,
) -> None:
    """Begin a draft of the policy with the MODEL of a file (YAML or PMML); a second person publishes it."""
    with installation.awake():
        from tradecredit.flows.policy import draft_policy
        from tradecredit.flows.ratings import draft_model
        from tradecredit.plumbing.access import scope

        company, actor = installations.company_named(code), policy_documents.person(email)
        # Read first: a file that holds no model leaves no draft behind.
        text = model.read_text(encoding="utf-8-sig")
        draft_model.read_model(text)
        draft = draft_policy.start_draft(
            company=company, title=model.stem, reason=reason, valid_from=valid_from, actor=actor
        )
        draft = draft_model.import_model(draft_id=draft.id, text=text, version=draft.version, actor=actor)
        with scope.entered(actor):
            changes = draft_model.changes_of(draft)
        if is_json:
            document = {"draft": str(draft.id), "changes": [words.as_dict() for words in changes]}
            click.echo(json.dumps(document, ensure_ascii=False))
            return
        click.echo(f"/policies/drafts/{draft.id}/model")
        for words in changes:
            click.echo(f"  {words.in_language(installations.language())}")
