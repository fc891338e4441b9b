"""The official codat-platform client, unmodified, against a hub: companies, connections, reads, settings, own data.

    python codat_platform_client.py http://127.0.0.1:8787/codat credentials.json

The JSON file (or the variable CODAT_CREDENTIALS with its text) holds ``api_key``, ``company_id``, ``connection_id``.
Prints a line for each step and ends with 0 when all of them hold.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from codat_platform import CodatPlatform
from codat_platform.models import errors, shared
from codat_platform.utils.retries import BackoffStrategy, RetryConfig
from steps import Recorder

STEP = Recorder("codat-platform").step
MISSING = "11111111-2222-4333-8444-555555555555"


def say(text: str) -> None:
    print(f"ok  {text}", flush=True)


def client(base_url: str, key: str) -> Any:
    header = "Basic " + base64.b64encode(key.encode()).decode()
    never = RetryConfig("none", BackoffStrategy(1, 1, 1, 1), False)
    return CodatPlatform(security=shared.Security(auth_header=header), server_url=base_url, retry_config=never)


def refused(status: int, call: Callable[[], Any]) -> str:
    """The error text of a call that is answered with this status."""
    try:
        call()
    except errors.ErrorMessage as error:
        if error.data.status_code == status:
            return str(error.data.error)
        raise
    except errors.SDKError as error:  # a status that the description of the operation does not list
        if error.status_code == status:
            return str(json.loads(error.body)["error"])
        raise
    raise AssertionError(f"nothing was refused with {status}")


def until(look: Callable[[], Any]) -> Any:
    for _ in range(200):
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("waited too long")


class Run:
    """The steps of one run, in their order."""

    def __init__(self, base_url: str, given: dict[str, Any]) -> None:
        self.base_url = base_url
        self.codat = client(base_url, given["api_key"])
        self.company = {"company_id": given["company_id"]}
        self.connection = {**self.company, "connection_id": given["connection_id"]}

    def all(self) -> None:
        with STEP("sign_in"):
            self.sign_in()
        self.companies()
        self.connections()
        self.products()
        self.reads()
        with STEP("lists"):
            self.catalogue()
        self.settings()
        self.webhooks()
        self.own_data()
        self.models()
        with STEP("validation_error"):
            self.refusals()

    def sign_in(self) -> None:
        wrong = client(self.base_url, "wrong")
        assert refused(401, lambda: wrong.companies.get(request=self.company)) == "Unauthorized"
        assert self.codat.companies.get(request=self.company).id == self.company["company_id"]
        say("sign-in: a wrong key is refused, the right one reads the company")

    def companies(self) -> None:
        tags = {"region": "north"}
        made = self.codat.companies.create(request={"name": "Globex", "description": "Rockets", "tags": tags})
        named = {"company_id": made.id}
        changed = self.codat.companies.update(request={**named, "company_update_request": {"description": "Cars"}})
        assert (changed.name, changed.description) == ("Globex", "Cars")
        found = self.codat.companies.list(request={"query": f"id={made.id}", "tags": "region=north && name!=x"})
        assert [each.id for each in found.results] == [made.id]
        token = self.codat.companies.get_access_token(request=named)
        assert (token.token_type, token.expires_in) == ("Bearer", 86400)
        with STEP("stale_write"):
            self.stale_write(named)
        say("companies: created, changed, found by tag, given a token, deleted")

    def stale_write(self, named: dict[str, str]) -> None:
        """An update names no version: the last one stands, until the company is gone."""

        def described(text: str) -> Any:
            return self.codat.companies.update(request={**named, "company_update_request": {"description": text}})

        for text in ("Of another user", "Too late"):
            described(text)
        assert self.codat.companies.get(request=named).description == "Too late"
        self.codat.companies.delete(request=named)
        refused(404, lambda: described("Later still"))
        refused(404, lambda: self.codat.companies.get(request=named))

    def connections(self) -> None:
        shown = self.codat.connections.get(request=self.connection)
        assert str(shown.status.value) == "Linked"
        company = self.codat.companies.create(request={"name": "Initech"}).id
        made = self.codat.connections.create(request={"company_id": company, "request_body": {"platform_key": "gbol"}})
        assert (str(made.status.value), "?otp=" in made.link_url) == ("PendingAuth", True)
        listed = self.codat.connections.list(request={"company_id": company, "page": 1, "page_size": 10})
        assert [each.id for each in listed.results] == [made.id]
        named = {"company_id": company, "connection_id": made.id}
        refused(400, lambda: self.codat.connections.unlink(request={**named, "update_connection_status": UNLINKED}))
        self.codat.connections.delete(request=named)
        say("connections: one is begun, listed, cannot be unlinked before it is linked, and is deleted")

    def products(self) -> None:
        product = {**self.company, "product_identifier": "spend-insights"}
        self.codat.companies.add_product(request=product)
        assert "spend-insights" in self.codat.companies.get(request=self.company).products
        self.codat.companies.refresh_product_data(request={**self.company, "product_identifier": "expenses"})
        self.codat.companies.remove_product(request=product)
        assert "spend-insights" not in self.codat.companies.get(request=self.company).products
        say("products: one is added and removed, one is read anew")

    def reads(self) -> None:
        asked = self.codat.refresh_data.by_data_type(request={**self.company, "data_type": "suppliers"})
        one = {**self.company, "dataset_id": asked.id}
        until(lambda: self.codat.refresh_data.get_pull_operation(request=one).is_completed)
        self.codat.refresh_data.all(request=self.company)
        listed = self.codat.refresh_data.list_pull_operations(request={**self.company, "page_size": 5})
        assert len(listed.results) == 5
        assert self.codat.refresh_data.get(request=self.company)
        assert self.codat.read_data.get_validation_results(request=one).errors == []
        say("reads: one and all are queued, told of, listed, and valid")

    def catalogue(self) -> None:
        listed = self.codat.integrations.list(request={"page_size": 50})
        assert {"gbol", "qhyg", "akxx"} <= {each.key for each in listed.results}
        assert self.codat.integrations.get(request={"platform_key": "gbol"}).name == "Xero"
        branding = self.codat.integrations.get_branding(request={"platform_key": "gbol"})
        assert "xero" in branding.logo.full.image.alt
        say("integrations: listed, shown, with their pictures")

    def settings(self) -> None:
        profile = self.codat.settings.update_profile(request={"name": "Ours", "redirectUrl": "https://app.example/"})
        assert (profile.name, self.codat.settings.get_profile().redirect_url) == ("Ours", "https://app.example/")
        key = self.codat.settings.create_api_key(request={"name": "second"})
        assert key.id in {each.id for each in self.codat.settings.list_api_keys().results}
        with contextlib.suppress(errors.ResponseValidationError):
            # The description gives the 204 a body, so this client looks for one in vain after the key is gone.
            self.codat.settings.delete_api_key(request={"api_key_id": key.id})
        assert key.id not in {each.id for each in self.codat.settings.list_api_keys().results}
        settings = self.codat.settings.get_sync_settings()
        assert settings.settings
        say("settings: profile, keys, when data is read")

    def webhooks(self) -> None:
        made = self.codat.webhooks.create_consumer(
            request={"url": "https://app.example/hook", "eventTypes": ["read.completed"], "companyTags": ["a:b"]}
        )
        assert made.company_tags == ["a:b"]
        assert made.id in {each.id for each in self.codat.webhooks.list_consumers().results}
        self.codat.webhooks.delete_consumer(request={"webhook_id": made.id})
        say("webhooks: a consumer with company tags is created, listed, deleted")

    def own_data(self) -> None:
        key = {"platform_key": "qhyg", "data_type": "suppliers"}
        source = {"ours": {"dataSource": "/Vendor", "pullData": {"shown": "DisplayName"}}}
        body = {"supplementalDataConfig": source}
        self.codat.supplemental_data.configure(request={**key, "supplemental_data_configuration": body})
        kept = self.codat.supplemental_data.get_configuration(request=key)
        assert kept.supplemental_data_config["ours"].data_source == "/Vendor"
        self.codat.supplemental_data.configure(
            request={**key, "supplemental_data_configuration": {"supplementalDataConfig": {}}}
        )
        say("supplemental data: configured, read back, taken away")

    def models(self) -> None:
        model = self.codat.push_data.get_model_options(request={**self.connection, "data_type": "suppliers"})
        assert model.properties["supplierName"].required
        pushes = self.codat.push_data.list_operations(request={**self.company, "page_size": 5})
        assert pushes.page_number == 1
        say("models of records and the history of writes")

    def refusals(self) -> None:
        assert "No company" in refused(404, lambda: self.codat.companies.get(request={"company_id": MISSING}))
        refused(400, lambda: self.codat.companies.list(request={"query": "{id="}))
        refused(404, lambda: self.codat.integrations.get(request={"platform_key": "zzzz"}))
        say("refusals come as the client's own error")


UNLINKED = {"status": "Unlinked"}


def main() -> None:
    base_url, file = sys.argv[1], (sys.argv[2] if len(sys.argv) > 2 else "")
    text = Path(file).read_text() if file else os.environ["CODAT_CREDENTIALS"]
    Run(base_url, json.loads(text)).all()


if __name__ == "__main__":
    main()
