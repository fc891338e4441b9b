"""One hub company in a test's hands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbooks.sandbox.company import PlatformCompany
from sandbooks.sandbox.webhooks import Webhooks

if TYPE_CHECKING:
    from sandbooks.sandbox.sandbox import Sandbox


class HubCompany:
    """A company in the hub, connected to ``platform_company``. ``api_key`` is the raw key, as the portal shows it."""

    def __init__(self, sandbox: Sandbox, platform_company: PlatformCompany, made: dict[str, str]) -> None:
        self.platform_company = platform_company
        self.credentials = dict(made)
        self.id = made["company_id"]
        self.api_key = made["api_key"]
        self.connection_id = made["connection_id"]
        self.webhooks = Webhooks(sandbox, "codat", self.id)
        self._sandbox = sandbox

    @property
    def base_url(self) -> str:
        """What stands in place of the hub's host where no interception is used."""
        return f"{self._sandbox.base_url}/codat"

    @property
    def auth_header(self) -> str:
        """The value of the ``Authorization`` header."""
        import base64

        return "Basic " + base64.b64encode(self.api_key.encode()).decode()
