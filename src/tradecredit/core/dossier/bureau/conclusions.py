"""What follows from a bureau's findings for the facts that rules ask for.

Note [Silence]
A bureau that lists no dishonest debtor says "no" only if the whole answer came and could be read. A partial answer can
say "yes", and can raise a count, but never takes anything back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.dossier.bureau.schema import Finding

_Reader = Callable[[Sequence["Finding"], Sequence["Finding"], date], Iterable["Conclusion"]]
_DAYS_A_YEAR: Final = Decimal("365.25")
_TENTH: Final = Decimal("0.1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """A fact that follows, valid from a day; without one from the day it is learned."""

    name: str
    value: str
    valid_from: date | None = None


def of(
    *, kind: str, findings: Sequence[Finding], is_complete: bool, as_of: date, related: Sequence[Finding] = ()
) -> tuple[Conclusion, ...]:
    """Return the facts that follow from the findings of one kind that hold on the day; see Note [Silence].

    ``related`` are findings of other kinds of the same source: a filed case with a judgment is not pending.
    """
    standing = [one for one in findings if one.ended_on is None or one.ended_on > as_of]
    reader = _READERS.get(kind)
    if reader is None:
        return ()
    found = reader(standing, related, as_of)
    return tuple(one for one in found if is_complete or one.value not in ("no", "0"))


def _registry(findings: Sequence[Finding], related: Sequence[Finding], as_of: date) -> Iterable[Conclusion]:
    del related
    for one in findings[:1]:
        taken = {
            "status": "registry_status",
            "legal_representative": "legal_representative",
            "registered_capital": "registered_capital",
            "paid_capital": "paid_capital",
            "address": "registered_address",
            "name": "registered_name",
            "uscc": "registered_number",
            "former_names": "former_names",
            "phone": "registered_phone",
            "company_type": "company_type",
        }
        for field, name in taken.items():
            if field in one.values:
                yield Conclusion(name=name, value=one.values[field])
        founded = one.values.get("founded_on")
        if founded:
            days = (as_of - _day(founded)).days
            years = (Decimal(max(days, 0)) / _DAYS_A_YEAR).quantize(_TENTH)
            yield Conclusion(name="years_in_business", value=f"{years:f}")


def _flag(name: str) -> _Reader:
    def read(findings: Sequence[Finding], related: Sequence[Finding], as_of: date) -> Iterable[Conclusion]:
        del related
        days = [one.began_on for one in findings if one.began_on is not None and one.began_on <= as_of]
        value = "yes" if findings else "no"
        return (Conclusion(name=name, value=value, valid_from=min(days) if days else None),)

    return read


def _count(name: str, *, total: str = "") -> _Reader:
    def read(findings: Sequence[Finding], related: Sequence[Finding], as_of: date) -> Iterable[Conclusion]:
        del related, as_of
        yield Conclusion(name=name, value=str(len(findings)))
        if total:
            yield Conclusion(name=total, value=f"{_sum(findings):f}")

    return read


def _filings(findings: Sequence[Finding], related: Sequence[Finding], as_of: date) -> Iterable[Conclusion]:
    del as_of
    judged = {one.values["case_number"] for one in related if one.kind == "lawsuits"}
    pending = [
        one
        for one in findings
        if one.values.get("role", "defendant") == "defendant" and one.values["case_number"] not in judged
    ]
    yield Conclusion(name="pending_lawsuits", value=str(len(pending)))
    yield Conclusion(name="pending_lawsuit_amount", value=f"{_sum(pending):f}")


def _changes(findings: Sequence[Finding], related: Sequence[Finding], as_of: date) -> Iterable[Conclusion]:
    del related
    for word, name in (("法定代表人", "legal_representative_changed"), ("股东", "shareholders_changed")):
        days = [
            one.began_on
            for one in findings
            if word in one.values["item"] and one.began_on is not None and one.began_on <= as_of
        ]
        if days:
            yield Conclusion(name=f"{name}_on", value=max(days).isoformat(), valid_from=max(days))
    moved = sum(1 for one in findings if any(word in one.values["item"] for word in ("住所", "地址")))
    yield Conclusion(name="address_changes", value=str(moved))


def _controller(findings: Sequence[Finding], related: Sequence[Finding], as_of: date) -> Iterable[Conclusion]:
    del related, as_of
    for one in findings[:1]:
        yield Conclusion(name="ultimate_controller", value=one.values["name"])


def _sum(findings: Iterable[Finding]) -> Decimal:
    """Add the amounts in yuan; other currencies are not converted here and stand in the findings."""
    texts = [one.values["amount"] for one in findings if one.values.get("amount", "").endswith(" CNY")]
    return sum((Decimal(text.split(" ")[0]) for text in texts), Decimal(0))


def _day(text: str) -> date:
    return date.fromisoformat(text)


_READERS: Final[Mapping[str, _Reader]] = {
    "registry": _registry,
    "dishonest": _flag("dishonest_debtor"),
    "restrictions": _flag("consumption_restricted"),
    "abnormal": _flag("abnormal_operation"),
    "violations": _flag("serious_violation"),
    "bankruptcy": _flag("bankruptcy"),
    "tax_violations": _flag("tax_violation"),
    "enforcement": _count("enforcement_records", total="enforcement_amount"),
    "filings": _filings,
    "changes": _changes,
    "controller": _controller,
    "penalties": _count("administrative_penalties"),
    "pledges": _count("equity_pledges"),
    "freezes": _count("equity_freezes"),
    "mortgages": _count("chattel_mortgages"),
    "tax_arrears": _count("tax_arrears_notices", total="tax_arrears"),
}
