"""The evidence pack of a case: one zip with every record, the letters as PDF, and a list of digests of all of it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import evidence_tables, letter_papers, limitations
from tradecredit.apps.collections import queries
from tradecredit.apps.receivables import confirmation_queries
from tradecredit.core.collections import limitation, texts
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import printing
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.collections.limitations import LateItem
    from tradecredit.apps.collections.case_queries import CaseRecord
    from tradecredit.core.collections.case_policy import CasePolicy
    from tradecredit.plumbing.access.models import Company

_MOST_LETTERS: Final = 500
# A zip carries times; one and the same for every file, so that the same evidence is the same bytes.
_TIME: Final = (2000, 1, 1, 0, 0, 0)


def pack(*, company: Company, case: CaseRecord, policy: CasePolicy, as_of: date) -> bytes:
    """Return the pack: a summary, ten tables, the letters, the customer's proofs, and manifest.json with SHA-256."""
    items = limitations.of_customer(
        company_id=company.pk, customer_id=case.customer_id, as_of=as_of, policy=policy
    )
    files: dict[str, bytes] = {"00-summary.pdf": _summary(company, case, items, as_of)}
    counts: dict[str, int] = {}
    for one in evidence_tables.TABLES:
        content, count = evidence_tables.csv_of(one, company_id=company.pk, customer_id=case.customer_id)
        files[f"{one.name}.csv"] = content
        counts[f"{one.name}.csv"] = count
    files |= _letters(company, case.customer_id)
    files |= _proofs(company.pk, case.customer_id)
    files["manifest.json"] = _manifest(company, case, files, counts, as_of)
    return _zipped(files)


def _summary(company: Company, case: CaseRecord, items: tuple[LateItem, ...], as_of: date) -> bytes:
    return printing.as_pdf(
        printing.Paper(
            title=Words(zh="证据包摘要", en="Evidence pack"),
            subtitle=f"{case.number} · {case.customer_name} ({case.customer_code})",
            about=(
                (Words(zh="债权人", en="Creditor"), company.name),
                (Words(zh="截至", en="As of"), as_of.isoformat()),
                (Words(zh="立案日", en="Opened on"), case.opened_on.isoformat()),
                (Words(zh="渠道", en="Channel"), case.channel),
            ),
            tables=(_items_table(items), _contents_table()),
            foot=Words(
                zh="每个文件的 SHA-256 摘要见 manifest.json",
                en="The SHA-256 of every file stands in manifest.json",
            ),
        ),
        language="zh",
    )


def _items_table(items: tuple[LateItem, ...]) -> Table:
    rows = tuple(
        (
            item.document, item.due_date, item.days_overdue, texts.figures(item.open),
            texts.figures(item.disputed), item.clock.ends_on if item.clock else None,
            limitation.CAUSES[item.clock.since.cause] if item.clock else None,
            item.clock.since.reference if item.clock else "",
        )
        for item in items
    )  # fmt: skip
    return Table(
        name="items",
        title=Words(zh="逾期款项与诉讼时效", en="Overdue items and their limitation"),
        columns=(
            Column(key="document", label=Words(zh="单据号", en="Document")),
            Column(key="due", label=Words(zh="到期日", en="Due"), kind="day"),
            Column(key="days", label=Words(zh="逾期天数", en="Days"), kind="number"),
            Column(key="open", label=Words(zh="未付金额", en="Open"), kind="amount"),
            Column(key="disputed", label=Words(zh="争议金额", en="Disputed"), kind="amount"),
            Column(key="until", label=Words(zh="时效届满", en="Sue until"), kind="day"),
            Column(key="since", label=Words(zh="起算依据", en="Counted from")),
            Column(key="reference", label=Words(zh="凭据", en="Proof")),
        ),
        rows=rows,
    )


def _contents_table() -> Table:
    return Table(
        name="contents",
        title=Words(zh="目录", en="Contents"),
        columns=(
            Column(key="file", label=Words(zh="文件", en="File")),
            Column(key="what", label=Words(zh="内容", en="What it shows")),
        ),
        rows=tuple((f"{one.name}.csv", Words(zh=one.zh, en=one.en)) for one in evidence_tables.TABLES),
    )


def _letters(company: Company, customer_id: UUID) -> dict[str, bytes]:
    found = queries.letters(company_id=company.pk, customer_id=customer_id, limit=_MOST_LETTERS)
    return {
        f"letters/{letter.number}.pdf": letter_papers.as_pdf(letter, sender=company.name)
        for letter in found
        if letter.kind != "thanks" and letter.status in {"sent", "pending"}
    }


def _proofs(company_id: UUID, customer_id: UUID) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for statement in confirmation_queries.statements(company_id=company_id, customer_id=customer_id):
        for proof in confirmation_queries.proofs_of(statement.id):
            stored = confirmation_queries.proof_content(statement_id=statement.id, proof_id=proof.id)
            if stored is not None:
                files[f"statements/{statement.number}/{proof.digest[:8]}-{_file_name(proof.name)}"] = stored[
                    1
                ]
    return files


def _file_name(name: str) -> str:
    return "".join(letter if letter.isalnum() or letter in ".-_" else "_" for letter in name)[-80:]


def _manifest(
    company: Company, case: CaseRecord, files: dict[str, bytes], counts: dict[str, int], as_of: date
) -> bytes:
    document = {
        "case": case.number,
        "creditor": company.name,
        "debtor": {"code": case.customer_code, "name": case.customer_name},
        "as_of": as_of.isoformat(),
        "files": [
            {
                "name": name,
                "sha256": hashlib.sha256(content).hexdigest(),
                "bytes": len(content),
                "rows": counts.get(name),
            }
            for name, content in sorted(files.items())
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2).encode()


def _zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, date_time=_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return stream.getvalue()
