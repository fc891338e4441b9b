"""The callbacks of an application, called one by one and written down in the log of a run.

Each has an error code of its own for when it fails, whatever the cause: a SOAP fault, another HTTP answer, none at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.platforms.quickbooks_desktop.web_connector import applications, soap
from sandbooks.platforms.quickbooks_desktop.web_connector.applications import Application
from sandbooks.wire import Cut, Request, Response
from sandbooks.world import World

# Source: QuickBooks Web Connector Programmer's Guide, appendix A. Unconfirmed: serverVersion and the three callbacks of
# interactive mode, which have no row there.
_CODES: Mapping[str, str] = {
    "serverVersion": "QBWC1036",
    "clientVersion": "QBWC1036",
    "authenticate": "QBWC1012",
    "sendRequestXML": "QBWC1041",
    "receiveResponseXML": "QBWC1042",
    "getLastError": "QBWC1043",
    "closeConnection": "QBWC1044",
    "connectionError": "QBWC1045",
    "getInteractiveURL": "QBWC1031",
    "interactiveDone": "QBWC1031",
    "interactiveRejected": "QBWC1031",
}


class CallbackFailed(Exception):
    """A callback did not answer, or not in SOAP; the text begins with the code."""


def failed(method: str, reason: str) -> CallbackFailed:
    """The trouble of a callback, in the words of the Web Connector."""
    return CallbackFailed(f"{_CODES[method]}: {method} failed: {reason}")


class Callbacks:
    """One application, as a run calls it."""

    def __init__(self, world: World, run: dict[str, Any], application: Application, headers: Mapping[str, str]) -> None:
        self._world = world
        self._headers = headers
        self._run = run
        self._application = application

    def call(self, method: str, *parts: tuple[str, str]) -> list[str]:
        """The texts of an answer: one, or each string of an array. Raises ``CallbackFailed``."""
        rpc = self._application.style == "RPC"
        body = soap.envelope(method, parts, rpc=rpc)
        request = Request("POST", self._application.url, soap.headers(method, self._headers), body)
        own = self._world.bells.hangs(self._application.url)
        answer = self._world.call(request, actor="web_connector") if own else self._world.deliver(request)
        sent = ", ".join(f"{name}={'*' if name == 'strPassword' else text}" for name, text in parts if name != "ticket")
        try:
            texts = _read(answer, method, rpc=rpc)
        except (soap.Fault, soap.NotSoap) as trouble:
            told = failed(method, trouble.text if isinstance(trouble, soap.Fault) else str(trouble))
            applications.note(self._world, self._run, method, sent=sent, got=str(told))
            raise told from trouble
        applications.note(self._world, self._run, method, sent=sent, got="\n".join(texts))
        return texts

    def ask(self, method: str, *parts: tuple[str, str]) -> str:
        """The one text of an answer. Raises ``CallbackFailed``."""
        texts = self.call(method, *parts)
        return texts[0] if texts else ""


def _read(answer: Response | Cut, method: str, *, rpc: bool) -> list[str]:
    if isinstance(answer, Cut):
        raise soap.NotSoap(f"the application did not answer ({answer.how})")
    if answer.status not in (200, 500):
        raise soap.NotSoap(f"the application answered with HTTP {answer.status}")
    return soap.result(answer.body, method, rpc=rpc)
