"""Payments land while letters leave: nobody whose payment was recorded is written to afterwards."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from django.db import connections

from tradecredit.apps.collections.models import Letter
from tradecredit.flows.cash import record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.imports import import_invoices
from tradecredit.flows.imports.import_invoices import InvoiceRow
from tradecredit.flows.watch import dispatch_outbox, run_dunning
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_AMOUNT: Final = Decimal("1000.00")
_BATCH_MOST: Final = 20
_SEND_SECONDS: Final = 1 / 1000
_ISSUED_BEFORE: Final = 45


@dataclass(frozen=True, slots=True, kw_only=True)
class Race:
    """Who races, on which day, and how many record payments at once."""

    company: Company
    codes: Sequence[str]
    day: date
    payers: int
    seed: int


@dataclass(slots=True, kw_only=True)
class Raced:
    """What came of it: when each payment was recorded and when each letter left, by customer."""

    letters: int = 0
    paid_at: dict[str, float] = field(default_factory=dict)
    sent_at: dict[str, float] = field(default_factory=dict)
    dropped: int = 0
    errors: list[str] = field(default_factory=list)

    @property
    def wronged(self) -> list[str]:
        """Return the customers whose letter left after their payment was recorded."""
        return sorted(
            code for code, sent in self.sent_at.items() if code in self.paid_at and self.paid_at[code] < sent
        )

    @property
    def landed_meanwhile(self) -> int:
        """Return how many payments were recorded between the first and the last letter that left."""
        if not self.sent_at:
            return 0
        first, last = min(self.sent_at.values()), max(self.sent_at.values())
        return sum(first <= moment <= last for moment in self.paid_at.values())


class _Mailer:
    """Takes a moment for each letter and remembers when it left."""

    def __init__(self, raced: Raced) -> None:
        self._raced = raced

    def send(self, *, recipient: str, subject: str, body: str, message_id: str) -> None:
        del subject, body, message_id
        self._raced.sent_at[recipient.partition("@")[0].upper()] = time.monotonic()
        time.sleep(_SEND_SECONDS)


def run(*, race: Race, actor: Actor) -> Raced:
    """Write a letter to everybody, then send them while everybody pays; the customers' mail names are their codes."""
    raced = Raced()
    _lay(race, actor)
    with clock.on(race.company, race.day, hour=20):
        run_dunning.run_dunning(company=race.company, as_of=race.day, actor=actor)
    order = list(race.codes)
    random.Random(race.seed).shuffle(order)  # noqa: S311 - a seeded race, no secret
    shares = [order[place :: race.payers] for place in range(race.payers)]
    threads = [
        threading.Thread(target=_pay, args=(race, share, raced, actor, number))
        for number, share in enumerate(shares)
    ]
    for thread in threads:
        thread.start()
    with clock.on(race.company, race.day, hour=21):
        while True:
            dispatch_outbox.dispatch_outbox(company=race.company, mailer=_Mailer(raced), actor=actor)
            if not any(thread.is_alive() for thread in threads):
                break
        dispatch_outbox.dispatch_outbox(company=race.company, mailer=_Mailer(raced), actor=actor)
    for thread in threads:
        thread.join()
    with scope.entered(actor):
        letters = Letter.objects.filter(company_id=race.company.pk, kind="letter")
        raced.letters = letters.count()
        raced.dropped = letters.filter(status="dropped").count()
    return raced


def _lay(race: Race, actor: Actor) -> None:
    rows = [
        InvoiceRow(
            number=f"RACE-{code}",
            customer_code=code,
            amount=_AMOUNT,
            invoice_date=race.day - timedelta(days=_ISSUED_BEFORE),
            due_date=race.day - timedelta(days=1),
        )
        for code in race.codes
    ]
    with clock.on(race.company, race.day):
        import_invoices.import_invoices(rows=rows, company=race.company, actor=actor)


def _pay(race: Race, codes: Sequence[str], raced: Raced, actor: Actor, number: int) -> None:
    draw = random.Random(race.seed + number)  # noqa: S311 - a seeded race, no secret
    place = 0
    try:
        with clock.on(race.company, race.day, hour=21):
            while place < len(codes):
                part = codes[place : place + draw.randint(1, _BATCH_MOST)]
                place += len(part)
                record_payments.record_payments(
                    rows=[
                        PaymentRow(
                            number=f"PAY-{code}",
                            customer_code=code,
                            amount=_AMOUNT,
                            payment_date=race.day,
                            invoice_number=f"RACE-{code}",
                        )
                        for code in part
                    ],
                    company=race.company,
                    actor=actor,
                )
                moment = time.monotonic()
                raced.paid_at.update(dict.fromkeys(part, moment))
    except Exception as error:  # noqa: BLE001 - whatever a payer meets is told
        raced.errors.append(f"{type(error).__name__}: {error}")
    finally:
        connections["default"].close()
