"""Commands that make, open and look after an installation."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import serving

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation


def _echo(value: Any, *, as_json: bool, text: str) -> None:
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else text)


@click.command("setup")
@click.option("--company", "name", required=True, help="The company's name.")
@click.option("--code", help="Its short code; made from the name otherwise.")
@click.option("--pack", default="five-pillars", show_default=True, help="The starter policy pack.")
@click.option("--admin", required=True, metavar="EMAIL", help="The administrator's mail address.")
@click.option("--currency", default="CNY", show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def setup_command(
    installation: Installation,
    *,
    name: str,
    code: str | None,
    pack: str,
    admin: str,
    currency: str,
    as_json: bool,
) -> None:
    """Make an empty installation with a starter pack (or one more company)."""
    with installation.awake():
        installations.migrate_as_owner(installation)
        from tradecredit.flows import ports, set_up_company

        made = set_up_company.set_up_company(
            name=name,
            code=code,
            admin_email=admin,
            document=ports.find(ports.PolicyPacks).load_pack(pack),
            valid_from=date(2000, 1, 1),
            base_currency=currency,
        )
        result = {"company": made.company.code, "admin": made.admin.email, "password": made.password}
        _echo(
            result,
            as_json=as_json,
            text=f"Company {made.company.code} ({made.company.name}) with pack {pack}.\n"
            f"Administrator {made.admin.email}"
            + (f", first password {made.password}" if made.password else " (existing user)")
            + "\nNext: tradecredit import customers FILE --map auto; tradecredit serve",
        )


@click.command("migrate")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def migrate_command(installation: Installation, *, as_json: bool) -> None:
    """Bring the database to the schema of this version."""
    with installation.awake():
        installations.migrate_as_owner(installation)
        _echo({"migrated": True}, as_json=as_json, text="The database is up to date.")


@click.group("token")
def token_command() -> None:
    """API tokens."""


@token_command.command("create")
@click.option("--user", "email", required=True, metavar="EMAIL")
@click.option("--role", help="Limit the token to one role of the user.")
@click.option("--days", type=click.IntRange(min=1), default=365, show_default=True)
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def token_create_command(
    installation: Installation, *, email: str, role: str | None, days: int, as_json: bool
) -> None:
    """Create a token; it is shown once."""
    with installation.awake():
        from tradecredit.flows import set_up_company

        token = set_up_company.create_token(email=email, role=role, days=days)
        _echo({"token": token}, as_json=as_json, text=token)


@click.command("serve")
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--no-worker", is_flag=True, help="Pages and API only; run `tradecredit worker` elsewhere.")
@click.pass_obj
def serve_command(installation: Installation, *, port: int, host: str, no_worker: bool) -> None:
    """Serve pages and API, with a worker beside them, until Ctrl-C."""
    with installation.awake():
        installations.migrate_where_needed(installation)
        serving.serve_until_stopped(host=host, port=port, with_worker=not no_worker)


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def doctor_command(installation: Installation, *, as_json: bool) -> None:
    """Look the installation over; exit code 1 when something is wrong."""
    with installation.awake():
        from tradecredit.analytics import health

        findings = health.findings()
        rows = [
            {"check": one.check, "ok": one.is_ok, "zh": one.words.zh, "en": one.words.en} for one in findings
        ]
        language = installations.language()
        lines = [f"{'ok  ' if one.is_ok else 'BAD '} {one.words.in_language(language)}" for one in findings]
        _echo({"findings": rows}, as_json=as_json, text="\n".join(lines))
        if not all(one.is_ok for one in findings):
            raise click.exceptions.Exit(1)
