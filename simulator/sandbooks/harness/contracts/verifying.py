"""Provider checks: whether a platform, simulated or a vendor's own sandbox, does what its contract says.

The checks follow from the contract file alone: each operation is called lawfully, its answer judged (status, media
type, headers, required members, types, enumerations), and what a contract says of behaviour (unknown ids, no sign-in,
pages, version tokens) is tried. Reading is the default; what would create data needs to be asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

from sandbooks.harness.contracts.answers import answer_differences
from sandbooks.harness.contracts.client import Client
from sandbooks.harness.contracts.description import Described
from sandbooks.harness.contracts.learning import Known, holds_json, items_of, learn
from sandbooks.harness.contracts.writing import Writing
from sandbooks.recording.conformance import contract_of, operations_of
from sandbooks.wire import Response

Outcome = Literal["held", "drifted", "untried"]
NOWHERE = "000000000000"
UNTRIED = {403: "this credential may not read it", 404: "the company has nothing there"}
LAWFUL = "answers a lawful request"


@dataclass(frozen=True)
class Check:
    """One thing that a contract promises and what came of trying it. ``asked`` is method and path."""

    operation: str
    promise: str
    outcome: Outcome
    asked: str = ""
    expected: str = ""
    seen: str = ""

    def as_json(self) -> dict[str, str]:
        return {
            "operation": self.operation,
            "promise": self.promise,
            "outcome": self.outcome,
            "asked": self.asked,
            "expected": self.expected,
            "seen": self.seen,
        }


@dataclass
class Verification:
    """The checks of one platform."""

    surface: str
    base_url: str
    checks: list[Check] = field(default_factory=list)
    requests: int = 0

    def counted(self, outcome: Outcome) -> int:
        return sum(check.outcome == outcome for check in self.checks)

    @property
    def drift(self) -> list[Check]:
        return [check for check in self.checks if check.outcome == "drifted"]


def verify(client: Client, *, write: bool = False, values: Mapping[str, Sequence[str]] | None = None) -> Verification:
    """Try what the contract of a client's surface promises.

    With ``write``, lawful documents are created too; ``values`` are native ids by role (``expense_account``,
    ``supplier``, ...) that these may name.
    """
    known = learn(client)
    found = Verification(client.surface, client.base_url)
    trial = _Trial(client, known)
    for operation in client.description.operations:
        if operation.method == "GET" and not operation.public:
            found.checks += trial.read(operation)
    if write:
        found.checks += [Check(*each) for each in Writing(client, values or {}).all()]
    found.requests = client.sent
    return found


class _Trial:
    def __init__(self, client: Client, known: Known) -> None:
        self.client = client
        self.known = known
        self._paging = contract_of(client.surface).get("x-paging", {})

    def read(self, operation: Described) -> Iterator[Check]:
        """Everything that is promised of one reading operation."""
        bindings = self.known.of(operation)
        needs, query = self._needs(operation)
        if not bindings or needs:
            why = f"needs {needs}" if needs else f"the company has nothing at {operation.path}"
            yield Check(operation.id, LAWFUL, "untried", operation.path, "", why)
            return
        for binding in bindings[:2]:
            yield self._lawful(operation, binding, self.client.ask(operation, binding, query=query))
        yield from self._as_xml(operation, bindings[0], query)
        yield from self._unknown_id(operation, bindings[0])
        yield self._unsigned(operation, bindings[0])
        yield from self._paged(operation, bindings[0])

    def _needs(self, operation: Described) -> tuple[str, str]:
        """What a lawful request lacks that nobody gave, in words; else the query of one."""
        told = contract_needs(operation)
        required = [p for p in operation.parameters if p.place == "query" and p.required]
        given = {}
        for parameter in required:
            alike = self.known.values.get(parameter.schema.get("x-like", ""), ())
            own = self.known.values.get(parameter.name, ())
            examples = [each for each in (*alike, *parameter.schema.get("examples", ()), *own) if str(each)]
            if examples:
                given[parameter.name] = str(examples[0])
            elif parameter.name not in self.client.access.parameters:
                told = told or parameter.name
        return told, urlencode(given)

    def _lawful(self, operation: Described, binding: Mapping[str, str], answer: Response) -> Check:
        wanted = ", ".join(status for status in operation.responses if status.startswith(("2", "3")))
        found = answer_differences(self.client.surface, operation.id, answer)
        if answer.status in UNTRIED and not found:
            asked = f"{operation.method} {operation.filled({**self.client.access.parameters, **binding})}"
            return Check(operation.id, LAWFUL, "untried", asked, wanted, f"{answer.status}: {UNTRIED[answer.status]}")
        if answer.status >= 400:
            found = [*found, f" to a lawful request: {_short(answer)}"]
        return self._check(operation, binding, LAWFUL, wanted, answer, found)

    def _as_xml(self, operation: Described, binding: Mapping[str, str], query: str) -> Iterator[Check]:
        """Where a platform answers the same as XML, that is asked for too."""
        forms = contract_of(self.client.surface).get("x-also-as", ())
        answers = (response.get("content", {}) for status, response in operation.responses.items() if status == "200")
        if not forms or not any("application/json" in content for content in answers):
            return
        answer = self.client.ask(operation, binding, query=query, headers=(("Accept", forms[-1]),))
        if answer.status != 200 or not answer.header("Content-Type").startswith(tuple(forms)):
            return  # some operations of such a platform speak JSON alone
        found = answer_differences(self.client.surface, operation.id, answer)
        yield self._check(operation, binding, "answers as XML what it answers as JSON", forms[-1], answer, found)

    def _unknown_id(self, operation: Described, binding: Mapping[str, str]) -> Iterator[Check]:
        """What does not exist is refused in the platform's own envelope."""
        own = [name for name in operation.path_names if name not in self.client.access.parameters]
        if not own or operation.parameter(own[-1], "path") is None:
            return
        wrong = {**binding, own[-1]: _unlike(binding[own[-1]])}
        answer = self.client.ask(operation, wrong)
        found = answer_differences(self.client.surface, operation.id, answer)
        yield self._check(operation, wrong, "answers for an id that does not exist", "as described", answer, found)

    def _unsigned(self, operation: Described, binding: Mapping[str, str]) -> Check:
        """Without a credential nothing is told, and the refusal is the platform's own."""
        path = operation.filled({**self.client.access.parameters, **binding})
        headers = (("Authorization", ""), *self.client.own_headers(operation))
        query = self.client.own_query(operation)
        answer = self.client.call(operation.method, path, query=query, headers=headers)
        found = answer_differences(self.client.surface, operation.id, answer)
        if answer.status < 400:
            found = [*found, " to a request without a credential"]
        return self._check(operation, binding, "refuses a request without a credential", "4XX", answer, found)

    def _paged(self, operation: Described, binding: Mapping[str, str]) -> Iterator[Check]:
        """Pages of one item each are the whole list, in its order."""
        size, at = self._paging.get("size", ""), self._paging.get("at", "")
        if not operation.parameter(size, "query") or not operation.parameter(at, "query"):
            return
        whole = items_of(self._page(operation, binding, ""))
        if len(whole) < 2:
            return
        first = int(self._paging.get("from", 1))
        asked = [f"{size}=1&{at}={number}" for number in (first, first + 1)]
        pages = [items_of(self._page(operation, binding, query)) for query in asked]
        held = [len(page) for page in pages] == [1, 1] and pages[0] != pages[1]
        path = f"{operation.filled({**self.client.access.parameters, **binding})}?{asked[1]}"
        seen = f"{len(pages[0])} and {len(pages[1])} items" + (", the same" if pages[0] == pages[1] else "")
        expected = "one item a page, each another"
        yield Check(operation.id, "pages through a list", "held" if held else "drifted", f"GET {path}", expected, seen)

    def _page(self, operation: Described, binding: Mapping[str, str], query: str) -> Any:
        answer = self.client.ask(operation, binding, query=query)
        return holds_json(answer) if answer.status == 200 else None

    def _check(
        self,
        operation: Described,
        binding: Mapping[str, str],
        promise: str,
        expected: str,
        answer: Response,
        found: list[str],
    ) -> Check:
        asked = f"{operation.method} {operation.filled({**self.client.access.parameters, **binding})}"
        seen = f"{answer.status}" + ("; " + "; ".join(text.lstrip(" ,:") for text in found) if found else "")
        return Check(operation.id, promise, "drifted" if found else "held", asked, expected, seen)


def contract_needs(operation: Described) -> str:
    """What an operation needs beside its required parameters, in the contract's words (``x-needs``)."""
    return str(operations_of(operation.surface)[operation.id].get("x-needs", ""))


def _unlike(value: str) -> str:
    """An id of the same shape that is not that id: digits stay digits, letters letters."""
    turned = "".join("0" if c.isdigit() else c for c in value)
    return turned if turned != value else (value[:-1] + "q" if value else NOWHERE)


def _short(answer: Response) -> str:
    return answer.body[:160].decode("utf-8", "replace")
