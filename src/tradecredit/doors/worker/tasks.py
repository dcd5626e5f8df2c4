"""Jobs and their schedule. Every task is safe to run twice and takes keywords only."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from procrastinate import exceptions, jobs
from procrastinate.contrib.django import app

from tradecredit.flows import ports, reactions
from tradecredit.flows.approvals import tell_deciders, watch_flows
from tradecredit.flows.bureaus import answer_wishes
from tradecredit.flows.customers import sealed_values
from tradecredit.flows.news import read_feeds
from tradecredit.flows.news.feeds import Feeds
from tradecredit.flows.orders import check_profiles, expire_reservations
from tradecredit.flows.policy import run_simulation
from tradecredit.flows.sources import sync_due, write_back
from tradecredit.flows.sources.erps import Erps
from tradecredit.flows.watch import close_day, dispatch_outbox, prove_books
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, people

if TYPE_CHECKING:
    from collections.abc import Callable

    from procrastinate import JobContext

    from tradecredit.plumbing.access.models import Company

_log = logging.getLogger(__name__)
# The night run of a real company begins at this hour of its own time zone.
_CLOSING_HOUR: Final = 6
_STALLED_AFTER_SECONDS: Final = 120


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="drain_events", pass_context=False)
def drain_events(timestamp: int) -> int:  # noqa: ARG001 - procrastinate passes the tick's moment
    """Answer events that wait."""
    return reactions.drain(actor=_actor())


@app.periodic(cron="* * * * * */3")
@app.task(queueing_lock="run_simulations", pass_context=False)
def run_simulations(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Try the policies that people asked to be tried on recorded decisions."""
    return run_simulation.run_waiting(actor=_actor())


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="dispatch_messages", pass_context=False)
def dispatch_messages(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Let messages leave, company by company."""
    return _for_each_company(_dispatch)


@app.periodic(cron="* * * * * */5")
@app.task(queueing_lock="ask_bureaus", pass_context=False)
def ask_bureaus(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Answer the wishes for reports of bureaus, so that no page waits for a provider."""
    return _for_each_company(_ask_bureaus)


@app.periodic(cron="* * * * * */20")
@app.task(queueing_lock="sync_sources", pass_context=False)
def sync_sources(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Read the other systems that are due."""
    return _for_each_company(_sync_sources)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="read_news", pass_context=False)
def read_news(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Read the feeds of news that are due."""
    return _for_each_company(_read_news)


@app.periodic(cron="* * * * * */15")
@app.task(queueing_lock="tell_sources", pass_context=False)
def tell_sources(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Tell other systems who is held and for how much."""
    return _for_each_company(_tell_sources)


@app.periodic(cron="41 2 * * *")
@app.task(queueing_lock="refresh_reports", pass_context=False)
def refresh_reports(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Wish for the reports that have grown old by the policy."""
    return _for_each_company(_refresh_reports)


@app.periodic(cron="11 3 * * *")
@app.task(queueing_lock="erase_outlived", pass_context=False)
def erase_outlived(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Erase values under consent that are older than the policy's retention allows."""
    return _for_each_company(_erase_outlived)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="close_days", pass_context=False)
def close_days(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Close today for every real company in whose time zone the hour has come; a closed day stays closed."""
    return _for_each_company(_close)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="end_reservations", pass_context=False)
def end_reservations(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Give back headroom that nobody used in time; a sandbox company's time passes only with its clock."""
    return _for_each_company(_expire)


@app.periodic(cron="* * * * * */10")
@app.task(queueing_lock="watch_flows", pass_context=False)
def run_flows(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Begin the flows of requests, run their services, remind and hand up what is late."""
    return _for_each_company(_watch_flows)


@app.periodic(cron="*/10 * * * *")
@app.task(queueing_lock="send_digests", pass_context=False)
def send_digests(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Tell everybody in the morning how much waits for them, once a day."""
    return _for_each_company(_send_digests)


@app.periodic(cron="*/2 * * * *")
@app.task(queueing_lock="retry_stalled_jobs", pass_context=True)
async def retry_stalled_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
    """Take up the jobs of workers that died: procrastinate leaves them where they fell."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_AFTER_SECONDS):
        try:
            await manager.retry_job(job)
        except exceptions.UniqueViolation:
            # The next tick's job of the same task holds the queueing lock: this one is superfluous.
            await manager.finish_job(job, status=jobs.Status.FAILED, delete_job=True)
        _log.warning("job %s of %s was taken up again", job.id, job.task_name)


@app.periodic(cron="23 * * * *")
@app.task(queueing_lock="sweep_check_profiles", pass_context=False)
def sweep_check_profiles(timestamp: int) -> int:  # noqa: ARG001 - as above
    """Take away the marks of customers whose orders nobody checked since they were made."""
    return check_profiles.sweep(actor=_actor())


@app.periodic(cron="17 3 * * *")
@app.task(queueing_lock="prune_jobs", pass_context=True)
async def prune_jobs(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - as above
    """Forget jobs that ended long ago."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=int(timedelta(days=7) / timedelta(hours=1)), include_failed=True, include_cancelled=True
    )


def run_all_once() -> dict[str, int]:
    """Do what waits now, without the schedule; for ``tradecredit worker --once`` and tests."""
    return {
        "closed": close_days(timestamp=0),
        "expired": end_reservations(timestamp=0),
        "reports": ask_bureaus(timestamp=0),
        "read": sync_sources(timestamp=0),
        "news": read_news(timestamp=0),
        "answered": drain_events(timestamp=0),
        "flows": run_flows(timestamp=0),
        "sent": dispatch_messages(timestamp=0),
        "told": tell_sources(timestamp=0),
        "simulated": run_simulations(timestamp=0),
    }


def is_closing_time(company: Company) -> bool:
    """Tell whether the company's day is to be closed: never a sandbox, whose clock stands still by itself."""
    if company.is_sandbox:
        return False
    return clock.now().astimezone(ZoneInfo(company.time_zone)).hour >= _CLOSING_HOUR


def _dispatch(company: Company) -> int:
    rooms = ports.chat_rooms_for(is_sandbox=company.is_sandbox)
    carriers = {name: rooms.room(name) for name in rooms.names()}
    mailer = ports.mailer_for(is_sandbox=company.is_sandbox)
    if mailer is not None:
        carriers["mail"] = mailer
    return sum(
        dispatch_outbox.dispatch_outbox(company=company, mailer=carrier, actor=_actor(), channel=channel).sent
        for channel, carrier in carriers.items()
    )


def _watch_flows(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        done = watch_flows.watch_flows(company=company, actor=_actor())
        return done + tell_deciders.tell_deciders(
            company=company,
            actor=_actor(),
            chats=ports.chat_rooms_for(is_sandbox=company.is_sandbox).names(),
            public_url=ports.public_url(),
        )


def _send_digests(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        return tell_deciders.send_digests(company=company, actor=_actor(), public_url=ports.public_url())


def _ask_bureaus(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        bureaus = ports.find(ports.Bureaus)
        return answer_wishes.answer_wishes(company=company, actor=_actor(), bureaus=bureaus)


def _sync_sources(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        return sync_due.sync_due(company=company, actor=_actor(), erps=ports.find(Erps))


def _read_news(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        return read_feeds.read_due(company=company, actor=_actor(), feeds=ports.find(Feeds))


def _tell_sources(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        write_back.plan_all(company=company, actor=_actor())
        return write_back.send(company=company, actor=_actor(), erps=ports.find(Erps))


def _refresh_reports(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        bureaus = ports.find(ports.Bureaus)
        return answer_wishes.refresh_reports(company=company, actor=_actor(), bureaus=bureaus)


def _erase_outlived(company: Company) -> int:
    with clock.visits():
        clock.visit(company)
        return sealed_values.erase_outlived(company=company, actor=_actor())


def _close(company: Company) -> int:
    if not is_closing_time(company):
        return 0
    day = clock.today(company)
    report = close_day.close_day(company=company, as_of=day, actor=_actor())
    if not report.was_closed:
        prove_books.prove_books(company=company, as_of=day, actor=_actor())
    return int(not report.was_closed)


def _expire(company: Company) -> int:
    if company.is_sandbox:
        return 0
    done = expire_reservations.expire_reservations(company=company, actor=_actor())
    return done + expire_reservations.expire_releases(company=company, actor=_actor())


def _for_each_company(work: Callable[[Company], int]) -> int:
    """Do the work for every company; one company's failure is raised only after the others had their turn."""
    total = 0
    failures: list[Exception] = []
    for company in people.companies_of(_actor()):
        try:
            total += work(company)
        except Exception as error:  # noqa: BLE001 - it is raised below, after the other companies
            _log.exception("the job failed for company %s", company.code)
            failures.append(error)
    if failures:
        raise failures[0]
    return total


def _actor() -> Actor:
    return Actor.system("worker")
