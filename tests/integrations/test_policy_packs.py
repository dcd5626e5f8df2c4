"""Packs on disk become documents, or are refused with the place."""

from __future__ import annotations

import pytest

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.integrations import policy_packs


class TestLoadPack:
    def test_refuses_a_pack_that_is_not_there(self):
        with pytest.raises(policy_packs.UnableToFindPackError, match="five-pillars"):
            policy_packs.load_pack("../secrets")

    def test_refuses_numbers_that_are_not_exact(self, tmp_path):
        (tmp_path / "pack.yaml").write_text("name: own\nshare: 0.1\n", "utf-8")

        with pytest.raises(PolicyError, match="in quotes"):
            policy_packs.load_folder(tmp_path)

    def test_refuses_what_is_not_yaml(self, tmp_path):
        (tmp_path / "pack.yaml").write_text("name: [own\n", "utf-8")

        with pytest.raises(PolicyError, match="not YAML"):
            policy_packs.load_folder(tmp_path)
