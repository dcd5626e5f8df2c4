"""Read the codes on a photographed business licence: a proposal that a person confirms, never a fact by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.dossier import licence_codes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from tradecredit.core.dossier.licence_codes import Licence
    from tradecredit.flows.ports import Photos


class UnableToReadPhotoError(UnableToError):
    """The photo is no picture, too large, or says nothing of a company."""

    code = "photo_unreadable"


_NO_CODE: Final = Words(
    zh="照片里没有找到二维码。请让二维码占画面四分之一以上、对焦清楚后重拍，或直接填写。",
    en="No code was found in the photo. Let it fill a quarter of the picture, in focus, and try again; or type it in.",
)
_ONLY_AN_ADDRESS: Final = Words(
    zh="这个二维码只有登记机关的网址，没有写企业名称和统一社会信用代码。请照执照填写：代码的校验位会帮您核对。",
    en="This code holds only the register's address, neither name nor number. Type them from the licence: the number's check "
    "character tells a slip.",
)
_NOTHING: Final = Words(
    zh="这个二维码里没有有效的企业名称或统一社会信用代码。请确认拍的是营业执照，或直接填写。",
    en="This code holds no company name and no valid credit code. Is it a business licence? Otherwise type it in.",
)


def read_licence(*, photo: bytes, photos: Photos) -> Licence:
    """Return the name and number on a photographed licence; raises UnableToReadPhotoError with what to do instead."""
    texts = photos.codes(photo)
    if not texts:
        raise UnableToReadPhotoError(_NO_CODE, cause="no_code")
    licence = licence_codes.read(texts)
    if licence.is_empty:
        raise UnableToReadPhotoError(
            _ONLY_AN_ADDRESS if licence.address else _NOTHING, cause="nothing_written"
        )
    return licence
