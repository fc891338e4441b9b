"""Who may call the doors of this platform: the holder of a bearer token for a company file."""

from __future__ import annotations

from datetime import datetime

from sandbooks.kit.call import Call
from sandbooks.kit.company import find_company
from sandbooks.kit.tokens import Token, Tokens, basic_credentials
from sandbooks.platforms.quickbooks_desktop.file import PLATFORM
from sandbooks.platforms.quickbooks_desktop.refusals import NotSignedIn, ReadOnlyApplication

# The scope of an application that asked for no more in its .qwc file (IsReadOnly).
READ_ONLY = "read_only"
# The scope of an application that needs no personal data (PersonalDataPref), and so has no permission to see it.
NO_PERSONAL_DATA = "no_personal_data"
# Source: QuickBooks Web Connector Programmer's Guide (personal data). Unconfirmed: which fields beside these.
PERSONAL_DATA = frozenset(("SSN", "CreditCardInfo"))
# The holder of the Web Connector's own window, who is no application.
WINDOW = "web_connector"


def admit(call: Call) -> None:
    """Turn the token, as bearer or as password of Basic authentication, into a company file."""
    header = call.header("Authorization")
    basic = basic_credentials(header)
    scheme, _, bearer = header.partition(" ")
    value = basic[1] if basic else (bearer.strip() if scheme.lower() == "bearer" else "")
    token = Tokens(call.world, PLATFORM).find("access", value) if value else None
    if token is None or not is_good(token, call.world.clock.now()) or not token.grant.companies:
        raise NotSignedIn
    company = find_company(call.world, PLATFORM, token.grant.companies[0])
    if company is None:
        raise NotSignedIn
    call.token, call.company = token, company
    call.exchange.caller = token.grant.client_id


def is_good(token: Token, now: datetime) -> bool:
    """Whether a token still lets its holder in. An application's permission is the company's own to take back: it does
    not run out, whatever becomes of tokens elsewhere. Source: QuickBooks Desktop help (integrated applications)."""
    return token.is_live(now) if token.grant.client_id == WINDOW else token.revoked is None


def check_may_write(call: Call) -> None:
    """Refuse to write for an application that was let in to read only."""
    if call.token is not None and READ_ONLY in call.token.grant.scopes:
        raise ReadOnlyApplication


def hidden(call: Call) -> frozenset[str]:
    """The fields that the caller may neither see nor change."""
    closed = call.token is not None and NO_PERSONAL_DATA in call.token.grant.scopes
    return PERSONAL_DATA if closed else frozenset()
