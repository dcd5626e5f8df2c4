"""``torture letters``: thousands of payments land while letters leave; none goes to somebody who had paid."""

from __future__ import annotations

import os
from datetime import date
from typing import TYPE_CHECKING, Final

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.proving import ground, verdict
from tradecredit.doors.cli.torture.dunning import codes_of
from tradecredit.plumbing import failpoints

if TYPE_CHECKING:
    from tradecredit.doors.cli.proving.verdict import Verdict
    from tradecredit.flows.rehearsal.letters_race import Raced

_DAY: Final = date(2026, 3, 3)
_SHOWN: Final = 5


@click.command("letters")
@click.option("--payments", default=2_000, show_default=True, help="Payers, a letter each (the bar: 10000).")
@click.option("--payers", default=2, show_default=True, help="How many record payments at once.")
@click.option("--seed", type=int)
@click.option(
    "--unsafe-skip-send-gate",
    is_flag=True,
    help="Negative control: the sender holds nobody; must wrong some.",
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
def letters_command(
    *, payments: int, payers: int, seed: int | None, unsafe_skip_send_gate: bool, is_json: bool
) -> None:
    """Zero letters to customers whose payment was recorded before the letter left."""
    found = verdict.Verdict(name="letters", seed=verdict.seed_or_new(seed))
    os.environ[failpoints.UNSAFE] = "skip-send-gate" if unsafe_skip_send_gate else ""
    try:
        with ground.throw_away(customers=payments, limit="100000000.00") as place:
            from tradecredit.flows.rehearsal import letters_race

            failpoints.refuse_in_production("proof")
            with place.owner() as owner:
                owner.run("UPDATE dossier_customer SET email = lower(code) || '@example.com'")
            ground.say(f"{payments} letters, {payments} payments …")
            raced = letters_race.run(
                race=letters_race.Race(
                    company=place.company,
                    codes=codes_of(payments),
                    day=_DAY,
                    payers=payers,
                    seed=found.seed,
                ),
                actor=installations.system_actor("proof"),
            )
    finally:
        os.environ.pop(failpoints.UNSAFE, None)
        failpoints.refuse_in_production("proof")
    _judge(found, raced)
    found.tell(headline="to_payers", is_json=is_json)


def _judge(found: Verdict, raced: Raced) -> None:
    found.figures = {
        "letters": raced.letters,
        "payments": len(raced.paid_at),
        "landed_while_letters_left": raced.landed_meanwhile,
        "left": len(raced.sent_at),
        "dropped": raced.dropped,
        "to_payers": len(raced.wronged),
    }
    found.failures += [f"{code} was written to after it had paid" for code in raced.wronged[:_SHOWN]]
    found.failures += raced.errors[:_SHOWN]
    found.require(raced.landed_meanwhile > 0 < raced.dropped, "no payment landed in time: it proves nothing")
    found.require(
        len(raced.sent_at) + raced.dropped == raced.letters == len(raced.paid_at), "letters were lost"
    )
