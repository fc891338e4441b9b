"""What a campaign can reach: for each way in which expense syncs go wrong, how it is drawn, or why it is not.

The page on `check` shows this table; the tests hold it against the examples, faults and relations that there are, so
that neither says more than the other. Numbers and words are those of ``audit.failure_modes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sandbooks.audit.failure_modes import FAILURE_MODES

# One line for each: number, then ways parted by ";". A way is `fault KIND [PHASE]`, `kill`, `restart`, `relation
# INV-nn`, or the words by which examples say what they are about. After `-` stands why it is not drawn.
_LINES = """
01 fault drop_response commit
02 fault drop_response validate
03 kill; restart
04 two workers
05 the same again
06 fault drop_response commit; a bill paid
07 one bad among good ones; relation INV-55
08 fault delay commit; fault late_commit
09 fault server_error validate
10 killed late in a long batch, and down for a day
11 - the same id with another body, other than by `update`, breaks the driver's contract
12 the same again; relation INV-06
13 one reference for two; a number that another one has; two bills of one number, and the first again
14 fault truncate; fault html_error_page
15 fault late_commit
16 fault reorder_batch
17 fault expire_token
18 two workers and a token that ends
19 a token that ends twice, a restart, again
20 fault revoke_token
21 an answer lost late in a long batch
22 fault revoke_token; consent withdrawn
23 fault refuse admit
24 - companies have no plan that ends
25 relation INV-46
26 consent withdrawn
27 relation INV-65
28 - QuickBooks Desktop is reached through the hub, whose program polls without end
29 fault throttle; a wait that is told as a date
30 fault throttle
31 - exchanges of one program never overlap in a campaign: one seed gives one order
32 a limit in the middle of a batch
33 - limits of the sign-in are the platforms' own; no campaign reaches them
34 an outage
35 fault delay commit
36 - a driver is told one address
37 fault refuse validate
38 an answer lost late in a long batch; relation INV-20
39 lists of several pages
40 - people act between two verbs of a driver, never inside one
41 - each exchange takes a whole second of the world's time
42 spend at the end of a month
43 - incremental reads are a client's own; nothing of them shows in the books
44 fault stale_read; an answer lost and a search that lags
45 a name that is archived
46 - which reads a client makes is its own; an answer that is an error is drawn as a fault
47 an account archived in between
48 - records that a transaction names stand before the driver connects
49 the amount edited, then changed
50 recoded by hand; a memo edited, then the same again
51 voided by hand; killed, and voided by hand; half a bill paid by hand
52 deleted by the bookkeeper; killed, and deleted by hand; deleted, then changed
53 a supplier archived
54 another amount and account
55 another amount and account; another line and another amount
56 - a company file that is locked is QuickBooks Desktop's own, and met by nobody but the Web Connector
57 a closed period; a period closed in between; a period closed before a bill is paid
58 spend at the end of a month; relation INV-69
59 a late one among good ones
60 a leap day, long ago, next year
61 a leap day, long ago, next year
62 amounts that floats do not hold
63 a payment with tax, of one line and of three
64 a payment with tax; relation INV-74
65 a gross that no net gives
66 a refund with tax, of one line and of three
67 lines that cancel each other
68 lines that cancel each other
69 a refund, reward and chargeback on a card account; relation INV-16
70 a payment with a discount line; relation INV-67
71 - the driver's contract has no document whose total is below zero
72 more given back than was paid
73 a refund, reward and chargeback on a card account
74 - every company of a campaign has its foreign currency switched on
75 home spend on a foreign card, and foreign spend without a rate
76 home spend on a foreign card, and foreign spend without a rate
77 a payment and refund in USD; a foreign bill paid at another rate
78 a rate of nine digits
79 - a card in one foreign currency and spend in another is offered on no platform but Xero, which ignores it
80 a payment and refund in KWD; a payment and refund in JPY
81 amounts that floats do not hold
82 a transfer into another currency, and out of it
83 very little and very much
84 an account archived in between; the card archived in between
85 - a transaction names accounts of the right type; what a client offers to choose from is not seen
86 a payment, refund, reward and chargeback on a bank account
87 the card archived in between
88 a refund with tax, of one line and of three
89 a line with a dimension
90 - no company of a campaign requires a dimension
91 - no company of a campaign fills dimensions in
92 - companies of a campaign have one subsidiary
93 a name that is archived; awkward names
94 awkward names
95 one long name for two; long texts of wide characters
96 a payment to a supplier that is not the default; an archived name comes again
97 one long name for two; one name in other letters
98 - the driver's contract has no spend that is billed to a customer
99 - the defaults are always told
100 a transfer; an adjustment
101 a receipt of a type that few take
102 a receipt on what is done; fault server_error commit
103 two receipts, and one on another
104 a receipt before any work
105 a receipt before any work, and the same again; fault drop_response commit
106 a receipt before any work; deleted, then a receipt
107 a webhook delivered twice
108 webhooks in another order; a late webhook
109 a webhook lost for good
110 - how long a handler takes is no business of a run in the world's time
111 a webhook with one blank more than was signed; a forged webhook about another record
112 a webhook of a failure
113 one bad among good ones
114 fault refuse validate
115 fault refuse validate
116 half a bill paid by hand, then the whole; a bill paid beyond what is open
117 a bill paid; fault drop_response commit; two payments that look alike, and one of them lost
118 - no verb of a driver takes a payment back
119 a bill deleted before it is paid; the newer of two bills of one supplier paid
120 a bill paid in three equal parts
121 - bills are handed over and paid; no verb of a driver changes one
"""


@dataclass(frozen=True)
class Reach:
    """How one failure mode is drawn: by ``ways``; or ``why_not``."""

    number: str
    ways: tuple[str, ...] = ()
    why_not: str = ""


def _read(lines: str) -> Iterator[Reach]:
    for line in lines.strip().splitlines():
        number, _, rest = line.partition(" ")
        if rest.startswith("- "):
            yield Reach(f"FM-{number}", why_not=rest[2:])
        else:
            yield Reach(f"FM-{number}", ways=tuple(way.strip() for way in rest.split(";")))


REACH: dict[str, Reach] = {reach.number: reach for reach in _read(_LINES)}
"""By number: ``FM-01`` to ``FM-121``."""


def table() -> str:
    """The table as Markdown."""
    rows = ["| | What goes wrong | How it is drawn |", "|---|---|---|"]
    for number, words in FAILURE_MODES.items():
        reach = REACH[number]
        rows.append(
            f"| {number} | {words} | {'; '.join(map(_worded, reach.ways)) or f'*not drawn*: {reach.why_not}'} |"
        )
    return "\n".join(rows)


def _worded(way: str) -> str:
    kind, _, rest = way.partition(" ")
    if kind == "fault":
        name, _, phase = rest.partition(" ")
        return f"fault `{name}`" + (f" after {phase}" if phase else "")
    return way
