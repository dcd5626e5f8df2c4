"""What `tradecredit serve` runs, over real sockets and without a browser: sign-in, forms, and large files."""

from __future__ import annotations

import http.cookiejar
import re
import urllib.parse
import urllib.request
from uuid import uuid4

import pytest

pytestmark = pytest.mark.xdist_group("demo")
_HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Visitor:
    """Somebody with cookies, as a browser keeps them."""

    def __init__(self, base):
        self.base = base
        self.opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        )

    def get(self, path):
        with self.opener.open(self.base + path, timeout=60) as answer:
            return answer.geturl(), answer.read().decode()

    def post(self, path, body, *, kind):
        request = urllib.request.Request(  # noqa: S310 - our own address
            self.base + path, data=body, headers={"Content-Type": kind, "Referer": self.base + path}
        )
        with self.opener.open(request, timeout=120) as answer:
            return answer.geturl(), answer.read().decode()

    def form(self, path, **fields):
        _, page = self.get(path)
        fields["csrfmiddlewaretoken"] = _HIDDEN.search(page)[1]
        return self.post(
            path, urllib.parse.urlencode(fields).encode(), kind="application/x-www-form-urlencoded"
        )

    def file(self, path, *, content, name, **fields):
        _, page = self.get(path)
        fields["csrfmiddlewaretoken"] = _HIDDEN.search(page)[1]
        edge = uuid4().hex
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{field}"\r\n\r\n{value}\r\n'.encode()
            for field, value in fields.items()
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join([*parts, f"--{edge}--\r\n".encode()])
        return self.post(path, body, kind=f"multipart/form-data; boundary={edge}")


class TestServer:
    def test_signs_in_by_a_form_and_refuses_a_wrong_password(self, demo):
        visitor = Visitor(demo.base)
        path = "/accounts/login/"

        wrong, _ = visitor.form(path, login="signer@example.com", password="示例")
        right, _ = visitor.form(path, login="signer@example.com", password=demo.password)

        assert urllib.parse.urlsplit(wrong).path == path
        assert urllib.parse.urlsplit(right).path != path
        assert urllib.parse.urlsplit(visitor.get(path)[0]).path != path

    def test_takes_a_file_of_many_megabytes(self, demo):
        visitor = Visitor(demo.base)
        visitor.opener.open(demo.entrance("credit-manager"), timeout=60).close()
        rows = 500
        # More than fits in one message of the server or in memory at once.
        long = "示" * 4_000
        lines = [f"ZZ{n},示例上传{n}有限公司,{long}" for n in range(rows)]
        content = "\n".join(["customer code,customer name,remark", *lines, ""]).encode()

        _, page = visitor.file("/import", content=content, name="customers.csv", kind="customers")

        assert len(content) > 5_500_000
        assert f"ZZ{rows - 1}" in page or str(rows) in page
