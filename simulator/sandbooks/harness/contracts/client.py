"""A plain client of one company on one surface: signs in as the contract says, fills in what names the company."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sandbooks.harness.contracts.description import Access, Described, Description, description_of
from sandbooks.wire import Headers, Request, Response

Send = Callable[[Request], Response]


class NoAnswer(Exception):
    """Nothing answers at an address."""


@dataclass
class Client:
    """``base_url`` is what stands before the contract's paths; ``sent`` counts the requests."""

    surface: str
    base_url: str
    access: Access
    send: Send
    sent: int = field(default=0, init=False)

    @property
    def description(self) -> Description:
        return description_of(self.surface)

    def ask(
        self,
        operation: Described,
        values: Mapping[str, str],
        *,
        query: str = "",
        headers: Headers = (),
        body: bytes = b"",
    ) -> Response:
        """Call an operation; parameters that a credential fills in need not be given."""
        path = operation.filled({**self.access.parameters, **values})
        query = "&".join(part for part in (self.own_query(operation), query) if part)
        return self.call(operation.method, path, query=query, headers=self.own_headers(operation, headers), body=body)

    def call(self, method: str, path: str, *, query: str = "", headers: Headers = (), body: bytes = b"") -> Response:
        """One request; ``headers`` come before the usual ones."""
        given = {name.lower() for name, _ in headers}
        usual = (("Accept", "application/json"), ("Authorization", self.access.authorization))
        kept = tuple((name, value) for name, value in usual if value and name.lower() not in given)
        self.sent += 1
        url = f"{self.base_url}{path}" + (f"?{query}" if query else "")
        return self.send(Request(method, url, (*headers, *kept), body))

    def own_query(self, operation: Described) -> str:
        """The query parameters that a credential fills in."""
        own = self.access.parameters
        return "&".join(f"{p.name}={own[p.name]}" for p in operation.parameters if p.place == "query" and p.name in own)

    def own_headers(self, operation: Described, headers: Headers = ()) -> Headers:
        """Headers with those added that a credential fills in."""
        own = self.access.parameters
        given = {name.lower() for name, _ in headers}
        named = (p.name for p in operation.parameters if p.place == "header" and p.name in own)
        return (*headers, *((name, own[name]) for name in named if name.lower() not in given))


def over_network(base_url: str) -> Send:
    """What sends requests over the network, no faster than is allowed there. Raises ``NoAnswer``."""
    from sandbooks.replay.transport import OverSocket

    transport = OverSocket(base_url, patient=True)

    def send(request: Request) -> Response:
        answer = transport.send(request)
        if not isinstance(answer, Response):
            raise NoAnswer(f"{request.method} {request.url}: {answer.how}")
        return answer

    return send
