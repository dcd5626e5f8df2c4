"""Make the demo companies and play them from the first to the latest day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.flows.simulation import forked, opening, papers, plan, sample_news, sample_statement
from tradecredit.flows.simulation import world as worlds
from tradecredit.flows.simulation.play import Play
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor
from tradecredit.plumbing.postgres import statistics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tradecredit.flows.ports import Mailer
    from tradecredit.plumbing.access.models import Company

# A year is played in less time than the planner takes to notice that tables have grown.
_STATISTICS_EVERY_DAYS = 28
_GROWING = (
    "receivables_invoice",
    "receivables_instalment",
    "cash_application_payment",
    "cash_application_allocation",
    "orders_order",
    "orders_delivery",
    "exposure_exposureentry",
    "exposure_reservation",
    "decisions_decision",
    "scoring_rating",
    "dossier_fact",
    "outbox_event",
    "audit_logentry",
    "approvals_approvalrequest",
    "collections_notice",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is played: ``documents`` holds the policy document of each company's code.

    ``is_forked`` plays the two small companies in a process of their own.
    """

    documents: Mapping[str, Mapping[str, object]]
    seed: int = 20261120
    customer_count: int = worlds.CUSTOMER_COUNT
    first: date = worlds.FIRST_DAY
    latest: date = worlds.LATEST_DAY
    is_forked: bool = False


def run(
    script: Script, *, mailer: Mailer, on_day: Callable[[date], None] | None = None
) -> Mapping[str, Company]:
    """Play the script; returns the companies by code. Raises PlayBrokeError."""
    _commit_lightly()
    world = worlds.make(seed=script.seed, customer_count=script.customer_count)
    companies, cast = opening.open_companies(world=world, documents=script.documents, first=script.first)
    statistics.refresh(tables=_GROWING)

    def play_through(codes: tuple[str, ...], tell: Callable[[date], None] | None) -> None:
        _commit_lightly()
        chosen = {code: companies[code] for code in codes}
        play = Play(world=world, companies=chosen, cast=cast, mailer=mailer, latest=script.latest)
        for number in range((script.latest - script.first).days + 1):
            _play_day(play, script.first + timedelta(days=number), number=number)
            if tell is not None:
                tell(script.first + timedelta(days=number))

    if script.is_forked:
        forked.side_by_side(
            here=lambda: play_through((worlds.MAIN,), on_day),
            there=lambda: play_through((worlds.TRADING, worlds.SOUTH), None),
        )
    else:
        play_through((worlds.MAIN, worlds.TRADING, worlds.SOUTH), on_day)
    papers.lay_out(company=companies[worlds.MAIN], cast=cast, day=script.latest)
    with clock.on(companies[worlds.MAIN], script.latest):
        sample_statement.lay_out(company=companies[worlds.MAIN], actor=Actor.system("simulator"))
        sample_news.tell(company=companies[worlds.MAIN], actor=Actor.system("simulator"))
    _open_to_visitors(companies, day=script.latest)
    return companies


def _commit_lightly() -> None:
    """Do not wait for the disk: a demo whose building was interrupted is built anew anyway."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit TO off")


def _play_day(play: Play, day: date, *, number: int) -> None:
    if plan.is_posting_day(day, latest=play.latest):
        play.step(day)
    if worlds.MAIN in play.companies and number % _STATISTICS_EVERY_DAYS == 0:
        statistics.refresh(tables=_GROWING)


def _open_to_visitors(companies: Mapping[str, Company], *, day: date) -> None:
    """Let the sandbox clocks stand at the latest day; this also marks the demo as complete."""
    with db.unit_of_work(Actor.system("simulator")):
        for company in companies.values():
            company.sandbox_day = day
            company.save(update_fields=["sandbox_day"])
