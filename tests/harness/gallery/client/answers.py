"""How a call on an accounting platform can end, apart from well."""

from __future__ import annotations


class Refused(Exception):
    """The platform said no; sending the same again would not help."""

    def __init__(self, message: str, *, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class OutcomeUnknown(Exception):
    """No answer that can be understood: what was sent may have been done, or not."""


class RateLimited(Exception):
    """Nothing was done; the platform asks for ``wait_s`` seconds of quiet."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"asked to wait {wait_s:.0f} s")
        self.wait_s = wait_s


class Unavailable(Exception):
    """A read has failed for longer than is worth waiting."""


class SignInLost(Exception):
    """The customer's consent no longer holds; only the customer can renew it."""
