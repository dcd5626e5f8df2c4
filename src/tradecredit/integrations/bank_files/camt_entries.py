"""One entry of a camt message: amount and sign, who, what for, and its transactions when it is a batch."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.statements import Entry
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from xml.etree.ElementTree import Element

    from tradecredit.core.kernel.money import Money

_DAY: Final = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?:T.{0,40}|Z|[+-]\d\d:\d\d)?\s*", re.DOTALL)
# Bank transaction codes that give money back: reimbursement, unpaid or reversed direct debits, returned cheques.
_RETURN_FAMILIES: Final = frozenset({"RRTN", "UPDD", "PRDD", "RCDD", "UPCQ", "UPCT", "ARET", "PMDD"})


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return _local(element.tag)


@functools.lru_cache(maxsize=4096)
def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def child(element: Element, name: str) -> Element | None:
    """Return the first child of that local name."""
    return next((one for one in element if local(one) == name), None)


def children(element: Element, name: str) -> Iterator[Element]:
    """Return the children of that local name."""
    return (one for one in element if local(one) == name)


def inner(element: Element, *path: str) -> str:
    """Return the text at the end of a path of local names, empty when there is none."""
    for name in path:
        found = child(element, name)
        if found is None:
            return ""
        element = found
    return element.text or ""


def signed(element: Element, *, place: str, turn: str = "") -> Money:
    """Return ``Amt`` with the sign of ``CdtDbtInd`` (or of ``turn``, where the element has none)."""
    given = child(element, "Amt")
    direction = inner(element, "CdtDbtInd").strip() or turn
    if given is None or direction not in ("CRDT", "DBIT"):
        raise figures.refusal(
            place,
            Words(
                zh="缺少金额或借贷标志（CdtDbtInd）。",
                en="the amount or its direction (CdtDbtInd) is missing.",
            ),
        )
    number = figures.amount(given.text or "", place=place)
    return figures.money(number if direction == "CRDT" else -number, given.get("Ccy") or "", place=place)


def day_of(element: Element, name: str, *, place: str) -> date | None:
    """Return the day in ``name/Dt`` or ``name/DtTm``, None when it is not said."""
    text = inner(element, name, "Dt") or inner(element, name, "DtTm")
    if not text.strip():
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise figures.refusal(place, Words(zh=f"“{text[:40]}”不是日期。", en=f"“{text[:40]}” is not a day."))
    return figures.day(*found.groups(), place=place)


def entry(element: Element, *, place: str) -> Entry | None:
    """Return the entry, or None for one that is announced only; raises UnableToReadBankFileError."""
    amount = signed(element, place=place)
    status = (inner(element, "Sts", "Cd") or inner(element, "Sts")).strip()
    if status not in ("BOOK", ""):
        return None
    booked, value = day_of(element, "BookgDt", place=place), day_of(element, "ValDt", place=place)
    booking_date = booked or value
    if booking_date is None:
        raise figures.refusal(
            place, Words(zh="缺少记账日和起息日。", en="neither a booking day nor a value day is given.")
        )
    details = [tx for group in children(element, "NtryDtls") for tx in children(group, "TxDtls")]
    is_return = inner(element, "RvslInd").strip().lower() in ("true", "1") or _is_return(element, details)
    whole = _Whole(element, amount=amount, booking_date=booking_date, value_date=value, is_return=is_return)
    return whole.entry(details, place=place)


def _is_return(element: Element, details: list[Element]) -> bool:
    codes = {inner(one, "BkTxCd", "Domn", "Fmly", "SubFmlyCd").strip() for one in (element, *details)}
    return bool(codes & _RETURN_FAMILIES) or any(child(one, "RtrInf") is not None for one in details)


class _Whole:
    """An entry with what its transactions share."""

    def __init__(
        self,
        element: Element,
        *,
        amount: Money,
        booking_date: date,
        value_date: date | None,
        is_return: bool,
    ) -> None:
        self._element = element
        self._amount = amount
        self._booking_date = booking_date
        self._value_date = value_date
        self._is_return = is_return
        given = inner(element, "AcctSvcrRef") or inner(element, "NtryRef")
        self._reference = figures.clean(given, figures.REFERENCE_MAX)

    def entry(self, details: list[Element], *, place: str) -> Entry:
        """Return the entry; with several transactions, all with amounts, they are its parts."""
        first = details[0] if details else None
        parts = tuple(self._part(tx, place=f"{place}, TxDtls {n}") for n, tx in enumerate(details, start=1))
        is_batch = len(parts) > 1
        words = [figures.clean(inner(self._element, "AddtlNtryInf"))]
        words += [part.text for part in parts]
        return Entry(
            place=place,
            booking_date=self._booking_date,
            value_date=self._value_date,
            amount=self._amount,
            is_return=self._is_return,
            bank_reference=self._reference,
            end_to_end="" if is_batch or first is None else parts[0].end_to_end,
            counterparty="" if is_batch or first is None else parts[0].counterparty,
            counterparty_account="" if is_batch or first is None else parts[0].counterparty_account,
            text=figures.clean(" ".join(dict.fromkeys(filter(None, words)))),
            original=self._original(first),
            parts=parts if is_batch else (),
        )

    def _part(self, tx: Element, *, place: str) -> Entry:
        name, account = self._other_side(tx)
        return Entry(
            place=place,
            booking_date=self._booking_date,
            value_date=self._value_date,
            amount=self._amount_of(tx, place=place),
            is_return=self._is_return,
            bank_reference=figures.clean(inner(tx, "Refs", "AcctSvcrRef"), figures.REFERENCE_MAX)
            or self._reference,
            end_to_end=_given(inner(tx, "Refs", "EndToEndId")),
            counterparty=name,
            counterparty_account=account,
            text=figures.clean(" ".join(filter(None, _words(tx)))),
        )

    def _amount_of(self, tx: Element, *, place: str) -> Money:
        """Return the transaction's amount; one without is the entry's own, so that it never adds up as a part."""
        turn = "CRDT" if self._amount.is_positive else "DBIT"
        if child(tx, "Amt") is not None:
            return signed(tx, place=place, turn=turn)
        details = child(tx, "AmtDtls")
        booked = None if details is None else child(details, "TxAmt")
        return self._amount if booked is None else signed(booked, place=place, turn=turn)

    def _original(self, tx: Element | None) -> Money | None:
        """Return what was instructed in another currency than was booked."""
        for one in (tx, self._element):
            details = None if one is None else child(one, "AmtDtls")
            given = None if details is None else child(details, "InstdAmt")
            amount = None if given is None else child(given, "Amt")
            if amount is not None and amount.get("Ccy") not in (None, self._amount.currency):
                number = figures.amount(amount.text or "", place="InstdAmt")
                return figures.money(number, amount.get("Ccy") or "", place="InstdAmt")
        return None

    def _other_side(self, tx: Element) -> tuple[str, str]:
        """Return name and account of the other party: who paid us, or whom we paid; a return names both as they were."""
        parties = child(tx, "RltdPties")
        if parties is None:
            return "", ""
        order = ("Dbtr", "Cdtr") if self._amount.is_positive or self._is_return else ("Cdtr", "Dbtr")
        name = inner(parties, order[0], "Nm") or inner(parties, order[0], "Pty", "Nm")
        account = child(parties, f"{order[0]}Acct")
        number = "" if account is None else inner(account, "Id", "IBAN") or inner(account, "Id", "Othr", "Id")
        return figures.clean(name, figures.NAME_MAX), figures.clean(number, figures.ACCOUNT_MAX)


def _given(text: str) -> str:
    found = figures.clean(text, figures.REFERENCE_MAX)
    return "" if found.upper() == "NOTPROVIDED" else found


def _words(tx: Element) -> Iterator[str]:
    remittance = child(tx, "RmtInf")
    if remittance is not None:
        for line in children(remittance, "Ustrd"):
            yield line.text or ""
        for structured in children(remittance, "Strd"):
            yield inner(structured, "CdtrRefInf", "Ref")
            for document in children(structured, "RfrdDocInf"):
                yield inner(document, "Nb")
            for extra in children(structured, "AddtlRmtInf"):
                yield extra.text or ""
    yield inner(tx, "AddtlTxInf")
