"""The ways in which expense syncs and bill pay go wrong, by number, in a few words each."""

from __future__ import annotations

_WORDS = """
posted, then the answer was lost
the request was lost before it was posted
the worker died between posting and writing it down
the same transaction was taken twice
a job that was done was delivered again
several native objects, some of them written
mixed results inside one success
accepted was mistaken for done
an old failure was replayed for its key
the idempotency key had expired
one key for two bodies
an id that was processed came again
the document number was taken
the answer came cut or as something else
posted late, after the client had given up
an answer was taken for another element
the access token expired during the work
a rotated refresh token was used twice
the new refresh token was not kept
an error was stored as tokens
the quota of refreshes ran out
the consent was revoked during the work
the user behind the consent lost rights
the subscription lapsed
the wrong company
unlinked with work in the queue
the company changed its accounting software
the desktop was out of reach
throttled, with a wait that was told
throttled, and told as something else
too many requests at a time
the limit was met in the middle of a batch
the limit of the sign-in
a maintenance window
the gateway gave up, the platform did not
the wrong region or host
a final refusal was tried again for ever
the request was larger than is taken
only the first page was read
the pages drifted while they were read
changes within one second of the checkpoint
a date as cursor, in local time
a time of change that is empty or out of order
the search trailed the books
inactive records were left out
an error inside a successful answer
the mapping was out of date
the account was too new to be read
the version was out of date
overwritten without a version
reconciled, deposited, paid or voided meanwhile
deleted by somebody meanwhile
the contact was merged or deleted
an update that echoes computed members
an update that replaces all lines
the file was locked
the period was closed
the date moved
posted with today's date
a date read in another order
a date far off, or of a leap year
binary fractions
tax rounded by document instead of by line
the tax mode was turned round
a gross that no net gives
tax that is empty, zero or negative
an amount of zero
minus zero
the sign of a refund
lines of both signs
a total below zero
a refund larger than its payment
a reward or chargeback posted as spend
the currency is not switched on
the account or contact has another currency
the rate was missing
the rate was turned round
the rate was rounded
two foreign currencies
currencies without or with three decimals
more digits than unit prices have
one amount on both sides of a transfer
very small and very large amounts
the account was archived
the type of account is not allowed
the type of card does not fit
the bank account is none
the tax code does not fit
the platform dropped something in silence
a dimension that is required is missing
a dimension was filled in or is restricted
the subsidiary does not fit
the name is taken
special characters
the text was cut
the employee or supplier is not known
two records matched
billed to nobody
no default was chosen
a combination that is not offered
the file was too big or of the wrong type
the receipt was lost in silence
the name of the file
the file was changed on its way
the receipt was stored again
the receipt came at the wrong moment
the event came twice
the event came out of order
the event never came
the handler was slow
the signature was computed over other bytes
two sets of status words
the sync said something else than its transactions
the text of the error changes each time
the first error hides the cause
more was paid than was open
the payment was recorded twice
a payment that was deleted is not gone
the bill vanished before it was paid
partial payments and rounding
the rules for changing a bill
"""

FAILURE_MODES: dict[str, str] = {
    f"FM-{number:02}": words for number, words in enumerate(_WORDS.strip().splitlines(), 1)
}
"""``FM-01`` to ``FM-121``."""
