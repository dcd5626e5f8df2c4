"""Column profiles: which headings of a bank's or wallet's table mean what, as YAML that users may edit.

Example::

    name: my-bank
    title: {zh: 我的银行, en: My bank}
    signature: [记账日期, 收入, 支出]
    columns:
      booking_date: [记账日期]
      money_in: [收入]
      money_out: [支出]
      text: [摘要, 附言]
    currency: CNY
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from tradecredit.core.cash_application import statements
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures
from tradecredit.integrations.erp_csv.mapping_files import DAY_ORDERS, NUMBER_STYLES
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Mapping

FOLDER: Final = Path(__file__).with_name("profiles")
GENERIC: Final = "generic"
FIELDS: Final = (
    *("booking_date", "value_date", "amount", "money_in", "money_out", "direction", "balance", "currency"),
    *("account", "account_if_constant", "counterparty", "counterparty_account", "text", "reference"),
    *("end_to_end", "status"),
)
_KEYS: Final = {
    *("name", "title", "signature", "columns", "direction", "not_received", "currency", "days", "numbers"),
    *("account_labels", "footers", "sheet", "source", "example"),
}
_ACCOUNT_LABELS: Final = (
    *(
        "账号",
        "帐号",
        "账户",
        "卡号",
        "本方账号",
        "支付宝账户",
        "微信昵称",
        "Account",
        "Account number",
        "IBAN",
        "Konto",
    ),
)
_FOOTERS: Final = (
    *("合计", "总计", "小计", "承前页", "过次页", "结转", "期初", "期末", "本页", "累计", "总笔数"),
    *("Total", "Sum", "Summe", "Saldo", "Balance"),
)
_LENGTH_MAX: Final = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One layout: headings by field (the first that a file has is taken), and how directions are written."""

    name: str
    title: Words
    columns: Mapping[str, tuple[str, ...]]
    signature: tuple[str, ...] = ()
    direction_in: frozenset[str] = frozenset()
    direction_out: frozenset[str] = frozenset()
    direction_ignored: frozenset[str] = frozenset()
    not_received: tuple[str, ...] = ()
    currency: str = ""
    days: str | None = None
    numbers: str | None = None
    account_labels: tuple[str, ...] = _ACCOUNT_LABELS
    footers: tuple[str, ...] = _FOOTERS
    sheet: str = ""
    example: Mapping[str, Any] = field(default_factory=dict)


def parse(text: str, *, source: str) -> Profile:
    """Read a profile; raises UnableToReadBankFileError naming the place of a mistake."""
    try:
        document = yaml_texts.read(text[:_LENGTH_MAX])
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _wrong(source, f"line {mark.line + 1}" if mark else "?", "YAML") from error
    if not isinstance(document, dict):
        raise _wrong(source, "?", "{name: …, columns: …}")
    unknown = sorted(str(key) for key in document if key not in _KEYS)
    if unknown:
        raise _wrong(source, unknown[0], ", ".join(sorted(_KEYS)))
    direction = _mapping(document, "direction", source)
    return Profile(
        name=str(document.get("name") or source),
        title=_title(document, source),
        columns=_columns(document, source),
        signature=_headings(document, "signature", source),
        direction_in=_values(direction, "in", source),
        direction_out=_values(direction, "out", source),
        direction_ignored=_values(direction, "ignored", source),
        not_received=_texts(document, "not_received", source),
        currency=str(document.get("currency") or ""),
        days=_one_of(document, "days", DAY_ORDERS, source),
        numbers=_one_of(document, "numbers", NUMBER_STYLES, source),
        account_labels=_texts(document, "account_labels", source) or _ACCOUNT_LABELS,
        footers=_texts(document, "footers", source) or _FOOTERS,
        sheet=str(document.get("sheet") or ""),
        example=_mapping(document, "example", source),
    )


@cache
def shipped() -> dict[str, Profile]:
    """Return the profiles that ship, by name."""
    found = [
        parse(path.read_text(encoding="utf-8"), source=path.stem) for path in sorted(FOLDER.glob("*.yaml"))
    ]
    return {profile.name: profile for profile in found}


def heading_key(heading: str) -> str:
    """Return a heading as it is compared: letters and digits only, half-width, capitals."""
    return statements.comparable(heading)


def _title(document: Mapping[str, Any], source: str) -> Words:
    title = _mapping(document, "title", source)
    name = str(document.get("name") or source)
    return Words(zh=str(title.get("zh") or name), en=str(title.get("en") or name))


def _columns(document: Mapping[str, Any], source: str) -> dict[str, tuple[str, ...]]:
    columns = _mapping(document, "columns", source)
    unknown = sorted(str(key) for key in columns if key not in FIELDS)
    if unknown:
        raise _wrong(source, f"columns.{unknown[0]}", ", ".join(FIELDS))
    found = {
        name: tuple(heading_key(text) for text in _texts(columns, name, f"{source}: columns"))
        for name in columns
    }
    has_money = "amount" in found or {"money_in", "money_out"} <= set(found)
    if "booking_date" not in found or not has_money:
        raise _wrong(source, "columns", "booking_date, amount | money_in + money_out")
    return found


def _headings(document: Mapping[str, Any], key: str, source: str) -> tuple[str, ...]:
    return tuple(heading_key(text) for text in _texts(document, key, source))


def _values(document: Mapping[str, Any], key: str, source: str) -> frozenset[str]:
    # A mark such as "/" has no letter; it is kept as it is.
    return frozenset(
        heading_key(text) or text.strip() for text in _texts(document, key, f"{source}: direction")
    )


def _mapping(document: Mapping[str, Any], key: str, source: str) -> Mapping[str, Any]:
    found = document.get(key) or {}
    if not isinstance(found, dict):
        raise _wrong(source, key, "{…: …}")
    return found


def _texts(document: Mapping[str, Any], key: str, source: str) -> tuple[str, ...]:
    found = document.get(key) or ()
    if isinstance(found, str):
        found = [found]
    if not isinstance(found, list | tuple) or not all(isinstance(one, str | int) for one in found):
        raise _wrong(source, key, "[text, …]")
    return tuple(str(one) for one in found)


def _one_of(document: Mapping[str, Any], key: str, allowed: tuple[str, ...], source: str) -> str | None:
    found = document.get(key)
    if found is not None and found not in allowed:
        raise _wrong(source, key, " | ".join(allowed))
    return found


def _wrong(source: str, place: str, wanted: str) -> Exception:
    return figures.refusal(
        f"{source}: {place}",
        Words(
            zh=f"列配置有误，应为：{wanted}。请修改配置文件。",
            en=f"the column profile is wrong here; write {wanted}.",
        ),
    )
