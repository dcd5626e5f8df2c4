"""The group ``tradecredit bench``."""

from __future__ import annotations

import click

from tradecredit.doors.cli.bench import (
    cash,
    close_day,
    dossier,
    dunning,
    duplicates,
    flows,
    ledger,
    order_check,
    policy,
    rating,
)


@click.group("bench")
def bench_command() -> None:
    """Benchmarks on a throw-away durable installation, beside what they are measured against."""


bench_command.add_command(ledger.ledger_bench)
bench_command.add_command(cash.cash_bench)
bench_command.add_command(policy.policy_command)
bench_command.add_command(order_check.order_check_bench)
bench_command.add_command(rating.rating_command)
bench_command.add_command(dossier.dossier_bench)
bench_command.add_command(duplicates.duplicates_bench)
bench_command.add_command(flows.flows_bench)
bench_command.add_command(close_day.close_day_bench)
bench_command.add_command(dunning.dunning_bench)
