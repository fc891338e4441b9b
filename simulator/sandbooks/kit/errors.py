"""What may stand between a request and its effect, apart from the ledger's own refusals."""

from __future__ import annotations

from sandbooks.ledger import Refusal


class NotPermitted(Refusal):
    """The credential is good, but its user may not do this."""


class NotSimulated(Exception):
    """A real feature that this simulator lacks. Never answered with a pretended success.

    ``feature`` names it in the vendor's words; ``instead`` says what does work, if anything.
    """

    def __init__(self, feature: str, *, instead: str = "") -> None:
        super().__init__(f"not simulated: {feature}" + (f" ({instead})" if instead else ""))
        self.feature = feature
        self.instead = instead
