"""The receiver of webhooks on the command line."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner

from sandbooks.cli.main import main
from sandbooks.cli.webhooks import delivery_of
from sandbooks.hub.webhooks import signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
# Source: docs.codat.io, using-the-api/webhooks (the vector of its page on signatures)
SIGNED = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


@pytest.mark.parametrize(
    ("headers", "body", "secret", "verdict"),
    [
        (SIGNED, BODY, SECRET, "holds"),
        ({name.replace("webhook", "svix"): value for name, value in SIGNED.items()}, BODY, SECRET, "holds"),
        ({**SIGNED, "webhook-signature": f"v1,other {SIGNED['webhook-signature']}"}, BODY, SECRET, "holds"),
        (SIGNED, BODY + b" ", SECRET, "wrong"),
        ({**SIGNED, "webhook-timestamp": "1614265331"}, BODY, SECRET, "wrong"),
        ({**SIGNED, "webhook-timestamp": "yesterday"}, BODY, SECRET, "wrong"),
        (SIGNED, BODY, "", "not checked"),
        ({}, b'{"RuleType": "Sync Failed", "AlertId": "a"}', SECRET, "not signed"),
    ],
)
def test_a_delivery_is_shown_with_what_its_signature_is_worth(
    headers: dict[str, str], body: bytes, secret: str, verdict: str
) -> None:
    assert delivery_of(headers, body, secret).verdict == verdict


@pytest.mark.parametrize(("secret", "exit_code"), [(SECRET, 0), ("whsec_AAAA", 1)])
def test_the_receiver_shows_deliveries_and_fails_on_a_wrong_signature(secret: str, exit_code: int) -> None:
    runner = CliRunner()
    told: list[str] = []

    def sends() -> None:
        headers = {**SIGNED, "webhook-signature": signature(SECRET, SIGNED["webhook-id"], 1614265330, BODY)}
        for _ in range(100):  # until somebody listens
            with contextlib.suppress(requests.ConnectionError):
                told.append(str(requests.post(url, data=BODY, headers=headers, timeout=10).status_code))
                return
            threading.Event().wait(0.1)

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    url = f"http://127.0.0.1:{port}/"
    sender = threading.Thread(target=sends)
    sender.start()
    wanted = ["--secret", secret, "--count", "1", "--status", "202", "--json"]
    command = ["webhooks", "listen", "--port", str(port), *wanted]
    result = runner.invoke(main, command)
    sender.join()
    assert (result.exit_code, told) == (exit_code, ["202"])
    assert re.search(r'"signature":"(holds|wrong)"', result.output)


def test_an_unknown_company_is_named_with_what_there_is(tmp_path: Path) -> None:
    from sandbooks.app import App
    from sandbooks.control.companies import open_company, plan_of

    file = tmp_path / "world.db"
    app = App()
    world = app.create_world("default", seed=1, path=file)
    open_company(world, "xero", plan_of(world, "xero", name="Acme"))
    app.close()
    command = ["webhooks", "listen", "--port", "0", "--company", "xero", "--at", str(file)]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 2
    assert "no hub company 'xero'" in result.output
