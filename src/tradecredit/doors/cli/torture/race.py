"""``torture race``: many clients for one account, over HTTP or at the flow itself."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, serving_child, verdict
from tradecredit.doors.cli.torture import race_http, race_service, sampling
from tradecredit.doors.cli.torture.elsewhere import Elsewhere

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.doors.cli.torture.race_http import Tally
    from tradecredit.flows.rehearsal.watch_books import Standing

_PREFIX: Final = "RACE-"
_HOT: Final = 1


@click.command("race")
@click.option("--clients", default=64, show_default=True, help="How many at once.")
@click.option("--orders", default=150, show_default=True, help="Orders a client.")
@click.option("--limit", default="100000.00", show_default=True, help="The customer's line.")
@click.option("--seed", type=int, help="Repeat a run (default: a new one, printed).")
@click.option("--layer", type=click.Choice(["http", "service"]), default="http", show_default=True)
@click.option(
    "--groups",
    is_flag=True,
    help="At the service: groups below an entity above the customers, moves between groups.",
)
@click.option(
    "--http", "url", metavar="URL", help="A running server instead of one's own (a proof installation!)."
)
@click.option("--token", envvar="TRADECREDIT_TOKEN", help="For --http.")
@click.option("--company", help="For --http: the company's code.")
@click.option("--customer", help="For --http: a customer with a line and no open orders.")
@click.option(
    "--unsafe-skip-lock", is_flag=True, help="Negative control: no lock and no ceiling; must go over."
)
@click.option(
    "--unsafe-shuffle-locks", is_flag=True, help="Negative control: locks in any order; must deadlock."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def race_command(**options: Any) -> None:
    """Race for one customer's line: exposure never above it, every answer stored once, nothing lost."""
    seed = verdict.seed_or_new(options["seed"])
    found = verdict.Verdict(name="race", seed=seed)
    if options["url"]:
        _elsewhere(found, options)
    elif options["layer"] == "service":
        race_service.run(found, options)
    else:
        _own_server(found, options)
    found.tell(headline="over_limit", is_json=options["is_json"])


def _own_server(found: Verdict, options: dict[str, Any]) -> None:
    limit = Decimal(options["limit"])
    unsafe = "skip-lock" if options["unsafe_skip_lock"] else ""
    with (
        ground.throw_away(customers=_HOT, limit=f"{limit:f}") as place,
        serving_child.serving(place, unsafe=unsafe) as web,
    ):
        track = _track(options, limit, host=serving_child.HOST, port=web.port, token=place.token)
        ground.say(f"{track.clients} clients × {track.orders} orders for {limit} …")
        _race_there(found, place, track, limit)


def _race_there(found: Verdict, place: Ground, track: race_http.Track, limit: Decimal) -> None:
    from tradecredit.flows.orders import verify_exposure
    from tradecredit.flows.rehearsal import fill_books, watch_books

    account = fill_books.account_of(_HOT)
    with place.owner() as watching:
        look = lambda: watch_books.highest_total(watching, accounts=[account])  # noqa: E731 - one line of one use
        with sampling.sampled(look) as samples:
            tally = race_http.run(track, seed=found.seed)
    with place.owner() as owner:
        stored = watch_books.stored_decisions(owner, prefix=_PREFIX)
        standing = watch_books.standing_of(owner, account=account)
    books = verify_exposure.verify_exposure(actor=installations.system_actor("proof"))
    found.figures["samples"] = samples.count
    found.failures += samples.failures
    _judge_answers(found, tally)
    _judge_height(found, samples.highest, limit)
    _judge_sums(found, tally, standing)
    found.require(stored == tally.decided, f"answered {len(tally.decided)} decisions, stored {len(stored)}")
    found.require(books.is_whole, f"the ledger drifts by {books.drift}")


def _elsewhere(found: Verdict, options: dict[str, Any]) -> None:
    for name in ("token", "company", "customer"):
        if not options[name]:
            raise click.UsageError(f"--http needs --{name}")
    address = urlsplit(options["url"])
    there = Elsewhere(
        base=options["url"].rstrip("/"),
        token=options["token"],
        company=options["company"],
        customer=options["customer"],
    )
    limit, before = there.limit(), there.exposure()
    track = _track(
        options, limit, host=address.hostname or "", port=address.port or 80, token=options["token"],
        company=options["company"], customer=options["customer"], prefix=f"{_PREFIX}{found.seed}-",
    )  # fmt: skip
    with sampling.sampled(there.exposure) as samples:
        tally = race_http.run(track, seed=found.seed)
    found.figures["samples"] = samples.count
    found.failures += samples.failures
    _judge_answers(found, tally)
    _judge_height(found, samples.highest, limit)
    after = there.exposure() - before
    found.require(after == tally.taken - tally.given_back, f"exposure rose by {after}")
    missing = [decision for decision in tally.decided if not there.has_decision(decision)]
    found.require(not missing, f"{len(missing)} decisions were answered and are not stored")


def _track(
    options: dict[str, Any], limit: Decimal, *, host: str, port: int, token: str,
    company: str = ground.COMPANY_CODE, customer: str = f"T{_HOT}", prefix: str = _PREFIX,
) -> race_http.Track:  # fmt: skip
    return race_http.Track(
        host=host,
        port=port,
        token=token,
        company=company,
        customer=customer,
        prefix=prefix,
        clients=options["clients"],
        orders=options["orders"],
        # So that the line is contended from the first second to the last.
        largest=(limit / 20).quantize(Decimal("0.01")),
    )


def _judge_answers(found: Verdict, tally: Tally) -> None:
    seconds = sorted(tally.seconds)
    found.figures |= {
        "requests": tally.requests,
        "passed": tally.passed,
        "cancelled": tally.cancelled,
        "sent_again": tally.resent,
        "http_5xx": tally.server_errors,
        "p99_ms": round(seconds[int(len(seconds) * 0.99) - 1] * 1000, 1) if seconds else None,
    }
    found.require(tally.server_errors == 0, f"{tally.server_errors} answers were 5xx")
    found.require(not tally.unexpected, f"unexpected answers: {tally.unexpected[:3]}")
    found.require(tally.passed > 0, "nothing passed: the race was none")


def _judge_height(found: Verdict, highest: Decimal, limit: Decimal) -> None:
    over = max(highest - limit, Decimal(0))
    found.figures |= {"max_exposure": f"{highest:.2f}", "limit": f"{limit:.2f}", "over_limit": f"{over:.2f}"}
    found.require(over == 0, f"exposure reached {highest:.2f}, the line is {limit:.2f}")


def _judge_sums(found: Verdict, tally: Tally, standing: Standing) -> None:
    expected = tally.taken - tally.given_back
    found.figures |= {"approved_less_released": f"{expected:.2f}", "exposure_row": f"{standing.row:.2f}"}
    found.require(
        standing.row == expected, f"approved less released is {expected}, the row says {standing.row}"
    )
    events = standing.reservations + standing.entries
    found.require(events == standing.row, f"events sum to {events}, the row says {standing.row}")
