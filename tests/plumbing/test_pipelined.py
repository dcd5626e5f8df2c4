from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from tradecredit.plumbing import ids
from tradecredit.plumbing.postgres import binary, pipelined

HOSTILE = ['say "yes"', "back\\slash", "a,b", "{c}", "", "NULL", "示例\n行", None, "'quoted'"]
ONE = UUID(int=7)


def run(*statements):
    """Run statements in one round trip and return their rows."""

    async def inside():
        line = pipelined.Line()
        try:
            return await line.run(*statements)
        finally:
            await line.close()

    return asyncio.run(inside())


@pytest.mark.django_db
class TestParameters:
    @pytest.mark.parametrize(
        ("parameter", "value"),
        [
            (binary.texts(HOSTILE), HOSTILE),
            (binary.texts([]), []),
            (binary.uuids([ONE.bytes, bytes(16)]), [ONE, UUID(int=0)]),
            (binary.bigs([1, None, -(2**60)]), [1, None, -(2**60)]),
            (binary.smalls([30, None, -1]), [30, None, -1]),
            (binary.flags([True, False]), [True, False]),
            (binary.days([date(1999, 12, 31), date(2026, 11, 22)]), [date(1999, 12, 31), date(2026, 11, 22)]),
            (binary.text("示例"), "示例"),
            (binary.integer(-201), -201),
            (binary.uuid(ONE.bytes), ONE),
            (binary.day(date(2026, 2, 28)), date(2026, 2, 28)),
            (
                binary.moment(datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC)),
                datetime(1999, 12, 31, 23, 59, 59, 999_999, UTC),
            ),
            (binary.jsonb('{"n": [1]}'), {"n": [1]}),
            (binary.jsonb(None), None),
        ],
    )
    def test_the_database_reads_what_was_meant(self, parameter, value):
        assert run((b"SELECT $1", (parameter,))) == [[(value,)]]

    def test_a_moment_may_be_of_any_time_zone(self):
        there = datetime(2026, 11, 22, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
        assert binary.moment(there) == binary.moment(there.astimezone(UTC))


@pytest.mark.django_db
class TestLine:
    def test_statements_of_one_round_trip_answer_in_their_order(self):
        numbers = [(b"SELECT $1 + 1", (binary.integer(n),)) for n in range(3)]

        assert run((b"BEGIN", ()), *numbers, (b"COMMIT", ())) == [[], [(1,)], [(2,)], [(3,)], []]

    def test_a_failure_is_told_and_the_line_goes_on(self):
        async def inside():
            line = pipelined.Line()
            with pytest.raises(psycopg.errors.DivisionByZero):
                await line.run((b"BEGIN", ()), (b"SELECT 1 / $1", (binary.integer(0),)), (b"SELECT 5", ()))
            await line.undo()
            found = [
                await line.run((b"SELECT 1 / $1", (binary.integer(n),)), (b"SELECT 5", ())) for n in (1, 1)
            ]
            await line.close()
            return found

        assert asyncio.run(inside()) == [[[(1,)], [(5,)]]] * 2

    def test_much_is_sent_and_received_without_waiting_for_each_other(self):
        long = "x" * 3_000_000

        assert run(*[(b"SELECT $1", (binary.text(long),))] * 3) == [[(long,)]] * 3

    def test_whoever_stops_waiting_leaves_no_transaction_behind(self):
        async def inside():
            line = pipelined.Line()
            slow = asyncio.ensure_future(line.run((b"BEGIN", ()), (b"SELECT pg_sleep(5)", ())))
            await asyncio.sleep(0.2)
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            found = await line.run((b"SELECT 7", ()))
            await line.close()
            return found

        assert asyncio.run(inside()) == [[(7,)]]

    def test_a_lost_connection_fails_once_and_comes_back(self):
        async def inside():
            line, other = pipelined.Line(), pipelined.Line()
            [[(pid,)]] = await line.run((b"SELECT pg_backend_pid()", ()))
            waiting = asyncio.ensure_future(line.run((b"SELECT pg_sleep(30)", ())))
            await asyncio.sleep(0.1)
            await other.run((b"RESET ROLE", ()), (b"SELECT pg_terminate_backend($1)", (binary.integer(pid),)))
            with pytest.raises(psycopg.OperationalError):
                await waiting
            found = await line.run((b"SELECT 7", ()))
            await line.close()
            await other.close()
            return found

        assert asyncio.run(inside()) == [[(7,)]]

    def test_one_that_was_lost_while_nobody_asked_is_opened_again(self):
        async def inside():
            line, other = pipelined.Line(), pipelined.Line()
            [[(pid,)]] = await line.run((b"SELECT pg_backend_pid()", ()))
            await other.run((b"RESET ROLE", ()), (b"SELECT pg_terminate_backend($1)", (binary.integer(pid),)))
            await asyncio.sleep(0.2)
            found = await line.run((b"SELECT 7", ()))
            await line.close()
            await other.close()
            return found

        assert asyncio.run(inside()) == [[(7,)]]


class TestNewTexts:
    def test_are_identifiers_of_version_seven(self):
        found = [UUID(text) for text in ids.new_texts(50)]

        assert len(set(found)) == 50
        assert {(one.version, one.variant) for one in found} == {(7, "specified in RFC 4122")}

    def test_grow_with_time_as_the_others_do(self):
        assert abs((UUID(ids.new_texts(1)[0]).int >> 80) - (ids.new_id().int >> 80)) < 60_000

    def test_pairs_are_the_same_twice(self):
        pairs = ids.new_pairs(9)

        assert [UUID(text).bytes for text, _ in pairs] == [one for _, one in pairs]
