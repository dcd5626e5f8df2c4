"""Tables of banks and wallets: CSV, XLS or XLSX by a column profile that is named, or guessed when only one fits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.flows.imports.incoming import UnableToReadFileError
from tradecredit.integrations.bank_files import (
    figures,
    profiles,
    table_heads,
    table_rows,
    table_statements,
    texts,
)
from tradecredit.integrations.erp_csv import tables as spreadsheet
from tradecredit.integrations.erp_csv import workbooks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.cash_application.statements import BankFile, Statement
    from tradecredit.integrations.bank_files.profiles import Profile
    from tradecredit.integrations.bank_files.table_heads import Head
    from tradecredit.integrations.erp_csv.sheets import Book, Sheet

_HTML: Final = (b"<html", b"<table", b"<!doctype html")


def read(file: BankFile, *, known: Mapping[str, Profile]) -> tuple[str, str, tuple[Statement, ...]]:
    """Return the format, the profile's name and the statements; raises UnableToReadBankFileError."""
    if file.data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower().startswith(_HTML):
        raise figures.refusal(
            "",
            Words(
                zh="这是网页表格而不是 Excel 文件。请在表格软件中打开并另存为 .xlsx 后再导入。",
                en="This is a web page, not a workbook. Open it in a spreadsheet, save it as .xlsx and import that.",
            ),
        )
    try:
        is_workbook = workbooks.is_workbook(file.data)
        # The encoding is decided here: guessing it from statistics takes seconds on what is no text at all.
        encoding = None if is_workbook else texts.encoding_of(file.data)
        book = spreadsheet.take_apart(file.data, encoding=encoding)
    except UnableToReadFileError as error:
        raise UnableToReadBankFileError(error.words, **error.facts) from error
    if file.profile:
        profile = _named(file.profile, known)
        sheet, head = _required(book, profile)
    else:
        profile, sheet, head = _guess(book, known)
    read_rows = table_rows.read(sheet, head, profile, day_one_is_1904=book.day_one_is_1904)
    found = table_statements.build(read_rows, head=head, profile=profile, file=file)
    return book.format, profile.name, found


def _named(name: str, known: Mapping[str, Profile]) -> Profile:
    if "\n" in name:
        return profiles.parse(name, source="--profile")
    if name in known:
        return known[name]
    raise figures.refusal(
        "",
        Words(
            zh=f"没有名为“{name}”的列配置；可选：{_listed(known)}。",
            en=f"There is no column profile “{name}”; choose from {_listed(known)}.",
        ),
    )


def _required(book: Book, profile: Profile) -> tuple[Sheet, Head]:
    found = _located(book, profile)
    if found is None:
        wanted = " / ".join(profile.columns["booking_date"])
        raise figures.refusal(
            "",
            Words(
                zh=f"文件中没有“{profile.title.zh}”的表头（如 {wanted}）。请换一个列配置，或修改该配置。",
                en=f"The head of “{profile.title.en}” (such as {wanted}) is not in the file. "
                "Name another profile, or edit this one.",
            ),
        )
    return found


def _located(book: Book, profile: Profile) -> tuple[Sheet, Head] | None:
    found = [
        (sheet, head)
        for sheet in book.sheets
        if profile.sheet in ("", sheet.name) and (head := table_heads.locate(sheet.rows, profile)) is not None
    ]
    return max(found, key=lambda pair: (pair[1].strength(), len(pair[0].rows)), default=None)


def _guess(book: Book, known: Mapping[str, Profile]) -> tuple[Profile, Sheet, Head]:
    """Return the one profile that fits; the general one only when no bank's own does."""
    fitting: list[tuple[Profile, Sheet, Head]] = []
    for profile in known.values():
        located = _located(book, profile) if profile.name != profiles.GENERIC else None
        if located is not None and table_heads.fits(located[1], profile):
            fitting.append((profile, *located))
    if fitting:
        most = max(len(profile.signature) for profile, _, _ in fitting)
        return _only([one for one in fitting if len(one[0].signature) == most])
    general = known.get(profiles.GENERIC)
    located = _located(book, general) if general is not None else None
    if general is None or located is None:
        raise figures.refusal(
            "",
            Words(
                zh=f"未识别出银行流水的表头。请指定列配置（--profile）：{_listed(known)}；"
                "或照样写一个自己的配置文件。",
                en=f"No head of a bank statement was recognised. Name a column profile (--profile): {_listed(known)}; "
                "or write one of your own after them.",
            ),
        )
    return (general, *located)


def _only(fitting: Sequence[tuple[Profile, Sheet, Head]]) -> tuple[Profile, Sheet, Head]:
    readings = {tuple(sorted(head.columns.items())) for _, _, head in fitting}
    if len(readings) > 1:
        names = ", ".join(profile.name for profile, _, _ in fitting)
        raise figures.refusal(
            "",
            Words(
                zh=f"该文件同时符合多个列配置：{names}。请用 --profile 指定其中一个。",
                en=f"The file fits several column profiles: {names}. Say which with --profile.",
            ),
        )
    return fitting[0]


def _listed(known: Mapping[str, Profile]) -> str:
    return ", ".join(sorted(known))
