"""``tradecredit bureau`` asks bureaus of company facts; ``tradecredit fake-bureau`` plays them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.bureaus.fetch_reports import Fetched


@click.group("bureau")
def bureau_command() -> None:
    """Ask 天眼查, 企查查, 启信宝 or another bureau about customers."""


@bureau_command.command("fetch")
@click.option("--provider", required=True, help="tianyancha, qichacha, qixinbao or generic")
@click.option("--customer", "customer_code", required=True, metavar="CODE")
@click.option("--kind", "kinds", multiple=True, help="Only these kinds of reports.")
@click.option("--force", "is_forced", is_flag=True, help="Ask although the reports are young enough.")
@click.option("--base-url", default="", metavar="URL", help="Ask there instead (a fake, a proxy).")
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")
@click.pass_obj
def fetch(installation: Installation, /, **options: Any) -> None:
    """Fetch one customer's reports and record the facts that follow.

    Secrets come from the environment: TRADECREDIT_TIANYANCHA_TOKEN, TRADECREDIT_QICHACHA_KEY and …_SECRET,
    TRADECREDIT_QIXINBAO_KEY and …_SECRET, TRADECREDIT_GENERIC_TOKEN; …_URL moves the base.
    """
    with installation.awake():
        from tradecredit.flows import ports, reactions
        from tradecredit.flows.bureaus import fetch_reports
        from tradecredit.plumbing import clock

        company = installations.company_named(options["company_code"])
        clock.visit(company)
        fetched = fetch_reports.fetch_reports(
            customer_code=options["customer_code"],
            provider=options["provider"],
            company=company,
            actor=installations.system_actor(),
            bureaus=ports.find(ports.Bureaus),
            kinds=options["kinds"],
            is_forced=options["is_forced"],
            base_url=options["base_url"],
        )
        reactions.drain(actor=installations.system_actor(), company=company)
    language = installations.language()
    if options["as_json"]:
        click.echo(json.dumps(_document(fetched, language), ensure_ascii=False))
    else:
        _print(fetched, language)
    if not fetched.is_done:
        raise click.exceptions.Exit(1)


@bureau_command.command("refresh")
@click.option("--company", "company_code", metavar="CODE", help="The company whose books these are.")
@click.pass_obj
def refresh(installation: Installation, /, *, company_code: str | None) -> None:
    """Ask again for reports that have grown old by the policy, as the night run does."""
    with installation.awake():
        from tradecredit.flows import ports
        from tradecredit.flows.bureaus import answer_wishes
        from tradecredit.plumbing import clock

        company, actor = installations.company_named(company_code), installations.system_actor()
        clock.visit(company)
        bureaus = ports.find(ports.Bureaus)
        wished = answer_wishes.refresh_reports(company=company, actor=actor, bureaus=bureaus)
        answered = answer_wishes.answer_wishes(company=company, actor=actor, bureaus=bureaus, most=wished)
    click.echo(f"wished {wished}, answered {answered}")


@click.command("fake-bureau")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8099, show_default=True)
@click.option("--fault", "faulty", multiple=True, help="A way to go wrong (repeat), or “all”.")
@click.option("--rate", default=0.2, show_default=True, help="The share of answers that go wrong.")
@click.option("--seed", default=1, show_default=True, help="The dice of the faults.")
@click.option("--names/--no-names", default=False, help="Know this installation's customers by name.")
@click.pass_obj
def fake_bureau_command(installation: Installation, /, **options: Any) -> None:
    """Play all bureaus on this machine, in the shapes that they document, with faults on request.

    \b
    Faults: timeout busy quota denied code garbage types missing short
    Then: TRADECREDIT_TIANYANCHA_URL=http://127.0.0.1:8099 TRADECREDIT_TIANYANCHA_TOKEN=any tradecredit bureau fetch …
    """  # noqa: D301 - \b is click's mark for a paragraph that keeps its lines
    with installation.awake():
        from tradecredit.flows import ports

        fake = ports.find(ports.FakeBureaus)
        names = _names() if options["names"] else {}
        wanted = options["faulty"]
        unknown = set(wanted) - set(fake.faults()) - {"all"}
        if unknown:
            raise click.UsageError(f"--fault: one of {', '.join(fake.faults())}, all")
        click.echo(f"http://{options['host']}:{options['port']}", err=True)
        try:
            fake.serve(
                host=options["host"],
                port=options["port"],
                faulty=fake.faults() if "all" in wanted else wanted,
                rate=options["rate"],
                seed=options["seed"],
                names=names,
            )
        except KeyboardInterrupt:
            click.echo("", err=True)


def _names() -> dict[str, str]:
    from tradecredit.apps.dossier import queries
    from tradecredit.plumbing.access import people, scope

    actor = installations.system_actor()
    with scope.entered(actor):
        return {
            customer.uscc: customer.name
            for company in people.companies_of(actor)
            for customer in queries.page(company_id=company.pk, limit=100_000)
            if customer.uscc
        }


def _document(fetched: Fetched, language: str) -> dict[str, Any]:
    return {
        "customer": fetched.customer_code,
        "provider": fetched.provider,
        "facts": fetched.facts_recorded,
        "reports": [
            {
                "kind": answer.kind,
                "act": answer.act.value,
                "code": answer.code,
                "message": answer.words.in_language(language),
                "complete": answer.is_complete,
                "found": len(answer.findings),
                "unreadable": answer.unreadable,
                "calls": len(answer.calls),
                "billed": sum(call.is_billed for call in answer.calls),
            }
            for answer in fetched.answers
        ],
        "left_out": {kind: words.in_language(language) for kind, words in fetched.left_out.items()},
    }


def _print(fetched: Fetched, language: str) -> None:
    document = _document(fetched, language)
    for report in document["reports"]:
        mark = "✓" if report["complete"] else "·"
        click.echo(f"{mark} {report['kind']:<15} {report['found']:>4}  {report['message']}")
    for kind, why in document["left_out"].items():
        click.echo(f"- {kind:<15}       {why}")
    click.echo(f"{fetched.facts_recorded} facts")
