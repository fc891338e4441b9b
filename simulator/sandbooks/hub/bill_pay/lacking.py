"""What the real service writes on a platform and this one does not: said loudly, never passed over in silence.

Source: contracts/hub/bill_pay_platforms.yaml (``not_simulated``), after the models that are published there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sandbooks.hub import wire
from sandbooks.hub.bill_pay.desk import Desk
from sandbooks.kit.errors import NotSimulated

WHOLE = "*"


def check(desk: Desk, data_type: str, body: Any) -> None:
    """Raises ``NotSimulated`` for a body that asks for what is not built."""
    spelt = wire.lower_keys(body)
    for entry in desk.offer.not_simulated.get(data_type, ()):
        path, _, value = entry.partition("=")
        if entry == WHOLE or any(_holds(found, value) for found in _at(spelt, path.split("."))):
            what = data_type if entry == WHOLE else f"{entry} of {data_type}"
            raise NotSimulated(f"{what} on {desk.platform}")


def _at(node: Any, path: list[str]) -> Iterator[Any]:
    """Everything that stands at a path, in each element of the lists on the way."""
    for each in node if isinstance(node, list) else [node]:
        if not path:
            yield each
        elif isinstance(each, dict):
            yield from _at(each.get(path[0]), path[1:])


def _holds(found: Any, value: str) -> bool:
    return found == value if value else found not in (None, "", {}, [])
