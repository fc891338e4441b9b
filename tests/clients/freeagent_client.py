"""The PyPI package ``freeagent``, unmodified but for its base URL, against a running simulator.

Usage: freeagent_client.py BASE_URL CREDENTIALS_JSON   (BASE_URL ends in /v2/)
Needs freeagent==0.3.1 and OAUTHLIB_INSECURE_TRANSPORT=1; prints one line for each step.
"""

import json
import os
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

from freeagent import ExplanationPayload, FreeAgent, UpdatePayload

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(200))


def signed_in(base: str, credentials: dict[str, str], *, expires_in: int, saved: list[dict[str, object]]) -> FreeAgent:
    """A client that holds a token; one that has run out is refreshed by the client itself."""
    client = FreeAgent()
    client.api_base_url = base
    token = {name: credentials[name] for name in ("access_token", "refresh_token")}
    token |= {"token_type": "bearer", "expires_in": expires_in}
    client.authenticate(credentials["client_id"], credentials["client_secret"], saved.append, token)
    return client


def explain(client: FreeAgent, base: str, bank: str, code: str) -> str:
    """Explain an imported statement line, with a receipt; gives the explanation's URL."""
    lines = {"statement": [{"dated_on": "2026-03-02", "amount": "-24.60", "description": "CARD 4417 CAFE"}]}
    answer = client.session.post(base + "bank_transactions/statement", params={"bank_account": bank}, json=lines)
    assert answer.status_code == 200, answer.text
    (line,) = client.bank.get_unexplained_transactions(bank)
    assert line.amount == Decimal("-24.6"), line
    assert line.url.startswith(base), line
    payload = ExplanationPayload(code, date(2026, 3, 2), Decimal("-24.60"), "Team coffee", line.url)
    with tempfile.TemporaryDirectory() as folder:
        receipt = Path(folder) / "receipt.png"
        receipt.write_bytes(PNG)
        client.bank.attach_file_to_explanation(payload, receipt, "Receipt")
    client.bank.explain_transaction(payload, printout=False)
    assert client.bank.get_unexplained_transactions(bank) == []
    whole = client.get_api(line.url.removeprefix(base))[0].bank_transaction
    return str(whole["bank_transaction_explanations"][0]["url"])


def refusal(client: FreeAgent) -> str:
    """What the client says of an explanation that lacks everything."""
    said = ""
    try:
        client.post_api("bank_transaction_explanations", "bank_transaction_explanation", {"dated_on": "x"})
    except RuntimeError as error:
        said = str(error)
    assert "422" in said, said
    return said


def main(base: str, credentials: dict[str, str]) -> None:
    saved: list[dict[str, object]] = []
    client = signed_in(base, credentials, expires_in=3600, saved=saved)
    print("signed in")

    bank = client.bank_account.get_primary_url()
    card = client.bank_account.get_first_id_by_type("CreditCardAccount")
    assert bank.startswith(base), bank
    assert card is not None
    print("bank accounts:", ", ".join(account.name for account in client.bank_account.bank_accounts))

    code = client.category.get_desc_nominal_code("accommodation")
    assert client.category.get_nominal_code_id(code) == f"{base}categories/{code}"
    print("categories:", len(client.category.categories))

    url = explain(client, base, bank, code)
    shown = client.get_api(url.removeprefix(base))[0].bank_transaction_explanation
    assert shown["sales_tax_value"] == "-4.1", shown
    content = client.session.get(shown["attachment"]["content_src"])
    assert content.content == PNG
    print("explained with a receipt:", shown["gross_value"])

    change = ExplanationPayload(code, date(2026, 3, 2), Decimal("-24.60"), "Team coffee and cake")
    client.bank.explain_list([UpdatePayload(url, change)])
    assert client.get_api(url.removeprefix(base))[0].bank_transaction_explanation["description"] == change.description
    print("updated")

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
    assert len(rows) == 1, rows
    print("ledger lines:", len(rows))

    print("refused natively:", refusal(client))

    later = signed_in(base, credentials, expires_in=-10, saved=saved)
    assert saved, "the client refreshed no token"
    assert saved[-1]["refresh_token"] != credentials["refresh_token"]
    assert later.bank_account.get_primary_url() == bank
    print("refreshed")


if __name__ == "__main__":
    assert os.environ.get("OAUTHLIB_INSECURE_TRANSPORT") == "1", "plain http needs OAUTHLIB_INSECURE_TRANSPORT=1"
    main(sys.argv[1], json.loads(sys.argv[2]))
