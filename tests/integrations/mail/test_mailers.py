from __future__ import annotations

import email
import smtplib
from email import policy

import pytest

from tradecredit.integrations.mail.folder import FolderMailer
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.integrations.mail.smtp import SmtpAddressError, SmtpMailer

MESSAGE = {"recipient": "ap@example.com", "subject": "催款函 CNY 82,000.00", "body": "大写: 捌万贰仟元整\n"}


class _Server:
    """Stands in for a mail server and writes down what it is told."""

    log: list = []

    def __init__(self, host, port, **options):
        self.log.append(("connect", type(self).__name__, host, port, "context" in options))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.log.append(("quit",))

    def starttls(self, *, context):
        self.log.append(("starttls", context is not None))

    def login(self, user, password):
        self.log.append(("login", user, password))

    def send_message(self, message):
        self.log.append(("send", message["To"], message["Subject"], message["Message-ID"]))


class _TlsServer(_Server):
    """The same, with TLS from the start."""


class TestFolderMailer:
    def test_writes_one_readable_file_a_message(self, tmp_path):
        mailer = FolderMailer(tmp_path / "mail")

        mailer.send(**MESSAGE, message_id="m-1")
        mailer.send(**{**MESSAGE, "body": "other"}, message_id="m-1")

        (path,) = (tmp_path / "mail").iterdir()
        read = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        assert (read["To"], read["Subject"]) == ("ap@example.com", "催款函 CNY 82,000.00")
        assert read.get_content() == "大写: 捌万贰仟元整\n"

    def test_refuses_a_line_break_in_an_address(self, tmp_path):
        with pytest.raises(ValueError, match="linefeed"):
            FolderMailer(tmp_path).send(
                recipient="a@example.com\nBcc: b@example.com", subject="x", body="x", message_id="m-1"
            )

        assert list(tmp_path.iterdir()) == []


class TestNullMailer:
    def test_keeps_each_message_once(self):
        mailer = NullMailer()

        mailer.send(**MESSAGE, message_id="m-1")
        mailer.send(**MESSAGE, message_id="m-1")

        assert [carried.subject for carried in mailer.carried.values()] == [MESSAGE["subject"]]


class TestSmtpMailer:
    @pytest.fixture(autouse=True)
    def _no_network(self, monkeypatch):
        monkeypatch.setattr(smtplib, "SMTP", _Server)
        monkeypatch.setattr(smtplib, "SMTP_SSL", _TlsServer)
        _Server.log.clear()

    def test_asks_for_encryption_before_it_signs_in(self):
        SmtpMailer.from_url("smtp://user:p%40ss@mail.example.com/?from=credit@example.com").send(
            **MESSAGE, message_id="m-1"
        )

        assert _Server.log == [
            ("connect", "_Server", "mail.example.com", 587, False),
            ("starttls", True),
            ("login", "user", "p@ss"),
            ("send", "ap@example.com", MESSAGE["subject"], "<m-1@tradecredit.invalid>"),
            ("quit",),
        ]

    def test_speaks_tls_from_the_start_where_the_address_says_so(self):
        SmtpMailer.from_url("smtps://mail.example.com:4650/?from=credit@example.com").send(
            **MESSAGE, message_id="m-1"
        )

        assert _Server.log[0] == ("connect", "_TlsServer", "mail.example.com", 4650, True)

    @pytest.mark.parametrize("url", ["mail.example.com", "smtp://mail.example.com", "http://h/?from=a@b.c"])
    def test_refuses_an_address_it_cannot_read(self, url):
        with pytest.raises(SmtpAddressError):
            SmtpMailer.from_url(url)
