"""Every REST operation, by method and path."""

from __future__ import annotations

from sandbooks.kit.surface import Operation
from sandbooks.platforms.sage_intacct.rest import sign_in

BASE = "/ia/api/v1"

OPERATIONS = (Operation("rest_token", "POST", f"{BASE}/oauth2/token", sign_in.token, public=True),)
