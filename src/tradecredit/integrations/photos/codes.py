"""The adapter behind the port ``Photos``: hands each picture to a child process and takes its answer."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.customers.read_licence import UnableToReadPhotoError

if TYPE_CHECKING:
    from collections.abc import Sequence

BYTES_MAX: Final = 15 * 1024 * 1024
SECONDS_MAX: Final = 20


class CodesInAChild:
    """Reads the codes printed on photographed papers."""

    def codes(self, data: bytes) -> Sequence[str]:
        """Return the texts of the codes in a picture; raises UnableToReadPhotoError."""
        if len(data) > BYTES_MAX:
            raise _refused("large")
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-m", "tradecredit.integrations.photos.child"],
                input=data,
                capture_output=True,
                env={"PYTHONHASHSEED": "0", "LANG": "C.UTF-8"},
                timeout=SECONDS_MAX,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise _refused("slow") from error
        if done.returncode != 0:
            raise _refused("slow")
        found = json.loads(done.stdout)
        if found is None:
            raise _refused("picture")
        return [str(each) for each in found]


def _refused(why: str) -> UnableToReadPhotoError:
    return UnableToReadPhotoError(_REFUSALS[why], cause=why)


_REFUSALS: Final = {
    "large": Words(
        zh=f"照片过大（上限 {BYTES_MAX // 1024 // 1024} MB）。请降低分辨率后重拍。",
        en=f"The photo is too large (at most {BYTES_MAX // 1024 // 1024} MB). Take it again at a lower resolution.",
    ),
    "slow": Words(
        zh="识别照片超时或占用过多内存，已停止。请重拍，或直接填写。",
        en="Reading the photo took too long or too much memory and was stopped. Take it again, or type it in.",
    ),
    "picture": Words(
        zh="这个文件不是可识别的图片（支持 JPEG、PNG、WebP）。请重拍，或直接填写。",
        en="This file is no picture we can read (JPEG, PNG, WebP). Take the photo again, or type it in.",
    ),
}
