"""Let the matcher work through a generated cash desk and count what it did, by evidence and by noise."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.cash_application.matcher import directory, odds
from tradecredit.core.cash_application.matcher.books import Books
from tradecredit.core.cash_application.matcher.desk import Desk
from tradecredit.core.cash_application.matcher.odds import Tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.core.cash_application.matcher.odds import Odds
    from tradecredit.core.cash_application.matcher.policy import MatcherPolicy
    from tradecredit.core.cash_application.matcher.values import Match, Way
    from tradecredit.flows.rehearsal.cash_desk import CashDesk, Told

STATISTICS_HEAD: Final = """\
# How often each kind of evidence was right: [shown, right], by payer/reference/fit/rivals.
# Written by `tradecredit bench cash --learn FILE`; do not edit by hand.
effective_from: 2026-11-22
source: >-
  twelve generated cash desks of 5,000 payments each (seeds 1000 to 1011; the noise model stands in
  flows/rehearsal/cash_desk.py), worked through with every uncertain match put right by a person
reason: >-
  A company without a history of its own needs a beginning. Its own confirmations outweigh these soon:
  `matching.prior_weight` says how many cases each kind weighs at most.
evidence:"""
_BINS: Final = 10
_PLACES: Final = Decimal("0.0001")
_NOISE_ON: Final = ("payer", "reference", "amount")


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """A payment of the desk and what the matcher made of it."""

    told: Told
    match: Match

    @property
    def is_right(self) -> bool:
        """Tell whether the likeliest way settles what the payment was for."""
        return bool(self.match.ways) and self.match.ways[0].items == self.told.truth


def work(desk: CashDesk, *, chances: Odds, policy: MatcherPolicy, is_corrected: bool = False) -> list[Worked]:
    """Match every payment in order; with ``is_corrected`` a person puts what is not sure right in between."""
    books = Books(desk.items)
    known = directory.of(desk.customers, accounts=desk.accounts)
    matcher = Desk(books=books, directory=known, odds=chances, policy=policy)
    done = []
    for told in desk.payments:
        match = matcher.match(told.paid)
        one = Worked(told=told, match=match)
        if match.is_sure or (is_corrected and one.is_right):
            books.take(match.ways[0].shares)
        done.append(one)
    return done


def learned(desks: Iterable[CashDesk], *, policy: MatcherPolicy) -> dict[str, Tally]:
    """Return, by kind of evidence, how often ways with it were shown and right on desks that a person works through."""
    counts: dict[str, list[int]] = {}
    nothing = odds.Odds(prior={}, own={}, prior_weight=0)
    for desk in desks:
        for one in work(desk, chances=nothing, policy=policy, is_corrected=True):
            for way in one.match.ways:
                count = counts.setdefault(way.signature, [0, 0])
                count[0] += 1
                count[1] += way.items == one.told.truth
    return {key: Tally(shown=shown, right=right) for key, (shown, right) in sorted(counts.items())}


def report(done: Sequence[Worked]) -> dict[str, Any]:
    """Return the figures: how much was booked by itself, how much of it was right, and how honest the probabilities are.

    ``hit_rate`` and ``wrong_rate`` count invoices: of those that were paid, how many were booked to the payment that
    paid them; of those booked, how many to one that did not.
    """
    booked = [one for one in done if one.match.is_sure]
    right = sum(one.is_right for one in booked)
    paid = sum(len(one.told.truth) for one in done)
    hits = sum(len(one.match.ways[0].items & one.told.truth) for one in booked)
    misses = sum(len(one.match.ways[0].items - one.told.truth) for one in booked)
    return {
        "payments": len(done),
        "auto_posted": _share(len(booked), len(done)),
        "precision": _share(right, len(booked)),
        "hit_rate": _share(hits, paid),
        "wrong_rate": _share(misses, hits + misses),
        "calibration_error": calibration_error(done),
        "suggested_first_right": _share(sum(one.is_right for one in done), len(done)),
        "by_evidence": _by_evidence(booked),
        "by_noise": _by_noise(done),
    }


def calibration_error(done: Sequence[Worked]) -> str:
    """Return the expected calibration error of all ways shown, in ten bins of equal width, as a share of 1.

    Source: Naeini, Cooper and Hauskrecht (2015): the gaps between what was promised and what came true, weighed by
    how often each bin was used.
    """
    bins: dict[int, tuple[int, Decimal, int]] = {}
    shown = [(way, one.told) for one in done for way in one.match.ways]
    for way, told in shown:
        place = min(int(way.probability * _BINS), _BINS - 1)
        count, promised, true = bins.get(place, (0, Decimal(0), 0))
        bins[place] = (count + 1, promised + way.probability, true + (way.items == told.truth))
    gaps = sum((abs(promised - true) for _, promised, true in bins.values()), Decimal(0))
    return str((gaps / max(len(shown), 1)).quantize(_PLACES))


def evidence_of(way: Way) -> str:
    """Return the kinds of evidence of a way without what it competes with."""
    return f"{way.payer}/{way.reference}/{way.fit}"


def _by_evidence(booked: Sequence[Worked]) -> dict[str, dict[str, Any]]:
    """Return, by evidence, how many were booked, and which share of their invoices was hit and wrong."""
    counts: dict[str, list[int]] = {}
    for one in booked:
        way = one.match.ways[0]
        count = counts.setdefault(evidence_of(way), [0, 0, 0])
        count[0] += 1
        count[1] += len(way.items & one.told.truth)
        count[2] += len(way.items - one.told.truth)
    return {
        key: {"booked": booked_count, "invoices_hit": hit, "invoices_wrong": wrong}
        for key, (booked_count, hit, wrong) in sorted(counts.items(), key=lambda pair: -pair[1][0])
    }


def _by_noise(done: Sequence[Worked]) -> dict[str, dict[str, Any]]:
    """Return, by noise, how many payments had it, which share was booked, and how many of them wrongly."""
    counts: dict[str, list[int]] = {}
    for one in done:
        for on, noise in zip(_NOISE_ON, one.told.noise, strict=True):
            count = counts.setdefault(f"{on}: {noise}", [0, 0, 0])
            count[0] += 1
            count[1] += one.match.is_sure
            count[2] += one.match.is_sure and not one.is_right
    return {
        key: {"payments": payments, "auto_posted": _share(posted, payments), "wrong": wrong}
        for key, (payments, posted, wrong) in sorted(counts.items(), key=lambda pair: pair[1][1] / pair[1][0])
    }


def _share(part: int, whole: int) -> str:
    return str((Decimal(part) / max(whole, 1)).quantize(_PLACES))


def as_document(tallies: Mapping[str, Tally]) -> dict[str, list[int]]:
    """Return tallies as they are written in the shipped statistics: ``evidence: [shown, right]``."""
    return {key: [tally.shown, tally.right] for key, tally in tallies.items()}
