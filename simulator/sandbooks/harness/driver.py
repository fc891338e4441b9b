"""The driver: the few verbs through which the harness drives a system under test.

The shapes are those of ``contracts/driver.yaml``, as plain dicts and lists of JSON values; amounts and dates are text.
A driver is a Python class (``package.module:Class``, built with no arguments, run in this process) or an HTTP service
(``http://…``, in any language); the harness sees both alike. Knows no platform and no judgement.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

Json: TypeAlias = dict[str, Any]

VERBS = ("connect", "submit", "settle", "outcomes")
OPTIONAL_VERBS = ("restart", "attach", "update", "submit_bills", "receive")


class DriverFailed(Exception):
    """A verb failed as a whole."""

    def __init__(self, verb: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{verb}: {message}" + (f"; {remedy}" if remedy else ""))
        self.verb = verb
        self.message = message
        self.remedy = remedy

    def __reduce__(self) -> tuple[type[DriverFailed], tuple[str, ...]]:
        """For the way from one process to another."""
        return type(self), (self.verb, self.message, self.remedy)


class Misshapen(DriverFailed):
    """What was sent, or what came back, does not fit ``contracts/driver.yaml``: nothing can be judged."""


class VerbMissing(DriverFailed):
    """The driver does not have an optional verb (over HTTP it answered 501)."""

    def __init__(self, verb: str) -> None:
        super().__init__(verb, "this driver does not have the verb")

    def __reduce__(self) -> tuple[type[DriverFailed], tuple[str, ...]]:
        return type(self), (self.verb,)


class DriverUnusable(ValueError):
    """A DRIVER text that names no driver."""


@runtime_checkable
class Driver(Protocol):
    """The system under test. The four verbs that every driver has.

    Optional, as further methods of the same names as in ``contracts/driver.yaml``: ``restart() -> None``,
    ``attach(attachment) -> None`` (raises for a file that is not taken), ``update(transaction) -> receipt`` and
    ``submit_bills({"bills": [...], "payments": [...]}) -> [receipt, ...]`` and ``receive(delivery) -> answered``, one
    webhook with its raw bytes in base64 and what your server would answer (``{"status": 200}``). A method that a driver
    has but cannot serve raises ``NotImplementedError``, which counts as not having it.
    """

    def connect(self, environment: Json) -> None:
        """Forget everything and use this environment (schema ``Environment``)."""

    def submit(self, transactions: list[Json]) -> list[Json]:
        """Hand over transactions (schema ``Transaction``); one receipt each. The same id may come again."""
        ...

    def settle(self) -> None:
        """Return when nothing is left to do, retries included."""

    def outcomes(self) -> dict[str, Json]:
        """What the customer would be told, by transaction id (schema ``Outcome``)."""
        ...


def load_driver(text: str) -> Driver:
    """The driver that a DRIVER text names. Raises ``DriverUnusable`` with what is wrong and what to do."""
    if text.startswith(("http://", "https://")):
        from sandbooks.harness.http_driver import HttpDriver

        return HttpDriver(text)
    return _of_class(driver_class(text))


def driver_class(text: str) -> type[Any]:
    """The class behind ``package.module:Class``; the current folder counts as on the path, as for ``python -m``."""
    module, _, name = text.partition(":")
    if not module or not name:
        raise DriverUnusable(f"{text!r} is no driver; write package.module:Class or http://host:port")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise DriverUnusable(
            f"there is no module {error.name}; run in the folder that has it, or install it"
        ) from error
    for part in name.split("."):
        found = getattr(found, part, None)
    if not isinstance(found, type):
        raise DriverUnusable(f"{module} has no class {name}")
    missing = [verb for verb in VERBS if not callable(getattr(found, verb, None))]
    if missing:
        raise DriverUnusable(f"{text} lacks {', '.join(missing)}; see contracts/driver.yaml")
    return found


def _of_class(found: type[Any]) -> Driver:
    built: Driver = found()
    return built


def has(driver: Driver, verb: str) -> bool:
    """Whether a driver has an optional verb. Over HTTP only the call itself can tell; until then it counts as had."""
    missing: frozenset[str] = getattr(driver, "missing_verbs", frozenset())
    return verb not in missing and callable(getattr(driver, verb, None))


def call(driver: Driver, verb: str, *arguments: Any) -> Any:
    """Call an optional verb. Raises ``VerbMissing``."""
    if not has(driver, verb):
        raise VerbMissing(verb)
    try:
        return getattr(driver, verb)(*arguments)
    except NotImplementedError as error:
        raise VerbMissing(verb) from error


def receipts_by_id(receipts: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Receipts by the id of their transaction."""
    return {str(receipt["id"]): receipt for receipt in receipts}
