"""Which router answers below which path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.doors.api import (
    account_statements,
    adjustments,
    backtests,
    bank,
    bills,
    bureaus,
    cash,
    cash_desk,
    contracts,
    coverage,
    covers,
    credit_checks,
    customers,
    exposures,
    freezes,
    holds,
    identity,
    levels,
    limit_journals,
    limits,
    movements,
    orders,
    parties,
    policies,
    policy_drafts,
    policy_trials,
    questions,
    ratings,
    receivables,
    receivables_reports,
    relations,
    settings,
    watch,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ninja import Router

ROUTERS: Sequence[tuple[str, Router]] = [
    ("/customers", customers.router),
    ("/facts", customers.facts_router),
    ("", receivables.router),
    ("", cash.router),
    ("", cash_desk.router),
    ("", bank.router),
    ("", receivables_reports.router),
    ("", watch.router),
    ("/ratings", ratings.router),
    ("", backtests.router),
    ("/limits/journals", limit_journals.router),
    ("/limits", limits.router),
    ("", credit_checks.router),
    ("/freezes", freezes.router),
    ("", holds.router),
    ("", orders.router),
    ("", questions.router),
    ("", exposures.router),
    ("", movements.router),
    ("", bills.router),
    ("", adjustments.router),
    ("/contracts", contracts.router),
    ("/account-statements", account_statements.router),
    ("", covers.router),
    ("", levels.router),
    ("", parties.router),
    ("", bureaus.router),
    ("", identity.router),
    ("", relations.router),
    ("/policies", policies.router),
    ("", settings.router),
    ("", coverage.router),
    ("/policies", policy_trials.router),
    ("/policies", policy_drafts.router),
]
