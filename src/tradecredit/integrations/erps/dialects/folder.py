"""A folder into which another system lays its files (by SFTP or a share): CSV files are read, standings laid beside them.

Note [Files that are being written]
A file counts when nobody has written to it for a minute, so half a file is never read; one that is written anew is read
again. Names that begin with a dot or end in ``.part`` or ``.tmp`` are never looked at.
"""

from __future__ import annotations

import csv
import io
import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.sources.erps import UnableToReachSourceError
from tradecredit.integrations.erps import hosts, records
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken

_QUIET: Final = timedelta(minutes=1)
_BYTES_MAX: Final = 64_000_000
_UNFINISHED: Final = (".part", ".tmp")
_ENCODINGS: Final = ("utf-8-sig", "gb18030")
# Where a record stands: behind the name of its file, padded so that keys sort as rows do.
_PLACE: Final = "{name}\x1f{row:09d}"
_GONE: Final = Words(
    zh="文件夹 {folder} 打不开。请检查它是否存在、服务账号是否有读写权限。",
    en="The folder {folder} cannot be opened. Check that it is there and that the server's account may use it.",
)


class Folder:
    """Reads the CSV files of one folder; the name of a file says its kind."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._folder = hosts.named_folder(settings.settings["folder"])

    def check(self) -> str:
        """Look into the folder and return its path."""
        self._files("*")
        return str(self._folder)

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next rows of the files that were written within the window."""
        since = position.since - _QUIET if position.since is not None else None
        until = (position.until or datetime.now(tz=UTC)) - _QUIET
        files = [
            path
            for path, written_at in self._files(entity.entity)
            if written_at < until and (since is None or written_at >= since)
        ]
        return self._page(entity, files, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next documents of the days; of several rows of one number the one that came last."""
        latest: dict[str, dict[str, Any]] = {}
        for path, _ in sorted(self._files(entity.entity), key=lambda one: one[1]):
            for record in _rows_of(path):
                latest[str(record.get(entity.key, ""))] = record
        found = [one for _, one in sorted(latest.items()) if _is_between(one.get(entity.day), begins, ends)]
        found = [one for one in found if str(one[entity.key]) > after][:most]
        return speaking.spoken(found, key=entity.key, most=most)

    def write(self, standing: Standing) -> None:
        """Lay a file with the standing into the folder that the description names; the latest one counts."""
        target = self._folder / _below(self._settings.option("standings", "standings"))
        body = {**standing.content(), "limit": tagged.text(standing.limit)}
        name = quote(standing.customer_code, safe="")
        try:
            target.mkdir(exist_ok=True)
            unfinished = target / f"{name}.json.tmp"
            unfinished.write_text(json.dumps(body, ensure_ascii=False), encoding="utf-8")
            unfinished.replace(target / f"{name}.json")
        except OSError as error:
            raise UnableToReachSourceError(_GONE.filled(folder=target.name)) from error

    def _page(self, entity: Entity, files: list[Path], *, after: str, most: int) -> Spoken:
        found: list[dict[str, Any]] = []
        for path in files:
            if after and f"{path.name}\x1f~" < after:
                continue
            for row, record in enumerate(_rows_of(path), start=2):
                place = _PLACE.format(name=path.name, row=row)
                if place > after and _is_wanted(record, entity):
                    found.append({**record, _KEY: place})
                if len(found) == most:
                    return speaking.spoken(found, key=_KEY, most=most)
        return speaking.spoken(found, key=_KEY, most=most)

    def _files(self, pattern: str) -> list[tuple[Path, datetime]]:
        """Return the finished files that the pattern names, by name, with the moment at which they were written."""
        try:
            found = [
                (path, datetime.fromtimestamp(path.stat().st_mtime_ns // 1_000_000_000, tz=UTC))
                for path in sorted(self._folder.glob(_below(pattern)))
                if path.is_file()
                and not path.is_symlink()
                and not path.name.startswith(".")
                and path.suffix not in _UNFINISHED
            ]
            os.scandir(self._folder).close()
        except OSError as error:
            raise UnableToReachSourceError(_GONE.filled(folder=self._folder.name)) from error
        return found


_KEY: Final = "\x1fplace"


def _below(name: str) -> str:
    """Return a name or pattern that a description gives; raises UnableToReachSourceError where it leads out of the folder."""
    path = PurePath(name)
    if not path.parts or path.is_absolute() or ".." in path.parts:
        raise lines.refused(f"{name!r} leads out of the folder")
    return name


def _rows_of(path: Path) -> Iterator[dict[str, Any]]:
    """Return the rows of a CSV file by their headings; raises UnableToReachSourceError for what is none."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UnableToReachSourceError(_GONE.filled(folder=path.parent.name)) from error
    if len(data) > _BYTES_MAX:
        raise lines.unreadable(f"{path.name}: too large")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text.partition("\n")[0]
        separator = max(",;\t", key=first.count)
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator, restval="")
        return (
            {
                (name or "").strip(): value.strip() if isinstance(value, str) else value
                for name, value in row.items()
            }
            for row in reader
        )
    raise lines.unreadable(f"{path.name}: encoding")


def _is_wanted(record: dict[str, Any], entity: Entity) -> bool:
    return all(record.get(name) == str(value) for name, value in dict(entity.filter or {}).items())


def _is_between(raw: Any, begins: date, ends: date) -> bool:
    day = records.day_of(raw)
    return day is not None and begins <= day < ends
