"""Which customers the rows of a document file speak of: by code, by name, or new ones that the file brings with it."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.dossier import queries as dossier_queries
from tradecredit.core.dossier.drafts import CustomerDraft
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.imports import import_customers
from tradecredit.flows.imports.import_customers import CustomerRow
from tradecredit.flows.imports.incoming import Finding
from tradecredit.flows.row_results import RowStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.flows.imports.import_batch import Batch
    from tradecredit.flows.imports.incoming import IncomingRow

# Files of documents bring customers with them; what is only known about a customer never makes one.
BRINGS_CUSTOMERS: Final = frozenset({"invoices", "credit-notes", "payments", "orders"})
_CODE_LENGTH_MAX: Final = 64
_SHARED: Final = Words(
    zh="有多个客户名为“{name}”({codes})，请填写客户编码。",
    en="Several customers are called “{name}” ({codes}): give the customer code.",
)
_NOBODY: Final = Words(
    zh="没有名为“{name}”的客户，请先导入客户或填写客户编码。",
    en="There is no customer called “{name}”: import it first, or give the customer code.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The rows, each with a customer code; the rows whose customer cannot be told; what was created."""

    rows: tuple[IncomingRow, ...]
    findings: tuple[Finding, ...] = ()
    created: int = 0
    notes: tuple[Words, ...] = ()


def name_customers(batch: Batch, *, create: bool) -> Named:
    """Give every row of a document file its customer code and, if allowed, create the customers that are missing."""
    if batch.kind not in BRINGS_CUSTOMERS:
        return Named(rows=tuple(batch.rows))
    rows, findings = _coded(batch.rows, create=create)
    known = row_results.customers_by_code(
        company_id=batch.company.pk, codes=[row.text("customer_code") for row in rows]
    )
    missing = [row for row in rows if row.text("customer_code") not in known]
    if not missing or not create:
        return Named(rows=tuple(rows), findings=tuple(findings))
    created, notes = _create(batch, missing)
    return Named(rows=tuple(rows), findings=tuple(findings), created=created, notes=tuple(notes))


def _coded(rows: Sequence[IncomingRow], *, create: bool) -> tuple[list[IncomingRow], list[Finding]]:
    """Find the code of rows that give only a name; a name nobody has becomes the new customer's code."""
    names = {row.text("customer_name") for row in rows if not row.text("customer_code")}
    known = dossier_queries.codes_by_name(names) if names else {}
    coded: list[IncomingRow] = []
    findings: list[Finding] = []
    for row in rows:
        name = row.text("customer_name")
        if row.text("customer_code"):
            coded.append(row)
            continue
        codes = known.get(name, ())
        if len(codes) > 1 or (not codes and not create):
            words = (_SHARED if codes else _NOBODY).filled(name=name, codes=", ".join(codes))
            findings.append(Finding(row=row.row, field="customer name", value=name, words=words))
            continue
        code = codes[0] if codes else name[:_CODE_LENGTH_MAX]
        coded.append(dataclasses.replace(row, values={**row.values, "customer_code": code}))
    return coded, findings


def _create(batch: Batch, rows: Sequence[IncomingRow]) -> tuple[int, list[Words]]:
    names: defaultdict[str, dict[str, None]] = defaultdict(dict)
    first: dict[str, IncomingRow] = {}
    for row in rows:
        code = row.text("customer_code")
        first.setdefault(code, row)
        if row.text("customer_name"):
            names[code][row.text("customer_name")] = None
    drafts = [
        CustomerRow(
            draft=CustomerDraft(
                code=code,
                name=next(iter(names[code]), code),
                currency=row.text("currency") or batch.company.base_currency,
                region=row.text("region") or None,
                salesperson=row.text("salesperson") or None,
            ),
            row=row.row,
        )
        for code, row in first.items()
    ]
    done = import_customers.import_customers(
        rows=drafts, company=batch.company, actor=batch.actor, source=batch.source
    )
    created = done.count(RowStatus.CREATED)
    notes = [
        Words(
            zh=f"文件中的 {created} 个客户此前没有，已按文件中的编码和名称建档。",
            en=f"{created} customers of the file were not known and were created with its codes and names.",
        )
    ]
    several = [code for code, found in names.items() if len(found) > 1]
    if several:
        notes.append(
            Words(
                zh=f"{len(several)} 个客户编码在文件中有不同名称（如 {several[0]}），取最先出现的名称。",
                en=f"{len(several)} customer codes have different names in the file (such as {several[0]}): the first was taken.",
            )
        )
    return created, notes
