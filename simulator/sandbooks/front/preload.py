"""Loaded before a Python program by ``sandbooks exec``, as its ``sitecustomize``: the twin of ``preload.cjs``.

Connections to emulated hosts go to the simulator's TLS port, and names of hosts that are neither emulated nor allowed
do not resolve. urllib3, aiohttp and the SDKs on top of them ignore proxy variables; requests ignores the certificate
variables when a prepared request is sent. All of them resolve, connect and load certificates here.

Runs in the program's own environment, with whatever Python that has: imports the standard library alone.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import os
import socket
import ssl
import sys
from typing import Any

HERE = "127.83.66.75"  # stands for every emulated host between resolving and connecting; nothing listens there


def _listed(name: str) -> tuple[str, ...]:
    return tuple(host for host in os.environ.get(name, "").lower().split(",") if host)


def _among(hosts: tuple[str, ...], name: str) -> bool:
    return any(name.endswith(host[1:]) if host.startswith("*.") else name == host for host in hosts)


def _is_address(name: str) -> bool:
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.inet_pton(family, name.partition("%")[0])
        except OSError:
            continue
        return True
    return False


def _replace(owner: Any, **members: Any) -> None:
    for name, member in members.items():
        setattr(owner, name, member)


def lead_names(port: int) -> None:
    """Emulated names resolve to one address, and whoever connects to it reaches the simulator."""
    emulated, allowed = _listed("SANDBOOKS_FRONT_HOSTS"), (*_listed("NO_PROXY"), socket.gethostname().lower())
    resolve, connect, connect_ex = socket.getaddrinfo, socket.socket.connect, socket.socket.connect_ex

    def getaddrinfo(host: Any, service: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        name = (name or "").lower().rstrip(".")
        if _among(emulated, name):
            return resolve(HERE, service, *args, **kwargs)
        if name and not _among(allowed, name) and not _is_address(name):
            told = f"{name} is not emulated by Sandbooks, and nothing here reaches the network"
            raise socket.gaierror(socket.EAI_NONAME, told)
        return resolve(host, service, *args, **kwargs)

    def moved(address: Any) -> Any:
        return ("127.0.0.1", port) if isinstance(address, tuple) and address[:1] == (HERE,) else address

    _replace(socket, getaddrinfo=getaddrinfo)
    _replace(
        socket.socket,
        connect=lambda self, address: connect(self, moved(address)),
        connect_ex=lambda self, address: connect_ex(self, moved(address)),
    )


def trust(authority: str) -> None:
    """Whatever certificates a program loads, the simulator's authority is loaded beside them."""
    load = ssl.SSLContext.load_verify_locations

    def load_verify_locations(self: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        load(self, *args, **kwargs)
        load(self, authority)

    _replace(ssl.SSLContext, load_verify_locations=load_verify_locations)


def _run_the_one_behind() -> None:
    """The ``sitecustomize`` that this one stands before, if the program has its own."""
    folder = os.path.dirname(os.path.abspath(__file__))
    behind = [place for place in sys.path if os.path.abspath(place) != folder]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", behind)
    if spec and spec.loader:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


if __name__ == "sitecustomize":
    if os.environ.get("SANDBOOKS_FRONT_TLS_PORT"):
        lead_names(int(os.environ["SANDBOOKS_FRONT_TLS_PORT"]))
        trust(os.environ["SANDBOOKS_FRONT_CA"])
    _run_the_one_behind()
