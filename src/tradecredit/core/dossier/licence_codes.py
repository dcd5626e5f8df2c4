"""What the codes photographed on a business licence say of the company, as far as anything is written in them.

No standard fixes what is in the code: registers print a line of fields, an address with the number in it, or (the
enterprise code of today) only an address that leads to the register. So nothing is taken for granted: a number
counts when its check character fits, a name when it is marked as one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlsplit

from tradecredit.core.dossier import identifiers

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 4_000
_NAME_LENGTH_MAX: Final = 200
_NUMBER: Final = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])")
_NAME: Final = re.compile(r"(?:企业名称|单位名称|公司名称|主体名称|名称)\s*[:：=]\s*([^;；,，|\r\n&]{2,200})")
_NAME_PARAMETERS: Final = frozenset({"entname", "enterprisename", "companyname", "corpname", "name"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What a licence's codes say; what is not written in them is empty."""

    name: str = ""
    uscc: str = ""
    address: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether neither name nor number was found."""
        return not self.name and not self.uscc


def read(texts: Iterable[str]) -> Licence:
    """Return what the codes say together; two different valid numbers are no number, for nobody knows whose they are.

    ``read(["名称:示例五金有限公司;统一社会信用代码:91110000600037341L"]).uscc == "91110000600037341L"``.
    """
    kept = [text[:_LONGEST] for text in texts]
    numbers = {number for text in kept for number in _numbers(text)}
    names = [name for text in kept if (name := _name(text))]
    return Licence(
        name=names[0] if len(set(names)) == 1 else "",
        uscc=numbers.pop() if len(numbers) == 1 else "",
        address=next((text for text in kept if _is_address(text)), ""),
    )


def _numbers(text: str) -> set[str]:
    found = (identifiers.check_uscc(each) for each in _NUMBER.findall(text.upper()))
    return {each.code for each in found if each.code is not None}


def _name(text: str) -> str:
    if _is_address(text):
        said = parse_qsl(urlsplit(text.strip()).query, max_num_fields=100)
        return next((value for key, value in said if key.lower() in _NAME_PARAMETERS), "").strip()[
            :_NAME_LENGTH_MAX
        ]
    found = _NAME.search(text)
    return "" if found is None else found.group(1).strip()


def _is_address(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://"))
