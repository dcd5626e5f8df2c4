"""ISO 20022 camt.052, camt.053 and camt.054, whatever their version: read by local names, entry by entry."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, cast
from xml.etree import ElementTree as ET

from tradecredit.core.cash_application.statements import Entry, Statement, StatementKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.integrations.bank_files import camt_entries, figures, texts
from tradecredit.integrations.bank_files.camt_entries import child, inner, signed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from decimal import Decimal
    from xml.etree.ElementTree import Element

    from tradecredit.core.kernel.money import Money

_KINDS: Final = {
    "Stmt": StatementKind.STATEMENT,
    "Rpt": StatementKind.REPORT,
    "Ntfctn": StatementKind.NOTIFICATION,
}
_NAMES: Final = {
    StatementKind.STATEMENT: "camt.053",
    StatementKind.REPORT: "camt.052",
    StatementKind.NOTIFICATION: "camt.054",
}
_DECLARATION: Final = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_ENCODING: Final = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_ENCODINGS: Final = frozenset(
    {"utf-8", "utf8", "utf-16", "us-ascii", "ascii", "iso-8859-1", "iso-8859-15", "windows-1252"}
    | {"gb18030", "gbk", "gb2312"}
)
_HOSTILE: Final = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST)", re.IGNORECASE)
_DEPTH_MAX: Final = 40
_CHUNK: Final = 65536


def read(data: bytes) -> tuple[str, tuple[Statement, ...]]:
    """Return the name of the format and the statements; raises UnableToReadBankFileError."""
    text = _text(data)
    if _HOSTILE.search(text):
        raise figures.refusal(
            "",
            Words(
                zh="XML 中含有文档类型声明（DTD），银行文件不应有，未读取。请核实来源后重新下载。",
                en="The XML carries a document type (DTD), which bank files never do: it was not read. "
                "Make sure where it comes from and fetch it again.",
            ),
        )
    reader = _Reader()
    try:
        _feed(reader, text)
    except ET.ParseError as error:
        line, _ = error.position
        raise figures.refusal(
            f"line {line}",
            Words(
                zh="XML 不完整或已损坏。请向银行重新下载。",
                en="the XML is broken or cut off. Fetch it from the bank again.",
            ),
        ) from error
    kinds = {statement.kind for statement in reader.statements}
    return (_NAMES[kinds.pop()] if len(kinds) == 1 else "camt"), tuple(reader.statements)


def _text(data: bytes) -> str:
    declared = _ENCODING.search(data[:400])
    name = declared.group(1).decode().lower() if declared else "utf-8"
    if name not in _ENCODINGS:
        raise figures.refusal(
            "", Words(zh=f"不支持的 XML 编码 {name}。", en=f"The XML encoding {name} is not taken.")
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        text = texts.decode(data)
    else:
        try:
            text = data.decode(name)
        except UnicodeDecodeError as error:
            raise figures.refusal(
                f"byte {error.start}",
                Words(zh=f"内容不是声明的 {name} 编码。", en=f"the content is not the {name} it says."),
            ) from error
    return _DECLARATION.sub("", text, count=1) if text.lstrip().startswith("<?xml") else text


def _feed(reader: _Reader, text: str) -> None:
    parser: ET.XMLPullParser[Any] = ET.XMLPullParser(["start", "end"])
    encoded = text.encode("utf-8", errors="strict")
    for start in range(0, len(encoded), _CHUNK):
        try:
            parser.feed(encoded[start : start + _CHUNK])
        except (LookupError, ValueError) as error:
            # A declaration that was not seen as one (too long, or in two bytes a letter) names what no parser knows.
            raise figures.refusal(
                "", Words(zh="XML 声明的编码无法识别。", en="The XML names an encoding that nobody knows.")
            ) from error
        _drain(reader, parser)
    parser.close()
    _drain(reader, parser)


def _drain(reader: _Reader, parser: ET.XMLPullParser[Any]) -> None:
    events = cast("Iterator[tuple[str, Element]]", parser.read_events())
    for event, element in events:
        if event == "start":
            reader.start(element)
        else:
            reader.end(element)


class _Reader:
    """Takes each entry as soon as it is complete, so that a long statement never stands in memory as XML."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self._path: list[str] = []
        self._entries: list[Entry] = []
        self._pending = 0
        self._seen = 0

    def start(self, element: Element) -> None:
        """Go one level down."""
        self._path.append(camt_entries.local(element))
        if len(self._path) > _DEPTH_MAX:
            raise figures.refusal(
                "", Words(zh="XML 嵌套过深，未读取。", en="The XML is nested too deeply and was not read.")
            )
        if len(self._path) == 1 and self._path[0].lower() in ("html", "table"):
            raise figures.refusal(
                "",
                Words(
                    zh="这是网页而不是银行文件。请在表格软件中打开并另存为 .xlsx 后再导入。",
                    en="This is a web page, not a bank file. Open it in a spreadsheet, save it as .xlsx and import that.",
                ),
            )

    def end(self, element: Element) -> None:
        """Come back up: an entry and a statement are complete here."""
        name = self._path.pop()
        above = self._path[-1] if self._path else ""
        if name == "Ntry" and above in _KINDS:
            self._take(element)
            element.clear()
        elif name in _KINDS and above.startswith("BkToCstmr"):
            self.statements.append(self._statement(element, _KINDS[name]))
            self._entries, self._pending = [], 0
            element.clear()

    def _take(self, element: Element) -> None:
        self._seen += 1
        place = f"Ntry {self._seen}"
        figures.check_entries(self._seen, place=place)
        entry = camt_entries.entry(element, place=place)
        if entry is None:
            self._pending += 1
        else:
            self._entries.append(entry)

    def _statement(self, element: Element, kind: StatementKind) -> Statement:
        identifier = figures.clean(inner(element, "Id"), figures.REFERENCE_MAX)
        balances = _balances(element, place=f"{kind} {identifier}")
        opening, closing = balances.get("OPBD") or balances.get("PRCD"), balances.get("CLBD")
        account, currency = _account(element)
        summary = child(element, "TxsSummry")
        return Statement(
            kind=kind,
            account=account,
            currency=_currency(currency, opening, self._entries),
            number=figures.clean(inner(element, "LglSeqNb") or inner(element, "ElctrncSeqNb"), 40)
            + f"/{identifier}",
            opening=opening[0] if opening else None,
            opening_date=opening[1] if opening else None,
            closing=closing[0] if closing else None,
            closing_date=closing[1] if closing else None,
            entries=tuple(self._entries),
            pending=self._pending,
            stated_count=_count(summary),
            stated_credit=_sum(summary, "TtlCdtNtries"),
            stated_debit=_sum(summary, "TtlDbtNtries"),
        )


def _account(element: Element) -> tuple[str, str]:
    found = child(element, "Acct")
    if found is None:
        return "", ""
    identifier = inner(found, "Id", "IBAN") or inner(found, "Id", "Othr", "Id")
    return figures.clean(identifier, figures.ACCOUNT_MAX), figures.currency(inner(found, "Ccy"))


def _currency(given: str, opening: tuple[Money, date | None] | None, entries: list[Entry]) -> str:
    if given or opening is not None:
        return given or opening[0].currency  # type: ignore[index] # one of both is there
    return entries[0].amount.currency if entries else ""


def _balances(element: Element, *, place: str) -> dict[str, tuple[Money, date | None]]:
    found: dict[str, tuple[Money, date | None]] = {}
    for balance in element:
        if camt_entries.local(balance) != "Bal":
            continue
        code = inner(balance, "Tp", "CdOrPrtry", "Cd").strip()
        if code == "CLBD" or code not in found:
            found[code] = (signed(balance, place=place), camt_entries.day_of(balance, "Dt", place=place))
    return found


def _count(summary: Element | None) -> int | None:
    text = "" if summary is None else inner(summary, "TtlNtries", "NbOfNtries").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - a count


def _sum(summary: Element | None, name: str) -> Decimal | None:
    text = "" if summary is None else inner(summary, name, "Sum").strip()
    return figures.amount(text, place=name) if text else None
