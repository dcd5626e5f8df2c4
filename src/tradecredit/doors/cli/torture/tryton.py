"""``torture tryton``: a real Tryton server beside us on the same PostgreSQL, read while readers are killed."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from tradecredit.doors.cli.proving import ground, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.doors.cli.proving.ground import Ground
    from tradecredit.doors.cli.proving.verdict import Verdict

_MODULES: Final = ("party", "account", "account_invoice", "account_credit_limit")
_DATABASE: Final = "tryton_proof"
_USER, _CODE = "admin", "tryton"
_BEGINS, _ENDS = "2026-01-01", "2027-01-01"
_PATIENCE_SECONDS: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """The Tryton server of a proof: its Python, its configuration, its password."""

    python: Path
    config: Path
    password: str
    port: int

    def run(self, *command: str) -> str:
        """Run a program of its environment and return what it printed; raises click.ClickException."""
        environment = {**os.environ, "TRYTONPASSFILE": str(self.config.with_suffix(".password"))}
        done = subprocess.run(  # noqa: S603 - the interpreter that was named
            [str(self.python), *command], env=environment, check=False, capture_output=True, text=True
        )
        if done.returncode:
            raise click.ClickException(f"{command[0]} failed:\n{done.stderr[-2000:]}")
        return done.stdout


@click.command("tryton")
@click.option("--python", default=".venv-tryton/bin/python", show_default=True, help="A Python with trytond.")
@click.option("--customers", default=500, show_default=True)
@click.option("--invoices", default=5000, show_default=True)
@click.option("--kills", default=10, show_default=True, help="How often the reader is killed.")
@click.option("--seed", type=int, help="Repeat a run (default: a new one, printed).")
@click.option(
    "--unsafe-position-first",
    is_flag=True,
    help="Negative control: the position commits before its rows; must lose some.",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def tryton_command(**options: Any) -> None:
    """Read a real Tryton: nothing lost, nothing doubled, both sides equal to the cent, a hold flows out."""
    found = verdict.Verdict(name="tryton", seed=verdict.seed_or_new(options["seed"]))
    python = Path(options["python"]).absolute()
    if not python.exists():
        raise click.UsageError(f"{python} is not there: make tryton sets it up, or name one with --python")
    with ground.throw_away(customers=1, limit="100000.00") as place:
        server = _prepared(place, python)
        ground.say(f"{options['customers']} customers, {options['invoices']} invoices over there …")
        numbers = [str(options[name]) for name in ("customers", "invoices")]
        books = Path(__file__).with_name("tryton_books.py")
        made = json.loads(
            server.run(str(books), str(server.config), _DATABASE, *numbers, str(found.seed)).splitlines()[-1]
        )
        with _serving(server):
            _describe(place, server)
            dice = random.Random(found.seed)  # noqa: S311 - points at which a proof kills
            unsafe = "position-with-rows" if options["unsafe_position_first"] else ""
            found.figures["killed"] = _read_killed(place, dice, kills=options["kills"], unsafe=unsafe)
            _judge(found, place, made)
            _judge_hold(found, place)
    found.tell(headline="killed", is_json=options["is_json"])


def _prepared(place: Ground, python: Path) -> Server:
    """Make the database on our own server and the tables of the modules in it."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    with psycopg.connect(place.server.url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {_DATABASE}")
    parts = conninfo_to_dict(place.server.url)
    config = place.data_dir / "tryton.conf"
    # Its own address of our server: the socket stands in the query, as libpq takes it.
    uri = f"postgresql://{parts['user']}:{parts['password']}@/?host={parts['host']}"
    port = _free_port()
    config.write_text(f"[database]\nuri = {uri}\n[web]\nlisten = 127.0.0.1:{port}\n")
    config.chmod(0o600)
    password = place.token[:24]
    config.with_suffix(".password").write_text(password)
    server = Server(python=python, config=config, password=password, port=port)
    ground.say("its tables …")
    admin = str(python.with_name("trytond-admin"))
    common = ["-c", str(config), "-d", _DATABASE]
    server.run(admin, *common, "-u", *_MODULES, "--activate-dependencies", "--email", "proof@example.com")
    return server


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def _serving(server: Server) -> Iterator[None]:
    """Run the server until the block ends."""
    child = subprocess.Popen(  # noqa: S603 - the interpreter that was named
        [
            str(server.python),
            str(server.python.with_name("trytond")),
            "-c",
            str(server.config),
            "-d",
            _DATABASE,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.environ["TRADECREDIT_SOURCE_HOSTS"] = f"127.0.0.1:{server.port}"
    os.environ["TRADECREDIT_SOURCE_TRYTON_USER"] = _USER
    os.environ["TRADECREDIT_SOURCE_TRYTON_PASSWORD"] = server.password
    try:
        yield
    finally:
        os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=_PATIENCE_SECONDS)


def _command(place: Ground, *words: str) -> list[str]:
    program = Path(sys.executable).with_name("tradecredit")
    return [str(program), "-C", str(place.data_dir), "source", *words]


def _run(place: Ground, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own interpreter
        _command(place, *words), check=False, capture_output=True, text=True
    )


def _describe(place: Ground, server: Server) -> None:
    """Describe the connection, and wait until the server answers."""
    settings = ("--set", f"base_url=http://127.0.0.1:{server.port}", "--set", f"database={_DATABASE}")
    added = _run(place, "add", _CODE, "--system", "tryton", "--write-back", *settings)
    if added.returncode:
        raise click.ClickException(added.stderr)
    for _ in range(_PATIENCE_SECONDS):
        checked = _run(place, "check", _CODE)
        if checked.returncode == 0:
            return
        time.sleep(1)
    raise click.ClickException(checked.stderr)


def _read_killed(place: Ground, dice: random.Random, *, kills: int, unsafe: str) -> int:
    """Read to the end, killing the reader: by turns between rows and commit, and at any moment."""
    killed = 0
    while True:
        armed = killed < kills
        by_point = armed and killed % 2 == 0
        environment = {**os.environ, "TRADECREDIT_UNSAFE": unsafe}
        if by_point:
            # A first portion that is the only one of its kind is read again with the overlap: its loss would not show.
            environment["TRADECREDIT_FAILPOINTS"] = f"source.portion={dice.randrange(2 if unsafe else 1, 4)}"
        child = subprocess.Popen(  # noqa: S603 - our own interpreter
            _command(place, "sync", _CODE, "--json"),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        if armed and not by_point:
            _kill_on_the_way(child, dice)
        output, said = child.communicate()
        if child.returncode == -signal.SIGKILL:
            killed += 1
            ground.say(f"killed {killed}")
            continue
        if child.returncode:
            raise click.ClickException(f"{output}\n{said[-2000:]}")
        return killed


def _kill_on_the_way(child: subprocess.Popen[str], dice: random.Random) -> None:
    """Let the reader say that a portion is done, and kill it a random moment later."""
    assert child.stderr is not None  # noqa: S101 -- it is piped
    child.stderr.readline()
    time.sleep(dice.randrange(0, 1500) / 1000)
    child.kill()


def _judge(found: Verdict, place: Ground, made: dict[str, Any]) -> None:
    done = _run(place, "reconcile", _CODE, "--from", _BEGINS, "--to", _ENDS, "--json")
    tallies = json.loads(done.stdout)["kinds"] if done.stdout else {}
    with place.owner() as owner:
        ((count,),) = owner.rows("SELECT count(*) FROM dossier_customer WHERE source = %(code)s", code=_CODE)
    found.figures["customers"] = count
    found.require(
        count == made["counts"]["customers"], f"customers: {count}, not {made['counts']['customers']}"
    )
    for kind, total in made["totals"].items():
        tally = tallies.get(kind, {"theirs": {}, "ours": {}, "equal": False})
        wanted = {"count": made["counts"][kind], "sum": total}
        found.figures[kind] = tally["ours"]
        for side in ("theirs", "ours"):
            is_same = _exactly(tally[side]) == _exactly(wanted)
            found.require(is_same, f"{kind} {side}: {tally[side]}, not {wanted}")
        found.require(bool(tally["equal"]), f"{kind}: days differ: {str(tally.get('unequal'))[:300]}")


def _exactly(side: dict[str, Any]) -> tuple[int, int]:
    """Return count and sum in whole cents, however many zeros stand behind."""
    whole, _, part = str(side.get("sum", "0")).partition(".")
    return int(side.get("count", -1)), int(whole) * 100 + int((part + "00")[:2])


def _judge_hold(found: Verdict, place: Ground) -> None:
    """Freeze a customer here and look into the other system's own tables."""
    import psycopg

    from tradecredit.apps.dossier import queries
    from tradecredit.doors.cli import installation as installations
    from tradecredit.flows.watch import freeze_by_hand
    from tradecredit.plumbing.access import scope

    actor = installations.system_actor("proof")
    with scope.entered(actor):
        customer = queries.customer_by_code("TP00001")
    if customer is None:
        found.failures.append("customer TP00001 did not come")
        return
    freeze_by_hand.freeze(
        company=place.company, customer_id=customer.id, scope="orders", reason="proof", actor=actor
    )
    told = _run(place, "tell", _CODE)
    found.require(told.returncode == 0, f"tell: {told.stderr[-500:]}")
    with psycopg.connect(place.server.url, dbname=_DATABASE) as connection:
        held = connection.execute(
            'SELECT count(*) FROM "party_party-party_category" r JOIN party_category c ON c.id = r.category'
            " JOIN party_party p ON p.id = r.party WHERE p.code = 'TP00001' AND c.name = 'Credit hold'"
        ).fetchone()
    found.figures["holds over there"] = held[0] if held else 0
    found.require(bool(held and held[0] == 1), "the hold did not arrive")
