"""``tradecredit source`` connects other systems; ``tradecredit fake-erp`` plays one."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import PairType

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.sources.erps import Erps
    from tradecredit.flows.sources.reconcile_source import KindTally
    from tradecredit.flows.sources.sync_source import KindReport
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@click.group("source")
def source_command() -> None:
    """Connect 金蝶, 用友, SAP, ERPNext, Odoo, Tryton or another system: read, compare, write back."""


def _place(company_code: str | None) -> tuple[Company, Actor, Erps]:
    from tradecredit.flows import ports
    from tradecredit.flows.sources.erps import Erps

    company = installations.company_named(company_code)
    return company, installations.system_actor(), ports.find(Erps)


@source_command.command("add")
@click.argument("code")
@click.option(
    "--system", required=True, help="kingdee, yonbip, erpnext, odoo, tryton, sap, rest, sql or folder"
)
@click.option("--label", help="Its name on pages (default: the code).")
@click.option(
    "--set",
    "settings",
    multiple=True,
    type=PairType(),
    metavar="NAME=TEXT",
    help="Such as base_url=https://…",
)
@click.option("--kind", "kinds", multiple=True, help="What is read (default: all that it offers).")
@click.option("--every", "every_minutes", default=5, show_default=True, help="Minutes between two looks.")
@click.option("--write-back", is_flag=True, help="Tell it who is held and for how much.")
@click.option("--described", type=click.File(), help="YAML that replaces parts of the description.")
@click.option("--company", "company_code", metavar="CODE")
@click.pass_obj
def add(installation: Installation, /, code: str, **options: Any) -> None:
    """Describe a connection, or describe it anew.

    Secrets come from the environment, TRADECREDIT_SOURCE_<CODE>_USER and the like; hosts are named in
    TRADECREDIT_SOURCE_HOSTS.
    """
    with installation.awake():
        from tradecredit.core.sources.drafts import ConnectionDraft
        from tradecredit.flows.sources import keep_connection

        company, actor, erps = _place(options["company_code"])
        system = erps.systems().get(options["system"])
        draft = ConnectionDraft(
            code=code,
            system=options["system"],
            label=options["label"] or code,
            settings=dict(options["settings"]),
            described=options["described"].read() if options["described"] else "",
            kinds=options["kinds"] or (system.kinds if system else ()),
            every_minutes=options["every_minutes"],
            writes_back=options["write_back"],
        )
        kept = keep_connection.keep_connection(company=company, draft=draft, actor=actor, erps=erps)
        missing = erps.missing_secrets(kept)
    click.echo(f"{kept.code}: {kept.system}, {', '.join(kept.kinds)}")
    if missing:
        click.echo(f"set in the environment: {', '.join(missing)}", err=True)


@source_command.command("check")
@click.argument("code")
@click.option("--company", "company_code", metavar="CODE")
@click.pass_obj
def check(installation: Installation, /, *, code: str, company_code: str | None) -> None:
    """Sign in to the system and say whether that went well."""
    with installation.awake():
        from tradecredit.flows.sources import keep_connection

        company, actor, erps = _place(company_code)
        words = keep_connection.check_connection(company=company, code=code, actor=actor, erps=erps)
    click.echo(words.in_language(installations.language()))


@source_command.command("sync")
@click.argument("code")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds.")
@click.option("--company", "company_code", metavar="CODE")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def sync(installation: Installation, /, **options: Any) -> None:
    """Read what has changed, portion by portion; killed anywhere it goes on where it left off."""
    with installation.awake():
        from tradecredit.flows import reactions
        from tradecredit.flows.sources import sync_source

        company, actor, erps = _place(options["company_code"])
        reports = sync_source.sync_source(
            company=company,
            code=options["code"],
            actor=actor,
            erps=erps,
            kinds=options["kinds"],
            on_portion=lambda report: click.echo(f"{report.kind}: {report.read}", err=True),
        )
        reactions.drain(actor=actor, company=company)
    found = [_report(one, installations.language()) for one in reports]
    if options["as_json"]:
        click.echo(json.dumps({"kinds": found}, ensure_ascii=False))
    else:
        for one in found:
            click.echo(
                f"{one['kind']:<14} read {one['read']:>6}  created {one['created']:>6}  "
                f"unchanged {one['unchanged']:>6}  refused {one['refused']:>4}  {one['failure']}"
            )
    if any(one["failure"] for one in found):
        raise click.exceptions.Exit(1)


@source_command.command("reconcile")
@click.argument("code")
@click.option("--from", "begins", type=click.DateTime(["%Y-%m-%d"]), help="Default: 90 days ago.")
@click.option("--to", "ends", type=click.DateTime(["%Y-%m-%d"]), help="Excluded; default: tomorrow.")
@click.option("--company", "company_code", metavar="CODE")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def reconcile(installation: Installation, /, **options: Any) -> None:
    """Compare both sides: counts and sums by day, and the documents that differ."""
    with installation.awake():
        from tradecredit.flows.sources import reconcile_source
        from tradecredit.plumbing import clock

        company, actor, erps = _place(options["company_code"])
        ends = options["ends"].date() if options["ends"] else clock.today(company) + timedelta(days=1)
        begins = options["begins"].date() if options["begins"] else ends - timedelta(days=91)
        tallies = reconcile_source.reconcile_source(
            company=company, code=options["code"], begins=begins, ends=ends, actor=actor, erps=erps
        )
    document = {one.kind: _tally(one) for one in tallies}
    if options["as_json"]:
        click.echo(json.dumps({"from": str(begins), "to": str(ends), "kinds": document}, ensure_ascii=False))
    else:
        for kind, found in document.items():
            click.echo(f"{kind:<14} there {found['theirs']}  here {found['ours']}")
            for day in found["unequal"]:
                click.echo(f"  {day}")
    if not all(one.is_equal for one in tallies):
        raise click.exceptions.Exit(1)


@source_command.command("tell")
@click.argument("code")
@click.option("--company", "company_code", metavar="CODE")
@click.pass_obj
def tell(installation: Installation, /, *, code: str, company_code: str | None) -> None:
    """Tell the system now who is held and for how much, as the worker does by itself."""
    with installation.awake():
        from tradecredit.flows.sources import keep_connection, write_back

        company, actor, erps = _place(company_code)
        connection = keep_connection.connection_named(company=company, code=code, actor=actor)
        planned = write_back.plan(company=company, connection=connection, actor=actor)
        told = write_back.send(company=company, actor=actor, erps=erps)
    click.echo(f"planned {planned}, told {told}")


@click.command("fake-erp")
@click.option("--system", default="rest", show_default=True, help="Which system it plays.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8098, show_default=True)
@click.option("--customers", default=50, show_default=True)
@click.option("--invoices", default=500, show_default=True)
@click.option("--fault", "faulty", multiple=True, help="A way to go wrong (repeat), or “all”.")
@click.option("--rate", default=0.2, show_default=True, help="The share of answers that go wrong.")
@click.pass_obj
def fake_erp_command(installation: Installation, /, **options: Any) -> None:
    """Play another system on this machine, in its documented shape, with faults on request."""
    with installation.awake():
        from tradecredit.flows import ports
        from tradecredit.flows.sources.erps import FakeErps

        fake = ports.find(FakeErps)
        unknown = set(options["faulty"]) - set(fake.faults()) - {"all"}
        if unknown or options["system"] not in fake.systems():
            raise click.UsageError(
                f"--system: {', '.join(fake.systems())}; --fault: {', '.join(fake.faults())}, all"
            )
        options["faulty"] = fake.faults() if "all" in options["faulty"] else options["faulty"]
        user, secret = fake.credentials()
        click.echo(f"http://{options['host']}:{options['port']}  {user} / {secret}", err=True)
        try:
            fake.serve(**options)
        except KeyboardInterrupt:
            click.echo("", err=True)


def _report(report: KindReport, language: str) -> dict[str, Any]:
    from tradecredit.flows.row_results import RowStatus

    return {
        "kind": report.kind,
        "portions": report.portions,
        "read": report.read,
        **{status.value: report.statuses[status] for status in RowStatus},
        "failure": report.failure.in_language(language) if report.failure else "",
    }


def _tally(tally: KindTally) -> dict[str, Any]:
    return {
        "theirs": _sum(tally, "theirs"),
        "ours": _sum(tally, "ours"),
        "equal": tally.is_equal,
        "unequal": [
            {
                "day": _day(row.day),
                "currency": row.currency,
                "missing": row.missing,
                "surplus": row.surplus,
                "differing": row.differing,
            }
            for row in tally.unequal
        ],
    }


def _sum(tally: KindTally, side: str) -> dict[str, Any]:
    sides = [getattr(row, side) for row in tally.days]
    return {"count": sum(one.count for one in sides), "sum": f"{sum(one.total for one in sides):f}"}


def _day(day: date) -> str:
    return day.isoformat()
