"""``ledger verify``: the books rebuilt from their entries, under load, changing nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from tradecredit.analytics.receivables.verification import Verified
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.orders.verify_exposure import ExposureVerified


@click.group("ledger")
def ledger_command() -> None:
    """Proofs of the books."""


@ledger_command.command("verify")
@click.option("--company", "code", metavar="CODE", help="One company (default: all).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def verify_command(installation: Installation, code: str | None, *, is_json: bool) -> None:
    """Rebuild exposure and receivables from their entries; drift must be 0.00, else exit code 1."""
    with installation.awake():
        from tradecredit.analytics.receivables import verification
        from tradecredit.flows.orders import verify_exposure
        from tradecredit.plumbing.access import scope

        actor = installations.system_actor()
        company_id = installations.company_named(code).pk if code else None
        exposure = verify_exposure.verify_exposure(actor=actor, company_id=company_id)
        with scope.entered(actor):
            receivables = verification.verify(company_id=company_id)
    document = _document(exposure, receivables)
    if is_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print(document)
    if not document["whole"]:
        raise click.exceptions.Exit(1)


def _document(exposure: ExposureVerified, receivables: Verified) -> dict[str, Any]:
    drift = exposure.drift + sum(abs(one.difference) for one in receivables.differences)
    return {
        "whole": exposure.is_whole and not receivables.differences,
        "drift": f"{drift:.2f}" if drift == round(drift, 2) else f"{drift:f}",
        "exposure": {
            "accounts": exposure.accounts,
            "drift": f"{exposure.drift:f}",
            "differences": [
                {
                    "account": str(one.account_id),
                    "stage": one.stage,
                    "stored": f"{one.balance:f}",
                    "rebuilt": f"{one.from_entries:f}",
                }
                for one in exposure.drifts
            ],
            "broken_entries": [
                {"account": str(account), "sequence": sequence} for account, sequence in exposure.broken
            ],
        },
        "receivables": {
            "lines": receivables.lines,
            "payments": receivables.payments,
            "differences": [
                {
                    "check": one.check,
                    "place": one.place,
                    "stored": f"{one.stored:f}",
                    "rebuilt": f"{one.rebuilt:f}",
                }
                for one in receivables.differences
            ],
        },
    }


def _print(document: dict[str, Any]) -> None:
    words = {
        "zh": "信用账户 {accounts}, 应收行 {lines}, 回款 {payments}: 差异 {drift}",
        "en": "{accounts} accounts, {lines} open-item lines, {payments} payments: drift {drift}",
    }[installations.language()]
    click.echo(
        words.format(
            accounts=document["exposure"]["accounts"],
            lines=document["receivables"]["lines"],
            payments=document["receivables"]["payments"],
            drift=document["drift"],
        )
    )
    for part in ("exposure", "receivables"):
        for one in document[part]["differences"]:
            click.echo(
                f"  {one.get('place') or one['account'] + ' ' + one['stage']}: {one['stored']} ≠ {one['rebuilt']}"
            )
    for one in document["exposure"]["broken_entries"]:
        click.echo(f"  {one['account']} #{one['sequence']}")
