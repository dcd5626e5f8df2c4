"""A recorded backtest as tables for a workbook: the summary, the grades, how they moved, and the intakes."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, ColumnKind, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

TITLE = Words(zh="评级回溯检验", en="Backtest of ratings")


def tables(document: Mapping[str, Any], *, language: str) -> tuple[Table, ...]:
    """Return the sheets of the review pack."""
    return (_summary(document, language), _grades(document), _migration(document), _vintages(document))


def _summary(document: Mapping[str, Any], language: str) -> Table:
    auc = document["auc"] or {}
    rows = [
        (Words(zh="截至", en="As of"), document["as_of"]),
        (Words(zh="评级日", en="Rated on"), document["rated_on"]),
        (Words(zh="观察天数", en="Days looked ahead"), document["horizon_days"]),
        (Words(zh="逾期超过天数即为坏", en="Bad from so many days overdue"), document["days_overdue"]),
        (Words(zh="客户数", en="Customers"), document["customers"]),
        (Words(zh="变坏客户数", en="Went bad"), document["bads"]),
        (Words(zh="未计入", en="Left out"), document["left_out"]),
        (Words(zh="KS 值", en="KS"), _number(document["ks"])),
        (Words(zh="AUC", en="AUC"), _number(auc.get("value"))),
        (Words(zh="AUC 下限（95%）", en="AUC, low (95%)"), _number(auc.get("low"))),
        (Words(zh="AUC 上限（95%）", en="AUC, high (95%)"), _number(auc.get("high"))),
        (Words(zh="PSI", en="PSI"), _number(document["psi"])),
        *(
            (
                Words(zh=f"CSI {each['label']['zh']}", en=f"CSI {each['label']['en']}"),
                _number(each["csi"]),
            )
            for each in document.get("characteristics", ())
        ),
        *((Words(zh="发现", en="Finding"), each["words"][language]) for each in document["findings"]),
    ]
    return Table(
        name="summary",
        title=TITLE,
        columns=(
            Column(key="what", label=Words(zh="项目", en="What")),
            Column(key="value", label=Words(zh="数值", en="Value"), kind="ratio"),
        ),
        rows=tuple((words.in_language(language), value) for words, value in rows),
    )


def _grades(document: Mapping[str, Any]) -> Table:
    labels: tuple[tuple[str, Words, ColumnKind], ...] = (
        ("grade", Words(zh="等级", en="Grade"), "text"),
        ("customers", Words(zh="客户数", en="Customers"), "number"),
        ("bads", Words(zh="变坏", en="Went bad"), "number"),
        ("expected", Words(zh="预期坏账率", en="Expected"), "ratio"),
        ("observed", Words(zh="实际坏账率", en="Observed"), "ratio"),
        ("low", Words(zh="下限", en="Low"), "ratio"),
        ("high", Words(zh="上限", en="High"), "ratio"),
    )
    return Table(
        name="grades",
        title=TITLE,
        columns=tuple(Column(key=key, label=label, kind=kind) for key, label, kind in labels),
        rows=tuple(
            (
                each["grade"],
                each["customers"],
                each["bads"],
                _number(each["expected"]),
                *(_number((each["observed"] or {}).get(key)) for key in ("value", "low", "high")),
            )
            for each in document["grades"]
        ),
    )


def _migration(document: Mapping[str, Any]) -> Table:
    matrix = document["migration"]
    before = Column(key="before", label=Words(zh="原等级 \\ 现等级", en="Before \\ now"))
    return Table(
        name="migration",
        title=TITLE,
        columns=(
            before,
            *(Column(key=name, label=Words(zh=name, en=name), kind="number") for name in matrix["grades"]),
        ),
        rows=tuple((name, *line) for name, line in zip(matrix["grades"], matrix["counts"], strict=True)),
    )


def _vintages(document: Mapping[str, Any]) -> Table:
    months = max((len(each["bad_by_month"]) for each in document["vintages"]), default=0)
    return Table(
        name="vintages",
        title=TITLE,
        columns=(
            Column(key="rated_on", label=Words(zh="评级日", en="Rated on")),
            Column(key="customers", label=Words(zh="客户数", en="Customers"), kind="number"),
            *(
                Column(
                    key=f"m{month}", label=Words(zh=f"{month}×30 天", en=f"{month}×30 days"), kind="number"
                )
                for month in range(1, months + 1)
            ),
        ),
        rows=tuple(
            (
                each["rated_on"],
                each["customers"],
                *each["bad_by_month"],
                *[None] * (months - len(each["bad_by_month"])),
            )
            for each in document["vintages"]
        ),
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
