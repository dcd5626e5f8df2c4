"""Mappings that people gave once: found for files with the same headings, remembered, forgotten."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import yaml

from tradecredit.apps.sources import mappings
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.imports.incoming import KINDS
from tradecredit.plumbing import db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.flows.imports.incoming import IncomingTable, TabularFiles
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

# What asks for guesses whatever is remembered, and what a column that is not read is mapped to.
AUTO: Final = "auto"
NOT_USED: Final = "ignore"


class UnableToKeepMappingError(UnableToError):
    """The kind of file, a heading or a column is not known."""

    code = "mapping_wrong"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A mapping to remember for files of a kind with headings of this digest."""

    kind: str
    digest: str
    name: str
    mapping: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file whose headings are looked at."""

    kind: str
    data: bytes
    name: str
    files: TabularFiles

    def digest(self) -> str:
        """Return by what files of the same headings are known again, whatever the order of their columns."""
        return digest_of(self.files.headings(kind=self.kind, data=self.data))


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A remembered mapping with the sentence that says so."""

    mapping: str
    note: Words


def digest_of(headings: Iterable[str]) -> str:
    """Return the digest of headings, whatever their order."""
    return hashlib.sha256("\x1f".join(sorted(headings)).encode()).hexdigest()


def read(sheet: Sheet, *, mapping: str | None, company: Company, actor: Actor) -> IncomingTable:
    """Read the file by the mapping given, else by the remembered one, which is said; raises UnableToReadFileError."""
    known = find(sheet, company=company, actor=actor) if mapping is None else None
    table = sheet.files.read(kind=sheet.kind, data=sheet.data, mapping=known.mapping if known else mapping)
    return replace(table, notes=(known.note, *table.notes)) if known else table


def find(sheet: Sheet, *, company: Company, actor: Actor) -> Found | None:
    """Return what is remembered for files of these headings; raises UnableToReadFileError."""
    digest = sheet.digest()
    with scope.entered(actor):
        found = mappings.find(company_id=company.pk, kind=sheet.kind, headings=digest)
    if found is None:
        return None
    day = found.recorded_at.date().isoformat()
    note = Words(
        zh=f"按记住的列对应读取（{found.recorded_by}，{day}，文件“{found.file_name}”）。",
        en=f"Read by the columns remembered from “{found.file_name}” ({found.recorded_by}, {day}).",
    )
    return Found(mapping=found.mapping, note=note)


def remember(sheet: Sheet, *, mapping: str, company: Company, actor: Actor) -> None:
    """Keep the mapping for files with these headings; the same again changes nothing, ``auto`` is not kept."""
    if mapping.strip() in ("", AUTO):
        return
    draft = _Draft(kind=sheet.kind, digest=sheet.digest(), name=sheet.name, mapping=mapping)
    _remember(draft, company=company, actor=actor)


def keep(
    *,
    kind: str,
    headings: Sequence[str],
    columns: Mapping[str, str],
    files: TabularFiles,
    company: Company,
    actor: Actor,
) -> str:
    """Keep which column is which for files of these headings, without a file at hand, and return their digest.

    ``columns`` maps headings to columns of ours, ``ignore`` for those that are not read. Raises UnableToKeepMappingError.
    """
    _refuse_unknown(kind, headings, columns, files)
    mapping = yaml.safe_dump({"columns": dict(columns)}, allow_unicode=True)
    draft = _Draft(kind=kind, digest=digest_of(headings), name=kind, mapping=mapping)
    _remember(draft, company=company, actor=actor)
    return draft.digest


def _refuse_unknown(
    kind: str, headings: Sequence[str], columns: Mapping[str, str], files: TabularFiles
) -> None:
    if kind not in KINDS:
        known = ", ".join(KINDS)
        raise UnableToKeepMappingError(
            Words(
                zh=f"没有“{kind}”这一种文件；可用：{known}。", en=f"There is no kind {kind!r}: use {known}."
            )
        )
    titles = {column.title for column in files.columns(kind=kind)} | {NOT_USED}
    strange = [heading for heading in columns if heading not in headings]
    unknown = [title for title in columns.values() if title not in titles]
    if strange or unknown:
        named, ours = "、".join([*strange, *unknown]), ", ".join(sorted(titles))
        raise UnableToKeepMappingError(
            Words(
                zh=f"无法记住：{named} 不在文件表头或可用列中；可用列：{ours}。",
                en=f"{named} is no heading of the file or no column of ours; the columns are {ours}.",
            )
        )


def _remember(draft: _Draft, *, company: Company, actor: Actor) -> None:
    with db.unit_of_work(actor):
        known = mappings.find(company_id=company.pk, kind=draft.kind, headings=draft.digest)
        if known is not None and known.mapping == draft.mapping:
            return
        mappings.remember(
            company_id=company.pk,
            kind=draft.kind,
            headings=draft.digest,
            file_name=draft.name,
            mapping=draft.mapping,
            actor=actor,
        )
        words = Words(
            zh=f"记住文件“{draft.name}”的列对应（{draft.kind}）。",
            en=f"The columns of “{draft.name}” ({draft.kind}) are remembered.",
        )
        entry = log.NewEntry(stream=f"company:{company.pk}", kind="mapping.remembered", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])


def forget(*, kind: str, headings: str, company: Company, actor: Actor) -> bool:
    """Forget the mapping of files with these headings (their digest); False where nothing was remembered."""
    with db.unit_of_work(actor):
        known = mappings.find(company_id=company.pk, kind=kind, headings=headings)
        if known is None:
            return False
        mappings.remember(
            company_id=company.pk,
            kind=kind,
            headings=headings,
            file_name=known.file_name,
            mapping="",
            actor=actor,
        )
        words = Words(
            zh=f"不再使用文件“{known.file_name}”的列对应（{kind}）。",
            en=f"The columns of “{known.file_name}” ({kind}) are forgotten.",
        )
        entry = log.NewEntry(stream=f"company:{company.pk}", kind="mapping.forgotten", words=words)
        log.append(company_id=company.pk, actor=actor, entries=[entry])
    return True
