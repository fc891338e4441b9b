"""Supplemental data: further native members, read along with a data type and shown beside its records.

Source: github.com/codatio/oas, yaml/Codat-Platform.yaml (SupplementalDataConfiguration);
https://docs.codat.io/using-the-api/supplemental-data. Unconfirmed: that native records are matched by their id.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import Struct, field

from sandbooks.connector import Refused, Unavailable
from sandbooks.hub import data, records, wire
from sandbooks.hub.errors import Item, not_found, not_valid
from sandbooks.hub.native import Session
from sandbooks.hub.platform import integrations, raw_reads
from sandbooks.kit.call import Call, json_reply
from sandbooks.wire import Response
from sandbooks.world import World

KIND = "supplemental"
DATA = "supplementalData"


class Source(msgspec.Struct, omit_defaults=True):
    dataSource: str = ""
    pullData: dict[str, str] | None = None
    pushData: dict[str, str] | None = None


class Configuration(msgspec.Struct):
    supplementalDataConfig: dict[str, Source]


def _place(call: Call) -> tuple[str, str]:
    found = integrations.named(call)
    data_type = call.args["data_type"]
    if data_type not in data.SHAPES:
        raise not_found(f"Datatype {data_type[:60]} not supported by platform(s) {found.name}")
    return found.key, data_type


def configure(call: Call) -> Response:
    key, data_type = _place(call)
    body = wire.raw_body(call)
    if isinstance(body, dict) and body and "supplementalDataConfig" not in body:
        body = {"supplementalDataConfig": body}  # the published examples leave the outer member out
    wanted = wire.parsed(body, Configuration)
    for name, source in wanted.supplementalDataConfig.items():
        if not source.dataSource:
            raise not_valid(Item(f"supplementalDataConfig.{name[:60]}.dataSource", "dataSource is a path", "Required"))
    with call.unit():
        records.put(call.world, KIND, f"{key}/{data_type}", msgspec.to_builtins(wanted))
    return Response(200)


def get_configuration(call: Call) -> Response:
    key, data_type = _place(call)
    kept = records.get(call.world, KIND, f"{key}/{data_type}")
    return json_reply(kept or {"supplementalDataConfig": {}})


def read(world: World, session: Session, company: str, data_type: str) -> None:
    """Read what is configured for a data type and keep it beside the copy; what cannot be read is nothing.

    Raises what says that the platform has to be asked again, or that the consent is gone.
    Source: https://docs.codat.io/using-the-api/supplemental-data/overview (the fetch still completes)
    """
    kept = records.get(world, KIND, f"{session.connection['platformKey']}/{data_type}")
    if kept is None:
        return
    found: dict[str, dict[str, Any]] = {}
    missing: dict[str, dict[str, None]] = {}
    for name, source in kept["supplementalDataConfig"].items():
        wanted = source.get("pullData") or {}
        try:
            rows = raw_reads.read(session, source["dataSource"])
        except (Refused, Unavailable):
            missing[name] = dict.fromkeys(wanted)
            continue
        for record in rows:
            picked = {member: raw_reads.picked(record, f"$.{path}") for member, path in wanted.items()}
            for id in _ids(record):
                found.setdefault(id, {})[name] = picked
    with world.unit():
        records.put(world, DATA, data_type, {"content": found, "missing": missing}, company=company)


def _ids(record: Mapping[str, Any]) -> list[str]:
    """What may be the id of a native record: the value of each member whose name ends so."""
    return [
        str(value) for name, value in record.items() if name.lower().endswith("id") and isinstance(value, str | int)
    ]


class Beside(Struct, frozen=True):
    """What was read along with the records of a data type: by the record's id, and what none could be read of."""

    content: Mapping[str, Any] = field(default_factory=dict)
    missing: Mapping[str, Any] = field(default_factory=dict)

    def joined(self, shown: dict[str, Any]) -> dict[str, Any]:
        """A record as it is shown, with what was read along with it; nothing is added to a deleted one.

        Source: https://docs.codat.io/using-the-api/supplemental-data/overview (deleted objects)
        """
        found = {**self.missing, **self.content.get(str(shown["id"]), {})}
        deleted = shown.get("metadata", {}).get("isDeleted", False)
        return shown if deleted or not found else {**shown, "supplementalData": {"content": found}}


def beside(world: World, company: str, data_type: str) -> Beside:
    """What was read along with the records of a data type."""
    kept = records.get(world, DATA, data_type, company=company)
    return Beside(kept["content"], kept["missing"]) if kept else Beside()
