"""Mapping files: the user's own word on which column is which, and in what style days and numbers are written.

Example::

    columns: {Belegnummer: invoice number, Betrag: amount, Notiz: ignore}
    constants: {currency: EUR}
    days: d/m/y
    numbers: 1.234,56
    unit: 1000
    sheet: Debitoren
    encoding: cp1252
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, cast

import yaml

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf
    from decimal import Decimal

    from tradecredit.integrations.erp_csv.vocabulary import Layout

DayOrder = Literal["y/m/d", "d/m/y", "m/d/y"]
NumberStyle = Literal["1,234.56", "1.234,56"]
DAY_ORDERS: Final[tuple[DayOrder, ...]] = ("y/m/d", "d/m/y", "m/d/y")
NUMBER_STYLES: Final[tuple[NumberStyle, ...]] = ("1,234.56", "1.234,56")

_NOT_USED: Final = ("-", "ignore", "不导入")
_LENGTH_MAX: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """What a mapping file says; the empty one leaves everything to be guessed."""

    columns: MappingOf[str, str] = field(default_factory=dict)
    constants: MappingOf[str, str] = field(default_factory=dict)
    days: DayOrder | None = None
    numbers: NumberStyle | None = None
    unit: Decimal | None = None
    sheet: str | None = None
    encoding: str | None = None


def parse(text: str, *, layout: Layout) -> Mapping:
    """Read the text of a mapping file (YAML); raises UnableToReadFileError naming the place of a mistake."""
    try:
        return _parsed(Node(yaml_texts.read(text[:_LENGTH_MAX]), "mapping"), layout)
    except (PolicyError, yaml.YAMLError) as error:
        raise UnableToReadFileError(
            Words(
                zh=f"映射文件有误：{error}。请更正后重试。",
                en=f"The mapping file is wrong: {error}. Correct it and try again.",
            )
        ) from error


def _parsed(root: Node, layout: Layout) -> Mapping:
    root.only("columns", "constants", "days", "numbers", "unit", "sheet", "encoding")
    days, numbers, unit = root.optional("days"), root.optional("numbers"), root.optional("unit")
    sheet, encoding = root.optional("sheet"), root.optional("encoding")
    return Mapping(
        columns=_fields(root.optional("columns"), layout),
        constants={
            _field(name, node, layout): str(node.value) for name, node in _entries(root.optional("constants"))
        },
        days=cast("DayOrder", days.one_of(*DAY_ORDERS)) if days else None,
        numbers=cast("NumberStyle", numbers.one_of(*NUMBER_STYLES)) if numbers else None,
        unit=unit.number(least="0.000001") if unit else None,
        sheet=sheet.text() if sheet else None,
        encoding=encoding.text() if encoding else None,
    )


def _entries(node: Node | None) -> tuple[tuple[str, Node], ...]:
    return node.entries() if node else ()


def _fields(node: Node | None, layout: Layout) -> dict[str, str]:
    return {
        heading: "" if target.value in _NOT_USED else _field(target.text(), target, layout)
        for heading, target in _entries(node)
    }


def _field(name: str, node: Node, layout: Layout) -> str:
    column = layout.column(name)
    if column is None:
        known = ", ".join(column.title for column in layout.columns)
        raise node.error(f"there is no column {name!r}; the columns are {known}")
    return column.field
