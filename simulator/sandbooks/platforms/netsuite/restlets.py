"""RESTlets: scripts of an account's own, which stand here as Python functions.

A RESTlet does what its author made it do, so none is there until it is deployed. The setting ``restlets`` says by
script and deployment, as the address names them, what answers: a record type, whose records the deployment then
creates, reads, changes and deletes, or a function by the name under which ``restlet`` made it known to this process::

    @restlet("card charges")
    def charge(script: Script) -> object:
        members = {"account": {"id": script.body["account"]["internalId"]}, ...}
        return {"success": True, "internalId": script.create("creditCardCharge", members)}

    settings = {"restlets": {"customscript_card/customdeploy_card": "card charges"}}

Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_4407966008.html (what a script is given,
and what it may give back)
Unconfirmed: a script of the live service saves record by record; here all of it stands or nothing does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeAlias

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.platforms.netsuite import rendering
from sandbooks.platforms.netsuite.access import check_permission
from sandbooks.platforms.netsuite.custom import type_of
from sandbooks.platforms.netsuite.reading import Reader
from sandbooks.platforms.netsuite.records import store, writing
from sandbooks.platforms.netsuite.refusals import BadContent, ScriptFailed, ScriptMissing
from sandbooks.platforms.netsuite.schema import IN_REST, TYPES, RecordType, type_named

__all__ = ["Reply", "Script", "ScriptFailed", "restlet"]

Members: TypeAlias = Mapping[str, Any]


class Reply(Struct, frozen=True):
    """An answer in a media type of the script's own, whatever that of the request was; text goes out as UTF-8.

    Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_0618021129.html (createResponse)
    """

    content: str
    media: str


class Script:
    """One run of a RESTlet. ``method`` is the HTTP method; ``parameters`` those of the address but script and deploy;
    ``body`` the parsed JSON with exact numbers, a text, or the root element of XML; None without one.

    What it does to records follows the rules of the account and of the role, as in REST. A script that refuses raises
    ``ScriptFailed`` with a code and a sentence of its own.
    """

    def __init__(self, call: Call, body: Any) -> None:
        self._call = call
        self.method = call.request.method
        self.parameters = {name: value for name, value in call.query.items() if name not in ("script", "deploy")}
        self.body = body

    def create(self, record_type: str, members: Members) -> str:
        """A new record, of members as REST names them; its internal id."""
        type = self._type(record_type)
        return writing.create(self._call.company, type, self._read(type, members)).id

    def load(self, record_type: str, id: str) -> dict[str, Any]:
        """A record with its sublists, as REST shows it."""
        return rendering.singular(self._call, self._found(self._type(record_type), id), expand=True)

    def change(self, record_type: str, id: str, members: Members, *, replace: Collection[str] = ()) -> None:
        """Change members of a record; the sublists that ``replace`` names are replaced as a whole."""
        type = self._type(record_type)
        given = self._read(type, members)
        writing.update(self._call.company, type, self._found(type, id), given, replace=replace)

    def delete(self, record_type: str, id: str) -> None:
        """Delete a record."""
        type = self._type(record_type)
        writing.delete(self._call.company, type, self._found(type, id))

    def query(self, suiteql: str) -> list[dict[str, str | None]]:
        """The rows of a SuiteQL query, as text."""
        from sandbooks.platforms.netsuite.suiteql import run  # 50 ms to import: only a query pays for it

        found = run(self._call.company, suiteql, lag=self._call.exchange.lag)
        return [dict(zip(found.columns, row, strict=True)) for row in found.rows]

    def _type(self, name: str) -> RecordType:
        type = type_of(self._call.company, type_named(name).name)
        check_permission(self._call, type)
        return type

    def _read(self, type: RecordType, members: Members) -> dict[str, Any]:
        given = dict(members) if isinstance(members, Mapping) else members
        return Reader(self._call.company, names="error").document(type, given)

    def _found(self, type: RecordType, id: str) -> Record:
        return store.locate(self._call.company, type, str(id))


Function: TypeAlias = Callable[[Script], Any]

_KNOWN: dict[str, Function] = {}


def restlet(name: str) -> Callable[[Function], Function]:
    """Make a function known under a name that no record type has; an account deploys it by that name."""
    if name in TYPES:
        raise ValueError(f"{name} is a record type; a function needs another name")

    def known(function: Function) -> Function:
        _KNOWN[name] = function
        return function

    return known


def check(given: Any) -> None:
    """The deployments that an account begins with. Raises ``BadContent``."""
    if not isinstance(given, Mapping):
        raise BadContent("RESTlets are given by script and deployment.", "restlets")
    for place, name in given.items():
        parts = str(place).split("/")
        if len(parts) != 2 or not all(parts):
            raise BadContent(f"{str(place)[:80]} is no script and deployment, as in customscript_a/customdeploy_a.")
        if not isinstance(name, str) or (name not in IN_REST and name not in _KNOWN):
            known = ", ".join(sorted(_KNOWN)) or "none yet"
            raise BadContent(
                f"{str(name)[:40]} is no record type and no function made known to this process ({known})."
            )


def deployed(company: Company, *, script: str, deploy: str) -> Function:
    """What answers at an address. Raises ``ScriptMissing``; ``NotSimulated`` where only another process knows it."""
    kept: Mapping[str, str] = company.settings.get("restlets") or {}
    name = kept.get(f"{script}/{deploy}")
    if name is None:
        raise ScriptMissing(script[:60], deploy[:60])
    if name in TYPES:
        return _of_records(name)
    if name not in _KNOWN:
        raise NotSimulated(f"the RESTlet {name}", instead="a process that makes its function known")
    return _KNOWN[name]


def _of_records(type: str) -> Function:
    """The records of one type: POST creates, PUT changes, GET and DELETE take the parameter ``id``. The answers to
    writes are ours, as those of a script are its author's."""

    def run(script: Script) -> Any:
        if script.method == "GET":
            return script.load(type, _needed(script.parameters))
        if script.method == "POST":
            return _done(script.create(type, script.body))
        if script.method == "DELETE":
            id = _needed(script.parameters)
            script.delete(type, id)
            return _done(id)
        given = dict(script.body) if isinstance(script.body, Mapping) else {}
        id = _needed(given)
        given.pop("id")
        script.change(type, id, given, replace=[name for name in given if name in _sublists(type)])
        return _done(id)

    return run


def _done(id: str) -> dict[str, Any]:
    return {"success": True, "internalId": id}


def _sublists(type: str) -> frozenset[str]:
    return frozenset(TYPES[type].sublist_by_name[name].name for name in TYPES[type].sublist_by_name)


def _needed(given: Members) -> str:
    if not isinstance(given.get("id"), str) or not given["id"]:
        raise ScriptFailed("SSS_MISSING_REQD_ARGUMENT", "Missing a required argument: id")
    return str(given["id"])
