"""How each chat wants a message: its address, its signature, its body, and what it answers when it took it.

The robots are described at developer.work.weixin.qq.com (91770), open.dingtalk.com (custom robots) and open.feishu.cn
(custom bots): WeCom takes a key in the address; DingTalk signs moment and secret with the secret; Feishu signs nothing
with both of them as the key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_LONGEST: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What is said: a line, a text, and the mobile number of the person it is for, where it is known."""

    title: str
    text: str
    mobile: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What is posted: further parts of the address, and the body."""

    query: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """A chat's way to be spoken to; ``code`` is the field of its answer that is nought when it took the message."""

    compose: Callable[[Letter, str, int], Sending]
    code: str


def _wecom(letter: Letter, secret: str, moment_ms: int) -> Sending:
    del secret, moment_ms
    mentioned = {"mentioned_mobile_list": [letter.mobile]} if letter.mobile else {}
    return Sending(query={}, body={"msgtype": "text", "text": {"content": _said(letter), **mentioned}})


def _dingtalk(letter: Letter, secret: str, moment_ms: int) -> Sending:
    at = {"at": {"atMobiles": [letter.mobile], "isAtAll": False}} if letter.mobile else {}
    query = {"timestamp": str(moment_ms), "sign": dingtalk_sign(secret, moment_ms)} if secret else {}
    return Sending(query=query, body={"msgtype": "text", "text": {"content": _said(letter)}, **at})


def _feishu(letter: Letter, secret: str, moment_ms: int) -> Sending:
    seconds = moment_ms // 1000
    signed = {"timestamp": str(seconds), "sign": feishu_sign(secret, seconds)} if secret else {}
    return Sending(query={}, body={**signed, "msg_type": "text", "content": {"text": _said(letter)}})


def dingtalk_sign(secret: str, moment_ms: int) -> str:
    """Return the signature of a moment in milliseconds."""
    said = f"{moment_ms}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), said, hashlib.sha256).digest()).decode()


def feishu_sign(secret: str, seconds: int) -> str:
    """Return the signature of a moment in seconds."""
    key = f"{seconds}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def _said(letter: Letter) -> str:
    return f"{letter.title}\n{letter.text}".strip()[:_LONGEST]


DIALECTS: Final[Mapping[str, Dialect]] = {
    "wecom": Dialect(compose=_wecom, code="errcode"),
    "dingtalk": Dialect(compose=_dingtalk, code="errcode"),
    "feishu": Dialect(compose=_feishu, code="code"),
}
