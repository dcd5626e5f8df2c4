"""Files for an agency: what it is to collect goes out, what it achieved comes in, each line once."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import InvalidOperation
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import agency_list
from tradecredit.apps.collections import case_queries as queries
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.collections import log_contact, record_promise
from tradecredit.plumbing import clock, db, tables

if TYPE_CHECKING:
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

COLUMNS: Final = ("case", "day", "outcome", "text", "promised_amount", "promised_date", "reference")
_MOST_ROWS: Final = 10_000


class UnableToReadAgencyFileError(UnableToError):
    """The file is no CSV with the columns named."""

    code = "agency_file_refused"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """A row that was not taken, and why."""

    row: int
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyFileRead:
    """How many rows were taken, and which were not."""

    taken: int
    problems: tuple[RowProblem, ...]


def export_cases(*, company: Company, language: str, channel: str = "agency") -> bytes:
    """Return what stands with the channel as CSV: each overdue item with its case, debtor and contact."""
    table = agency_list.of_company(company_id=company.pk, as_of=clock.today(company), channel=channel)
    return tables.as_csv(table, language=language)


def import_report(*, company: Company, content: bytes, actor: Actor) -> AgencyFileRead:
    """Take the agency's report; a row whose reference is known is nothing new, a bad row does not stop the others.

    Columns: case, day, outcome, text, promised_amount, promised_date, reference. Raises UnableToReadAgencyFileError.
    """
    rows = _rows(content)
    problems: list[RowProblem] = []
    taken = 0
    for number, row in enumerate(rows, start=2):
        try:
            with db.unit_of_work(actor):
                _take(company, row, actor)
            taken += 1
        except UnableToError as refusal:
            problems.append(RowProblem(row=number, words=refusal.words))
        except (ValueError, InvalidOperation) as error:
            words = Words(zh=f"日期或金额有误：{error}", en=f"A day or an amount is wrong: {error}")
            problems.append(RowProblem(row=number, words=words))
    return AgencyFileRead(taken=taken, problems=tuple(problems))


def _rows(content: bytes) -> list[dict[str, str]]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        rows = [dict(row) for row in reader]
    except (UnicodeDecodeError, csv.Error) as error:
        raise _refused() from error
    missing = {"case", "day", "outcome", "reference"} - set(reader.fieldnames or ())
    if missing or len(rows) > _MOST_ROWS:
        raise _refused()
    return rows


def _refused() -> UnableToReadAgencyFileError:
    names = ", ".join(COLUMNS)
    return UnableToReadAgencyFileError(
        Words(
            zh=f"请提供 UTF-8 的 CSV 文件，列名为 {names}，最多一万行。",
            en=f"Send a CSV in UTF-8 with the columns {names} and at most ten thousand rows.",
        )
    )


def _take(company: Company, row: dict[str, str], actor: Actor) -> None:
    case = queries.by_number(company_id=company.pk, number=(row["case"] or "").strip())
    if case is None or case.channel != "agency":
        raise UnableToReadAgencyFileError(
            Words(zh=f"案件 {row['case']} 不在委外名单中。", en=f"Case {row['case']} is not with the agency.")
        )
    if not (row["reference"] or "").strip():
        raise UnableToReadAgencyFileError(
            Words(zh="缺少机构的流水号（reference）。", en="The agency's reference is missing.")
        )
    if queries.is_known(case_id=case.id, reference=row["reference"].strip()):
        return
    promised = (row.get("promised_date") or "").strip()
    contact = log_contact.Contact(
        way="agency",
        outcome=(row["outcome"] or "").strip(),
        text=(row.get("text") or "").strip(),
        amount=_amount(row, company),
        promised_date=date.fromisoformat(promised) if promised else None,
        reference=row["reference"].strip(),
    )
    log_contact.log_contact(
        company=company,
        case_id=case.id,
        contact=contact,
        actor=actor,
        as_of=date.fromisoformat((row["day"] or "").strip()),
    )


def _amount(row: dict[str, str], company: Company) -> Money | None:
    text = (row.get("promised_amount") or "").strip()
    if not text:
        return None
    try:
        return money.parse(text, company.base_currency)
    except money.InvalidMoneyError as error:
        raise record_promise.UnableToRecordPromiseError(
            Words(zh=f"{text} 不是有效金额。", en=f"{text} is no amount.")
        ) from error
