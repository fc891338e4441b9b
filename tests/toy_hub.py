"""Toy Books with what the hub needs of a platform: lists, charges of a card, and a connector that signs in with tokens.

One type of expense on one class of account, with its tax: a whole row of the capability tables in one file.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from msgspec.structs import replace
from tests import toy

from sandbooks import exact_json, platform
from sandbooks.connector import (
    Account,
    AccountClass,
    Application,
    Asked,
    Base,
    Consent,
    Contact,
    Document,
    Done,
    Expense,
    Native,
    NeedsConsent,
    Refused,
    Request,
    Steps,
    ask,
    json_of,
    with_headers,
)
from sandbooks.connector import Company as Facts
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company
from sandbooks.kit.surface import Operation
from sandbooks.ledger import Entry, Source, credit, debit
from sandbooks.money import Money
from sandbooks.platform import CompanyPlan, OpenedCompany, Platform
from sandbooks.wire import Response
from sandbooks.world import World

LISTS = {"suppliers": "Supplier", "customers": "Customer"}


# The platform


def list_accounts(call: Call) -> Response:
    known = [(account.id, account.name, account.kind.value) for account in call.company.book.accounts()]
    return json_reply({"accounts": [dict(zip(("id", "name", "class"), each, strict=True)) for each in known]})


def list_contacts(call: Call) -> Response:
    found = call.company.records.scan(LISTS[call.args["list"]])
    return json_reply({"contacts": [{"id": record.id, **record.body} for record in found]})


def create_charge(call: Call) -> Response:
    """Dr the account net, Dr input tax, Cr the card gross."""
    body, company = call.json(), call.company
    net, tax = (Money.of(body[name], company.currency) for name in ("net", "tax"))
    with call.unit():
        number = str(company.records.next_number("charge"))
        record = company.records.put("Charge", number, body, version=1, action="create", keys={"ref": body["ref"]})
        lines = [debit(body["account"], net), *([debit("input_tax", tax)] if tax else [])]
        postings = (*lines, credit(body["card"], net + tax))
        day = datetime.date.fromisoformat(body["date"])
        company.post(record, Entry(day, Source("Charge", number, 1), postings))
    return json_reply({"id": number}, status=201)


def list_charges(call: Call) -> Response:
    found = call.company.records.find("Charge", "ref", call.query.get("ref", ""))
    return json_reply({"charges": [{"id": record.id} for record in found]})


class HubDialect(toy.ToyDialect):
    operations = (
        *toy.ToyDialect.operations,
        Operation("list_accounts", "GET", "/companies/<company>/accounts", list_accounts),
        Operation("list_contacts", "GET", "/companies/<company>/contacts/<list>", list_contacts),
        Operation("create_charge", "POST", "/companies/<company>/charges", create_charge, writes=True),
        Operation("list_charges", "GET", "/companies/<company>/charges", list_charges),
    )


class HubSeed(toy.ToySeed):
    def open(self, world: World, plan: CompanyPlan) -> OpenedCompany:
        tax = {"input_tax": {"name": "Input Tax", "type": "bank"}}
        typed = {label: {**facts, "type": facts.get("type", "expense")} for label, facts in plan.accounts.items()}
        opened = super().open(world, replace(plan, accounts={**tax, **typed}))
        labels = dict(opened.labels)
        for part, kind in LISTS.items():
            for label, facts in getattr(plan, part).items():
                opened.company.records.put(kind, label, {"name": facts.get("name", label)}, version=1, action="create")
            labels[part] = {label: label for label in getattr(plan, part)}
        return replace(opened, labels=labels)


# The hub's client


class ToyConnector:
    """Charges of a card; it keeps nothing."""

    bases: Mapping[Base, str] = dict.fromkeys(("api", "auth", "consent"), f"https://{toy.HOST}")
    look_up_waits: Sequence[int] = (2,)
    asked: Sequence[Asked] = tuple(
        Asked(name=name, label=name) for name in ("company", "access_token", "refresh_token")
    )

    def consent_path(self, application: Application, *, state: str) -> str:
        return ""

    def exchange_code(
        self, application: Application, callback: Mapping[str, str], *, now: datetime.datetime, company: str = ""
    ) -> Steps[Consent]:
        yield from ()
        access, refresh = callback["access_token"], callback["refresh_token"]
        return Consent(company=callback["company"], access_token=access, refresh_token=refresh)

    def refresh(self, application: Application, consent: Consent, *, now: datetime.datetime) -> Steps[Consent]:
        yield from ()
        raise NeedsConsent("the token is not renewed")

    def signed(self, request: Request, consent: Consent, *, now: datetime.datetime, nonce: str) -> Request:
        return with_headers(request, ("Authorization", f"Bearer {consent.access_token}"))

    def credential_refused(self, answer: Response) -> bool:
        return False

    def company(self, consent: Consent) -> Steps[Facts]:
        yield from ()
        return Facts(id=consent.company, name="Toy", currency="GBP", country="GB")

    def accounts(self, consent: Consent) -> Steps[Sequence[Account]]:
        body = yield from self._got(consent, "accounts")
        return [self._account(row) for row in body["accounts"]]

    def _account(self, row: Mapping[str, str]) -> Account:
        kinds: dict[str, AccountClass] = {"liability": "Liability", "asset": "Asset", "income": "Income"}
        of = kinds.get(row["class"], "Expense")
        lines = ("Payment", "Refund", "Reward", "Chargeback") if of in ("Expense", "Income") else ()
        pays: Any = {"Liability": "card", "Asset": "bank"}.get(of, "")
        return Account(
            id=row["id"], name=row["name"], account_class=of, category=of, currency="GBP", pays=pays, lines=lines
        )

    def suppliers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        body = yield from self._got(consent, "contacts/suppliers")
        return [Contact(kind="supplier", id=row["id"], name=row["name"]) for row in body["contacts"]]

    def customers(self, consent: Consent) -> Steps[Sequence[Contact]]:
        body = yield from self._got(consent, "contacts/customers")
        return [Contact(kind="customer", id=row["id"], name=row["name"]) for row in body["contacts"]]

    def tax_rates(self, consent: Consent) -> Steps[Sequence[Any]]:
        yield from ()
        return []

    def tracking(self, consent: Consent) -> Steps[Sequence[Any]]:
        yield from ()
        return []

    def push(self, document: Document, consent: Consent, company: Facts) -> Steps[Done]:
        if not isinstance(document, Expense) or document.kind != "Payment" or document.account.pays != "card":
            raise Refused("Toy Books takes payments of cards")
        (line,) = document.lines
        charge = {"ref": document.id, "card": document.account.id, "account": line.account}
        amounts = {"net": f"{line.net}", "tax": f"{line.tax or Decimal(0)}", "date": document.date.isoformat()}
        request = Request(
            "POST",
            f"/companies/{consent.company}/charges",
            "create a charge",
            headers=(("Content-Type", "application/json"),),
            body=exact_json.dumps(charge | amounts),
            mutates=True,
            reference=document.id,
        )
        answer = yield from ask(request)
        if answer.status >= 400:
            raise Refused(answer.body.decode(), status=answer.status)
        return self._done(str(json_of(answer, request)["id"]))

    def look_up(self, document: Document, consent: Consent, company: Facts) -> Steps[Done | None]:
        body = yield from self._got(consent, f"charges?ref={document.id}")
        return next((self._done(row["id"]) for row in body["charges"]), None)

    def _done(self, id: str) -> Done:
        return Done(native=Native(kind="Charge", id=id, data_type="directCosts"))

    def update(self, document: Document, native: Native, consent: Consent, company: Facts) -> Steps[Done]:
        yield from ()
        raise Refused("a charge stays as it is")

    def _got(self, consent: Consent, what: str) -> Steps[Any]:
        request = Request("GET", f"/companies/{consent.company}/{what}", f"read {what}")
        answer = yield from ask(request)
        return json_of(answer, request)


def usual_accounts(company: Company) -> dict[str, str]:
    return {"input_tax": "input_tax"}


DIALECT, SEED, CONNECTOR = HubDialect(), HubSeed(), ToyConnector()
PLATFORM: Platform = replace(
    toy.PLATFORM,
    hub_key="toyb",
    dialect="tests.toy_hub:DIALECT",
    seed="tests.toy_hub:SEED",
    connector="tests.toy_hub:CONNECTOR",
    usual_accounts="tests.toy_hub:usual_accounts",
)


@contextmanager
def connected() -> Iterator[Platform]:
    """The toy that is registered has a connector while this lasts."""
    platform.register(PLATFORM)
    try:
        yield PLATFORM
    finally:
        platform.register(toy.PLATFORM)
