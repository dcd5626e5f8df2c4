"""``close-day``, ``clock advance`` and ``worker``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import day_bar
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DaysType, DayType

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.doors.cli.installation import Installation
    from tradecredit.plumbing.access.models import Company

_LABELS = {
    "reminders": ("到期提醒", "reminders"),
    "letters": ("催收函", "letters"),
    "tasks": ("待办", "tasks"),
    "frozen": ("冻结", "freezes set"),
    "lifted": ("解冻", "freezes lifted"),
    "marked": ("高风险标记", "marked high risk"),
    "unmarked": ("解除标记", "marks lifted"),
    "alerts": ("预警", "alerts"),
    "became_overdue": ("进入逾期阶段的款项", "items that entered a stage"),
    "expired_reservations": ("到期的额度预占", "reservations expired"),
    "lapsed_bills": ("追索期已过的票据", "bills whose recourse lapsed"),
    "accelerated_contracts": ("加速到期的合同", "contracts whose rest fell due"),
    "reverted_lines": ("到期的额度", "lines that ended"),
    "cases_opened": ("新立催收案件", "cases opened"),
    "cases_handed_over": ("移交的案件", "cases handed over"),
    "cases_closed": ("结案", "cases closed"),
    "books_disagree": ("账目不符", "figures that do not agree"),
    "books_frozen": ("因账目不符冻结的账户", "accounts frozen for their books"),
    "books_lifted": ("账目复核后恢复的账户", "accounts whose books agree again"),
}


@click.command("close-day")
@click.option("--as-of", type=DayType(), help="The day to close (default: the company's today).")
@click.option("--company", "code", metavar="CODE", help="One company (default: every company).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def close_day_command(
    installation: Installation, as_of: date | None, code: str | None, *, is_json: bool
) -> None:
    """Close a day: reminders, letters, freezes, alerts, expiries, re-rating. Twice changes nothing."""
    with installation.awake():
        from tradecredit.flows import reactions
        from tradecredit.flows.watch import close_day, prove_books
        from tradecredit.plumbing import clock

        actor = installations.system_actor()
        answers = []
        for company in _companies(code):
            day = as_of or clock.today(company)
            with day_bar.bar(company.code) as say:
                report = close_day.close_day(company=company, as_of=day, actor=actor, say=say)
                with _clock(company, day):
                    say("books")
                    books = prove_books.prove_books(company=company, as_of=day, actor=actor)
                    say("reactions")
                    answered = reactions.drain(company=company, actor=actor)
            answers.append(
                {
                    "company": company.code,
                    "as_of": day.isoformat(),
                    "was_closed": report.was_closed,
                    **report.counts,
                    "books_disagree": len(books.findings),
                    "books_frozen": books.frozen,
                    "books_lifted": books.lifted,
                    "events": answered,
                }
            )
    _print(answers, is_json=is_json)


@click.group("clock")
def clock_command() -> None:
    """The clock of sandbox companies."""


@clock_command.command("advance")
@click.argument("days", type=DaysType())
@click.option("--company", "code", metavar="CODE", help="One company (default: every sandbox company).")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def advance(installation: Installation, days: int, code: str | None, *, is_json: bool) -> None:
    """Play the next DAYS (35d, 5w) of sandbox companies one by one."""
    with installation.awake():
        from tradecredit.flows import advance_clock, ports

        companies = [company for company in _companies(code) if code or company.is_sandbox]
        if not companies:
            raise click.UsageError("there is no sandbox company here; `tradecredit demo` makes one")
        answers = []
        with click.progressbar(length=days * len(companies), label="days", file=_stderr()) as bar:
            for company in companies:
                report = advance_clock.advance_clock(
                    company=company,
                    days=days,
                    actor=installations.system_actor(),
                    mailer=ports.sandbox_mailer(),
                    on_day=lambda _: bar.update(1),
                )
                answers.append(
                    {
                        "company": company.code,
                        "today": report.today.isoformat(),
                        "days": days,
                        **report.counts,
                    }
                )
    _print(answers, is_json=is_json)


@click.command("worker")
@click.option("--once", "is_once", is_flag=True, help="Do what waits now, and stop.")
@click.pass_obj
def worker_command(installation: Installation, *, is_once: bool) -> None:
    """Answer events, send messages and close days until Ctrl-C; run as many as you like."""
    with installation.awake():
        import sys

        from tradecredit.doors.cli import serving

        # Doors do not open into each other: the worker is a process of its own.
        arguments = ["--once"] if is_once else []
        status = serving.run_until_stopped([[sys.executable, "-m", "tradecredit.doors.worker", *arguments]])
    if status:
        raise click.exceptions.Exit(1)


def _companies(code: str | None) -> Sequence[Company]:
    from tradecredit.plumbing.access import people

    if code:
        return [installations.company_named(code)]
    return people.companies_of(installations.system_actor()) or [installations.company_named(None)]


def _clock(company: Company, day: date) -> Any:
    from contextlib import nullcontext

    from tradecredit.plumbing import clock

    return clock.on(company, day, hour=20) if company.is_sandbox else nullcontext()


def _stderr() -> Any:
    import sys

    return sys.stderr


def _print(answers: Sequence[dict[str, Any]], *, is_json: bool) -> None:
    if is_json:
        sums = {name: sum(answer.get(name, 0) for answer in answers) for name in _LABELS}
        days = {key: answers[0][key] for key in ("as_of", "today", "days") if key in answers[0]}
        click.echo(json.dumps({**days, **sums, "companies": list(answers)}, ensure_ascii=False))
        return
    is_chinese = installations.language() == "zh"
    for answer in answers:
        click.echo(f"{answer['company']}  {answer.get('as_of') or answer.get('today')}")
        for name, (zh, en) in _LABELS.items():
            if answer.get(name):
                click.echo(f"  {zh if is_chinese else en}: {answer[name]}")
