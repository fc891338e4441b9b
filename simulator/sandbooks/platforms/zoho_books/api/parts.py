"""What the operations of many resources share: a table entry in, native operations out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct

from sandbooks.kit.call import Call
from sandbooks.kit.company import Company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.platforms.zoho_books import listing
from sandbooks.platforms.zoho_books.access import PREFIX
from sandbooks.platforms.zoho_books.listing import ListRules
from sandbooks.platforms.zoho_books.records import custom_fields
from sandbooks.platforms.zoho_books.records.storing import find
from sandbooks.platforms.zoho_books.refusals import NoSuch, Required
from sandbooks.platforms.zoho_books.wire import Body, public, read_body, reply, timestamp
from sandbooks.wire import Response

Show: TypeAlias = Callable[[Call, Record], Body]
Create: TypeAlias = Callable[[Call, Body], Record]
Update: TypeAlias = Callable[[Call, Record, Body], Record]
Delete: TypeAlias = Callable[[Company, Record], None]
Act: TypeAlias = Callable[[Call, Record], object]


def stamped(call: Call, record: Record, body: Body) -> Body:
    """A document with the times that every record has."""
    zone = call.company.time_zone
    times = {"created_time": timestamp(record.created, zone), "last_modified_time": timestamp(record.updated, zone)}
    shown: Body = public(body) | times
    return shown


def plain(call: Call, record: Record) -> Body:
    """A document as it is stored."""
    return stamped(call, record, record.copy())


class Resource(Struct, frozen=True, kw_only=True):
    """A resource with the usual operations. ``one`` and ``many`` name its operations; ``module`` is its scope."""

    kind: str
    path: str
    one: str
    many: str
    root: str
    module: str
    rules: ListRules
    show: Show = plain
    created: str = "success"
    updated: str = "success"
    deleted: str = "success"
    created_status: int = 201
    create: Create | None = None
    update: Update | None = None
    delete: Delete | None = None
    by_key: bool = False
    chosen: Callable[[Call, Record], bool] | None = None
    found: Callable[[Call, str], Record] | None = None

    def record(self, call: Call) -> Record:
        """The record that the path names. Raises ``NoSuch``."""
        id = call.args["id"]
        return self.found(call, id) if self.found else find(call.company, self.kind, id)

    def answer(self, call: Call, record: Record, message: str, status: int = 200) -> Response:
        now = call.company.records.get(self.kind, record.id) or record
        return reply(message, status=status, **{self.root: self.show(call, now)})

    def operations(self) -> list[Operation]:
        """The operations that the resource offers."""
        path, module = f"{PREFIX}/{self.path}", self.module
        made = [
            Operation(f"list_{self.many}", "GET", path, self.run_list, scope=f"{module}.READ"),
            Operation(f"get_{self.one}", "GET", f"{path}/<id>", self.run_get, scope=f"{module}.READ"),
        ]
        if self.create:
            made.append(
                Operation(f"create_{self.one}", "POST", path, self.run_create, writes=True, scope=f"{module}.CREATE")
            )
        if self.update:
            made.append(
                Operation(
                    f"update_{self.one}", "PUT", f"{path}/<id>", self.run_update, writes=True, scope=f"{module}.UPDATE"
                )
            )
        if self.by_key:
            name = f"update_{self.one}_by_key"
            made.append(Operation(name, "PUT", path, self.run_by_key, writes=True, scope=f"{module}.UPDATE"))
        if self.delete:
            made.append(
                Operation(
                    f"delete_{self.one}",
                    "DELETE",
                    f"{path}/<id>",
                    self.run_delete,
                    writes=True,
                    scope=f"{module}.DELETE",
                )
            )
        return made

    def documents(self, call: Call) -> Iterable[Body]:
        """The documents of a list, in order of creation."""
        found = listing.found(call, self.rules, self.kind)
        return [self.show(call, record) for record in found if self.chosen is None or self.chosen(call, record)]

    def run_list(self, call: Call) -> Response:
        if self.chosen is None and listing.everything(call, self.rules):
            return listing.page_of_everything(call, self.rules, call.company.records.listed(self.kind), self.show)
        return listing.answer(call, self.rules, self.documents(call))

    def run_get(self, call: Call) -> Response:
        return self.answer(call, self.record(call), "success")

    def run_create(self, call: Call) -> Response:
        if self.create is None:
            raise AssertionError("offered only where there is one")
        given = read_body(call)
        with call.unit():
            record = self.create(call, given)
        return self.answer(call, record, self.created, self.created_status)

    def run_update(self, call: Call) -> Response:
        if self.update is None:
            raise AssertionError("offered only where there is one")
        given = read_body(call)
        with call.unit():
            record = self.update(call, self.record(call), given)
        return self.answer(call, record, self.updated)

    def run_by_key(self, call: Call) -> Response:
        """Update by the value of a custom field; with ``X-Upsert: true`` create what is not there."""
        key, value = call.header("X-Unique-Identifier-Key"), call.header("X-Unique-Identifier-Value")
        if not key or not value:
            raise Required("X-Unique-Identifier-Key" if not key else "X-Unique-Identifier-Value")
        given = read_body(call)
        if self.update is None or self.create is None:
            raise AssertionError("offered only where there are both")
        with call.unit():
            standing = custom_fields.find(call.company, self.kind, key=key, value=value)
            if standing is not None:
                record, message, status = self.update(call, standing, given), self.updated, 200
            elif call.header("X-Upsert").lower() == "true":
                keyed = custom_fields.with_key(call.company, self.kind, given, key=key, value=value)
                record, message, status = self.create(call, keyed), self.created, self.created_status
            else:
                raise NoSuch(self.one.replace("_", " ").capitalize(), value)
        return self.answer(call, record, message, status)

    def run_delete(self, call: Call) -> Response:
        if self.delete is None:
            raise AssertionError("offered only where there is one")
        with call.unit():
            self.delete(call.company, self.record(call))
        return reply(self.deleted)


def action(
    resource: Resource, name: str, path: str, message: str, *, act: Act, status: int = 200, scope: str = "CREATE"
) -> Operation:
    """An operation on one record that answers with a message alone."""

    def run(call: Call) -> Response:
        with call.unit():
            act(call, resource.record(call))
        return reply(message, status=status)

    rule = f"{PREFIX}/{resource.path}/<id>/{path}"
    return Operation(name, "POST", rule, run, writes=True, scope=f"{resource.module}.{scope}")


def read(name: str, path: str, run: Callable[[Call], Response], *, module: str) -> Operation:
    """A reading operation beside the usual ones."""
    return Operation(name, "GET", f"{PREFIX}/{path}", run, scope=f"{module}.READ")


def write(name: str, method: str, path: str, run: Callable[[Call], Response], *, module: str) -> Operation:
    """A writing operation beside the usual ones."""
    verb = {"POST": "CREATE", "PUT": "UPDATE", "DELETE": "DELETE"}[method]
    return Operation(name, method, f"{PREFIX}/{path}", run, writes=True, scope=f"{module}.{verb}")


def lacking(paths: Sequence[str]) -> list[Operation]:
    """Real resources that are not emulated: they answer loudly rather than with a 404."""
    made = []
    for path in paths:

        def run(_: Call, feature: str = path) -> Response:
            raise NotSimulated(feature)

        run.__name__ = "lacking"
        name = path.replace("/", "_")
        for method in ("GET", "POST", "PUT", "DELETE"):
            rule = f"{PREFIX}/{path}"
            made.append(Operation(f"{method.lower()}_{name}", method, rule, run))
            made.append(Operation(f"{method.lower()}_{name}_below", method, f"{rule}/<path:rest>", run))
    return made


def lacking_parts(parts: Sequence[tuple[str, str, str]]) -> list[Operation]:
    """Parts of emulated resources that are not emulated themselves: method, path, and what they are."""
    made = []
    for number, (method, path, feature) in enumerate(parts):

        def run(_: Call, feature: str = feature) -> Response:
            raise NotSimulated(feature)

        run.__name__ = "lacking"
        made.append(Operation(f"lacking_part_{number}", method, f"{PREFIX}/{path}", run))
    return made
