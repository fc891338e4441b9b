"""Before and beside the API: tokens, quotas, companies that cannot be reached, sign-in."""

from __future__ import annotations

from sandbooks.ledger import Refusal


class NotAuthenticated(Refusal):
    """The access token is not accepted: {reason}."""

    reason: str


class TokenMissing(Refusal):
    """The request carries no access token."""


class NotAuthorized(Refusal):
    """The access token is not for realm {realm}."""

    realm: str


class UserRemoved(Refusal):
    """The user who connected the application has no access any more."""


class WrongCluster(Refusal):
    """The company is served elsewhere."""


class CompanyLockedOut(Refusal):
    """The company is locked."""


class UnderMaintenance(Refusal):
    """The company is under maintenance."""


class CompanyReset(Refusal):
    """The company's data was reset."""


class Throttled(Refusal):
    """Too many requests."""


class SignInRefused(Refusal):
    """{error}: {description}"""

    error: str
    description: str = ""
    status: int = 400
