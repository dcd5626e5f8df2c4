"""Which machines a connection may speak to: those that whoever runs the server has named, and nobody else."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.sources.erps import UnableToDescribeSourceError

VARIABLE: Final = "TRADECREDIT_SOURCE_HOSTS"
FOLDERS: Final = "TRADECREDIT_SOURCE_FOLDERS"


def refuse_foreign(address: str) -> None:
    """Raise UnableToDescribeSourceError unless the address is http(s) to a named host, without credentials in it."""
    parts = urlsplit(address)
    host = (parts.hostname or "").lower()
    if parts.scheme not in ("http", "https") or not host or parts.username or parts.query or parts.fragment:
        raise UnableToDescribeSourceError(
            Words(
                zh="地址应为 http(s)://主机[:端口]/路径，不含账号和参数。",
                en="The address is http(s)://host[:port]/path, without credentials or parameters.",
            )
        )
    refuse_unnamed(host, port=str(parts.port or ""))


def refuse_unnamed(host: str, *, port: str) -> None:
    """Raise UnableToDescribeSourceError unless the host, or the host with the port, is a named one."""
    host = host.lower()
    named = f"{host}:{port}" if port else host
    allowed = {one.strip().lower() for one in os.environ.get(VARIABLE, "").split(",")}
    if not host or _is_link_local(host) or not {host, named} & allowed:
        raise UnableToDescribeSourceError(
            Words(
                zh=f"主机 {named} 未获准连接。请服务器管理员将其加入环境变量 {VARIABLE}（逗号分隔）后重启。",
                en=f"The host {named} is not allowed. Have the server's administrator add it to {VARIABLE}.",
            )
        )


def named_folder(text: str) -> Path:
    """Return the folder; raises UnableToDescribeSourceError unless it lies in one that the administrator has named."""
    folder = Path(text).resolve()
    named = [one.strip() for one in os.environ.get(FOLDERS, "").split(",") if one.strip()]
    if not any(folder.is_relative_to(Path(one).resolve()) for one in named):
        raise UnableToDescribeSourceError(
            Words(
                zh=f"文件夹 {folder} 未获准使用。请服务器管理员将其加入环境变量 {FOLDERS}（逗号分隔）后重启。",
                en=f"The folder {folder} is not allowed. Have the server's administrator add it to {FOLDERS}.",
            )
        )
    return folder


def _is_link_local(host: str) -> bool:
    """Tell whether the host is an address at which clouds keep their machines' secrets."""
    try:
        return ipaddress.ip_address(host).is_link_local
    except ValueError:
        return False
