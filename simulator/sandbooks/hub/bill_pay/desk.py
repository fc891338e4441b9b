"""One company's payables over its linked connection: reading and writing on the platform, and what failures become.

The synchronous API is live: it reads nothing from the hub's copies but the company's own facts, which do not change.
The first version knows what was last read, and asks the platform for what it does not know; where a program polls for
requests nothing can be asked while a client waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sandbooks.connector import Account, Company, Contact, NeedsConsent, Refused, Steps, TaxRate, Unavailable, Unknown
from sandbooks.hub import connections, data, profiles
from sandbooks.hub.bill_pay.offers import Offer, offer
from sandbooks.hub.errors import HubRefusal, Item, bad_request, conflict, not_found, not_valid
from sandbooks.hub.native import Parked, Session
from sandbooks.kit.call import Call
from sandbooks.payables import Bill, BillCredit, Payables, pays_bills
from sandbooks.world import World

T = TypeVar("T")
SERVICE = "PayablesApi"
UNAVAILABLE_SECONDS = 5
# Source: github.com/codatio/oas, yaml/Codat-Sync-Payables.yaml (operations that list a 409)
NEEDS = {
    f"payables/{name}": "bills" for name in ("list-bills", "create-bill", "update-bill", "create-bill-payment")
} | {
    "payables/list-bill-attachments": "bills",
    "payables/list-suppliers": "suppliers",
}


class Desk:
    """A connection in use for bill pay."""

    def __init__(self, world: World, connection: dict[str, Any], *, parent: int = 0, live: bool = True) -> None:
        self.world = world
        self._live = live
        self.session = Session(world, connection, parent=parent)
        self.company = str(connection["companyId"])
        self.offer: Offer = offer(world, self.session.platform.name)
        self._facts: Company | None = None

    @property
    def platform(self) -> str:
        """The platform's name as people write it."""
        return self.session.platform.title

    @property
    def payables(self) -> Payables:
        """The connector's payables side; 404 where the platform takes no part in bill pay."""
        connector: object = self.session.connector
        if not pays_bills(connector):
            raise unsupported("bills", self.platform)
        return connector.payables

    @property
    def facts(self) -> Company:
        """The company behind the connection, read once."""
        if self._facts is None:
            copies = data.copy_of(self.world, self.company, "company")
            kept = next(iter(copies.values()), None) if copies else None
            self._facts = kept or self.run(self.session.connector.company(self.session.consent))
        return self._facts

    def run(self, steps: Steps[T]) -> T:
        """Read something now; whatever stands in the way becomes an answer of the hub."""
        if self.session.is_polled:
            steps.close()
            raise conflict(f"{self.platform} cannot be asked at once: queue a read of its data first.")
        with told(self.world, self.session.connection):
            return self.session.run(steps)

    def accounts(self) -> list[Account]:
        """The chart with bank and card accounts."""
        return list(self.run(self.session.connector.accounts(self.session.consent)))

    def suppliers(self) -> list[Contact]:
        """Every supplier."""
        return list(self.run(self.session.connector.suppliers(self.session.consent)))

    def tax_rates(self) -> list[TaxRate]:
        """Every tax rate."""
        return list(self.run(self.session.connector.tax_rates(self.session.consent)))

    def account(self, id: str) -> Account | None:
        """An account by its id, None when there is none. One that was archived when last read may be restored since."""
        known: Account | None = self._known("chartOfAccounts", id)
        if self.session.is_polled or (known is not None and known.active):
            return known
        return next((one for one in self.accounts() if one.id == id), None)

    def bill(self, id: str) -> Bill | None:
        """A bill by its id, None when there is none."""
        known: Bill | None = self._known("bills", id)
        if self.session.is_polled or known is not None:
            return known
        return self.run(self.payables.bill(id, self.session.consent, self.facts))

    def credit(self, id: str) -> BillCredit | None:
        """A supplier's credit by its id, None when there is none."""
        known: BillCredit | None = self._known("billCreditNotes", id)
        if self.session.is_polled or known is not None:
            return known
        return self.run(self.payables.credit(id, self.session.consent, self.facts))

    def _known(self, data_type: str, id: str) -> Any:
        """A record as last read, None when there is none or the platform itself is to be asked."""
        copies = None if self._live else data.copy_of(self.world, self.company, data_type)
        return (copies or {}).get(id)


@contextmanager
def told(world: World, connection: dict[str, Any]) -> Iterator[None]:
    """What a connector raises, as the hub's own answers."""
    try:
        yield
    except Parked as parked:
        if parked.throttled:
            raise HubRefusal(429, "The platform asks to wait.", SERVICE, retry_after=parked.seconds) from parked
        raise HubRefusal(
            503, "The platform did not answer.", SERVICE, retry_after=max(parked.seconds, UNAVAILABLE_SECONDS)
        ) from parked
    except NeedsConsent as gone:
        connections.deauthorise(world, connection, gone.message)
        raise HubRefusal(403, gone.message, SERVICE) from gone
    except (Unknown, Unavailable) as failure:
        raise HubRefusal(503, failure.message, SERVICE, retry_after=UNAVAILABLE_SECONDS) from failure
    except Refused as refused:
        item = Item(refused.element or "platform", refused.message, refused.native_code or "Platform")
        raise not_valid(item, service=SERVICE) from refused


def unsupported(data_type: str, platform: str) -> HubRefusal:
    """Source: github.com/codatio/oas, response Not-Found, example of an unsupported data type."""
    return not_found(f"Datatype {data_type} not supported by platform(s) {platform}")


def opened(call: Call, *, synchronous: bool = True) -> Desk:
    """The desk that the path names. 400 when the connection is not linked, 404 when bill pay does not cover it."""
    _, connection = connections.called(call)
    if connection["sourceType"] != "Accounting":
        raise bad_request("The data connection is to no accounting platform", service=SERVICE)
    if connection["status"] != "Linked":
        raise bad_request(f"The data connection is {connection['status']}: link it first", service=SERVICE)
    desk = Desk(call.world, connection, parent=call.exchange.number, live=synchronous)
    covered = desk.offer.synchronous if synchronous else desk.offer.asynchronous
    if not covered or not pays_bills(desk.session.connector):
        raise unsupported("bills", desk.platform)
    if call.operation.name in NEEDS and profiles.on(call.world, "payables_need_a_read"):
        data.check_requested(call.world, desk.company, NEEDS[call.operation.name])
    return desk
