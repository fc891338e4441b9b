"""What a test's ``sandbooks`` markers ask for. The nearest marker wins, one option at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import Any, Literal

import pytest


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options of one test; see the marker's help."""

    platforms: tuple[str, ...] = ()
    clock: Any = None
    seed: int = 1
    mode: Literal["stepped", "frozen", "live"] = "stepped"
    faults: tuple[Mapping[str, Any], ...] = ()
    network: Literal["pass", "refuse"] = "pass"
    client_time: bool = False
    strict: bool = False


NAMES = tuple(field.name for field in fields(Options))


def options_of(item: pytest.Item) -> Options:
    """The options of a test. Raises ``pytest.UsageError`` for what the marker does not know."""
    config = item.config
    found: dict[str, Any] = {
        "network": config.getoption("--sandbooks-network") or config.getini("sandbooks_network"),
        "seed": config.getoption("--sandbooks-seed") or int(config.getini("sandbooks_seed")),
    }
    for marker in reversed(list(item.iter_markers("sandbooks"))):
        if marker.args:
            found["platforms"] = marker.args
        for name, value in marker.kwargs.items():
            if name not in NAMES:
                raise _unknown(item, name)
            found[name] = value
    found["platforms"] = _texts(found.get("platforms", ()))
    found["faults"] = tuple(_fault(item, fault) for fault in found.get("faults", ()))
    if found["network"] not in ("pass", "refuse"):
        raise pytest.UsageError(f"{item.nodeid}: network is {found['network']!r}; it is 'pass' or 'refuse'")
    return Options(**found)


def _texts(given: str | Sequence[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _unknown(item: pytest.Item, name: str) -> pytest.UsageError:
    near = get_close_matches(name, NAMES, n=1)
    remedy = f"did you mean {near[0]}?" if near else f"it takes {', '.join(NAMES)}"
    return pytest.UsageError(f"{item.nodeid}: the sandbooks marker has no option {name!r}; {remedy}")


def _fault(item: pytest.Item, given: Any) -> Mapping[str, Any]:
    """A fault as a name, as ``{"kind": ...}``, or as scenarios write it: ``{"drop_response": {...}}``."""
    if isinstance(given, str):
        return {"kind": given}
    if isinstance(given, Mapping) and "kind" in given:
        return given
    if isinstance(given, Mapping) and len(given) == 1:
        (kind, facts), *_ = given.items()
        return {"kind": kind, **(facts or {})}
    raise pytest.UsageError(f"{item.nodeid}: {given!r} is no fault; write {{'kind': 'throttle', 'at': {{...}}}}")


def parametrize_platform(metafunc: pytest.Metafunc) -> None:
    """Run the test on each platform of its markers; without a marker, on every one that there is."""
    definitions = metafunc._arg2fixturedefs.get("platform", ())
    if not definitions or definitions[-1].func.__module__ != "sandbooks.pytest_plugin":
        return  # a fixture of the user's own
    names = _platforms(metafunc.definition)
    if not names:
        from sandbooks.platform import platforms

        names = tuple(platforms())
    metafunc.parametrize("platform", [_name(metafunc, name) for name in names], ids=names, indirect=True)


def _platforms(item: pytest.Item) -> tuple[str, ...]:
    for marker in item.iter_markers("sandbooks"):
        named = marker.kwargs.get("platforms") or marker.args
        if named:
            return _texts(named)
    return ()


def _name(metafunc: pytest.Metafunc, name: str) -> str:
    from sandbooks.platform import platform_named

    try:
        return platform_named(name).name
    except LookupError as error:
        pytest.fail(f"{metafunc.definition.nodeid}: {error}", pytrace=False)
