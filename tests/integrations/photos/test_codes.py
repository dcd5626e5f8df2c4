"""Photographs: codes are found however the phone was held; what is no picture is refused, a bomb does no harm."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from tradecredit.flows.customers.read_licence import UnableToReadPhotoError
from tradecredit.integrations.photos.codes import BYTES_MAX, CodesInAChild

TEXT = "名称:示例五金有限公司;统一社会信用代码:91500000MA5X2A3P1X"


def photo(text: str = TEXT, *, angle: int = 0, blur: float = 0.0, kind: str = "JPEG") -> bytes:
    """A sheet of paper with a code in its corner, as a phone takes it."""
    drawn = zxingcpp.write_barcode_to_image(
        zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode), scale=5
    )
    sheet = Image.new("L", (1200, 1600), 235)
    sheet.paste(Image.fromarray(np.array(drawn)), (640, 980))
    taken = sheet.rotate(angle, expand=True, fillcolor=90).filter(ImageFilter.GaussianBlur(blur))
    out = io.BytesIO()
    taken.convert("RGB").save(out, kind)
    return out.getvalue()


class TestCodes:
    @pytest.mark.parametrize("angle", [0, 8, 90, 181])
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_are_found_however_the_phone_was_held(self, angle: int, kind: str):
        assert CodesInAChild().codes(photo(angle=angle, blur=1.0, kind=kind)) == [TEXT]

    def test_a_picture_without_a_code_has_none(self):
        blank = io.BytesIO()
        Image.new("RGB", (600, 400), "white").save(blank, "PNG")
        assert CodesInAChild().codes(blank.getvalue()) == []

    @pytest.mark.parametrize(
        "data", [b"", b"MZ\x90", b"%PDF-1.7", photo()[:900], b"<svg xmlns='http://www.w3.org/2000/svg'/>"]
    )
    def test_what_is_no_whole_picture_is_refused(self, data: bytes):
        with pytest.raises(UnableToReadPhotoError) as refused:
            CodesInAChild().codes(data)
        assert refused.value.facts["cause"] == "picture"

    def test_a_picture_that_would_unfold_to_gigabytes_is_refused(self):
        with pytest.raises(UnableToReadPhotoError) as refused:
            CodesInAChild().codes(_bomb(side=60_000))
        assert refused.value.facts["cause"] == "picture"

    def test_a_file_over_the_limit_is_not_even_looked_at(self):
        with pytest.raises(UnableToReadPhotoError) as refused:
            CodesInAChild().codes(b"\0" * (BYTES_MAX + 1))
        assert refused.value.facts["cause"] == "large"


def _bomb(*, side: int) -> bytes:
    """A small PNG of side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
