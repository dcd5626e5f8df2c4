"""Signed policies: who vouches for a pack, by an Ed25519 signature over the digest of its canonical text.

Source: RFC 8032. The signature is about the content, not about files: the same policy as a folder, packed or stored in
the database has the same digest.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PURPOSE: Final = b"tradecredit policy v1\n"


class UnableToTrustPolicyError(UnableToError):
    """The signature is not that of this policy by this key, or the key cannot be read."""

    code = "policy_signature"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What a signature says: the digest of the policy, the signer's public key and the signature, as base64."""

    sha256: str
    public_key: str
    signature: str

    def as_dict(self) -> dict[str, str]:
        """Return it for a file."""
        return {"sha256": self.sha256, "public_key": self.public_key, "signature": self.signature}


def new_key() -> bytes:
    """Return a new private key as a PEM text without a password; keep it like one."""
    return Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def digest(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a policy's canonical text, as the published version carries it."""
    return canonical.sha256(canonical.dumps(dict(document)))


def sign(document: Mapping[str, Any], *, private_pem: bytes) -> Signature:
    """Sign a policy; raises UnableToTrustPolicyError for a key that is no Ed25519 key."""
    key = _private(private_pem)
    sha256 = digest(document)
    public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return Signature(sha256=sha256, public_key=_text(public), signature=_text(key.sign(_message(sha256))))


def verify(
    document: Mapping[str, Any], signature: Mapping[str, Any], *, public_key: str | None = None
) -> str:
    """Return the signer's public key; raises UnableToTrustPolicyError when the policy or the key is another.

    Without ``public_key`` only that the content was not changed is proven, not who signed it.
    """
    try:
        given = Signature(**{name: str(signature[name]) for name in ("sha256", "public_key", "signature")})
        key = Ed25519PublicKey.from_public_bytes(_bytes(given.public_key))
        key.verify(_bytes(given.signature), _message(given.sha256))
    except (KeyError, ValueError, binascii.Error, InvalidSignature) as error:
        raise _untrusted(zh="签名无效。", en="The signature is not valid.") from error
    if given.sha256 != digest(document):
        raise _untrusted(zh="政策内容在签名之后被改动。", en="The policy was changed after it was signed.")
    if public_key is not None and public_key.strip() != given.public_key:
        raise _untrusted(zh="签名人不是所要求的人。", en="Somebody else signed it than was asked for.")
    return given.public_key


def _private(pem: bytes) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise _untrusted(zh="密钥无法读取。", en="The key cannot be read.") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise _untrusted(zh="需要 Ed25519 密钥。", en="An Ed25519 key is needed.")
    return key


def _untrusted(*, zh: str, en: str) -> UnableToTrustPolicyError:
    return UnableToTrustPolicyError(Words(zh=zh, en=en))


def _message(sha256: str) -> bytes:
    return _PURPOSE + sha256.encode()


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
