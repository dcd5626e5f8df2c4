"""Read a payer's remittance advice from a file: so much of the payment for this invoice, so much for that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.cash_application.matcher import values
from tradecredit.core.cash_application.matcher.values import AdviceLine
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports.incoming import Weight

if TYPE_CHECKING:
    from tradecredit.flows.imports.incoming import Finding, TabularFiles

KIND: Final = "remittance-advice"
_EMPTY: Final = Words(
    zh="付款明细里没有可读的行：每行需要发票号和金额。",
    en="The remittance advice has no readable line: each needs an invoice number and an amount.",
)
_BAD: Final = Words(
    zh="付款明细第 {row} 行（{field}：{value}）：{why}。请改正后再上传；没有核销任何发票。",
    en="Line {row} of the remittance advice ({field}: {value}): {why}. Correct it and send it again; nothing was applied.",
)


class UnableToReadAdviceError(UnableToError):
    """The advice has no readable line, or one that cannot be read: a part of it is not applied."""

    code = "unable_to_read_advice"


def read_advice(*, data: bytes, files: TabularFiles) -> tuple[AdviceLine, ...]:
    """Return the lines of an advice in CSV, XLSX or XLS, its columns guessed; an invoice listed twice is one line.

    Raises UnableToReadAdviceError, UnableToReadFileError.
    """
    table = files.read(kind=KIND, data=data)
    bad = [finding for finding in table.findings if finding.weight is Weight.REFUSED]
    if bad:
        raise UnableToReadAdviceError(_said(bad[0]))
    if not table.rows:
        raise UnableToReadAdviceError(_EMPTY)
    amounts: dict[str, int] = {}
    for row in table.rows:
        amount = row.amount("amount")
        if amount is not None:
            number = row.text("invoice_number")
            amounts[number] = amounts.get(number, 0) + values.units(amount)
    return tuple(AdviceLine(number=number, amount=amount) for number, amount in amounts.items())


def _said(finding: Finding) -> Words:
    told = {"row": finding.row, "field": finding.field, "value": finding.value}
    return Words(
        zh=_BAD.zh.format(why=finding.words.zh.rstrip("。"), **told),
        en=_BAD.en.format(why=finding.words.en.rstrip("."), **told),
    )
