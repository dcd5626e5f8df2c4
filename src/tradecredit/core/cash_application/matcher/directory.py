"""Who may have paid: what the books know of payers, asked by what the bank tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import names
from tradecredit.core.cash_application.matcher.values import Guess

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from decimal import Decimal

    from tradecredit.core.cash_application.matcher.names import NameIndex
    from tradecredit.core.cash_application.matcher.values import Customer, Paid

# The kinds of evidence that tell by themselves who paid, if they tell of one customer only.
CERTAIN: Final = frozenset({"given", "account", "alias", "name"})
_GROUP_MAX: Final = 12
_GUESSES_MAX: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Customers, their names, and what was learned: which accounts and payer's names paid for whom.

    ``accounts`` and ``aliases`` are of past payments; an alias is known by its bare name.
    """

    customers: Mapping[str, Customer]
    index: NameIndex
    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    aliases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    # Payers come again and again: who is known by a name and an account is looked for once.
    _seen: dict[tuple[str, str], tuple[Guess, ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def known(self, paid: Paid) -> tuple[Guess, ...]:
        """Return who is known by account, by a learned name, or by the customer's own name."""
        key = (paid.payer_name, paid.payer_account)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = tuple(_known(paid, self))
        return found

    def members_beside(self, key: str) -> tuple[str, ...]:
        """Return the other members of the customer's group."""
        customer = self.customers.get(key)
        if customer is None or not customer.group:
            return ()
        return tuple(member for member in self.groups.get(customer.group, ()) if member != key)[:_GROUP_MAX]


def of(
    customers: Iterable[Customer],
    *,
    accounts: Mapping[str, frozenset[str]] | None = None,
    aliases: Mapping[str, frozenset[str]] | None = None,
) -> Directory:
    """Return the directory of these customers and of what was learned about payers."""
    listed = tuple(customers)
    groups: dict[str, list[str]] = {}
    for customer in listed:
        if customer.group:
            groups.setdefault(customer.group, []).append(customer.key)
    return Directory(
        customers={customer.key: customer for customer in listed},
        index=names.NameIndex(listed),
        accounts=accounts or {},
        aliases={names.bare(name): keys for name, keys in (aliases or {}).items()},
        groups={group: tuple(members) for group, members in groups.items()},
    )


def guesses(
    paid: Paid, *, named: Iterable[str], directory: Directory, similar_name: Decimal
) -> tuple[Guess, ...]:
    """Return who may have paid, the best evidence first; ``named`` are the customers whose documents the text names.

    A customer whose document is named by a payer known as somebody else is ``contradicted``, or ``group`` where both
    are of one group; by a payer whom nobody knows, ``third``. One kind of evidence that tells of several customers is
    ``shared``.
    """
    if paid.customer:
        return (Guess(customer=paid.customer, kind="given"),)
    found = directory.known(paid) or _sounding(paid, directory, similar_name)
    by_customer = {guess.customer: guess for guess in found}
    certain = {guess.customer for guess in found if guess.kind in CERTAIN}
    for customer in dict.fromkeys(named):
        if customer not in by_customer:
            kind = _kind_of_named(customer, certain, directory)
            by_customer[customer] = Guess(customer=customer, kind=kind, detail=paid.payer_name)
    if not by_customer:
        by_customer = {guess.customer: guess for guess in _told(paid, directory)}
    for customer in sorted(certain):
        for member in directory.members_beside(customer):
            by_customer.setdefault(member, Guess(customer=member, kind="group", detail=paid.payer_name))
    return tuple(by_customer.values())[:_GUESSES_MAX]


def payer_for_certain(found: Iterable[Guess]) -> Guess | None:
    """Return the customer who paid where the evidence tells of one only."""
    guessed = tuple(found)
    certain = [guess for guess in guessed if guess.kind in CERTAIN]
    against = any(guess.kind in {"contradicted", "shared"} for guess in guessed)
    return certain[0] if len(certain) == 1 and not against else None


def _known(paid: Paid, directory: Directory) -> list[Guess]:
    """Return who is known by account, by a learned name, or by the customer's own name."""
    kinds = (
        ("account", directory.accounts.get(paid.payer_account, frozenset()), paid.payer_account),
        ("name", directory.index.named(paid.payer_name) if paid.payer_name else frozenset(), paid.payer_name),
        ("alias", directory.aliases.get(names.bare(paid.payer_name), frozenset()), paid.payer_name),
    )
    found: dict[str, Guess] = {}
    for kind, customers, detail in kinds:
        for customer in sorted(customers):
            told = kind if len(customers) == 1 else "shared"
            if customer not in found or found[customer].kind == "shared":
                found[customer] = Guess(customer=customer, kind=told, detail=detail)
    return list(found.values())


def _sounding(paid: Paid, directory: Directory, similar_name: Decimal) -> tuple[Guess, ...]:
    """Return who sounds or looks like the payer."""
    if not paid.payer_name:
        return ()
    read = directory.index.read_out(paid.payer_name)
    if read:
        kind = "pinyin" if len(read) == 1 else "shared"
        return tuple(Guess(customer=customer, kind=kind, detail=paid.payer_name) for customer in sorted(read))
    near = directory.index.similar(paid.payer_name, least=similar_name)
    kind = "similar" if len(near) == 1 else "similar_several"
    return tuple(Guess(customer=customer, kind=kind, detail=paid.payer_name) for customer, _ in near)


def _told(paid: Paid, directory: Directory) -> list[Guess]:
    """Return whom the text tells of by name."""
    mentioned = directory.index.mentioned(paid.text)
    kind = "text" if len(mentioned) == 1 else "shared"
    return [Guess(customer=customer, kind=kind, detail=paid.text) for customer in sorted(mentioned)]


def _kind_of_named(customer: str, certain: set[str], directory: Directory) -> str:
    if not certain:
        return "third"
    if any(customer in directory.members_beside(known) for known in certain):
        return "group"
    return "contradicted"
