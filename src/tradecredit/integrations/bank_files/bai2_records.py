"""The records of a BAI2 file: fields by commas, a slash at the end, continued by records 88."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import figures

if TYPE_CHECKING:
    from datetime import date

_DAY: Final = re.compile(r"(\d{2})(\d{2})(\d{2})")
_NUMBER: Final = re.compile(r"([+-]?)(\d{1,18})")
_CODES: Final = frozenset({"01", "02", "03", "16", "49", "88", "98", "99"})
_SIMPLE: Final = frozenset({"", "0", "1", "2", "Z"})
_PAIRS_MAX: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One record with its continuations: ``lines`` of the file, beginning at ``place``."""

    code: str
    fields: tuple[str, ...]
    place: str
    lines: int

    def text(self, index: int) -> str:
        """Return a field, empty when the record is shorter."""
        return self.fields[index].strip() if index < len(self.fields) else ""

    def day(self, index: int) -> date:
        """Return a field that is a day (YYMMDD); raises UnableToReadBankFileError."""
        found = _DAY.fullmatch(self.text(index))
        if found is None:
            raise self._unreadable(index)
        return figures.day(*found.groups(), place=self.place)

    def whole(self, index: int) -> Decimal:
        """Return a field that is a whole number with an optional sign; raises UnableToReadBankFileError."""
        found = _NUMBER.fullmatch(self.text(index))
        if found is None or not self.text(index).isascii():
            raise self._unreadable(index)
        sign, digits = found.groups()
        return -Decimal(digits) if sign == "-" else Decimal(digits)

    def expect(self, index: int, counted: Decimal) -> None:
        """Hold a control total against what was counted; raises UnableToReadBankFileError."""
        said = self.whole(index)
        if said != counted:
            raise figures.refusal(
                self.place,
                Words(
                    zh=f"控制合计为 {said}，实际为 {counted}：文件在传输中受损。请重新下载。",
                    en=f"the control total says {said}, the records make {counted}: the file was damaged on its way. "
                    "Fetch it again.",
                ),
            )

    def _unreadable(self, index: int) -> Exception:
        return figures.refusal(
            self.place,
            Words(
                zh=f"记录 {self.code} 的第 {index + 1} 项“{self.text(index)[:40]}”无法读取。",
                en=f"field {index + 1} of record {self.code}, “{self.text(index)[:40]}”, cannot be read.",
            ),
        )


def records(text: str) -> list[Record]:
    """Return the records, each with its continuations; raises UnableToReadBankFileError."""
    found: list[Record] = []
    for number, raw in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = raw.strip()
        if not line:
            continue
        place = f"line {number}"
        code = line[:2]
        if code not in _CODES or line[2:3] != ",":
            raise figures.refusal(
                place,
                Words(zh=f"未知记录“{line[:20]}”。", en=f"“{line[:20]}” is no record of the format."),
            )
        body = line[3:] if code == "88" else line
        fields = tuple(body.removesuffix("/").rstrip().split(","))
        if code != "88":
            found.append(Record(code=code, fields=fields, place=place, lines=1))
        elif found:
            before = found[-1]
            found[-1] = Record(
                code=before.code,
                fields=_joined(before, fields),
                place=before.place,
                lines=before.lines + 1,
            )
    return found


def _joined(before: Record, more: tuple[str, ...]) -> tuple[str, ...]:
    return (*before.fields, *more)


def summary(record: Record) -> tuple[dict[str, Decimal], Decimal]:
    """Return the summary amounts of an account record by their codes, and the sum of all of them."""
    found: dict[str, Decimal] = {}
    total = Decimal(0)
    index = 3
    while index < len(record.fields):
        code = record.text(index)
        if not code:
            index += 1
            continue
        if record.text(index + 1):
            amount = record.whole(index + 1)
            found.setdefault(code, amount)
            total += amount
        _, index = _funds(record, index + 3)
    return found, total


def funds(record: Record) -> tuple[date | None, tuple[str, ...]]:
    """Return the value day of a movement, if it says one, and the fields behind its availability."""
    day, index = _funds(record, 3)
    return day, tuple(text.strip() for text in record.fields[index:])


def _funds(record: Record, index: int) -> tuple[date | None, int]:
    kind = record.text(index)
    if kind == "S":
        return None, index + 4
    if kind == "V":
        text = record.text(index + 1)
        return (record.day(index + 1) if text else None), index + 3
    if kind == "D":
        pairs = record.whole(index + 1)
        if not 0 <= pairs <= _PAIRS_MAX:
            raise figures.refusal(
                record.place, Words(zh="可用金额分布过多。", en="too many parts of availability.")
            )
        return None, index + 2 + 2 * int(pairs)
    return None, index + 1 if kind in _SIMPLE else index
