"""Policies go out and come back as they were; what is no policy is refused."""

from __future__ import annotations

import zipfile

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.integrations import policy_archives, policy_packs, policy_signatures


class TestWrite:
    @pytest.mark.parametrize("pack", policy_packs.pack_names())
    @pytest.mark.parametrize("name", ["own", "own.zip"])
    def test_what_is_written_is_read_again_as_the_same_policy(self, tmp_path, pack, name):
        document = policy_packs.load_pack(pack)

        policy_packs.save(document, tmp_path / name)

        again = policy_packs.load_folder(tmp_path / name)
        assert policy_signatures.digest(again) == policy_signatures.digest(document)

    def test_the_same_policy_gives_the_same_bytes(self, tmp_path):
        document = policy_packs.load_pack("three-tiers")

        for name in ("one.zip", "two.zip"):
            policy_packs.save(document, tmp_path / name)

        assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


class TestRead:
    def packed(self, tmp_path, **entries):
        target = tmp_path / "own.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for name, text in entries.items():
                archive.writestr(name, text)
        return target

    @pytest.mark.parametrize(
        "name", ["../pack.yaml", "/etc/passwd", "run.py", "letters/a.yaml", "deep/er/pack.yaml"]
    )
    def test_refuses_what_does_not_belong_there(self, tmp_path, name):
        with pytest.raises(PolicyError, match="does not belong"):
            policy_archives.read(self.packed(tmp_path, **{name: "name: own"}))

    def test_refuses_a_file_that_swells(self, tmp_path):
        target = tmp_path / "own.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("pack.yaml", "#" * 9_000_000)

        with pytest.raises(PolicyError, match="larger than any policy"):
            policy_archives.read(target)

    def test_refuses_what_is_not_packed(self, tmp_path):
        (tmp_path / "own.zip").write_bytes(b"PK no")

        with pytest.raises(PolicyError, match="no packed policy"):
            policy_archives.read(tmp_path / "own.zip")

    def test_refuses_an_archive_whose_content_is_broken(self, tmp_path):
        target = tmp_path / "own.zip"
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("pack.yaml", "name: own\n" * 50)
        content = bytearray(target.read_bytes())
        start = content.index(b"pack.yaml") + len("pack.yaml")
        content[start : start + 8] = b"\xff" * 8
        target.write_bytes(content)

        with pytest.raises(PolicyError, match="no packed policy"):
            policy_archives.read(target)

    @pytest.mark.parametrize(
        ("place", "value", "what"), [(8, 0x1, "password"), (10, 99, "compression")], ids=["locked", "unknown"]
    )
    def test_refuses_an_archive_that_is_locked_or_packed_in_an_unknown_way(
        self, tmp_path, place, value, what
    ):
        target = self.packed(tmp_path, **{"pack.yaml": "name: own"})
        content = bytearray(target.read_bytes())
        # The local header and the directory both say it: flags, then the way of packing.
        for begin, at in ((content.index(b"PK\x03\x04"), place - 2), (content.index(b"PK\x01\x02"), place)):
            content[begin + at : begin + at + 2] = value.to_bytes(2, "little")
        target.write_bytes(content)

        with pytest.raises(PolicyError, match=what):
            policy_archives.read(target)

    def test_refuses_numbers_that_are_not_exact(self, tmp_path):
        with pytest.raises(PolicyError, match="in quotes"):
            policy_archives.read(self.packed(tmp_path, **{"pack.yaml": "share: 0.1"}))


class TestExtends:
    def test_a_folder_says_only_what_differs_from_a_pack_that_ships(self, tmp_path):
        own = tmp_path / "mine"
        own.mkdir()
        (own / "pack.yaml").write_text("name: mine\nextends: five-pillars\n", "utf-8")
        (own / "order_control.yaml").write_text("checks:\n  - {code: overdue_days, days: 14}\n", "utf-8")

        found, base = policy_packs.load_folder(own), policy_packs.load_pack("five-pillars")

        days = [one["days"] for one in found["order_control"]["checks"] if one["code"] == "overdue_days"]
        assert days == [14]
        assert found["pack"]["name"] == "mine"
        assert found["dunning"] == base["dunning"]
        assert len(found["order_control"]["checks"]) == len(base["order_control"]["checks"])

    def test_a_folder_may_extend_the_one_of_its_group_beside_it(self, tmp_path):
        policy_packs.save(policy_packs.load_pack("three-tiers"), tmp_path / "group")
        own = tmp_path / "company"
        own.mkdir()
        (own / "pack.yaml").write_text("name: company\nextends: group\n", "utf-8")

        assert policy_packs.load_folder(own)["grades"] == policy_packs.load_pack("three-tiers")["grades"]

    def test_what_is_nowhere_is_refused(self, tmp_path):
        (tmp_path / "pack.yaml").write_text("name: own\nextends: ../../secrets\n", "utf-8")

        with pytest.raises(policy_packs.UnableToFindPackError):
            policy_packs.load_folder(tmp_path)
