"""What proofs and benchmarks stand on: a verdict that fails loudly, a raw client that reads answers, pgbench found."""

from __future__ import annotations

import asyncio
import json
from decimal import Decimal

import click
import pytest
from click.testing import CliRunner

from tradecredit.doors.cli.bench import checks, load, pgbench, telling
from tradecredit.doors.cli.proving import verdict, wire
from tradecredit.doors.cli.torture import sampling


@click.command()
@click.option("--json", "is_json", is_flag=True)
@click.option("--fails", is_flag=True)
def proof(*, is_json, fails):
    found = verdict.Verdict(name="race", seed=7, figures={"over_limit": "0.00"})
    found.require(not fails, "exposure reached 10.01, the line is 10.00")
    found.tell(headline="over_limit", is_json=is_json)


class TestVerdict:
    def test_prints_its_figure_and_seed_last(self):
        done = CliRunner().invoke(proof, [])

        assert done.exit_code == 0
        assert done.output.splitlines()[-1] == "race passed  over_limit = 0.00  seed 7"

    def test_exits_with_1_and_says_why_when_it_failed(self):
        done = CliRunner().invoke(proof, ["--fails", "--json"])

        assert done.exit_code == 1
        assert json.loads(done.output) == {
            "name": "race",
            "seed": 7,
            "passed": False,
            "figures": {"over_limit": "0.00"},
            "failures": ["exposure reached 10.01, the line is 10.00"],
        }


async def answering(parts):
    """Serve one connection: read a request, write the parts one by one, close."""

    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        for part in parts:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    return server, server.sockets[0].getsockname()[1]


def ask(*parts):
    async def main():
        server, port = await answering(parts)
        async with server:
            line = await wire.connect(host="127.0.0.1", port=port)
            return await line.ask(wire.get("/"))

    return asyncio.run(main())


class TestWire:
    def test_reads_an_answer_that_comes_in_pieces(self):
        answer = ask(b"HTTP/1.1 201 Created\r\nContent-Le", b"ngth: 5\r\n\r\nab", b"cde")

        assert (answer.status, answer.body) == (201, b"abcde")

    def test_says_that_the_answer_never_came(self):
        with pytest.raises(wire.BrokenWireError):
            ask(b"HTTP/1.1 201 Created\r\n")


class TestChecks:
    def test_go_round_the_customers_with_a_new_order_each(self):
        make = checks.spread(token="t", customers=2, mark="M")

        bodies = [json.loads(make(number).split(b"\r\n\r\n")[1]) for number in range(3)]

        assert [(one["customer"], one["reference"]) for one in bodies] == [
            ("T1", "M-0"),
            ("T2", "M-1"),
            ("T1", "M-2"),
        ]

    def test_a_batch_holds_as_many_as_it_was_told(self):
        request = checks.batches(token="t", customers=10, mark="M", size=100)(0)

        assert len(json.loads(request.split(b"\r\n\r\n")[1])["checks"]) == 100


class TestLoad:
    def test_refuses_to_count_what_was_answered_badly(self):
        found = load.Load(seconds=1.0)
        found.statuses.update([201, 500])

        with pytest.raises(click.ClickException, match="500"):
            found.require_success()

    def test_percentiles_are_of_all_answers(self):
        found = load.Load(latencies=[number / 1000 for number in range(1, 101)])

        assert (found.percentile_ms(0.5), found.percentile_ms(0.99)) == (51.0, 100.0)


class TestPgbench:
    def test_is_found_beside_the_server_that_ships(self):
        assert pgbench.find().name == "pgbench"

    def test_says_what_to_install_where_there_is_none(self, monkeypatch, tmp_path):
        from tradecredit.plumbing.postgres import embedded

        monkeypatch.setattr(embedded, "binaries_dir", lambda: tmp_path)
        monkeypatch.setattr(pgbench.shutil, "which", lambda _: None)
        monkeypatch.setattr(pgbench, "Path", lambda _: tmp_path)

        with pytest.raises(click.ClickException, match="postgresql-contrib"):
            pgbench.find()


class TestTelling:
    def test_is_one_document(self, capsys):
        telling.tell(name="ledger", figures={"ledger.drift": "0.00"}, is_json=True)

        assert json.loads(capsys.readouterr().out) == {"name": "ledger", "figures": {"ledger.drift": "0.00"}}


class TestSampled:
    def test_keeps_the_highest_value_seen(self):
        values = iter([Decimal(1), Decimal(7), Decimal(3)])

        with sampling.sampled(lambda: next(values, Decimal(2))) as samples:
            while samples.count < 3:
                pass

        assert samples.highest == Decimal(7)

    def test_a_watcher_that_went_blind_is_a_failure(self):
        def blind():
            raise ConnectionError("gone")

        with sampling.sampled(blind) as samples:
            while not samples.failures:
                pass

        assert "gone" in samples.failures[0]
