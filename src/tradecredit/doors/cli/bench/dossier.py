"""``bench dossier``: the page of a customer in large books: milliseconds and statements, tab by tab."""

from __future__ import annotations

import random
import statistics
import time
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from django.test import Client

    from tradecredit.doors.cli.proving.ground import Ground

_CUSTOMERS: Final = 20_000
_CUSTOMERS_A_STEP: Final = 2_000
_QUICK: Final = 100_000
_MILLION: Final = 1_000_000
_ROUNDS: Final = 40
_TABS: Final = (
    *("timeline", "receivables", "orders", "exposure", "securities", "facts", "fields", "relations"),
    *("rating", "limits", "control", "letters"),
)
_SEED: Final = 7
_HUNDRED: Final = 100


@click.command("dossier")
@click.option(
    "--invoices", default=_QUICK, show_default=True, help="Invoices in the books of 20,000 customers."
)
@click.option("--long", "is_long", is_flag=True, help="A million invoices, as the goal says.")
@click.option("--rounds", default=_ROUNDS, show_default=True, help="Customers looked at, every tab of each.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def dossier_bench(*, invoices: int, is_long: bool, rounds: int, is_json: bool) -> None:
    """Show random customers tab by tab, in one process with all of the middleware, and count the statements."""
    wanted = _MILLION if is_long else invoices
    with ground.throw_away(customers=_CUSTOMERS, limit="10000000.00") as place:
        _fill(place, wanted)
        figures = _measure(place, rounds)
    telling.tell(
        name="dossier", figures={"customers": _CUSTOMERS, "invoices": wanted, **figures}, is_json=is_json
    )


def _fill(place: Ground, invoices: int) -> None:
    from tradecredit.flows.rehearsal import fill_papers

    fill_papers.lay_papers(company=place.company, actor=installations.system_actor("proof"))
    each = max(1, invoices // _CUSTOMERS)
    with place.owner() as owner:
        fill_papers.lay_patterns(owner)
        for first in range(1, _CUSTOMERS + 1, _CUSTOMERS_A_STEP):
            ground.say(f"papers: customers {first - 1:,} of {_CUSTOMERS:,} …")
            fill_papers.copy_papers(owner, first=first, last=first + _CUSTOMERS_A_STEP - 1, each=each)
        fill_papers.settle(owner)


def _measure(place: Ground, rounds: int) -> dict[str, Any]:
    client = _signed_in()
    dice = random.Random(_SEED)  # noqa: S311 - which customers are looked at
    spent: dict[str, list[float]] = {tab: [] for tab in _TABS}
    statements: dict[str, int] = dict.fromkeys(_TABS, 0)
    _look(client, 1, "timeline")
    ground.say(f"{rounds} customers, {len(_TABS)} tabs of each …")
    for _ in range(rounds):
        number = dice.randint(1, _CUSTOMERS)
        for tab in _TABS:
            milliseconds, count = _look(client, number, tab)
            spent[tab].append(milliseconds)
            statements[tab] = max(statements[tab], count)
    every = [one for tab in _TABS for one in spent[tab]]
    return {
        "dossier.p95_ms": _p95(every),
        "dossier.p50_ms": round(telling.median(every), 1),
        "dossier.statements_max": max(statements.values()),
        **{f"{tab}.p95_ms": _p95(spent[tab]) for tab in _TABS},
        **{f"{tab}.statements": statements[tab] for tab in _TABS},
        "pages": len(every),
        "company": place.company.code,
    }


def _p95(spent: list[float]) -> float:
    return round(statistics.quantiles(spent, n=_HUNDRED)[94], 1)


def _look(client: Client, number: int, tab: str) -> tuple[float, int]:
    from django.db import connection

    count = 0

    def counted(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    began = time.perf_counter()
    with connection.execute_wrapper(counted):
        answer = client.get(f"/customers/T{number}", {"tab": tab})
    milliseconds = (time.perf_counter() - began) * 1000
    if answer.status_code != 200:  # noqa: PLR2004 - the status of a page that is shown
        raise click.ClickException(f"the tab {tab} of T{number} answered {answer.status_code}")
    return milliseconds, count


def _signed_in() -> Client:
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(
        get_user_model().objects.get(email=ground.ADMIN), backend="django.contrib.auth.backends.ModelBackend"
    )
    return client
