"""What became of each row of a batch, and the customers that the rows name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from tradecredit.apps.dossier.models import Customer
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.kernel.money import Money

_NUMBER_LENGTH_MAX = 64


class RowStatus(StrEnum):
    """A row was written, changed something, said what was known, or was refused."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RowResult:
    """One row's outcome: ``row`` is its place in the batch (from 1, or the file's own), ``number`` its business key."""

    row: int
    number: str
    status: RowStatus
    words: Words | None = None
    field: str = ""
    value: str = ""
    id: UUID | None = None
    is_duplicate: bool = False
    # What would let a refused row in when it arrives: "order:SO-1", "delivery:DN-1", "customer:C001".
    waits_for: str = ""
    # What exactly was written where the key does not say it: of a fact its name, first day and source.
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportResult:
    """The outcomes in the order of the rows."""

    rows: tuple[RowResult, ...]

    def count(self, status: RowStatus) -> int:
        """Return how many rows ended so."""
        return Counter(result.status for result in self.rows)[status]

    @property
    def refused(self) -> Sequence[RowResult]:
        """Return the refused rows."""
        return [result for result in self.rows if result.status is RowStatus.REFUSED]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCustomer:
    """As much of a customer as a batch needs."""

    id: UUID
    code: str
    currency: str
    is_demo: bool


def customers_by_code(*, company_id: UUID, codes: Iterable[str]) -> dict[str, NamedCustomer]:
    """Return the company's customers with these codes, by code; the code of a merged record is the other's."""
    rows = Customer.objects.filter(code__in=set(codes), company_ids__contains=[company_id])
    return {
        row.code: NamedCustomer(
            id=row.merged_into_id or row.pk, code=row.code, currency=row.currency, is_demo=row.is_demo
        )
        for row in rows.only("pk", "code", "currency", "is_demo", "merged_into_id")
    }


class RefusedRowError(Exception):
    """A row cannot be recorded: which field, which value, and why in words."""

    def __init__(self, *, field: str, value: str, words: Words, waits_for: str = "") -> None:
        super().__init__(words.en)
        self.waits_for = waits_for
        self.field = field
        self.value = value
        self.words = words

    def result(self, *, row: int, number: str) -> RowResult:
        """Return the outcome of the row."""
        return RowResult(
            row=row,
            number=number,
            status=RowStatus.REFUSED,
            words=self.words,
            field=self.field,
            value=self.value,
            waits_for=self.waits_for,
        )


def with_id(result: RowResult, identifier: UUID) -> RowResult:
    """Return the result with the identifier of what was written for its row."""
    return replace(result, id=identifier)


def in_order(results: Iterable[RowResult]) -> ImportResult:
    """Return the results in the order of their rows."""
    return ImportResult(rows=tuple(sorted(results, key=lambda result: result.row)))


def known_customer(code: str, customers: Mapping[str, NamedCustomer]) -> NamedCustomer:
    """Return the customer; raises RefusedRowError."""
    if code in customers:
        return customers[code]
    raise RefusedRowError(
        field="customer_code",
        value=code,
        words=Words(
            zh=f"没有代码为 {code} 的客户，请先导入客户或更正代码",
            en=f"there is no customer {code}; import it first or correct the code",
        ),
        waits_for=f"customer:{code}",
    )


def check_number(number: str) -> None:
    """Refuse a document number that is missing or too long to be one; raises RefusedRowError."""
    if not number.strip() or len(number) > _NUMBER_LENGTH_MAX:
        raise RefusedRowError(
            field="number",
            value=number[:_NUMBER_LENGTH_MAX],
            words=Words(
                zh=f"单据号为空或超过 {_NUMBER_LENGTH_MAX} 个字符，请更正",
                en=f"the document number is empty or longer than {_NUMBER_LENGTH_MAX} characters; correct it",
            ),
        )


def positive_amount(amount: Decimal, currency: str) -> Money:
    """Return the amount in its currency; raises RefusedRowError when it is no amount above zero."""
    try:
        found = money.stored(money.Money.of(amount, currency))
    except InvalidMoneyError as error:
        raise RefusedRowError(
            field="amount",
            value=f"{amount:f} {currency}",
            words=Words(
                zh=f"{amount:f} {currency} 不是有效金额（币种代码或小数位数不符），请更正",
                en=f"{error}; correct the amount or the currency",
            ),
        ) from error
    if not found.is_positive:
        raise RefusedRowError(
            field="amount",
            value=found.text(),
            words=Words(
                zh=f"金额必须大于零，本行为 {found.text()}；冲减请作为贷项通知单导入",
                en=f"the amount is above zero, this one is {found.text()}; import a reduction as a credit note",
            ),
        )
    return found
