"""The process in which a photograph is looked at: little memory, little time, no way to the books."""

from __future__ import annotations

import io
import json
import resource
import sys
import warnings
from typing import Final

import zxingcpp
from PIL import Image, ImageOps

MEMORY_MAX: Final = 1024**3
CPU_SECONDS_MAX: Final = 10
PIXELS_MAX: Final = 60_000_000
# Enough to read a code that fills a tenth of the picture.
_SIDE_MAX: Final = 3_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF")


def main() -> None:
    """Read a picture from standard input and answer the texts of its codes as a JSON list."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        answer: object = codes(sys.stdin.buffer.read())
    except (
        OSError,
        ValueError,
        SyntaxError,
        MemoryError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        answer = None
    sys.stdout.write(json.dumps(answer))


def codes(data: bytes) -> list[str]:
    """Return the texts of the codes in a picture; raises OSError and ValueError where it is no picture."""
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            opened.draft("L", (_SIDE_MAX, _SIDE_MAX))
            picture = ImageOps.exif_transpose(opened).convert("L")
    picture.thumbnail((_SIDE_MAX, _SIDE_MAX))
    found = zxingcpp.read_barcodes(picture, text_mode=zxingcpp.TextMode.Plain)
    return list(dict.fromkeys(each.text for each in found if each.valid and each.text))


if __name__ == "__main__":
    main()
