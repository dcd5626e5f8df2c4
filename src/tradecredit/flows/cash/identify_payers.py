"""Who paid: by the invoices that the text names, the payer's account as learned, or the payer's name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_queries
from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.apps.receivables.models import InvoiceKind
from tradecredit.core.cash_application import remittance
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.apps.cash_application.bank_queries import LineRecord
    from tradecredit.plumbing.access.models import Company

_TO_FULL_WIDTH: Final = str.maketrans({"(": "（", ")": "）"})
_TRAILING_NUMBER: Final = re.compile(r"[\s*\d]+$")
_NUMBERS_TAKEN: Final = 50
# "3 pieces" is no invoice number.
_NUMBER_LENGTH_MIN: Final = 4
_BY_INVOICE = Words(zh="附言写明发票 {numbers}", en="the text names invoice {numbers}")
_BY_ACCOUNT = Words(
    zh="付款账号 {account} 以往属于该客户", en="account {account} has paid for this customer before"
)
_BY_NAME = Words(zh="付款户名与客户名称一致", en="the payer's name is the customer's")
_NOBODY = Words(
    zh="没有发票号、已知账号或客户名称可以识别付款人,请指定客户",
    en="no invoice number, known account or customer's name tells who paid; name the customer",
)
_SEVERAL = Words(
    zh="付款人可能是几个客户({codes}),请指定其中一个",
    en="the payer may be one of several customers ({codes}); name one",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payer:
    """The customer behind a line, or None, and why."""

    customer_id: UUID | None
    customer_code: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    """What the books know about all lines of a batch: customers by invoice number, account and name."""

    by_number: dict[str, UUID]
    by_account: dict[str, UUID]
    by_name: dict[str, frozenset[UUID]]
    codes: dict[UUID, str]


def identify(*, company: Company, lines: Sequence[LineRecord]) -> dict[UUID, Payer]:
    """Return who paid each line; evidence that points to two customers identifies nobody."""
    evidence = _gather(company, lines)
    return {line.id: _judge(line, evidence) for line in lines}


def _gather(company: Company, lines: Sequence[LineRecord]) -> _Evidence:
    numbers = {number for line in lines for number in _numbers(line)}
    documents = receivables_queries.documents(
        company_id=company.pk, kind=InvoiceKind.INVOICE, numbers=numbers
    )
    by_account = bank_queries.learned_payers(
        company_id=company.pk, accounts=[line.counterparty_account for line in lines]
    )
    names = {name for line in lines for name in _names(line)}
    codes_by_name = dossier_queries.codes_by_name(names) if names else {}
    listed = dossier_queries.customers_by_code(code for codes in codes_by_name.values() for code in codes)
    ours = {code: one.id for code, one in listed.items() if company.pk in one.company_ids}
    by_number = {number: found.customer_id for number, found in documents.items()}
    others = dossier_queries.customers_by_id({*by_number.values(), *by_account.values()})
    return _Evidence(
        by_number=by_number,
        by_account={account: one for account, one in by_account.items() if one in others},
        by_name={
            name: frozenset(ours[code] for code in codes if code in ours)
            for name, codes in codes_by_name.items()
        },
        codes={**{one.id: one.code for one in others.values()}, **{one: code for code, one in ours.items()}},
    )


def _judge(line: LineRecord, evidence: _Evidence) -> Payer:
    quoted = [number for number in _numbers(line) if number in evidence.by_number]
    named: set[UUID] = {evidence.by_number[number] for number in quoted}
    learned = evidence.by_account.get(line.counterparty_account)
    called = {one for name in _names(line) for one in evidence.by_name.get(name, ())}
    if named:
        # An invoice of one customer paid under the name of another is for a person to judge.
        found, words = named | called, _BY_INVOICE.filled(numbers=", ".join(quoted))
    elif learned is not None:
        found, words = {learned}, _BY_ACCOUNT.filled(account=line.counterparty_account)
    else:
        found, words = called, _BY_NAME
    if len(found) == 1:
        (customer_id,) = found
        return Payer(customer_id=customer_id, customer_code=evidence.codes[customer_id], words=words)
    codes = ", ".join(sorted(evidence.codes[one] for one in found))
    return Payer(customer_id=None, customer_code="", words=_SEVERAL.filled(codes=codes) if found else _NOBODY)


def _numbers(line: LineRecord) -> tuple[str, ...]:
    found = remittance.possible_numbers(f"{line.text} {line.end_to_end}")
    return tuple(number for number in found if len(number) >= _NUMBER_LENGTH_MIN)[:_NUMBERS_TAKEN]


def _names(line: LineRecord) -> tuple[str, ...]:
    """Return the ways in which a customer's name may be written: brackets wide or narrow, a number behind it."""
    name = line.counterparty.strip()
    if not name:
        return ()
    narrow = unicodedata.normalize("NFKC", name)
    bare = _TRAILING_NUMBER.sub("", narrow)
    ways = (name, narrow, bare, narrow.translate(_TO_FULL_WIDTH), bare.translate(_TO_FULL_WIDTH))
    return tuple(dict.fromkeys(way for way in ways if way))
