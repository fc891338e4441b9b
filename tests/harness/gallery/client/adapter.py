"""What the client needs of any platform's adapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from tests.harness.gallery.client.documents import Account, Document, Verdict

if TYPE_CHECKING:
    from tests.harness.gallery.client.transport import Transport


class Adapter(Protocol):
    """One customer's books on one platform. Calls raise what ``answers`` names."""

    converts_on_base_accounts: bool
    transport: Transport

    def accounts(self, since: datetime | None) -> list[Account]:
        """Accounts changed since an instant; all without one."""
        ...

    def account(self, id: str) -> Account | None:
        """One account as it stands now."""
        ...

    def facts(self, document: Document) -> dict[str, Any]:
        """What the native record needs of the customer's books: contact, codes, tax rates. Raises ``Refused``."""
        ...

    def chunks(self, documents: Sequence[Document], most: int) -> Iterator[Sequence[Document]]:
        """Documents that go out in one request."""
        ...

    def post(self, documents: Sequence[Document], *, key: str) -> Mapping[str, Verdict]:
        """Create the native records of one chunk; a verdict for each that the platform has answered for."""
        ...

    def find(self, document: Document) -> str | None:
        """The id of the live native record of a document."""
        ...

    def update(self, document: Document, native_id: str, *, key: str) -> Verdict: ...

    def attached(self, document: Document, native_id: str, file: Mapping[str, Any]) -> bool:
        """Whether a file is there already."""
        ...

    def attach(self, document: Document, native_id: str, file: Mapping[str, Any], content: bytes, *, key: str) -> None:
        """Upload a file. Raises ``Refused`` when the platform does not take it."""
        ...

    def open_balance(self, native_id: str, currency: str) -> Any:
        """What is still to be paid of a bill."""
        ...

    def pay(self, payment: Mapping[str, Any], *, key: str) -> Verdict: ...

    def find_payment(self, payment: Mapping[str, Any]) -> str | None: ...


def in_chunks(documents: Sequence[Document], most: int) -> Iterator[Sequence[Document]]:
    for start in range(0, len(documents), most):
        yield documents[start : start + most]
