"""The facts of one check: everything the verdict depends on, frozen, so that it can be recorded and replayed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from tradecredit.core.exposure import components
from tradecredit.core.kernel.limit import Amount, Limit, NotSet
from tradecredit.core.kernel.money import CurrencyMismatchError, Money

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.decisions.outlook import Outlook
    from tradecredit.core.decisions.releases import ReleaseFacts
    from tradecredit.core.decisions.settings import Effective
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.core.exposure.nodes import Node
    from tradecredit.core.kernel.periods import Validity


class ControlPoint(StrEnum):
    """The moment of the trade at which the check is asked for."""

    ORDER = "order"
    DELIVERY = "delivery"
    INVOICE = "invoice"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What is asked: the document, its amount and terms."""

    company: str
    reference: str
    control_point: ControlPoint
    amount: Money
    requested_on: date
    terms_days: int | None = None
    prepaid: Money | None = None
    document: str = ""

    @property
    def document_type(self) -> str:
        """Return what is checked: order, amendment, reopen, delivery or invoice."""
        return self.document or self.control_point.value


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFacts:
    """Whose account is checked; ``lifecycle`` is None when the customer is not known at all.

    ``sold_to`` is who ordered, where somebody else's account is checked, and ``role`` why: payer or account.
    """

    code: str
    name: str
    lifecycle: str | None
    sold_to: str = ""
    sold_to_name: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineFacts:
    """The credit line in the books and a temporary line, each with its validity.

    A line is taken over when it was granted before the house began to decide here: its own terms are all it has.
    """

    limit: Limit = field(default_factory=NotSet)
    validity: Validity | None = None
    days: int | None = None
    prepayment_share: Decimal | None = None
    is_taken_over: bool = False
    temporary: Money | None = None
    temporary_validity: Validity | None = None

    def base_on(self, day: date) -> Limit:
        """Return the line in force on the day; one whose validity has passed or not begun grants nothing."""
        if isinstance(self.limit, Amount) and self.validity is not None and not self.validity.holds_on(day):
            return Amount(Money.zero(self.limit.money.currency))
        return self.limit

    def temporary_on(self, day: date) -> Money | None:
        """Return the temporary line in force on the day."""
        if self.temporary_validity is not None and not self.temporary_validity.holds_on(day):
            return None
        return self.temporary


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItem:
    """One open instalment; overdue when ``days_overdue`` is above zero."""

    reference: str
    due_date: date
    days_overdue: int
    open_amount: Money
    disputed: bool = False

    @property
    def is_overdue(self) -> bool:
        """Tell whether the item is past due and not disputed."""
        return self.days_overdue > 0 and not self.disputed


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivableFacts:
    """The open receivables: sums over all items, and the items that matter most (oldest due first).

    ``overdue_*`` leave disputed items out. ``open_count`` above ``len(items)`` means that more items exist than listed.
    """

    open_amount: Money
    open_count: int = 0
    overdue_amount: Money
    overdue_count: int = 0
    overdue_days_max: int = 0
    oldest_open_days: int = 0
    items: tuple[OpenItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingFacts:
    """The grade in force and the day it was given; no grade is None."""

    grade: str | None = None
    rated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchFacts:
    """Freezes (orders, shipments, limit), the highest open alert level and the high-risk mark.

    ``cured_by_payment`` names the freezes (and ``high_risk``) that overdue items alone have caused, so that they go
    with them.
    """

    freezes: frozenset[str] = frozenset()
    alert_level: str | None = None
    is_high_risk: bool = False
    cured_by_payment: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditFacts:
    """Everything one verdict depends on.

    ``exposure`` is the whole account; ``own`` is what is counted in it already for this very reference, so that a
    document is never counted twice. ``unknowns`` names facts that could not be had (``limit``, ``receivables``,
    ``rating``, ``watch``): a check that needs one of them goes to a person. ``release`` is what people let through
    of this order before, where that still holds. ``nodes`` are the levels above the account in which it counts, the
    account's own exposure included. ``outlook`` is there where a check asks for it, ``settings`` where something
    below the policy is set for this customer.
    """

    request: RequestFacts
    customer: CustomerFacts
    line: LineFacts
    exposure: ExposureParts
    own: ExposureParts
    receivables: ReceivableFacts
    rating: RatingFacts
    watch: WatchFacts
    unknowns: frozenset[str] = frozenset()
    release: ReleaseFacts | None = None
    nodes: tuple[Node, ...] = ()
    outlook: Outlook | None = None
    settings: tuple[Effective, ...] = ()

    def __post_init__(self) -> None:
        for money in self._amounts():
            if money.currency != self.currency:
                raise CurrencyMismatchError(self.currency, money.currency)
        if self.request.amount.amount < 0:
            raise ValueError("a document that takes credit has an amount of zero or more")

    @property
    def currency(self) -> str:
        """Return the currency of the account and of everything in the facts."""
        return self.request.amount.currency

    @property
    def prepaid(self) -> Money:
        """Return the cash earmarked for this document."""
        return self.request.prepaid or Money.zero(self.currency)

    def counted_elsewhere(self) -> ExposureParts:
        """Return the exposure without the share that this document already occupies.

        An order re-checked leaves out all that it holds; a delivery or an invoice leaves out at most its own amount,
        since the rest of the order goes on counting: order 100,000, delivery 30,000 leaves 70,000 counted.
        """
        return self.exposure.less(self.own_share())

    def own_share(self) -> ExposureParts:
        """Return what of the exposure this document occupies already, as `counted_elsewhere` leaves it out."""
        return _own_share(self)

    def with_exposure(self, exposure: ExposureParts) -> CreditFacts:
        """Return the facts with another exposure of the account, which moves the levels above it as well.

        A product group that names items stays: what moves tells no items.
        """
        moved = tuple(
            node if node.items is not None else node.moved(loses=self.exposure, gains=exposure)
            for node in self.nodes
        )
        return dataclasses.replace(self, exposure=exposure, nodes=moved)

    def _amounts(self) -> Iterator[Money]:
        yield self.exposure.ordered
        yield self.own.ordered
        yield self.receivables.open_amount
        yield self.receivables.overdue_amount
        yield self.prepaid
        yield from (item.open_amount for item in self.receivables.items)
        if isinstance(self.line.limit, Amount):
            yield self.line.limit.money
        if self.line.temporary is not None:
            yield self.line.temporary


def _own_share(facts: CreditFacts) -> ExposureParts:
    own, amount = facts.own, facts.request.amount
    match facts.request.control_point:
        case ControlPoint.ORDER:
            kept = {"ordered": own.ordered, "reserved": own.reserved}
        case ControlPoint.DELIVERY:
            ordered = min(own.ordered, amount)
            kept = {"ordered": ordered, "reserved": min(own.reserved, amount - ordered)}
        case ControlPoint.INVOICE:
            delivered = min(own.delivered, amount)
            kept = {"delivered": delivered, "ordered": min(own.ordered, amount - delivered)}
    # Cash earmarked for this very order covers it, and nothing else.
    kept["earmarked"] = own.earmarked_cash
    if own.earmarked is not None:
        kept |= {f"paid.{stage}": amount for stage, amount in own.paid.items()}
    texts = {name: part.text() for name, part in kept.items()}
    return components.of(texts, facts.currency)
