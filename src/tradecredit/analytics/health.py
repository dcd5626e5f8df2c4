"""Whether the installation is whole: database, scope, schema, log chains, queues, disk."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock, guards
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox.models import Event, Message

_MINIMUM_VERSION = 150_000
_FREE_BYTES = 1_000_000_000
_LAG = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of the installation."""

    check: str
    is_ok: bool
    words: Words


def is_ready() -> bool:
    """Tell whether requests can be answered: the database answers and its schema is this version's."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def findings() -> tuple[Finding, ...]:
    """Run every check."""
    with scope.entered(Actor.system("doctor")):
        return (_database(), _role(), _schema(), _log_chains(), _events(), _messages(), _disk())


def _database() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int, version()")
        number, text = cursor.fetchone()
    name = text.split(" on ")[0]
    return Finding("database", number >= _MINIMUM_VERSION, Words(zh=f"数据库 {name}", en=f"Database {name}"))


def _role() -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"
        )
        name, is_mighty = cursor.fetchone()
    is_ok = name == guards.APP_ROLE and not is_mighty
    return Finding(
        "role",
        is_ok,
        Words(zh=f"应用角色 {name} 受行级安全约束", en=f"Acting as {name}, bound by row security"),
    )


def _schema() -> Finding:
    is_ok = is_ready()
    zh, en = ("数据库结构为当前版本", "The schema is this version's") if is_ok else (
        "数据库结构需要升级：tradecredit migrate", "The schema must be brought up to date: tradecredit migrate")  # fmt: skip
    return Finding("schema", is_ok, Words(zh=zh, en=en))


def _log_chains() -> Finding:
    count, breaks = log.verify()
    if not breaks:
        return Finding(
            "log", True, Words(zh=f"日志链完好，共 {count} 条", en=f"Log chains whole, {count} entries")
        )
    first = breaks[0]
    return Finding(
        "log",
        False,
        Words(
            zh=f"日志链 {first.stream} 第 {first.sequence} 条有问题：{first.problem}",
            en=f"Log chain {first.stream}, entry {first.sequence}: {first.problem}",
        ),
    )


def _events() -> Finding:
    waiting = Event.objects.filter(processed_at__isnull=True)
    late = waiting.filter(emitted_at__lt=clock.now() - _LAG).count()
    failed = waiting.filter(attempts__gt=0).count()
    return Finding(
        "events",
        late == 0 and failed == 0,
        Words(
            zh=f"待处理事件 {waiting.count()}，超过 10 分钟 {late}，失败过 {failed}",
            en=f"{waiting.count()} events waiting, {late} for over 10 minutes, {failed} failed before",
        ),
    )


def _messages() -> Finding:
    failed = Message.objects.filter(status="failed").count()
    return Finding(
        "messages",
        failed == 0,
        Words(zh=f"发送失败的消息 {failed} 条", en=f"{failed} messages failed to leave"),
    )


def _disk() -> Finding:
    path = settings.DATA_DIR
    while not path.exists():
        path = path.parent
    free = shutil.disk_usage(path).free
    gib = free // 2**30
    return Finding("disk", free > _FREE_BYTES, Words(zh=f"磁盘剩余 {gib} GiB", en=f"{gib} GiB of disk free"))
