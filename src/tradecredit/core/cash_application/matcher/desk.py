"""The desk: payments matched one after the other, each seeing what those before it have taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import directory as directories
from tradecredit.core.cash_application.matcher import references, telling, ways
from tradecredit.core.cash_application.matcher.values import Match
from tradecredit.core.cash_application.matcher.ways import Case

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tradecredit.core.cash_application.matcher.books import Books
    from tradecredit.core.cash_application.matcher.directory import Directory
    from tradecredit.core.cash_application.matcher.odds import Odds
    from tradecredit.core.cash_application.matcher.policy import Limits, MatcherPolicy
    from tradecredit.core.cash_application.matcher.references import Mentions
    from tradecredit.core.cash_application.matcher.values import Guess, OpenItem, Paid, Way

# For a person to judge, however well it fits: a customer's invoice paid by another customer, and money that names what
# is settled already (perhaps it was paid twice).
NEVER_BY_ITSELF: Final = frozenset({"contradicted", "paid"})
_UNNAMED: Final = frozenset({"none", "unknown", "paid", "wrong"})
_WAYS_MAX: Final = 5


class Desk:
    """Matches payments against books, in the order they are given."""

    def __init__(self, *, books: Books, directory: Directory, odds: Odds, policy: MatcherPolicy) -> None:
        self._books = books
        self._directory = directory
        self._odds = odds
        self._policy = policy
        self._limits: dict[str, Limits] = {}

    def match_all(self, payments: Iterable[Paid]) -> Iterator[Match]:
        """Match each payment and take what is sure of it from the books before the next."""
        for paid in payments:
            yield self.match_next(paid)

    def match_next(self, paid: Paid) -> Match:
        """Match one payment and take what is sure of it from the books."""
        match = self.match(paid)
        if match.is_sure:
            self._books.take(match.ways[0].shares)
        return match

    def match(self, paid: Paid) -> Match:
        """Return the ways for one payment, each with its evidence and probability, the likeliest first."""
        mentions = self._mentions(paid)
        named = self._books.named(mentions.numbers)
        guesses = directories.guesses(
            paid, named=named, directory=self._directory, similar_name=self._policy.similar_name
        )
        found = self._found(paid, guesses, mentions, named)
        ranked = self._ranked(_set_apart(found))
        payer = directories.payer_for_certain(guesses)
        is_sure = bool(ranked) and self._is_sure(ranked[0])
        by_customer = {guess.customer: guess for guess in guesses}
        told = tuple(self._told(way, paid, by_customer[way.customer]) for way in ranked[:_WAYS_MAX])
        words = told[0].words if is_sure else None
        return Match(
            payment_id=paid.payment_id,
            ways=told,
            is_sure=is_sure,
            payer=by_customer[ranked[0].customer] if is_sure else payer,
            words=words or telling.unmatched(payer=payer, codes=self._codes(guesses)),
        )

    def _found(
        self,
        paid: Paid,
        guesses: tuple[Guess, ...],
        mentions: Mentions,
        named: Mapping[str, tuple[str, list[OpenItem]]],
    ) -> list[Way]:
        """Return the ways of all guesses; a group is asked only when nothing of the payer itself fits whole."""
        found: list[Way] = []
        for guess in guesses:
            is_needed = guess.kind != "group" or guess.customer in named
            if is_needed or not any(way.fit in ways.WHOLE for way in found):
                found += ways.find(self._case(paid, guess, mentions, named))
        return found

    def _limits_of(self, currency: str) -> Limits:
        found = self._limits.get(currency)
        if found is None:
            found = self._limits[currency] = self._policy.limits(currency)
        return found

    def _mentions(self, paid: Paid) -> Mentions:
        if paid.advice:
            numbers = (references.compact(line.number) for line in paid.advice)
            return references.Mentions(numbers=tuple(one for one in numbers if one in self._books.by_number))
        return references.find(paid.text, known=self._books.by_number)

    def _case(
        self, paid: Paid, guess: Guess, mentions: Mentions, named: Mapping[str, tuple[str, list[OpenItem]]]
    ) -> Case:
        everything = self._books.open_of(guess.customer)
        kind, every = named.get(guess.customer, ("", []))
        told = [item for item in every if not item.is_credit]
        credits_ = self._books.credits_of(guess.customer)
        is_open = [item for item in told if self._books.left[item.item_id] > 0]
        if not told and mentions.loose:
            is_open = _ending_with(mentions.loose, everything)
            kind = "cut" if is_open else ""
        reference = self._reference(paid, kind, mentions, is_named=bool(told), is_open=bool(is_open))
        free = [item for item in everything if not (self._policy.skip_disputed and item.is_disputed)]
        is_open.sort(key=lambda item: (item.due_date, item.number, item.item_id))
        return Case(
            paid=paid, guess=guess, reference=reference, named=is_open, items=free, left=self._books.left,
            sum_of_most=self._policy.sum_of_most, limits=self._limits_of(paid.currency),
            credits=credits_, credits_named=[one for one in credits_ if one in every],
        )  # fmt: skip

    def _reference(self, paid: Paid, kind: str, mentions: Mentions, *, is_named: bool, is_open: bool) -> str:
        if is_open:
            return "advice" if paid.advice else kind
        if is_named:
            return "paid"
        return "unknown" if mentions.loose or mentions.numbers else "none"

    def _ranked(self, found: list[Way]) -> list[Way]:
        judged = [replace(way, probability=self._odds.of(way.signature)) for way in found]
        return sorted(judged, key=lambda way: -way.probability)

    def _is_sure(self, way: Way) -> bool:
        policy = self._policy
        if {way.payer, way.reference} & NEVER_BY_ITSELF or not way.shares:
            return False
        if way.fit == "oldest_first":
            return policy.by_fifo and way.payer in directories.CERTAIN
        is_allowed = policy.by_exact_amount if way.reference in _UNNAMED else policy.by_reference
        return is_allowed and way.probability >= policy.precision

    def _told(self, way: Way, paid: Paid, guess: Guess) -> Way:
        numbers = [self._books.items[share.item_id].number for share in way.shares]
        credits_ = [self._books.items[share.credit_id].number for share in way.shares if share.credit_id]
        words = telling.way_words(
            way,
            paid=paid,
            guess=guess,
            numbers=list(dict.fromkeys(numbers)),
            credits_=list(dict.fromkeys(credits_)),
        )
        return replace(way, words=words)

    def _codes(self, guesses: Iterable[Guess]) -> list[str]:
        known = self._directory.customers
        return sorted(
            known[one.customer].code for one in guesses if one.customer in known and one.kind != "group"
        )


def _set_apart(found: list[Way]) -> list[Way]:
    """Let ways that fit by the amount alone compete across customers, where the payer is not certain."""
    fitting = [way for way in found if way.fit in ways.WHOLE and way.reference in {"none", "unknown"}]
    if len({way.customer for way in fitting}) <= 1:
        return found
    first = fitting[0]
    return [
        replace(way, rivals="first" if way is first else "other")
        if any(way is one for one in fitting) and way.rivals in {"only", "open"}
        else way
        for way in found
    ]


def _ending_with(loose: Iterable[str], items: Iterable[OpenItem]) -> list[OpenItem]:
    """Return the items whose number ends with the digits, each run of digits telling one of them only."""
    listed = [(references.compact(item.number), item) for item in items]
    found: dict[str, OpenItem] = {}
    for digits in loose:
        ending = [item for number, item in listed if number.endswith(digits)]
        if len({item.number for item in ending}) == 1:
            found.update({item.item_id: item for item in ending})
    return list(found.values())
