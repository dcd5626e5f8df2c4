"""The three robots against fakes of their documented interfaces: what is posted, how it is signed, what is refused."""

import json

import httpx
import pytest

from tradecredit.integrations.chat import dialects
from tradecredit.integrations.chat.robots import FolderRobots, Robots, UnableToChatError
from tradecredit.integrations.guarded_http import GuardedClient

ADDRESSES = {
    "wecom": "https://wecom.example/cgi-bin/webhook/send?key=k1",
    "dingtalk": "https://dingtalk.example/robot/send?access_token=t1",
    "feishu": "https://feishu.example/open-apis/bot/v2/hook/h1",
}
SECRET = "a secret"


class Fake:
    """A chat that checks what it documents: key or signature, the body's shape; and answers in its own words."""

    def __init__(self):
        self.taken = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        name = request.url.host.split(".")[0]
        code = getattr(self, name)(request, body)
        if code == 0:
            self.taken.append((name, body))
        key = "code" if name == "feishu" else "errcode"
        return httpx.Response(200, json={key: code, "msg": "ok" if code == 0 else "refused"})

    @staticmethod
    def wecom(request, body):
        return 0 if request.url.params.get("key") == "k1" and body["text"]["content"] else 93000

    @staticmethod
    def dingtalk(request, body):
        params = request.url.params
        expected = dialects.dingtalk_sign(SECRET, int(params.get("timestamp", 0)))
        is_right = params.get("access_token") == "t1" and params.get("sign") == expected
        return 0 if is_right and body["msgtype"] == "text" else 310000

    @staticmethod
    def feishu(request, body):
        expected = dialects.feishu_sign(SECRET, int(body.get("timestamp", 0)))
        return 0 if body.get("sign") == expected and body["content"]["text"] else 19021


@pytest.fixture
def fake(monkeypatch):
    for name, address in ADDRESSES.items():
        monkeypatch.setenv(f"TRADECREDIT_CHAT_{name.upper()}_URL", address)
        monkeypatch.setenv(f"TRADECREDIT_CHAT_{name.upper()}_SECRET", SECRET)
    return Fake()


def say(robots, name, recipient="13800000000"):
    robots.room(name).send(recipient=recipient, subject="待您审批", body="示例五金 10 万", message_id="1")


class TestRobots:
    def test_each_puts_its_message_as_its_chat_documents_it(self, fake):
        robots = Robots(client=GuardedClient(transport=httpx.MockTransport(fake)))
        assert robots.names() == ("wecom", "dingtalk", "feishu")

        for name in robots.names():
            say(robots, name)

        bodies = dict(fake.taken)
        assert bodies["wecom"]["text"] == {
            "content": "待您审批\n示例五金 10 万",
            "mentioned_mobile_list": ["13800000000"],
        }
        assert bodies["dingtalk"]["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}
        assert bodies["feishu"]["msg_type"] == "text"

    @pytest.mark.parametrize("name", ["dingtalk", "feishu"])
    def test_a_message_that_is_signed_wrongly_is_refused_and_says_no_address(self, fake, name, monkeypatch):
        monkeypatch.setenv(f"TRADECREDIT_CHAT_{name.upper()}_SECRET", "another")
        robots = Robots(client=GuardedClient(transport=httpx.MockTransport(fake)))

        with pytest.raises(UnableToChatError) as refused:
            say(robots, name)

        assert "example" not in str(refused.value)
        assert fake.taken == []

    def test_a_chat_that_is_not_set_up_is_not_among_the_names(self, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_CHAT_FEISHU_URL", ADDRESSES["feishu"])
        assert Robots().names() == ("feishu",)

    def test_signatures_are_those_of_the_documents(self):
        # Made with openssl: printf '1700000000000\na secret' | openssl dgst -sha256 -hmac 'a secret' -binary | base64
        assert dialects.dingtalk_sign(SECRET, 1700000000000) == "5GazXc3HyNZadp7dhnJsoG43Tj9ZzsIvoiKg0HeMfNo="
        # printf '' | openssl dgst -sha256 -hmac "$(printf '1700000000\na secret')" -binary | base64
        assert dialects.feishu_sign(SECRET, 1700000000) == "vFq6wN058hR5HegvhC2MKhNV20vG3dYLJvxfs19gdsY="


class TestFolderRobots:
    def test_keep_the_messages_of_a_sandbox_in_a_folder(self, tmp_path):
        robots = FolderRobots(tmp_path / "sandbox-chat")
        say(robots, "wecom")
        assert [one.name for one in (tmp_path / "sandbox-chat" / "wecom").iterdir()] == ["1.eml"]
