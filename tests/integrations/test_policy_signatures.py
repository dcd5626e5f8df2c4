"""Who signed a policy, and that nobody changed it since."""

from __future__ import annotations

import copy

import pytest

from tradecredit.integrations import policy_packs, policy_signatures
from tradecredit.integrations.policy_signatures import UnableToTrustPolicyError

DOCUMENT = policy_packs.load_pack("authority-matrix")
KEY = policy_signatures.new_key()


def signed():
    return policy_signatures.sign(DOCUMENT, private_pem=KEY).as_dict()


class TestVerify:
    def test_names_the_signer_of_an_unchanged_policy(self):
        signature = signed()

        assert policy_signatures.verify(DOCUMENT, signature) == signature["public_key"]
        assert policy_signatures.verify(DOCUMENT, signature, public_key=signature["public_key"])

    def test_finds_a_changed_figure(self):
        changed = copy.deepcopy(DOCUMENT)
        changed["limits"]["validity_months"] = "13"

        with pytest.raises(UnableToTrustPolicyError, match="changed after it was signed"):
            policy_signatures.verify(changed, signed())

    def test_finds_another_signer(self):
        other = policy_signatures.sign(DOCUMENT, private_pem=policy_signatures.new_key()).as_dict()

        with pytest.raises(UnableToTrustPolicyError, match="Somebody else"):
            policy_signatures.verify(DOCUMENT, other, public_key=signed()["public_key"])

    @pytest.mark.parametrize("name", ["sha256", "public_key", "signature"])
    @pytest.mark.parametrize("value", ["", "AAAA", "no base64 ()"])
    def test_refuses_a_forged_signature(self, name, value):
        with pytest.raises(UnableToTrustPolicyError, match="not valid"):
            policy_signatures.verify(DOCUMENT, {**signed(), name: value})

    def test_a_new_digest_does_not_carry_an_old_signature(self):
        changed = copy.deepcopy(DOCUMENT)
        changed["pack"]["version"] = "2"
        forged = {**signed(), "sha256": policy_signatures.digest(changed)}

        with pytest.raises(UnableToTrustPolicyError, match="not valid"):
            policy_signatures.verify(changed, forged)


class TestSign:
    def test_refuses_what_is_no_key(self):
        with pytest.raises(UnableToTrustPolicyError, match="cannot be read"):
            policy_signatures.sign(DOCUMENT, private_pem=b"no key")
