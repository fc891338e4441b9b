"""The shapes of what a company is opened with for triggers, dimensions, claims and paid bills.

Their meaning and defaults, and all other settings, stand in the contract's ``switches.yaml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbooks.kit import switches
from sandbooks.kit.redirects import is_web_address
from sandbooks.kit.switches import FLAG, TEXT, Shape
from sandbooks.platforms.sage_intacct import smart_events
from sandbooks.platforms.sage_intacct.documents.details import PAID_TEXTS
from sandbooks.platforms.sage_intacct.documents.lines import DIMENSIONS
from sandbooks.platforms.sage_intacct.rest.resources import BY_PATH
from sandbooks.platforms.sage_intacct.triggers import EVENTS

_VALUES = frozenset(target for _, target, _, _ in DIMENSIONS)
_RULING = _VALUES | {"GLACCOUNT"}


def _is_trigger(value: Any) -> bool:
    path, dot, event = value.partition(".") if isinstance(value, str) else ("", "", "")
    return value in EVENTS or (path in BY_PATH and (not dot or event in EVENTS))


def _rules(said: Shape, *, others: frozenset[str]) -> Shape:
    """By object and id, what is said of other objects."""
    one = switches.mapping_of(said, keys=others.__contains__, named="other object")
    return switches.mapping_of(switches.mapping_of(one, named="id"), keys=_RULING.__contains__, named="object")


_TEXTS = switches.list_of(TEXT)
_SMART_EVENT = switches.parts(
    *("id", "object", "events", "target", "arguments"),
    id=TEXT,
    object=TEXT,
    events=switches.list_of(switches.one_of(*smart_events.EVENTS.values())),
    target=Shape("a web address", lambda value: isinstance(value, str) and is_web_address(value)),
    arguments=switches.mapping_of(TEXT),
    condition=TEXT,
    active=FLAG,
)
SETTINGS: Mapping[str, Shape] = {
    "auto_filled": _rules(TEXT, others=_VALUES),
    "dimension_restrictions": _rules(_TEXTS, others=_RULING),
    "event_queue": switches.list_of(
        Shape("an object of REST, an event, or both with a full stop between", _is_trigger)
    ),
    "paid_bill_text": switches.one_of("due", "empty_due", *PAID_TEXTS),
    "project_resources": switches.mapping_of(_TEXTS, named="project"),
    "projects_without_expenses": _TEXTS,
    "smart_events": switches.list_of(_SMART_EVENT),
    "trigger_template": switches.mapping_of(TEXT),
    "webhook_signature": switches.one_of("jwt", "envelope"),
}


def check(settings: Mapping[str, Any]) -> None:
    """Refuse one of these settings that is of another shape. Raises ``ValueError``."""
    known = {name: value for name, value in settings.items() if name in SETTINGS}
    switches.check("sage_intacct", known, SETTINGS)
    own = tuple(map(str, settings.get("custom_fields", ())))
    for told in settings.get("smart_events", ()):
        if not smart_events.works(told, own):
            raise ValueError(
                f"smart_events: {told['id']} names an object, a field or a condition that is not simulated"
            )
