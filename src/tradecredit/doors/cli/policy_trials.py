"""``policy report``, ``policy shadow`` and ``policy go-back``: what a version changed, policies beside the live one, and back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import policy_documents
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.apps.decisions.shadows import StoredShadow
    from tradecredit.doors.cli.installation import Installation


@click.command("report")
@click.argument("number", type=int)
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def report_command(installation: Installation, number: int, code: str | None, *, is_json: bool) -> None:
    """Tell what a version of the policy changed, which customers it concerns, and who signed it."""
    with installation.awake():
        from tradecredit.flows.policy import change_report

        found = change_report.change_report(
            company=installations.company_named(code), number=number, actor=installations.system_actor()
        )
        if is_json:
            click.echo(json.dumps(found.as_dict(), ensure_ascii=False))
            return
        click.echo(f"{found.version.pack} {number}: {found.version.valid_from} · {found.version.reason}")
        click.echo(f"起草 / drafted: {found.published_by} · 批准 / approved: {found.approved_by}")
        for change in found.changes:
            click.echo(f"  {change.path}: {change.before} → {change.after}")
        for one in found.affected:
            click.echo(
                f"  {one.code} {one.name}: +{one.newly_held} 拦 / held, +{one.newly_released} 放 / released"
            )


@click.command("go-back")
@click.argument("number", type=int)
@click.option("--from", "valid_from", type=DayType(), required=True, help="The first day.")
@click.option("--reason", required=True, help="Why; kept with the version.")
@click.option(
    "--by", "author", metavar="EMAIL", required=True, help="Who drafts it; another person publishes."
)
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def go_back_command(  # noqa: PLR0917 - click passes the options
    installation: Installation, number: int, valid_from: date, reason: str, author: str, code: str | None
) -> None:
    """Begin a draft that goes back to a former version; a second person publishes it as any other."""
    with installation.awake():
        from tradecredit.flows.policy import draft_policy

        draft = draft_policy.draft_former(
            company=installations.company_named(code),
            number=number,
            reason=reason,
            valid_from=valid_from,
            actor=policy_documents.person(author),
        )
        click.echo(f"{draft.id}\t{draft.title}")


@click.group("shadow")
def shadow_command() -> None:
    """Policies asked beside the live one: start, list, end."""


@shadow_command.command("start")
@click.argument("name")
@click.option(
    "--share", type=click.IntRange(1, 100), default=100, show_default=True, help="Percent of customers."
)
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def start_command(installation: Installation, name: str, share: int, code: str | None) -> None:
    """Ask a pack, or a folder of your own, beside the live policy; it decides nothing."""
    with installation.awake():
        from tradecredit.flows.policy import shadow_policy

        found = shadow_policy.start_shadow(
            company=installations.company_named(code),
            document=policy_documents.load(name),
            title=name,
            share=share,
            actor=installations.system_actor(),
        )
        click.echo(f"{found.id}\t{found.title}\t{found.share}%")


@shadow_command.command("list")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def list_command(installation: Installation, code: str | None, *, is_json: bool) -> None:
    """List shadows with how they agree with the live policy."""
    with installation.awake():
        from tradecredit.apps.decisions import shadows
        from tradecredit.plumbing.access import scope

        company = installations.company_named(code)
        with scope.entered(installations.system_actor()):
            found = [_line(one) for one in shadows.listed(company_id=company.pk)]
        if is_json:
            click.echo(json.dumps({"shadows": found}, ensure_ascii=False))
            return
        for one in found:
            click.echo("\t".join(str(value) for value in one.values()))


@shadow_command.command("end")
@click.argument("shadow", type=click.UUID)
@click.pass_obj
def end_command(installation: Installation, shadow: Any) -> None:
    """Ask a shadow no more; what it said stays."""
    with installation.awake():
        from tradecredit.flows.policy import shadow_policy

        found = shadow_policy.end_shadow(shadow_id=shadow, actor=installations.system_actor())
        click.echo(f"{found.id}\t{found.title}")


def _line(shadow: StoredShadow) -> dict[str, Any]:
    from tradecredit.apps.decisions import shadows

    tally = shadows.tally(shadow.id)
    return {
        "id": str(shadow.id),
        "title": shadow.title,
        "share": shadow.share,
        "is_running": shadow.is_running,
        "asked": tally.asked,
        "newly_held": tally.newly_held,
        "newly_released": tally.newly_released,
        "agreement_percent": tally.agreement_percent,
    }
