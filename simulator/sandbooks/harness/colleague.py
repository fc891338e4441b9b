"""A colleague at work: somebody of the company who pays a bill, or looks at one, by a program of their own.

The payment is a native document, written over the platform's own API by a client that shares nothing with the one under
test. Its exchanges are a person's: no fault meets them, and the audit takes what they wrote for somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sandbooks.audit.evidence import PERSON
from sandbooks.connector import Company as Facts
from sandbooks.connector import Failure, PaymentAccount
from sandbooks.hub.connections import connection_of
from sandbooks.hub.native import Parked, Session
from sandbooks.hub.seed import open_hub_company
from sandbooks.kit.company import Company
from sandbooks.money import Money
from sandbooks.payables import NewPayment, PaymentLink, pays_bills
from sandbooks.wire import Answer, Request
from sandbooks.world import World
from sandbooks.world.world import Gateway

REFERENCE = "paid by hand"


class NotPaid(Exception):
    """The payment was not made. The message says why."""


@dataclass(frozen=True)
class _AsPerson:
    """A way into the world on which every request is a person's."""

    gateway: Gateway

    def call(self, world: World, request: Request, *, actor: str, parent: int) -> Answer:
        del actor
        return self.gateway.call(world, request, actor=PERSON, parent=parent)

    def deliver(self, request: Request) -> Answer:
        return self.gateway.deliver(request)


@contextmanager
def _person(world: World) -> Iterator[None]:
    """While this lasts the requests of this world are a person's, and no fault meets them."""
    gateway, plan = world.gateway, world.plan
    if gateway is None:
        raise NotPaid("the world is not served")
    world.gateway, world.plan = _AsPerson(gateway), None
    try:
        yield
    finally:
        world.gateway, world.plan = gateway, plan


def pay_bill(company: Company, bill: str, *, amount: Money, account: str, day: date) -> str:
    """Pay so much of a bill from an account of the books; the payment's native id.

    ``bill`` and ``account`` are native ids. Not inside a unit of work. Raises ``NotPaid``.
    """
    world = company.world
    with _person(world):
        try:
            made = open_hub_company(world, company)
            session = Session(world, connection_of(world, made["company_id"], made["connection_id"]))
            return _paid(session, bill, amount=amount, account=account, day=day)
        except (Failure, Parked) as error:
            raise NotPaid(f"the bill was not paid: {error}") from error


def open_of(company: Company, bills: Collection[str]) -> dict[str, Money]:
    """What is still owed of bills, as the platform itself says over its API, by native id; those that it cannot tell
    are left out. Not inside a unit of work."""
    world = company.world
    with _person(world):
        try:
            made = open_hub_company(world, company)
            session = Session(world, connection_of(world, made["company_id"], made["connection_id"]))
            return dict(_open(session, bills))
        except (Failure, Parked):
            return {}


def _open(session: Session, bills: Collection[str]) -> Iterator[tuple[str, Money]]:
    connector: object = session.connector
    if session.is_polled or not pays_bills(connector):
        return
    facts = session.run(session.connector.company(session.consent))
    for bill in bills:
        stands = session.run(connector.payables.bill(bill, session.consent, facts))
        if stands is not None:
            yield bill, Money.of(stands.open, stands.currency)


def _paid(session: Session, bill: str, *, amount: Money, account: str, day: date) -> str:
    connector: object = session.connector
    if session.is_polled or not pays_bills(connector):
        raise NotPaid(f"bills on {session.platform.title} are not paid over its API here")
    payables, consent = connector.payables, session.consent
    facts = session.run(session.connector.company(consent))
    stands = session.run(payables.bill(bill, consent, facts))
    if stands is None:
        raise NotPaid(f"there is no bill {bill}")
    record = NewPayment(
        id=REFERENCE,
        key=REFERENCE,
        version=1,
        date=day,
        currency=stands.currency,
        total=amount.amount,
        links=(PaymentLink(kind="Bill", id=stands.id, amount=amount.amount),),
        account=_account(session, account, facts),
        supplier=stands.supplier,
        rate=stands.rate,
        reference=REFERENCE,
    )
    return session.run(payables.write(record, consent, facts)).native.id


def _account(session: Session, id: str, facts: Facts) -> PaymentAccount:
    for one in session.run(session.connector.accounts(session.consent)):
        if one.pays and (one.id == id or one.id.startswith(f"{id}_")):
            currency = one.currency or facts.currency
            return PaymentAccount(id=one.id, pays=one.pays, currency=currency, category=one.category)
    raise NotPaid(f"the account {id} pays no bills")
