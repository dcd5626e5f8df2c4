"""``check``, ``explain`` and ``replay``."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.orders.replay_decisions import Replay


@click.command("check")
@click.option("--customer", required=True, metavar="CODE")
@click.option("--amount", required=True, metavar="AMOUNT", help="For example 120000.00.")
@click.option("--currency", metavar="CUR", help="Default: the customer's currency.")
@click.option("--company", "code", metavar="CODE")
@click.option("--reference", metavar="NO", help="The order's number.")
@click.option("--terms-days", type=click.IntRange(min=0), metavar="N")
@click.option("--commit", is_flag=True, help="Keep the room and release (or hold) the order.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def check_command(
    installation: Installation,
    *,
    customer: str,
    amount: str,
    currency: str | None,
    code: str | None,
    reference: str | None,
    terms_days: int | None,
    commit: bool,
    is_json: bool,
) -> None:
    """Check one order against credit; the verdict is in the answer, the exit code tells that there is one."""
    if commit and not reference:
        raise click.UsageError("--commit needs --reference: room is kept under the order's number")
    with installation.awake():
        from tradecredit.core.kernel import money
        from tradecredit.flows.orders import check_order_credit, decision_views, explain_decision
        from tradecredit.flows.orders.order_cases import CheckRequest

        company = installations.company_named(code)
        try:
            parsed = money.parse(amount, currency or _currency_of(customer))
        except money.InvalidMoneyError as error:
            raise click.UsageError(str(error)) from error
        actor = installations.system_actor()
        request = CheckRequest(
            company=company,
            customer_code=customer,
            reference=reference or "-",
            amount=parsed,
            terms_days=terms_days,
        )
        view = check_order_credit.check_order_credit(requests=[request], actor=actor, commit=commit)[0]
        if is_json:
            _echo(decision_views.as_document(view, language=installations.language()))
        else:
            found = explain_decision.explain_decision(decision_id=view.id, actor=actor)
            _print_explanation({"id": str(view.id), **found.explained})


@click.command("explain")
@click.argument("decision", type=click.UUID)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def explain_command(installation: Installation, decision: UUID, *, is_json: bool) -> None:
    """Tell why a decision is what it is, and what would change it."""
    with installation.awake():
        from tradecredit.flows.orders import explain_decision

        found = explain_decision.explain_decision(decision_id=decision, actor=installations.system_actor())
        document = {"id": str(decision), **found.explained}
        if is_json:
            _echo(document)
        else:
            _print_explanation(document)


@click.command("replay")
@click.argument("decision", type=click.UUID, required=False)
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="All decisions from this day on (default: all).",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def replay_command(
    installation: Installation, decision: UUID | None, since: datetime | None, *, is_json: bool
) -> None:
    """Recompute decisions from stored facts and policy; exit code 1 when any comes out differently."""
    with installation.awake():
        from tradecredit.flows.orders import replay_decisions

        actor = installations.system_actor()
        if decision is None:
            replay = _replay_many(since)
        else:
            replay = replay_decisions.replay_decision(decision_id=decision, actor=actor)
    different = [
        {"id": str(one.decision_id), "reference": one.reference, "differences": list(one.places)}
        for one in replay.different
    ]
    if is_json:
        _echo({"replayed": replay.replayed, "identical": replay.identical, "different": different})
    else:
        click.echo(_said(zh="重放 {n}，一致 {same}", en="replayed {n}, identical {same}").format(
            n=replay.replayed, same=replay.identical
        ))  # fmt: skip
        for one in different:
            click.echo(f"{one['id']} {one['reference']}")
            for place in one["differences"]:
                click.echo(f"  {place}")
    if different:
        raise click.exceptions.Exit(1)


def _replay_many(since: datetime | None) -> Replay:
    from rich.console import Console
    from rich.progress import Progress

    from tradecredit.flows.orders import replay_in_parts

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(_said(zh="重放决定", en="replaying decisions"), total=None)
        return replay_in_parts.replay_in_parts(
            actor=installations.system_actor(),
            since=None if since is None else since.date(),
            progress=lambda count: bar.update(task, completed=count),
        )


def _currency_of(customer: str) -> str:
    from tradecredit.apps.dossier import queries
    from tradecredit.plumbing.access import scope

    with scope.entered(installations.system_actor()):
        record = queries.customer_by_code(customer)
    return "CNY" if record is None else record.currency


def _print_explanation(document: dict[str, Any]) -> None:
    language = installations.language()
    click.echo(document["headline"][language])
    click.echo(document["id"])
    shown = [
        term for term in document["equation"]["terms"] if term["code"] == "base" or Decimal(term["amount"])
    ]
    for term in shown:
        click.echo(f"  {term['text']:>20}  {term['label'][language]}")
    available, after = document["equation"]["available"], document["equation"]["after"]
    click.echo(f"= {available['words'][language]:>20}  {available['label'][language]}")
    click.echo(f"  {after['words'][language]:>20}  {_said(zh='本单之后', en='after this document')}")
    for check in document["checks"]:
        mark = {"passed": "✓", "failed": "✗", "unknown": "?", "not_applicable": "·"}[check["state"]]
        click.echo(f"{mark} {check['label'][language]}: {check['words'][language]}")
    for remedy in document["remedies"]:
        click.echo(f"→ {remedy['words'][language]}")
    for decider in document["deciders"]:
        click.echo(f"@ {decider['words'][language]}: {decider['why'][language]}")


def _said(*, zh: str, en: str) -> str:
    return {"zh": zh, "en": en}[installations.language()]


def _echo(document: Any) -> None:
    click.echo(json.dumps(document, ensure_ascii=False))
