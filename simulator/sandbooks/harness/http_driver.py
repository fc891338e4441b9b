"""A driver behind HTTP: the same verbs as a Python driver, over ``contracts/driver.yaml``.

What goes out and what comes back is checked against the contract; 501 says that the driver lacks the verb. Knows
nothing of what the verbs are used for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbooks.harness import shapes
from sandbooks.harness.driver import DriverFailed, DriverUnusable, Json, Misshapen, VerbMissing

TIMEOUT = 300.0  # seconds; settle may take its time
ABOUT_TIMEOUT = 30.0  # who cannot say at once what it has is asked for everything


def about(base_url: str) -> Json:
    """What a driver service says of itself; nothing where it has no such verb, fails in it, or is not there (yet).

    Raises ``Misshapen`` for an answer that does not fit the contract.
    """
    try:
        told = HttpDriver(base_url, timeout=ABOUT_TIMEOUT).about()
    except Misshapen:
        raise
    except (DriverFailed, DriverUnusable):
        return {}
    return told


class HttpDriver:
    """A driver service under a base URL. Raises ``DriverFailed`` and ``VerbMissing``, never an HTTP error."""

    def __init__(self, base_url: str, *, timeout: float = TIMEOUT) -> None:
        import requests

        self.timeout = timeout
        self.base_url = base_url.rstrip("/")
        self.missing_verbs: frozenset[str] = frozenset()
        self._session = requests.Session()
        self._session.trust_env = False

    def about(self) -> Json:
        told: Json = self._call("about", method="GET")
        self._checked("about", shapes.faults_of_shape("About", told), "the driver answered")
        return told

    def connect(self, environment: Json) -> None:
        self._checked("connect", shapes.faults_of_shape("Environment", environment), "the harness sent")
        self._call("connect", environment)

    def submit(self, transactions: list[Json]) -> list[Json]:
        self._checked("submit", shapes.faults_of_list("Transaction", transactions), "the harness sent")
        return self._receipts("submit", transactions)

    def settle(self) -> None:
        self._call("settle")

    def outcomes(self) -> dict[str, Json]:
        answer = self._call("outcomes", method="GET")
        self._checked("outcomes", shapes.faults_of_map("Outcome", answer), "the driver answered")
        told: dict[str, Json] = answer
        return told

    def restart(self) -> None:
        self._call("restart")

    def attach(self, attachment: Json) -> None:
        self._call("attach", attachment)

    def update(self, transaction: Json) -> Json:
        receipt = self._call("update", transaction)
        self._checked("update", shapes.faults_of_shape("Receipt", receipt), "the driver answered")
        taken: Json = receipt
        return taken

    def receive(self, delivery: Json) -> Json:
        self._checked("receive", shapes.faults_of_shape("Delivery", delivery), "the harness sent")
        answered: Json = self._call("receive", delivery)
        return answered

    def submit_bills(self, bills: Json) -> list[Json]:
        return self._receipts("submit_bills", bills)

    def _receipts(self, verb: str, body: Any) -> list[Json]:
        receipts = self._call(verb, body)
        self._checked(verb, shapes.faults_of_list("Receipt", receipts), "the driver answered")
        taken: list[Json] = receipts
        return taken

    def _checked(self, verb: str, faults: list[str], who: str) -> None:
        if faults:
            raise Misshapen(verb, f"{who} what driver.yaml does not allow: {'; '.join(faults[:3])}")

    def _call(self, verb: str, body: Any = None, *, method: str = "POST") -> Any:
        import requests

        send: Callable[..., requests.Response] = self._session.request
        try:
            answer = send(method, f"{self.base_url}/{verb}", json=body, timeout=self.timeout)
        except requests.ConnectionError as error:
            raise DriverUnusable(f"no driver answers at {self.base_url}; start it first") from error
        except requests.Timeout as error:
            raise DriverFailed(verb, f"no answer within {self.timeout:g} seconds") from error
        if answer.status_code == 501:
            self.missing_verbs |= {verb}
            raise VerbMissing(verb)
        if answer.status_code >= 400:
            raise DriverFailed(verb, *_said(answer))
        if answer.status_code == 204 or not answer.content:
            return None
        return _json(verb, answer)


def _json(verb: str, answer: Any) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise Misshapen(verb, f"the answer is no JSON: {answer.text[:80]!r}") from error


def _said(answer: Any) -> tuple[str, str]:
    try:
        told = answer.json()
    except ValueError:
        told = None
    if isinstance(told, dict) and "message" in told:
        return f"HTTP {answer.status_code}: {told['message']}", str(told.get("remedy") or "")
    return f"HTTP {answer.status_code}", "see the driver's own log"
