"""``ledger verify``: the books rebuilt from their entries, under load, changing nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from rich.progress import Progress

    from tradecredit.analytics.receivables.verification import Verified
    from tradecredit.doors.cli.installation import Installation
    from tradecredit.flows.orders.verify_exposure import ExposureVerified
    from tradecredit.flows.watch.prove_books import BooksProved


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
        with _bar() as bar:
            task = bar.add_task(_said(zh="信用账户", en="credit accounts"), total=None)
            exposure = verify_exposure.verify_exposure(
                actor=actor, company_id=company_id, progress=lambda done: bar.update(task, completed=done)
            )
        with scope.entered(actor):
            receivables = verification.verify(company_id=company_id)
    document = _document(exposure, receivables)
    if is_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    else:
        _print(document)
    if not document["whole"]:
        raise click.exceptions.Exit(1)


@ledger_command.command("guard")
@click.option("--company", "code", metavar="CODE", help="One company (default: all).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def guard_command(installation: Installation, code: str | None, *, is_json: bool) -> None:
    """Check every account's invariants now: freeze new approvals of those that fail, lift those that agree again.

    The close of day does the same; exit code 1 when any figure does not agree.
    """
    with installation.awake():
        from tradecredit.flows.watch import prove_books
        from tradecredit.plumbing import clock
        from tradecredit.plumbing.access import people

        actor = installations.system_actor()
        companies = [installations.company_named(code)] if code else people.companies_of(actor)
        proved = {
            company.code: prove_books.prove_books(company=company, as_of=clock.today(company), actor=actor)
            for company in companies
        }
    _tell_guard(proved, is_json=is_json)
    if any(found.findings for found in proved.values()):
        raise click.exceptions.Exit(1)


def _tell_guard(proved: Mapping[str, BooksProved], *, is_json: bool) -> None:
    findings = [
        {
            "company": name,
            "figure": one.figure,
            "currency": one.currency,
            "zh": one.words.zh,
            "en": one.words.en,
        }
        for name, found in proved.items()
        for one in found.findings
    ]
    sums = {
        "accounts": sum(found.accounts for found in proved.values()),
        "frozen": sum(found.frozen for found in proved.values()),
        "lifted": sum(found.lifted for found in proved.values()),
    }
    if is_json:
        click.echo(json.dumps({**sums, "findings": findings}, ensure_ascii=False))
        return
    said = _said(
        zh="账户 {accounts}，新冻结 {frozen}，恢复 {lifted}",
        en="{accounts} accounts, {frozen} frozen, {lifted} lifted",
    )
    click.echo(said.format(**sums))
    for one in findings:
        click.echo(f"  {one['company']} {one['currency']} {one[installations.language()]}")


def _document(exposure: ExposureVerified, receivables: Verified) -> dict[str, Any]:
    drift = exposure.drift + sum(abs(one.difference) for one in receivables.differences)
    return {
        "whole": exposure.is_whole and not receivables.differences,
        "drift": f"{drift:.2f}" if drift == round(drift, 2) else f"{drift:f}",
        "exposure": _exposure(exposure),
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


def _exposure(found: ExposureVerified) -> dict[str, Any]:
    return {
        "accounts": found.accounts,
        "entries": found.entries,
        "drift": f"{found.drift:f}",
        "differences": [
            {
                **_account(found, one.account_id),
                "stage": one.stage,
                "stored": f"{one.balance:f}",
                "rebuilt": f"{one.from_entries:f}",
            }
            for one in found.drifts
        ],
        "broken_entries": [
            {**_account(found, account), "sequence": sequence} for account, sequence in found.broken
        ],
        "unfounded_reservations": [
            {**_account(found, one.account_id), "reference": one.reference, "problem": one.problem}
            for one in found.unfounded
        ],
    }


def _account(found: ExposureVerified, account_id: UUID) -> dict[str, str]:
    return {"account": str(account_id), "name": found.names[account_id]}


def _print(document: dict[str, Any]) -> None:
    exposure, receivables = document["exposure"], document["receivables"]
    click.echo(
        _said(
            zh="信用账户 {accounts}，分录 {entries}，应收行 {lines}，回款 {payments}：差异 {drift}",
            en="{accounts} accounts, {entries} entries, {lines} open-item lines, {payments} payments: drift {drift}",
        ).format(
            accounts=exposure["accounts"],
            entries=exposure["entries"],
            lines=receivables["lines"],
            payments=receivables["payments"],
            drift=document["drift"],
        )
    )
    for one in (*exposure["differences"], *receivables["differences"]):
        place = one.get("place") or f"{one['name']} {one['stage']}"
        click.echo(f"  {place}: {one['stored']} ≠ {one['rebuilt']}")
    for one in exposure["broken_entries"]:
        click.echo(f"  {one['name']} #{one['sequence']}")
    for one in exposure["unfounded_reservations"]:
        click.echo(f"  {one['name']} {one['reference']}: {one['problem']}")


def _bar() -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    return Progress(console=Console(stderr=True), transient=True)


def _said(*, zh: str, en: str) -> str:
    return {"zh": zh, "en": en}[installations.language()]
