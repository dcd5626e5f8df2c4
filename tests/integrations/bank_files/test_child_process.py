"""The child process: one answer a file, and an end to files that want too much."""

import pytest

from tradecredit.core.cash_application.statements import BankFile
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.flows.rehearsal import bank_file_seeds
from tradecredit.integrations.bank_files import files, reading

SEEDS = bank_file_seeds.seeds()


def seed(form: str) -> BankFile:
    return BankFile(name=form, data=SEEDS[form][0])


class TestBankFilesInAChild:
    def test_reads_a_file(self):
        assert files.BankFilesInAChild().read(seed("mt940")).format == "mt940"

    def test_takes_profiles_of_the_installation(self, tmp_path):
        (tmp_path / "mine.yaml").write_text(
            "name: mine\ntitle: {zh: 我的, en: Mine}\ncolumns: {booking_date: [When], amount: [How much]}\n",
            encoding="utf-8",
        )
        reader = files.BankFilesInAChild(tmp_path)

        found = reader.read(
            BankFile(name="x", data=b"When;How much\n2026-03-02;5,00\n", profile="mine", currency="EUR")
        )

        assert (found.profile, len(found.statements[0].entries)) == ("mine", 1)
        assert reader.profiles()["mine"].en == "Mine"


class TestChild:
    def test_reads_many_files_and_refuses_in_between(self):
        with files.Child() as child:
            first = child.read(seed("bai2"))
            with pytest.raises(UnableToReadBankFileError, match="line 3"):
                child.read(BankFile(name="x", data=b"01,a,b/\n02,x\nzz"))
            again = child.read(seed("bai2"))

            assert first == again
            assert 0 < child.peak_mb() < 200

    def test_a_file_that_takes_too_long_is_stopped_and_the_next_one_read(self):
        with files.Child() as child:
            with pytest.raises(UnableToReadBankFileError, match="too long"):
                child.read(seed("camt"), seconds=0)

            assert child.read(seed("camt"), seconds=30).format == "camt.053"

    def test_a_child_that_dies_refuses_the_file(self, monkeypatch):
        # As when the kernel ends it for its memory or its time.
        monkeypatch.setattr(files.sys, "executable", "/bin/false")

        with (
            files.Child() as child,
            pytest.raises(UnableToReadBankFileError, match="too much memory or time") as error,
        ):
            child.read(seed("camt"), seconds=30)

        assert error.value.facts == {"cause": "died"}

    def test_a_file_above_the_size_never_reaches_the_child(self, monkeypatch):
        monkeypatch.setattr(reading, "FILE_BYTES_MAX", 10)

        with files.Child() as child, pytest.raises(UnableToReadBankFileError, match="too large"):
            child.read(seed("camt"))


class TestHostileWorkbooks:
    def test_more_entries_than_a_workbook_has_are_refused_from_the_directory(self):
        import io
        import zipfile

        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(201):
                archive.writestr(f"xl/worksheets/sheet{number}.xml", b"0")

        with files.Child() as child, pytest.raises(UnableToReadBankFileError, match="too large"):
            child.read(BankFile(name="bomb.xlsx", data=stream.getvalue()))
