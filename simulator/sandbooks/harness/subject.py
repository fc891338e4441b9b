"""The system under test as the command line names it: a DRIVER text, and what is known of the driver before it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from sandbooks.harness.driver import Driver, driver_class
from sandbooks.harness.restless import SILENCE_S
from sandbooks.settings import PLATFORMS

HUB = "codat"


@dataclass(frozen=True)
class Subject:
    """How drivers are built. ``through_hub``: it is a client of the hub; ``platforms``: those that it says it takes;
    ``beyond``: kinds that it means to post although the capability table does not offer them.

    ``tax_modes``: whether it sends amounts with their tax, without it, or either way; empty where it does not say.
    ``workers``: how many may settle at once. ``silence``: how long it may do nothing within a verb, in seconds.
    """

    text: str
    build: Callable[[], Driver] = field(repr=False)
    in_process: bool = True
    through_hub: bool = False
    platforms: tuple[str, ...] = PLATFORMS
    verbs: frozenset[str] = frozenset()
    beyond: frozenset[str] = frozenset()
    tax_modes: tuple[str, ...] = ()
    workers: int = 1
    silence: float = SILENCE_S


def subject_of(text: str, *, silence: float = SILENCE_S) -> Subject:
    """The subject behind a DRIVER text. ``silence``: how long it may do nothing within a verb, in seconds.

    A driver class may say ``platforms = ("xero", …)``; with ``codat`` among them it is a client of the hub. One that
    can send amounts with and without tax says ``tax_modes = ("exclusive", "inclusive")``; one whose ``settle`` may run
    in several threads at once says how many: ``workers = 2``. Raises ``DriverUnusable``.
    """
    if text.startswith(("http://", "https://")):
        return _of_service(text, silence)
    return replace(subject_of_class(driver_class(text), text), silence=silence)


def _of_service(text: str, silence: float) -> Subject:
    """A driver over HTTP: what it says of itself, else that it has every verb until it answers 501."""
    from sandbooks.harness.driver import OPTIONAL_VERBS
    from sandbooks.harness.http_driver import HttpDriver, about
    from sandbooks.harness.restless import VERB_SILENCES

    told = about(text)
    named = tuple(told.get("platforms") or ())
    return Subject(
        text,
        lambda: HttpDriver(text, timeout=(VERB_SILENCES + 1) * silence),
        in_process=False,
        through_hub=HUB in named,
        platforms=tuple(name for name in PLATFORMS if name in named) or PLATFORMS,
        verbs=frozenset(told.get("verbs", OPTIONAL_VERBS)),
        beyond=frozenset(told.get("beyond") or ()),
        tax_modes=tuple(told.get("tax_modes") or ()),
        silence=silence,
    )


def subject_of_class(found: type[Any], text: str = "") -> Subject:
    """The subject of a driver class, for tests and for code that has the class at hand."""
    from sandbooks.harness.driver import OPTIONAL_VERBS

    named = tuple(getattr(found, "platforms", ()) or ())
    through_hub = HUB in named
    platforms = tuple(name for name in PLATFORMS if name in named) or PLATFORMS
    verbs = frozenset(verb for verb in OPTIONAL_VERBS if callable(getattr(found, verb, None)))
    text = text or f"{found.__module__}:{found.__qualname__}"
    return Subject(
        text,
        found,
        through_hub=through_hub,
        platforms=platforms,
        verbs=verbs,
        beyond=frozenset(getattr(found, "beyond", ()) or ()),
        tax_modes=tuple(getattr(found, "tax_modes", ()) or ()),
        workers=int(getattr(found, "workers", 1)),
    )
