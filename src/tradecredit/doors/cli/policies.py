"""``policy``: packs that ship, versions that were published, and checking them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import (
    decision_models,
    policy_documents,
    policy_packages,
    policy_questions,
    policy_trials,
    simulations,
    tck,
)
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.core.kernel.refusal import PolicyError
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.plumbing.access.models import Company


@click.group("policy")
def policy_command() -> None:
    """Policy packs: list, show, check, publish; conformance of the policy language."""


policy_command.add_command(tck.tck_command)
policy_command.add_command(decision_models.decide_command)
policy_command.add_command(simulations.simulate_command)
policy_command.add_command(policy_trials.report_command)
policy_command.add_command(policy_trials.go_back_command)
policy_command.add_command(policy_trials.shadow_command)
policy_command.add_command(policy_packages.diff_command)
policy_command.add_command(policy_packages.export_command)
policy_command.add_command(policy_packages.import_command)
policy_command.add_command(policy_packages.sign_command)
policy_command.add_command(policy_packages.verify_command)
policy_command.add_command(policy_packages.value_command)
policy_command.add_command(policy_questions.tables_command)
policy_command.add_command(policy_questions.ask_command)
policy_command.add_command(policy_questions.values_command)


@policy_command.command("list")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def list_command(installation: Installation, code: str | None, *, is_json: bool) -> None:
    """List the packs that ship and the versions that the company published."""
    with installation.awake():
        from tradecredit.flows import ports

        shipped = ports.find(ports.PolicyPacks)
        packs = [_pack_line(shipped.load_pack(name)) for name in shipped.pack_names()]
        company = _company_or_none(code)
        published = [] if company is None else _published(company)
        named = None if company is None else company.code
        if is_json:
            document = {"packs": packs, "company": named, "published": published}
            click.echo(json.dumps(document, ensure_ascii=False))
            return
        language = installations.language()
        for pack in packs:
            click.echo(f"{pack['name']}\t{pack['label'][language]}")
        for version in published:
            click.echo(f"{named}\t{version['pack']} {version['number']}\t{version['valid_from']}")


def _company_or_none(code: str | None) -> Company | None:
    """Return the company; before the first one is set up there is none, and packs can be listed all the same."""
    try:
        return installations.company_named(code)
    except click.UsageError:
        if code is not None:
            raise
        return None


def _pack_line(document: Mapping[str, Any]) -> dict[str, Any]:
    pack = document["pack"]
    return {
        key: str(pack[key]) if key != "label" else pack[key]
        for key in ("name", "label", "version", "valid_from")
    }


def _published(company: Company) -> list[dict[str, Any]]:
    from tradecredit.apps.decisions import policies
    from tradecredit.plumbing.access import scope

    with scope.entered(installations.system_actor()):
        return [
            {
                "number": version.number,
                "pack": version.pack,
                "valid_from": version.valid_from.isoformat(),
                "recorded_at": version.recorded_at.isoformat(),
                "reason": version.reason,
                "sha256": version.sha256,
            }
            for version in policies.versions(company_id=company.pk)
        ]


@policy_command.command("show")
@click.argument("name", required=False)
@click.option("--section", help="One section only, for example scorecard.")
@click.option("--as-of", type=DayType(), help="The company's policy in force on that day.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="JSON instead of YAML.")
@click.pass_obj
def show_command(
    installation: Installation,
    name: str | None,
    section: str | None,
    as_of: date | None,
    code: str | None,
    *,
    is_json: bool,
) -> None:
    """Show a pack that ships, or (without a name) the policy that the company has in force."""
    with installation.awake():
        document = policy_documents.in_force(code, as_of) if name is None else policy_documents.load(name)
        if section is not None and section not in document:
            known = ", ".join(sorted(document))
            raise click.UsageError(f"there is no section {section!r}; there are {known}")
        shown = document if section is None else document[section]
        click.echo(json.dumps(shown, ensure_ascii=False, default=str) if is_json else _as_yaml(shown))


def _as_yaml(value: Any) -> str:
    import yaml

    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=110).rstrip()


@policy_command.command("check")
@click.argument("name")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def check_command(installation: Installation, name: str, *, is_json: bool) -> None:
    """Check a pack by name, a folder of your own or a DMN file: every mistake, gap and overlap with its place."""
    if decision_models.is_model(name):
        decision_models.check(name, is_json=is_json)
        return
    with installation.awake():
        from tradecredit.core.kernel.refusal import PolicyError
        from tradecredit.flows.policy import check_policy

        try:
            found: Sequence[PolicyError] = check_policy.check_policy(document=policy_documents.load(name))
        except PolicyError as error:
            found = (error,)
        findings = [{"path": each.path, "message": str(each)} for each in found]
        if is_json:
            click.echo(json.dumps({"pack": name, "findings": findings}, ensure_ascii=False))
        else:
            for finding in findings:
                click.echo(finding["message"])
            click.echo(f"{name}: {len(findings)} 处问题 / findings" if findings else f"{name}: 正确 / sound")
        if findings:
            raise click.exceptions.Exit(1)


@policy_command.command("publish")
@click.argument("name")
@click.option("--from", "valid_from", type=DayType(), help="The first day (default: today).")
@click.option("--reason", required=True, help="Why the policy changes; kept with it.")
@click.option("--by", "publisher", metavar="EMAIL", required=True, help="Who publishes.")
@click.option("--approved-by", "approver", metavar="EMAIL", required=True, help="The second person.")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def publish_command(  # noqa: PLR0917 - click passes the options
    installation: Installation,
    name: str,
    valid_from: date | None,
    reason: str,
    publisher: str,
    approver: str,
    code: str | None,
    *,
    is_json: bool,
) -> None:
    """Publish a pack (or a folder of your own) for the company, by two people."""
    with installation.awake():
        from tradecredit.flows.policy import check_policy, publish_policy
        from tradecredit.plumbing import clock

        document = policy_documents.load(name)
        found = check_policy.check_policy(document=document)
        if found:
            for each in found:
                click.echo(str(each), err=True)
            raise click.exceptions.Exit(1)
        company = installations.company_named(code)
        stored = publish_policy.publish_policy(
            company=company,
            document=document,
            valid_from=valid_from or clock.today(company),
            reason=reason,
            actor=policy_documents.person(publisher),
            approved_by=policy_documents.person(approver),
        )
        answer = {
            "company": company.code,
            "pack": stored.pack,
            "number": stored.number,
            "valid_from": stored.valid_from.isoformat(),
            "sha256": stored.sha256,
        }
        line = f"{stored.pack} {stored.number}: {stored.valid_from}"
        click.echo(json.dumps(answer, ensure_ascii=False) if is_json else line)
