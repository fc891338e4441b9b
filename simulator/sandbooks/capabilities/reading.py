"""Reading the tables from the contracts, with profiles and a user's own file on top.

A user's file names the cells that are different; everything else stays as published::

    platforms:
      xero:
        types: {Refund: none}
        attachments: {bytes_max: 3000000}
        profiles: [adjustments_desktop_only]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from sandbooks.capabilities.tables import (
    LEGACY_TYPES,
    OPERATIONS,
    TYPES,
    UPDATES,
    Attachments,
    Capabilities,
    OperationLimits,
    PlatformCapabilities,
)
from sandbooks.settings import (
    Document,
    FileInvalid,
    NodePath,
    Problem,
    known_platforms,
    nearest,
    read_contract,
    read_document,
)

EDITIONS = ("2023", "2025-04", "2025-12")
LATEST = EDITIONS[-1]

_OFFER = ("any", "card", "none")
_CONTACT = ("supplier", "customer", "supplier_on_bank", "none")
_CURRENCY = ("allowed", "refused", "as_account", "undocumented")
_SPEND = (
    "home_account_home_spend",
    "foreign_account_same_spend",
    "foreign_account_home_spend",
    "home_account_foreign_spend",
    "two_foreign",
)
_MOVES = ("home_to_home", "foreign_to_foreign", "foreign_to_home", "home_to_foreign", "two_foreign")
_LIMITS: dict[str, Any] = {
    name: ("bool" if name == "notes_required" else "count") for name in OperationLimits.__struct_fields__
}
# What a platform's cells look like: names, then the words that may stand there (or the kind of value).
SHAPE: dict[str, Any] = {
    "endpoints": dict.fromkeys(OPERATIONS, _OFFER),
    "types": dict.fromkeys(TYPES, _OFFER),
    "legacy_types": dict.fromkeys(LEGACY_TYPES, _OFFER),
    "updates": dict.fromkeys(UPDATES, _OFFER),
    "currencies": {
        "sources": "texts",
        "expense": dict.fromkeys(("card", "bank"), dict.fromkeys(_SPEND, _CURRENCY)),
        "transfer": dict.fromkeys(_MOVES, _CURRENCY),
    },
    "attachments": {"sources": "texts", "bytes_max": "count", "extensions": "texts", "transactions": "texts"},
    "contacts": {"sources": "texts", "by_type": dict.fromkeys((*TYPES, *LEGACY_TYPES), _CONTACT)},
    "documents": {"sources": "texts", **dict.fromkeys(("card", "bank", "other"), "named texts")},
    "limits": {"sources": "texts", **dict.fromkeys(OPERATIONS, _LIMITS), "rules": "named texts"},
    "neutral_tax": "named texts",
}
_KINDS = {
    "bool": "true or false",
    "count": "a whole number, or null for no limit",
    "texts": "a list of texts, or `any`",
    "named texts": "a mapping of names to texts",
}


def load(
    edition: str | None = None, *, override_file: Path | None = None, profiles: Iterable[str] = ()
) -> Capabilities:
    """The tables of one edition (default the newest), profiles and a user's own file applied in this order.

    ``profiles``: ``name`` for every platform that has it, or ``platform.name``. Raises FileInvalid when the override
    file is wrong, ValueError for an unknown edition or profile.
    """
    edition = edition or LATEST
    if edition not in EDITIONS:
        raise ValueError(f"There is no edition {edition}. {nearest(edition, EDITIONS)}")
    wanted = _profiles_by_platform(profiles)
    override = _read_override(override_file) if override_file else {}
    return Capabilities(
        edition, {name: _load_platform(name, edition, wanted[name], override) for name in known_platforms()}
    )


def _load_platform(
    name: str, edition: str, profiles: tuple[str, ...], override: Mapping[str, Any]
) -> PlatformCapabilities:
    raw = read_contract("platforms", name, "capabilities.yaml")
    own = dict(override.get(name, {}))
    in_force = tuple(dict.fromkeys((*profiles, *own.pop("profiles", ()))))
    cells = {key: raw[key] for key in SHAPE if key in raw} | raw["editions"][edition]
    for profile in in_force:
        if edition in raw["profiles"][profile]["editions"]:
            cells = _merged(cells, raw["profiles"][profile]["cells"])
    return _platform(raw, edition, _merged(cells, own), in_force)


def _platform(
    raw: Mapping[str, Any], edition: str, cells: Mapping[str, Any], in_force: tuple[str, ...]
) -> PlatformCapabilities:
    attachments, limits = cells["attachments"], cells["limits"]
    extensions = attachments["extensions"]
    return PlatformCapabilities(
        platform=raw["platform"],
        title=raw["title"],
        edition=edition,
        endpoints=cells["endpoints"],
        types=cells["types"],
        legacy_types=cells.get("legacy_types") or dict.fromkeys(LEGACY_TYPES, "none"),
        updates=cells["updates"],
        expense_currencies=cells["currencies"]["expense"],
        transfer_currencies=cells["currencies"]["transfer"],
        attachments=Attachments(
            attachments["bytes_max"],
            None if extensions == "any" else frozenset(extensions),
            frozenset(attachments["transactions"]),
        ),
        contacts=cells["contacts"]["by_type"],
        documents={place: cells["documents"][place] for place in ("card", "bank", "other")},
        limits={name: OperationLimits(**limits[name]) for name in OPERATIONS if name in limits},
        rules=limits["rules"],
        neutral_taxes=cells["neutral_tax"],
        profiles=in_force,
        profiles_known={name: profile["title"] for name, profile in raw["profiles"].items()},
        sources=_sources(cells),
    )


def _sources(cells: Mapping[str, Any]) -> tuple[str, ...]:
    listed = [*cells["sources"]]
    for section in ("currencies", "attachments", "contacts", "documents", "limits"):
        listed += cells[section]["sources"]
    return tuple(dict.fromkeys(listed))


def _merged(base: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for key, value in changes.items():
        inner = result.get(key)
        result[key] = _merged(inner, value) if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return result


def _known_profiles(platform: str) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", read_contract("platforms", platform, "capabilities.yaml")["profiles"])


def _profiles_by_platform(profiles: Iterable[str]) -> dict[str, tuple[str, ...]]:
    chosen: dict[str, list[str]] = {name: [] for name in known_platforms()}
    for wanted in profiles:
        platform, _, name = wanted.rpartition(".")
        homes = [home for home in known_platforms() if name in _known_profiles(home) and platform in ("", home)]
        if not homes:
            known = [f"{home}.{profile}" for home in known_platforms() for profile in _known_profiles(home)]
            raise ValueError(f"There is no profile {wanted}. {nearest(wanted, known)}")
        for home in homes:
            chosen[home].append(name)
    return {name: tuple(names) for name, names in chosen.items()}


def _read_override(path: Path) -> Mapping[str, Any]:
    document = read_document(path)
    problems = list(check_override(document))
    if problems:
        raise FileInvalid(problems)
    return cast("Mapping[str, Any]", document.data["platforms"])


def check_override(document: Document) -> Iterable[Problem]:
    """Everything that is wrong with a user's own capabilities file."""
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("platforms"), dict):
        yield document.problem(
            (), "There is no mapping `platforms`.", remedy="Begin with `platforms:`, then a platform."
        )
        return
    for key in data.keys() - {"platforms"}:
        yield document.problem((key,), f"Unknown key `{key}`.", remedy=nearest(key, ["platforms"]))
    for name, cells in data["platforms"].items():
        path: NodePath = ("platforms", name)
        if name not in known_platforms():
            yield document.problem(path, f"Unknown platform `{name}`.", remedy=nearest(name, known_platforms()))
        elif not isinstance(cells, dict):
            yield document.problem(path, "Holds no cells.", remedy="Write cells, e.g. `types: {Refund: none}`.")
        else:
            rest = {key: value for key, value in cells.items() if key != "profiles"}
            yield from check_cells(document, path, rest, SHAPE)
            yield from _check_profiles(document, (*path, "profiles"), name, cells.get("profiles", []))


def check_cells(document: Document, path: NodePath, value: Any, shape: Any) -> Iterable[Problem]:
    """Compare a value with a shape: a mapping of names, a tuple of allowed words, or a kind of value."""
    if isinstance(shape, dict):
        if not isinstance(value, dict):
            yield document.problem(path, f"`{path[-1]}` must be a mapping.", remedy=f"Use {', '.join(shape)}.")
            return
        for key, inner in value.items():
            if key in shape:
                yield from check_cells(document, (*path, key), inner, shape[key])
            else:
                yield document.problem((*path, key), f"Unknown cell `{key}`.", remedy=nearest(key, shape))
    elif isinstance(shape, tuple):
        if value not in shape:
            yield document.problem(path, f"`{value}` cannot stand here.", remedy=nearest(str(value), shape))
    elif not _is_kind(value, shape):
        yield document.problem(path, f"`{value}` cannot stand here.", remedy=f"Write {_KINDS[shape]}.")


def _is_kind(value: Any, kind: str) -> bool:
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "count":
        return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
    if kind == "texts":
        return value == "any" or (isinstance(value, list) and all(isinstance(item, str) for item in value))
    return isinstance(value, dict) and all(inner is None or isinstance(inner, str) for inner in value.values())


def _check_profiles(document: Document, path: NodePath, platform: str, names: Any) -> Iterable[Problem]:
    if not isinstance(names, list):
        yield document.problem(path, "`profiles` must be a list.", remedy="Write `profiles: [name]`.")
        return
    known = _known_profiles(platform)
    for index, name in enumerate(names):
        if name not in known:
            yield document.problem((*path, index), f"Unknown profile `{name}`.", remedy=nearest(str(name), known))
