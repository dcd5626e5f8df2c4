"""Record a statement and those of its lines that the books do not know, each exactly once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.apps.cash_application import bank_operations, bank_queries
from tradecredit.apps.cash_application.bank_operations import NewLine, NewStatement
from tradecredit.apps.cash_application.models import LineStatus
from tradecredit.core.cash_application import statement_lines, statement_overlaps, statements
from tradecredit.core.cash_application.statement_lines import LineKind
from tradecredit.core.cash_application.statement_overlaps import Frame
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from tradecredit.core.cash_application.statement_overlaps import Placed
    from tradecredit.core.cash_application.statements import Check, Entry, Statement
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_TAIL: Final = 4
_WAITS: Final = Words(zh="待处理", en="waits")
_DOES_NOT_ADD_UP = Words(
    zh="对账单期初加发生额不等于期末，核对并接受后才入账",
    en="the statement does not add up: booked once a person has looked and accepts it",
)
_TWIN = Words(
    zh="另一种格式的文件已有同日同额的一笔，可能是同一笔：请确认入账或忽略",
    en="a file of another format has the same amount on the same day, perhaps the same line: book or dismiss it",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that a statement came in."""

    name: str
    format: str
    profile: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """A statement in the books: its lines in order, which are new, and which of the new ones may be booked."""

    statement_id: UUID | None
    account_id: UUID
    check: Check
    lines: int
    duplicates: int
    bookable: tuple[UUID, ...]
    held: int


def record(
    *, company: Company, statement: Statement, source: Source, accept_differences: bool, actor: Actor
) -> Recorded:
    """Record the statement under its account, which is locked; one that is known by content adds nothing."""
    db.transaction_required()
    number = _account_number(company, statement)
    account_id = bank_operations.open_account(
        company_id=company.pk,
        number=number,
        key=statements.comparable(number),
        currency=statement.currency,
    )
    split = [statements.transactions(entry) for entry in statement.entries]
    lines = sum(len(parts) for parts in split)
    new = NewStatement(
        account_id=account_id,
        statement=statement,
        check=statements.check(statement),
        content_hash=statements.content_hash(statement),
        format=source.format,
        profile=source.profile,
        file_name=source.name,
        recorded_by=actor.name,
    )
    if bank_queries.statement_known(account_id=account_id, content_hash=new.content_hash):
        return Recorded(
            statement_id=None,
            account_id=account_id,
            check=new.check,
            lines=lines,
            duplicates=lines,
            bookable=(),
            held=0,
        )
    is_held = new.check.is_balanced is False and not accept_differences
    return _recorded(company, new, split, lines=lines, is_held=is_held)


def _recorded(
    company: Company, new: NewStatement, split: Sequence[tuple[Entry, ...]], *, lines: int, is_held: bool
) -> Recorded:
    placed = _place(new)
    statement_id = bank_operations.record_statement(company_id=company.pk, new=new)
    fresh = _new_lines(new, placed, split, is_held=is_held)
    ids = bank_operations.record_lines(company_id=company.pk, lines=fresh)
    _see(company, new.account_id, statement_id=statement_id, placed=placed, new=fresh, ids=ids)
    return Recorded(
        statement_id=statement_id,
        account_id=new.account_id,
        check=new.check,
        lines=lines,
        duplicates=lines - len(fresh),
        bookable=tuple(
            line_id for line_id, line in zip(ids, fresh, strict=True) if line.status != LineStatus.HELD
        ),
        held=sum(line.status == LineStatus.HELD for line in fresh),
    )


def _account_number(company: Company, statement: Statement) -> str:
    """Return the number under which the account is kept: a shortened one stands for the whole, either way round."""
    number = statement.account
    kept = bank_queries.accounts(company_id=company.pk, currency=statement.currency)
    if any(statements.comparable(one) == statements.comparable(number) for one in kept):
        return number
    alike = [
        one
        for one in kept
        if not (statements.is_whole_account(one) and statements.is_whole_account(number))
        and statements.account_tail(one)[-_TAIL:] == statements.account_tail(number)[-_TAIL:]
    ]
    if len(alike) > 1:
        listed = ", ".join(alike)
        raise UnableToReadBankFileError(
            Words(
                zh=f"账号 {number} 可能是 {listed} 中的任一个。请用 --account 写明完整账号。",
                en=f"Account {number} may be any of {listed}. Say which with --account.",
            )
        )
    return alike[0] if alike else number


def _place(new: NewStatement) -> tuple[Placed, ...]:
    statement = new.statement
    fingerprints = [statements.fingerprint(entry) for entry in statement.entries]
    return statement_overlaps.place(
        fingerprints=fingerprints,
        frame=Frame(
            kind=statement.kind,
            format=new.format,
            number=statement.number,
            opening=statement.opening.amount if statement.opening else None,
            closing=statement.closing.amount if statement.closing else None,
        ),
        known=bank_queries.known_entries(account_id=new.account_id, fingerprints=fingerprints),
    )


def _new_lines(
    recorded: NewStatement,
    placed: Sequence[Placed],
    split: Sequence[tuple[Entry, ...]],
    *,
    is_held: bool,
) -> list[NewLine]:
    entries = recorded.statement.entries
    twins = bank_queries.twins_of_other_formats(
        account_id=recorded.account_id,
        form=recorded.format,
        days={entry.booking_date for entry in entries},
    )
    new = []
    for place, parts, whole in zip(placed, split, entries, strict=True):
        if place.is_known:
            continue
        is_twin = (whole.booking_date, whole.amount.amount) in twins
        for number, entry in enumerate(parts, start=1):
            kind = statement_lines.kind_of(entry)
            words = _DOES_NOT_ADD_UP if is_held else _TWIN if is_twin else _WAITS
            waits = (is_held or is_twin) and kind is not LineKind.OUTGOING
            new.append(
                NewLine(
                    account_id=recorded.account_id,
                    entry=entry,
                    fingerprint=place.fingerprint,
                    occurrence=place.occurrence,
                    part=number if len(parts) > 1 else 0,
                    kind=kind.value,
                    status=LineStatus.HELD if waits else LineStatus.UNIDENTIFIED,
                    format=recorded.format,
                    words=words,
                )
            )
    return new


def _see(
    company: Company,
    account_id: UUID,
    *,
    statement_id: UUID,
    placed: Sequence[Placed],
    new: Sequence[NewLine],
    ids: Sequence[UUID],
) -> None:
    """Write which lines the statement shows, in its order: those it brought and those that were known."""
    known = [place.fingerprint for place in placed if place.is_known]
    found = bank_queries.lines_of_entries(account_id=account_id, fingerprints=known)
    fresh: dict[tuple[str, int], list[UUID]] = {}
    for line, line_id in zip(new, ids, strict=True):
        fresh.setdefault((line.fingerprint, line.occurrence), []).append(line_id)
    shown: list[tuple[UUID, bool]] = []
    for place in placed:
        key = (place.fingerprint, place.occurrence)
        shown += [(line_id, not place.is_known) for line_id in (found if place.is_known else fresh)[key]]
    bank_operations.record_sightings(company_id=company.pk, statement_id=statement_id, lines=shown)
