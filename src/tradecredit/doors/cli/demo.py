"""``tradecredit demo``: a sandbox group of companies with 18 months of history, signed-in addresses by role."""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import serving

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.doors.cli.installation import Installation

_TRADING_PACK = "payment-record"
_PACK = "five-pillars"


@click.command("demo")
@click.option("--port", type=int, default=8000, show_default=True)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--reset", is_flag=True, help="Throw the demo away and build it anew.")
@click.option("--no-serve", is_flag=True, help="Build it and stop.")
@click.option("--json", "as_json", is_flag=True)
@click.pass_obj
def demo_command(
    installation: Installation, *, port: int, host: str, reset: bool, no_serve: bool, as_json: bool
) -> None:
    """A demo group of companies 示例机电 with 18 months of history."""
    if not no_serve:
        serving.refuse_taken_port(host=host, port=port)
    started = time.monotonic()
    _say("database … PostgreSQL")
    with installation.awake():
        if reset:
            _reset(installation)
        _say("tables …")
        installations.migrate_as_owner(installation)
        is_built = _prepare(installation)
        if not is_built:
            _build()
        _announce(host=host, port=port, seconds=time.monotonic() - started, as_json=as_json)
        if not no_serve:
            serving.serve_until_stopped(host=host, port=port, with_worker=True)


def _say(text: str) -> None:
    click.echo(text, err=True)


def _prepare(installation: Installation) -> bool:
    """Tell whether the demo stands complete; throws a half-built one away, refuses beside real companies."""
    from tradecredit.flows.simulation import world
    from tradecredit.plumbing.access.models import Company

    companies: Any = Company.objects.order_by("code")
    found = list(companies)
    if not found:
        return False
    real = [company.code for company in found if not company.is_sandbox]
    if real:
        raise click.ClickException(
            f"this installation holds real companies ({', '.join(real)}); put the demo elsewhere: tradecredit -C DIR demo"
        )
    main = next((company for company in found if company.code == world.MAIN), None)
    if main is not None and main.sandbox_day is not None and main.sandbox_day >= world.LATEST_DAY:
        return True
    _say("a half-built demo is thrown away …")
    _reset(installation)
    installations.migrate_as_owner(installation)
    return False


def _reset(installation: Installation) -> None:
    """Empty the database as its owner; refused when a real company is in it."""
    from django.db import connections

    connections.close_all()
    installations.reset_as_owner(installation)
    mail = installation.data_dir / "sandbox-mail"
    shutil.rmtree(mail, ignore_errors=True)


def _build() -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    from tradecredit.flows import ports
    from tradecredit.flows.simulation import run, strategy_trial, world

    packs = ports.find(ports.PolicyPacks)
    documents = {
        code: packs.load_pack(_TRADING_PACK if code == world.TRADING else _PACK)
        for code, _, _ in world.COMPANIES
    }
    documents[world.MAIN] = strategy_trial.with_trial(documents[world.MAIN])
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[day]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True)) as progress:
        total = (world.LATEST_DAY - world.FIRST_DAY).days
        task = progress.add_task(
            f"demo company 示例机电: 3 entities, {world.CUSTOMER_COUNT} customers, 18 months",
            total=total,
            day="opening",
        )

        def on_day(day: date) -> None:
            progress.update(task, completed=(day - world.FIRST_DAY).days, day=day.isoformat())

        script = run.Script(documents=documents, is_forked=True)
        run.run(script, mailer=ports.find(ports.SandboxMailer), on_day=on_day)


def _announce(*, host: str, port: int, seconds: float, as_json: bool) -> None:
    from tradecredit.analytics import demo_entrances

    base = f"http://{host}:{port}"
    entrances = {email: base + path for email, path in demo_entrances.entrances().items()}
    if as_json:
        click.echo(
            json.dumps(
                {"url": base, "seconds": round(seconds, 1), "entrances": entrances}, ensure_ascii=False
            )
        )
        return
    _say(f"ready after {seconds:.0f} s. Open one of these, and you are signed in:")
    width = max(len(email) for email in entrances)
    for email, address in entrances.items():
        click.echo(f"  {email:<{width}}  {address}")
    _say("Ctrl-C stops; `tradecredit serve` continues; `tradecredit demo --reset` starts over.")
    first = next(iter(entrances.values()))
    if sys.stdout.isatty() and os.environ.get("DISPLAY"):
        import webbrowser

        webbrowser.open(first)
