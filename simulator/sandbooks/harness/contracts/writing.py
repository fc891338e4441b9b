"""The checks that create data: lawful documents are taken and can be read, damaged ones are refused, and an old version
token does not overwrite a newer document.

The documents are examples beside the contract (``examples.yaml``); what they name is a role (``{expense_account}``),
for which the caller gives native ids.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from sandbooks import exact_json
from sandbooks.harness.contracts.answers import answer_differences
from sandbooks.harness.contracts.client import Client
from sandbooks.harness.contracts.description import Described
from sandbooks.harness.contracts.learning import holds_json, ids_in
from sandbooks.recording.conformance import contract_of
from sandbooks.settings import DataMissing, read_contract
from sandbooks.wire import Headers, Response

Row: TypeAlias = tuple[str, str, Literal["held", "drifted", "untried"], str, str, str]
JSON: Headers = (("Content-Type", "application/json"),)
MOST_IDS = 12
_ROLE = re.compile(r"\{([a-z_]+)\}")


class RoleMissing(LookupError):
    """No native id is known for a role."""


class Writing:
    """The writing checks of one client."""

    def __init__(self, client: Client, values: Mapping[str, Sequence[str]]) -> None:
        self.client = client
        self.values = values
        self._token = contract_of(client.surface).get("x-version-token", {})

    def all(self) -> Iterator[Row]:
        """Every example, one after the other."""
        for name, example in examples_of(self.client.surface).items():
            operation = self.client.description.named(name.partition("/")[0])
            if operation is not None:
                yield from self._example(operation, example)

    def _example(self, operation: Described, example: Mapping[str, Any]) -> Iterator[Row]:
        place = {name: str(value) for name, value in example.get("path", {}).items()}
        asked = f"{operation.method} {operation.filled({**self.client.access.parameters, **place})}"
        try:
            body = self._filled(example["body"])
        except RoleMissing as missing:
            yield operation.id, "takes a lawful document", "untried", asked, "", f"needs --value {missing}=ID"
            return
        query = urlencode(example.get("query", {}))
        yield self._damaged(operation, place, asked, query, body)
        answer = self._send(operation, place, exact_json.dumps(body), query=query)
        found = answer_differences(self.client.surface, operation.id, answer)
        if answer.status >= 400:
            found.append(f" to a lawful document: {_short(answer)}")
        yield _row(operation, "takes a lawful document", asked, "2XX", answer, found)
        if answer.status < 400:
            yield from self._after(operation, place, answer)

    def _damaged(self, operation: Described, place: Mapping[str, str], asked: str, query: str, body: Any) -> Row:
        """Half a document is refused in the platform's own envelope."""
        text = exact_json.dumps(body)
        answer = self._send(operation, place, text[: len(text) // 2], query=query)
        found = answer_differences(self.client.surface, operation.id, answer)
        if answer.status < 400:
            found.append(" to half a document")
        return _row(operation, "refuses what is no JSON", asked, "4XX", answer, found)

    def _after(self, operation: Described, place: Mapping[str, str], answer: Response) -> Iterator[Row]:
        """What was made can be read, and is guarded by its version token."""
        reader = self._at(operation, "GET")
        if reader is None:
            return
        read, binding = self._read(reader, place, answer)
        asked = f"{reader.method} {reader.filled({**self.client.access.parameters, **binding})}"
        found = answer_differences(self.client.surface, reader.id, read)
        if read.status != 200:
            found.append(" for what was just made")
        yield _row(reader, "shows what was made", asked, "200", read, found)
        if read.status == 200 and self._token:
            yield from self._guarded(operation, binding, holds_json(read))

    def _read(self, reader: Described, place: Mapping[str, str], answer: Response) -> tuple[Response, dict[str, str]]:
        name = reader.path_names[-1]
        address = answer.header("Location").rstrip("/").rpartition("/")[2]
        ids = [*([address] if address else []), *ids_in(holds_json(answer))]
        for id in ids[:MOST_IDS] or [""]:
            binding = {**place, name: id or "0"}
            read = self.client.ask(reader, binding)
            if read.status == 200:
                break
        return read, binding

    def _guarded(self, operation: Described, binding: Mapping[str, str], document: Any) -> Iterator[Row]:
        """A change that names an old version is refused."""
        member, header = self._token.get("member"), self._token.get("header")
        if member is not None:
            inside = next((v for v in document.values() if isinstance(v, dict) and member in v), None)
            if inside is None:
                return
            answer = self._send(operation, binding, exact_json.dumps({**inside, member: self._token["stale"]}))
            asked = f"{operation.method} {operation.path}"
        else:
            writer = self._at(operation, "PATCH")
            if writer is None:
                return
            own: Headers = (*JSON, (header, self._token["stale"]))
            answer = self.client.ask(writer, binding, headers=own, body=b"{}")
            operation, asked = writer, f"PATCH {writer.path}"
        found = answer_differences(self.client.surface, operation.id, answer)
        if answer.status < 400:
            found.append(" to an old version token")
        yield _row(operation, "refuses an old version token", asked, "4XX", answer, found)

    def _at(self, operation: Described, method: str) -> Described | None:
        """The operation on one record of a collection."""
        fits = re.compile(re.escape(operation.path.rstrip("/")) + r"(/\{[^{}]+\}|\(\{[^{}]+\}\))")
        here = (o for o in self.client.description.operations if o.method == method and fits.fullmatch(o.path))
        return next(here, None)

    def _send(self, operation: Described, place: Mapping[str, str], body: bytes, *, query: str = "") -> Response:
        return self.client.ask(operation, place, query=query, headers=JSON, body=body)

    def _filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._filled(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner) for inner in value]
        return _ROLE.sub(self._id_of, value) if isinstance(value, str) else value

    def _id_of(self, found: re.Match[str]) -> str:
        known = self.values.get(found[1])
        if not known:
            raise RoleMissing(found[1])
        return known[0]


def examples_of(surface: str) -> dict[str, Any]:
    """Lawful requests of a surface by operation."""
    try:
        listed: dict[str, Any] = read_contract("platforms", surface, "examples.yaml")["examples"]
    except DataMissing:
        return {}
    return listed


def _row(operation: Described, promise: str, asked: str, expected: str, answer: Response, found: list[str]) -> Row:
    seen = f"{answer.status}" + ("; " + "; ".join(text.lstrip(" ,:") for text in found) if found else "")
    return operation.id, promise, "drifted" if found else "held", asked, expected, seen


def _short(answer: Response) -> str:
    return answer.body[:160].decode("utf-8", "replace")
