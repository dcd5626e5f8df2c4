"""The one schema of what bureaus say: kinds of reports, the fields of each, and what makes two findings the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.dossier.bureau import labels
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

FieldKind = Literal["text", "day", "amount", "share", "whole", "flag", "names"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a kind: its name here, what its value looks like, and what people call it."""

    name: str
    kind: FieldKind
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportKind:
    """One kind of report: its fields, which of them must be there, and which make a finding known again.

    ``began`` and ``ended`` name the fields with the day since which a finding holds and the day on which it ended, the
    first that is there. ``consent`` names what the customer must have agreed to before anybody asks.
    """

    name: str
    label: Words
    fields: Mapping[str, Field]
    required: tuple[str, ...]
    identity: tuple[str, ...]
    began: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    is_single: bool = False
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that a bureau says, in our fields (texts as they are recorded), and what of it could not be read."""

    kind: str
    key: str
    values: Mapping[str, str]
    began_on: date | None = None
    ended_on: date | None = None
    gaps: Mapping[str, str]


_DAYS: Final = frozenset(name for name in labels.FIELDS if name.endswith("_on"))
_OF_KIND: Final[Mapping[str, FieldKind]] = {
    "registered_capital": "amount",
    "paid_capital": "amount",
    "amount": "amount",
    "overdue": "amount",
    "share": "share",
    "staff": "whole",
    "former_names": "names",
    "plaintiffs": "names",
    "defendants": "names",
    "third_parties": "names",
}


def _field(name: str) -> Field:
    kind: FieldKind = "day" if name in _DAYS else _OF_KIND.get(name, "text")
    zh, en = labels.FIELDS[name]
    return Field(name=name, kind=kind, label=Words(zh=zh, en=en))


def _kind(
    name: str,
    label: tuple[str, str],
    fields: str,
    *,
    required: str,
    identity: str = "",
    began: str = "",
    ended: str = "",
    is_single: bool = False,
    consent: str = "",
) -> ReportKind:
    return ReportKind(
        name=name,
        label=Words(zh=label[0], en=label[1]),
        fields={each: _field(each) for each in fields.split()},
        required=tuple(required.split()),
        identity=tuple((identity or required).split()),
        began=tuple(began.split()),
        ended=tuple(ended.split()),
        is_single=is_single,
        consent=consent,
    )


_LISTED: Final = "reason listed_on office removed_on removal_reason removal_office"
_CASE: Final = "case_number title reason court stage plaintiffs defendants third_parties role amount"

KINDS: Final = {
    kind.name: kind
    for kind in (
        _kind(
            "registry",
            ("工商登记", "registry"),
            "name uscc status legal_representative registered_capital paid_capital founded_on approved_on cancelled_on"
            " revoked_on company_type industry address phone email scope office former_names staff identifier",
            required="name status",
            identity="name",
            is_single=True,
        ),
        _kind(
            "shareholders",
            ("股东", "shareholders"),
            "name share amount company_type",
            required="name",
        ),
        _kind("people", ("主要人员", "people"), "person position", required="person"),
        _kind(
            "changes",
            ("变更记录", "changes"),
            "item before after changed_on",
            required="item changed_on",
            identity="item changed_on after",
            began="changed_on",
        ),
        _kind("controller", ("实际控制人", "ultimate controller"), "name share", required="name"),
        _kind(
            "lawsuits",
            ("裁判文书", "judgments"),
            f"{_CASE} result decided_on published_on identifier",
            required="case_number",
            identity="case_number identifier",
            began="decided_on published_on",
        ),
        _kind(
            "filings",
            ("立案信息", "cases filed"),
            f"{_CASE} filed_on closed_on",
            required="case_number",
            began="filed_on",
            ended="closed_on",
        ),
        _kind(
            "hearings",
            ("开庭公告", "hearings"),
            f"{_CASE} begins_on",
            required="case_number",
            identity="case_number begins_on",
            began="begins_on",
        ),
        _kind(
            "enforcement",
            ("被执行人", "enforcement"),
            "case_number name court filed_on amount status",
            required="case_number",
            began="filed_on",
        ),
        _kind(
            "dishonest",
            ("失信被执行人", "dishonest debtors"),
            "case_number name court document_number office filed_on published_on duty performance behaviour person amount",
            required="case_number",
            began="published_on filed_on",
        ),
        _kind(
            "restrictions",
            ("限制消费令", "restrictions of consumption"),
            "case_number name person court filed_on published_on",
            required="case_number",
            identity="case_number person",
            began="published_on filed_on",
        ),
        _kind(
            "abnormal",
            ("经营异常", "abnormal operation"),
            _LISTED,
            required="listed_on",
            identity="listed_on reason",
            began="listed_on",
            ended="removed_on",
        ),
        _kind(
            "violations",
            ("严重违法", "serious violations"),
            _LISTED,
            required="listed_on",
            identity="listed_on reason",
            began="listed_on",
            ended="removed_on",
        ),
        _kind(
            "penalties",
            ("行政处罚", "penalties"),
            "number reason result office decided_on amount",
            required="decided_on",
            identity="number decided_on reason",
            began="decided_on",
        ),
        _kind(
            "pledges",
            ("股权出质", "equity pledges"),
            "number pledgor pledgee amount status registered_on",
            required="number",
            began="registered_on",
        ),
        _kind(
            "freezes",
            ("股权冻结", "equity freezes"),
            "number name court amount status begins_on ends_on",
            required="number",
            began="begins_on",
            ended="ends_on",
        ),
        _kind(
            "mortgages",
            ("动产抵押", "chattel mortgages"),
            "number office amount status registered_on cancelled_on",
            required="number",
            began="registered_on",
            ended="cancelled_on",
        ),
        _kind(
            "tax_arrears",
            ("欠税公告", "tax arrears"),
            "title amount office published_on",
            required="published_on",
            identity="published_on title",
            began="published_on",
        ),
        _kind(
            "tax_violations",
            ("税收违法", "tax violations"),
            "reason result office published_on",
            required="published_on",
            identity="published_on reason",
            began="published_on",
        ),
        _kind(
            "bankruptcy",
            ("破产重整", "bankruptcy"),
            "case_number plaintiffs defendants court published_on",
            required="case_number",
            began="published_on",
        ),
        _kind(
            "guarantees",
            ("对外担保", "guarantees given"),
            "guarantor debtor amount begins_on ends_on status published_on",
            required="guarantor debtor",
            identity="guarantor debtor begins_on",
            began="begins_on published_on",
            ended="ends_on",
        ),
        _kind(
            "news",
            ("新闻舆情", "news"),
            "title url source published_on polarity",
            required="title",
            identity="url title",
            began="published_on",
        ),
        _kind(
            "credit_report",
            ("企业征信报告", "credit report"),
            "lender amount overdue status begins_on ends_on number",
            required="lender number",
            identity="number",
            began="begins_on",
            ended="ends_on",
            consent="credit",
        ),
    )
}
