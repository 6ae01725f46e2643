"""The offline switch: while it is on, this process opens no connection that leaves the machine."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from qa.errors import OfflineError

_CONNECTING = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_RESOLVING = frozenset({"socket.getaddrinfo", "socket.gethostbyname"})
_state = {"depth": 0, "hooked": 0}


@contextmanager
def forbid_network() -> Iterator[None]:
    """Make every connection and every name lookup that is not loopback raise ``OfflineError``, in all threads."""
    if not _state["hooked"]:
        # An audit hook sees every socket of the interpreter, whichever library opens it. It cannot be taken out again.
        sys.addaudithook(_watch)
        _state["hooked"] = 1
    before = {name: os.environ.get(name) for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")}
    os.environ.update(dict.fromkeys(before, "1"))
    _state["depth"] += 1
    try:
        yield
    finally:
        _state["depth"] -= 1
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    if host.lower().rstrip(".") in {"localhost", ""}:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]").partition("%")[0]).is_loopback
    except ValueError:
        return False


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if not _state["depth"] or not (event in _CONNECTING or event in _RESOLVING):
        return
    target = arguments[1] if event in _CONNECTING else arguments[:1]
    # A socket of the file system has a path for an address: it does not leave the machine.
    if not isinstance(target, tuple) or not target:
        return
    host = target[0].decode("ascii", "replace") if isinstance(target[0], bytes) else str(target[0] or "")
    if not is_loopback(host):
        raise OfflineError(f"a connection to {host} was about to be opened, but qa is offline", "leave out --offline")
