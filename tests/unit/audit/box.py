"""Box: a platform for tests of the audit. It posts whatever lines it is sent, so that books can be right or wrong.

``Bench`` is a world with two companies on it, a client that can be made to lose answers, and shorthands for inputs.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs

from sandbooks import exact_json, platform
from sandbooks.app import App
from sandbooks.audit import Finding, Submitted, SubmittedLine, audit_company
from sandbooks.edge import Edge, Surface
from sandbooks.faults.plan import Plan
from sandbooks.kit.call import Call, json_reply
from sandbooks.kit.company import Company, find_company, open_company
from sandbooks.kit.errors import NotSimulated
from sandbooks.kit.records import Record
from sandbooks.kit.surface import Operation
from sandbooks.kit.tokens import Tokens
from sandbooks.ledger import Account, AccountClass, Entry, PeriodClosed, Posting, Refusal, Source
from sandbooks.money import Money
from sandbooks.platform import Platform, StoredFile
from sandbooks.wire import Answer, Cut, Request, Response
from sandbooks.world import World, parse_instant

HOST = "https://api.box.example"
DAY = date(2026, 3, 28)
TOKEN_GRACE = timedelta(minutes=30)
CHART = (
    Account("travel", "Travel", AccountClass.EXPENSE),
    Account("meals", "Meals", AccountClass.EXPENSE),
    Account("rewards", "Card Rewards", AccountClass.INCOME),
    Account("card", "Company Card", AccountClass.LIABILITY),
    Account("usd_card", "Visa USD", AccountClass.LIABILITY, "USD"),
    Account("bank", "Current Account", AccountClass.ASSET),
    Account("vat", "Input VAT", AccountClass.ASSET),
    Account("payables", "Accounts Payable", AccountClass.LIABILITY),
    Account("differences", "Exchange Differences", AccountClass.EXPENSE),
)


def create(call: Call) -> Any:
    body = call.json()
    key = call.header("Idempotency-Key")
    known = call.company.records.find("Spend", "key", key) if key else []
    if known:
        return shown(known[0])
    if call.company.records.get("Spend", str(body.get("id"))):
        return json_reply({"error": "there is one under this id"}, status=400)
    with call.unit():
        number = str(body.get("id") or call.company.records.next_number("spend"))
        put(call.company, number, body, version=1, keys={"key": key} if key else {})
    record = call.company.records.get("Spend", number)
    assert record is not None
    if body.get("lie"):
        return json_reply({"error": "lie"}, status=422)
    return shown(record, status=201)


def put(
    company: Company, number: str, body: Mapping[str, Any], *, version: int, keys: Mapping[str, str] | None = None
) -> None:
    shown = {**body, "exchange_rate": body["at"]} if "at" in body else body  # the box's own rate of the day
    record = company.records.put(
        "Spend", number, shown, version=version, action="create" if version == 1 else "update", keys=keys or {}
    )
    if body.get("status") in ("draft", "deleted"):  # it moves nothing
        return
    postings = tuple(_posting(company, *_line(line)) for line in body["lines"])
    company.post(record, Entry(date.fromisoformat(body["date"]), Source("Spend", number, version), postings))


def _line(line: Any) -> tuple[str, str, str, Mapping[str, Any]]:
    """A line as ``(account, amount)``, ``(account, amount, base)`` or either with facts as a last member."""
    *words, last = line
    facts = last if isinstance(last, dict) else {}
    account, amount, base = [*(words if facts else line), ""][:3]
    return account, amount, base, facts


def _posting(company: Company, account: str, amount: str, base: str, facts: Mapping[str, Any]) -> Posting:
    """``facts``: ``party``, ``code`` and ``where`` (tracking options)."""
    number, _, currency = amount.partition(" ")
    return Posting(
        account,
        Money.of(number, currency or company.currency),
        Money.of(base or number, company.currency),
        tax_code=facts.get("code", ""),
        party=facts.get("party", ""),
        dimensions=tuple(("department", value) for value in facts.get("where", ())),
    )


def update(call: Call) -> Any:
    record = call.company.records.get("Spend", call.args["id"])
    assert record is not None
    with call.unit():
        put(call.company, record.id, call.json(), version=record.version + 1)
    return json_reply({"id": record.id})


def delete(call: Call) -> Any:
    with call.unit():
        drop(call.company, call.args["id"])
    return json_reply({})


def drop(company: Company, number: str) -> None:
    record = company.records.get("Spend", number)
    assert record is not None
    gone = company.records.put("Spend", number, record.body, version=record.version + 1, action="delete", deleted=True)
    company.post(gone, None)


def find(call: Call) -> Any:
    wanted = call.query.get("ref")
    records = call.company.records.scan("Spend", lag=call.exchange.lag, deleted="deleted" in call.query)
    return json_reply({"spend": [view(r) for r in records if wanted in (None, r.body.get("ref"))]})


def accounts(call: Call) -> Any:
    known = [{"id": account.id} for account in call.company.book.accounts()]
    return json_reply({"accounts": known[: int(call.query.get("most", "99"))]})


def create_contact(call: Call) -> Any:
    name = call.json()["name"]
    if call.company.settings.get("unique_names") and call.company.records.find("Contact", "name", name):
        return json_reply({"error": "the name is taken"}, status=400)
    with call.unit():
        number = f"c-{call.company.records.next_number('contact')}"
        call.company.records.put("Contact", number, {"name": name}, version=1, keys={"name": name})
    return json_reply({"id": number}, status=201)


def create_file(call: Call) -> Any:
    if call.json()["name"].endswith(".html"):
        return json_reply({"error": "no such type"}, status=400)
    if call.company.records.get("Spend", call.args["id"]) is None:
        return json_reply({"error": "no such spend"}, status=404)
    with call.unit():
        number = str(call.company.records.next_number("file"))
        call.company.records.put("File", number, {"of": call.args["id"], **call.json()}, version=1)
    return json_reply({"id": number}, status=201)


def check(call: Call) -> Any:
    """Refuses inside a good answer."""
    return json_reply({"result": "refused"})


def refresh(call: Call) -> Any:
    """A rotating refresh; a token that was replaced works for half an hour more."""
    tokens = Tokens(call.world, "box")
    given = tokens.find("refresh", parse_qs(call.body.decode()).get("refresh_token", [""])[0])
    if given is None or not given.is_live(call.world.clock.now()):
        return json_reply({"error": "invalid_grant"}, status=400)
    with call.unit():
        tokens.spend(given, after=TOKEN_GRACE)
        access = tokens.issue("access", given.grant, lifetime=timedelta(minutes=30))
        following = tokens.issue("refresh", given.grant, lifetime=None)
    return json_reply({"access_token": access.value, "refresh_token": following.value})


class Screens:
    """The one of the company's own screens that the audit reads: the files of a document."""

    def files(self, company: Company, kind: str, id: str) -> list[StoredFile]:
        return [
            StoredFile(name=r.body["name"], content_type=r.body["type"], content=b64decode(r.body["content"]))
            for r in company.records.scan("File")
            if r.body["of"] == id
        ]


BOOKKEEPER = Screens()


def usual_accounts(company: Company) -> dict[str, str]:
    return {"payables": "payables", "input_tax": "vat", "output_tax": "vat", "exchange_differences": "differences"}


def view(record: Record) -> dict[str, Any]:
    return {"id": f"{record.kind}-{record.id}", **record.body}


def shown(record: Record, *, status: int = 200) -> Any:
    return json_reply(view(record), status=status)


class NotAdmitted(Refusal):
    """The token does not reach the company."""


class Box:
    name = "box"
    operations = (
        Operation("create_spend", "POST", "/<company>/spend", create, writes=True),
        Operation("update_spend", "PUT", "/<company>/spend/<id>", update, writes=True),
        Operation("delete_spend", "DELETE", "/<company>/spend/<id>", delete, writes=True),
        Operation("find_spend", "GET", "/<company>/spend", find),
        Operation("list_accounts", "GET", "/<company>/accounts", accounts),
        Operation("create_contact", "POST", "/<company>/contacts", create_contact, writes=True),
        Operation("create_file", "POST", "/<company>/spend/<id>/files", create_file, writes=True),
        Operation("refresh", "POST", "/token", refresh),
        Operation("check", "POST", "/<company>/check", check, writes=True),
    )

    def route(self, path: str) -> str:
        return path

    def admit(self, call: Call) -> None:
        if "company" not in call.args:
            return
        token = call.header("Authorization").removeprefix("Bearer")
        if call.header("Authorization"):
            known = Tokens(call.world, "box").find("access", token.strip())
            fits = known is not None and call.args["company"] in known.grant.companies
            if known is None or not fits or not known.is_live(call.world.clock.now()):
                raise NotAdmitted
        company = find_company(call.world, "box", call.args["company"])
        assert company is not None
        call.company = company

    def refused(self, call: Call, refusal: Refusal) -> Any:
        status = 409 if isinstance(refusal, PeriodClosed) else 401 if isinstance(refusal, NotAdmitted) else 400
        return json_reply({"error": type(refusal).__name__}, status=status)

    def unmatched(self, call: Call, status: int) -> Any:
        return json_reply({"error": status}, status=status)

    def broken(self, call: Call, error: Exception) -> Any:
        return json_reply({"error": "internal"}, status=500)

    def absent(self, call: Call, error: NotSimulated) -> Any:
        return json_reply({"error": error.feature}, status=501)

    def throttled(self, call: Call, *, retry_after: int) -> Any:
        return json_reply({"error": "slow down"}, status=429, headers=(("Retry-After", str(retry_after)),))


PLATFORM = Platform(
    name="box",
    title="Box Books",
    idempotency=("header:Idempotency-Key",),
    contacts=("Contact:name",),
    bookkeeper="tests.unit.audit.box:BOOKKEEPER",
    usual_accounts="tests.unit.audit.box:usual_accounts",
)


@contextmanager
def registered() -> Iterator[None]:
    platform.register(PLATFORM)
    try:
        yield
    finally:
        del platform._registered["box"]


class Bench:
    """A world with two companies, and a client of them."""

    def __init__(self) -> None:
        self.app = App()
        self.app.edge = Edge(self.app, {"box": Surface("box", hosts=("api.box.example",), load=Box)}, pages={})
        world = self.app.create_world(seed=7)
        world.clock.configure(mode="stepped", at=parse_instant("2026-03-28T17:40:00Z"))
        for id_, name in (("acme", "Acme Ltd"), ("globex", "Globex GmbH")):
            company = open_company(world, "box", id_, name=name, country="GB", currency="GBP")
            for account in CHART:
                company.book.open_account(account)

    @property
    def world(self) -> World:
        world = self.app.world("default")
        assert world is not None
        return world

    def company(self, id: str = "acme") -> Company:
        company = find_company(self.world, "box", id)
        assert company is not None
        return company

    @contextmanager
    def fault(self, kind: str, phase: str, **parameters: Any) -> Iterator[None]:
        plan = self.world.plan
        assert isinstance(plan, Plan)
        with self.world.unit():
            fault = plan.add(kind, at={"platform": "box", "every": True}, phase=phase, **parameters)
        yield
        assert any(f.id == fault.id and f.fired for f in plan.list()), "the fault never fired"
        plan.remove(fault.id)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        raw = b"" if body is None else exact_json.dumps(body)
        request = Request(method, f"{HOST}{path}", (("Content-Type", "application/json"), *named), raw)
        return self.app.edge.dispatch(request, world=self.world, raises=True)

    def post(self, ref: str, *lines: tuple[Any, ...], company: str = "acme", **more: str) -> Answer:
        """A spend: without lines 12.30 for travel on the card."""
        headers = {"Idempotency_Key": more.pop("key")} if "key" in more else {}
        body = {"ref": ref, "date": more.pop("date", DAY.isoformat()), "lines": lines or TAXI, **more}
        return self.send("POST", f"/{company}/spend", body, **headers)

    def lose(self, ref: str, *lines: tuple[str, ...], phase: str = "commit", how: str = "timeout", **more: str) -> None:
        """A spend whose answer is lost after a phase."""
        with self.fault("drop_response", phase, how=how):
            answer = self.post(ref, *lines, **more)
        assert isinstance(answer, Cut)

    def contact(self, name: str, *, status: int = 201) -> str:
        """A contact that the client creates; its id."""
        answer = self.send("POST", "/acme/contacts", {"name": name})
        assert isinstance(answer, Response)
        assert answer.status == status, answer.body
        return str(exact_json.loads(answer.body).get("id", ""))

    def attach(self, document: str, content: bytes, *, name: str = "taxi.png", type: str = "image/png") -> Answer:
        """A file on a document, as the client sends it."""
        body = {"name": name, "type": type, "content": b64encode(content).decode()}
        return self.send("POST", f"/acme/spend/{document}/files", body)

    def by_hand(self, number: str, **changes: Any) -> None:
        """A change to a document in the platform's own screens."""
        record = self.company().records.get("Spend", number)
        assert record is not None
        with self.world.unit():
            put(self.company(), number, {**record.body, **changes}, version=record.version + 1)

    def sign_in(self, company: str = "acme") -> dict[str, str]:
        """A consent for a company: its first tokens."""
        tokens = Tokens(self.world, "box")
        with self.world.unit():
            grant = tokens.new_grant(client_id="app", scopes=(), companies=(company,))
            access = tokens.issue("access", grant, lifetime=timedelta(minutes=30))
            refresh = tokens.issue("refresh", grant, lifetime=None)
        return {"access_token": access.value, "refresh_token": refresh.value}

    def refresh(self, token: str) -> dict[str, str]:
        """A refresh, as the client sends it; what it was answered."""
        body = f"grant_type=refresh_token&refresh_token={token}".encode()
        answer = self.app.edge.dispatch(Request("POST", f"{HOST}/token", (), body), world=self.world, raises=True)
        return dict(exact_json.loads(answer.body)) if isinstance(answer, Response) else {}

    def look_up(self, ref: str, *, company: str = "acme") -> Answer:
        return self.send("GET", f"/{company}/spend?ref={ref}")

    def audit(self, *submitted: Submitted, **how: Any) -> list[Finding]:
        return audit_company(self.company(), submitted, **how)

    def alone(self, *, strict: bool = False) -> list[Finding]:
        """What tape and books say by themselves."""
        return audit_company(self.company(), strict=strict)


TAXI = (("travel", "12.30"), ("card", "-12.30"))


def gbp(amount: str) -> Money:
    return Money.of(amount, "GBP")


def bought(id: str, net: str = "12.30", **facts: Any) -> Submitted:
    """A completed payment: by default 12.30 for travel on the card."""
    currency = facts.pop("currency", "GBP")
    tax = Money.of(facts.pop("tax", "0"), currency)
    line = SubmittedLine(account=facts.pop("account", "travel"), net=Money.of(net, currency), tax=tax)
    given: dict[str, Any] = {"kind": "payment", "bank_account": "card", "status": "completed", "date": DAY, **facts}
    if given["status"] in ("failed", "refused"):
        given.setdefault("message", "The account is not known.")
    return Submitted(id=id, currency=currency, lines=given.pop("lines", (line,)), **given)


def rules(findings: list[Finding]) -> set[str]:
    return {rule for finding in findings for rule in finding.invariants}
