"""The embedded server: starts, survives a kill, keeps its data, refuses with a reason."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

from tradecredit.plumbing.postgres import embedded
from tradecredit.plumbing.postgres.embedded import Embedded

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def directory() -> Iterator[Path]:
    """A folder that any user may enter, as the server's user must when root runs this."""
    path = Path(tempfile.mkdtemp(prefix="tc-embedded-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


class TestEmbedded:
    def test_keeps_its_data_over_a_kill_of_every_process(self, directory):
        server = Embedded(directory)
        assert server.ensure_running() is True
        assert server.ensure_running() is False
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE TABLE kept (n int)")
            connection.execute("INSERT INTO kept VALUES (42)")

        postmaster = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(postmaster, signal.SIGKILL)
        server.ensure_running()

        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT n FROM kept").fetchone() == (42,)
        server.stop()
        assert not server.answers()

    def test_knows_chinese_for_searching(self, directory):
        server = Embedded(directory, is_durable=False)
        server.ensure_running()
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("CREATE EXTENSION pg_trgm")
            found = connection.execute("SELECT cardinality(show_trgm('示例五金'))").fetchone()
        server.stop()

        assert found is not None
        assert found[0] > 0

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can be barred from a place by its parents")
    def test_says_why_the_server_user_cannot_enter(self, directory):
        barred = directory / "barred"
        barred.mkdir(mode=0o700)

        with pytest.raises(embedded.UnableToStartDatabaseError) as caught:
            Embedded(barred / "data").ensure_running()

        assert "nobody" in caught.value.words.en
        assert not (barred / "data" / "postgres").exists()

    def test_listens_on_no_network(self, directory):
        server = Embedded(directory, is_durable=False)
        server.ensure_running()
        with psycopg.connect(server.url) as connection:
            found = connection.execute("SHOW listen_addresses").fetchone()
        server.stop()

        assert found == ("",)


class TestCommandLine:
    def test_says_what_is_wrong_with_a_command(self):
        done = subprocess.run(
            [Path(sys.executable).with_name("tradecredit"), "nonsense"],
            check=False,
            capture_output=True,
            text=True,
        )

        assert done.returncode == 2
        assert "No such command" in done.stderr
