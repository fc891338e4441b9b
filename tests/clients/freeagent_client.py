"""The PyPI package ``freeagent``, unmodified but for its base URL, against a running simulator.

Usage: freeagent_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL ends in /v2/)
Needs freeagent==0.3.1 and OAUTHLIB_INSECURE_TRANSPORT=1; prints one line for each step.
"""

import json
import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from freeagent import ExplanationPayload, FreeAgent, UpdatePayload
from steps import Recorder

STEP = Recorder("freeagent").step
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def signed_in(base: str, credentials: dict[str, str], *, expires_in: int, saved: list[dict[str, object]]) -> FreeAgent:
    """A client that holds a token; one that has run out is refreshed by the client itself."""
    client = FreeAgent()
    client.api_base_url = base
    token = {name: credentials[name] for name in ("access_token", "refresh_token")}
    token |= {"token_type": "bearer", "expires_in": expires_in}
    client.authenticate(credentials["client_id"], credentials["client_secret"], saved.append, token)
    return client


def imported(client: FreeAgent, base: str, bank: str, amount: str, description: str) -> str:
    """Import a statement line; gives the URL of the transaction that it becomes."""
    lines = {"statement": [{"dated_on": "2026-03-02", "amount": amount, "description": description}]}
    answer = client.session.post(base + "bank_transactions/statement", params={"bank_account": bank}, json=lines)
    assert answer.status_code == 200, answer.text
    (line,) = client.bank.get_unexplained_transactions(bank)
    assert line.amount == Decimal(amount), line
    assert line.url.startswith(base), line
    return str(line.url)


def explained(client: FreeAgent, base: str, line: str, payload: ExplanationPayload) -> str:
    """Explain a statement line; gives the explanation's URL."""
    client.bank.explain_transaction(payload, printout=False)
    whole = client.get_api(line.removeprefix(base))[0].bank_transaction
    assert whole["unexplained_amount"] == "0.0", whole
    return str(whole["bank_transaction_explanations"][0]["url"])


def total(client: FreeAgent, code: str) -> Decimal:
    """What a category holds in the trial balance, debit positive."""
    rows = client.get_api("accounting/trial_balance/summary")[0].trial_balance_summary
    return sum((Decimal(row["total"]) for row in rows if row["nominal_code"] == code), Decimal(0))


def spend(client: FreeAgent, base: str, bank: str, code: str) -> str:
    """Explain an imported statement line, with a receipt; gives the explanation's URL."""
    with STEP("create"):
        line = imported(client, base, bank, "-24.6", "CARD 4417 CAFE")
        payload = ExplanationPayload(code, date(2026, 3, 2), Decimal("-24.60"), "Team coffee", line)
        with tempfile.TemporaryDirectory() as folder:
            receipt = Path(folder) / "receipt.png"
            receipt.write_bytes(PNG)
            client.bank.attach_file_to_explanation(payload, receipt, "Receipt")
        url = explained(client, base, line, payload)
    with STEP("read_back"):
        shown = client.get_api(url.removeprefix(base))[0].bank_transaction_explanation
        assert (shown["gross_value"], shown["sales_tax_value"]) == ("-24.6", "-4.1"), shown
    with STEP("attach"):
        content = client.session.get(shown["attachment"]["content_src"])
        assert content.content == PNG
    return url


def refund(client: FreeAgent, base: str, bank: str, code: str) -> None:
    """Money that comes back is explained by the category that it was spent on, and lessens it."""
    before = total(client, code)
    with STEP("credit"):
        line = imported(client, base, bank, "9.24", "CARD 4417 CAFE REFUND")
        payload = ExplanationPayload(code, date(2026, 3, 3), Decimal("9.24"), "A coffee too many", line)
        explained(client, base, line, payload)
        assert total(client, code) - before == Decimal("-7.70"), (before, total(client, code))


def refused(status: int, act: Callable[[], object]) -> str:
    """What the client says of a request that is answered with this status."""
    said = ""
    try:
        act()
    except RuntimeError as error:
        said = str(error)
    assert f"failed {status}" in said, said
    return said


def stale_write(client: FreeAgent, base: str, url: str, code: str) -> None:
    """FreeAgent has no version that a change could name: the last one stands, until what it changes is gone."""
    first, late = (
        ExplanationPayload(code, date(2026, 3, 2), Decimal("-24.60"), text) for text in ("Coffee and cake", "Too late")
    )
    client.bank.explain_list([UpdatePayload(url, first)])
    client.bank.explain_list([UpdatePayload(url, late)])
    assert client.get_api(url.removeprefix(base))[0].bank_transaction_explanation["description"] == "Too late"
    assert client.session.delete(url).status_code == 200
    said = refused(404, lambda: client.bank.explain_update(url, late, printout=False))
    assert "Resource not found" in said, said


def main(base: str, credentials: dict[str, str]) -> None:
    saved: list[dict[str, object]] = []
    client = signed_in(base, credentials, expires_in=3600, saved=saved)

    with STEP("lists"):
        bank = client.bank_account.get_primary_url()
        card = client.bank_account.get_first_id_by_type("CreditCardAccount")
        assert bank.startswith(base), bank
        assert card is not None
        code = client.category.get_desc_nominal_code("accommodation")
        assert client.category.get_nominal_code_id(code) == f"{base}categories/{code}"

    url = spend(client, base, bank, code)
    refund(client, base, bank, code)

    transfer = SimpleNamespace(bank_account=bank, dated_on=date(2026, 3, 2), gross_value=Decimal("-50.00"))
    made = client.post_api(
        "bank_transaction_explanations",
        "bank_transaction_explanation",
        client.serialize_for_api({**vars(transfer), "transfer_bank_account": f"{base}bank_accounts/{card}"}),
    )
    assert made["bank_transaction_explanation"]["linked_transfer_account"].endswith(f"/{card}")
    print("transferred")

    found = client.transaction.get_transactions(code, "2026-01-01", "2026-12-31")
    rows = found[0].transactions if hasattr(found[0], "transactions") else found
    assert len(rows) == 2, rows
    print("ledger lines:", len(rows))

    with STEP("validation_error"):
        lacking = ("bank_transaction_explanations", "bank_transaction_explanation", {"dated_on": "x"})
        said = refused(422, lambda: client.post_api(*lacking))
        assert '"errors"' in said, said
    print("refused natively:", said)

    with STEP("stale_write"):
        stale_write(client, base, url, code)

    with STEP("sign_in"):
        later = signed_in(base, credentials, expires_in=-10, saved=saved)
        assert saved, "the client refreshed no token"
        assert saved[-1]["refresh_token"] != credentials["refresh_token"]
        assert later.bank_account.get_primary_url() == bank


if __name__ == "__main__":
    assert os.environ.get("OAUTHLIB_INSECURE_TRANSPORT") == "1", "plain http needs OAUTHLIB_INSECURE_TRANSPORT=1"
    main(sys.argv[1], json.loads(sys.argv[2]))
