"""Scenario texts for single capability cells: what a finance person would write to try one out."""

from __future__ import annotations

HEAD = """
scenario: {title}
platforms: [{platform}]
seed: {seed}
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      travel: {{type: expense, name: Travel Sundry}}
      cashback: {{type: other_income, name: Card Cashback}}
      card: {{type: credit_card, name: Company Card}}
      current: {{type: bank, name: Current Account One}}
      reserve: {{type: bank, name: Reserve Account}}
    suppliers:
      shop: {{name: Fabrikam Stores}}
    customers:
      card_provider: {{name: Card Provider}}
steps:
  - connect: acme
  - configure: {{bank_account: {account}, supplier: shop, customer: card_provider}}
"""

ACCOUNTS = {"card": "card", "bank": "current"}


def expense(platform: str, *, kind: str, account_class: str, offered: bool) -> str:
    """One expense type on one class of account. A payment takes 64.20 out; the others bring it back."""
    account = ACCOUNTS[account_class]
    line_account = "cashback" if kind == "Reward" else "travel"
    out = kind == "Payment"
    head = HEAD.format(title=f"{kind} on a {account_class} account", platform=platform, seed=4127, account=account)
    push = (
        f'  - push: {{{kind.lower()}: t, date: "2026-03-16", amount: 64.20 GBP, account: {line_account}, '
        "notes: Cell by cell}\n  - sync: until idle\n"
    )
    if not offered:
        return head + push + refused("t")
    sides = ("Dr", "Cr") if out else ("Cr", "Dr")
    return head + push + posted({line_account: f"{sides[0]} 64.20 GBP", account: f"{sides[1]} 64.20 GBP"}, "t")


def reimbursable(platform: str, *, offered: bool) -> str:
    """Spend owed to an employee."""
    head = HEAD.format(title="Reimbursable spend", platform=platform, seed=4128, account="card")
    push = (
        '  - push: {reimbursable: t, date: "2026-03-16", due_date: "2026-03-30", contact: shop, '
        "amount: 38.75 GBP, account: travel, notes: Train}\n  - sync: until idle\n"
    )
    books = {"travel": "Dr 38.75 GBP", "payables": "Cr 38.75 GBP"}
    return head + push + (posted(books, "t") if offered else refused("t"))


def transfer(platform: str, *, offered: bool) -> str:
    """Money from one bank account to another."""
    head = HEAD.format(title="Transfer between bank accounts", platform=platform, seed=4129, account="card")
    push = (
        '  - push: {transfer: t, date: "2026-03-16", from: {current: 120.45 GBP}, to: {reserve: 120.45 GBP}}\n'
        "  - sync: until idle\n"
    )
    books = {"current": "Cr 120.45 GBP", "reserve": "Dr 120.45 GBP"}
    return head + push + (posted(books, "t") if offered else refused("t"))


def adjustment(platform: str, *, offered: bool) -> str:
    """A journal between two nominal accounts."""
    head = HEAD.format(title="Adjustment", platform=platform, seed=4130, account="card")
    push = (
        '  - push: {adjustment: t, date: "2026-03-16", lines: [{amount: Dr 17.85 GBP, account: travel}, '
        "{amount: Cr 17.85 GBP, account: cashback}]}\n  - sync: until idle\n"
    )
    books = {"travel": "Dr 17.85 GBP", "cashback": "Cr 17.85 GBP"}
    return head + push + (posted(books, "t") if offered else refused("t"))


def posted(books: dict[str, str], label: str) -> str:
    """Completed, and in the books as said and nowhere else."""
    lines = ", ".join(f"{account}: [{amount}]" for account, amount in books.items())
    return (
        f"  - expect:\n      transactions: {{{label}: Completed}}\n      books: {{{lines}}}\n      nothing_else: true\n"
    )


def refused(label: str) -> str:
    """Refused, with no native write and nothing moved."""
    return (
        f"  - expect:\n      refused: {{{label}: {{}}}}\n"
        f"      tape: [{{write: {label}, count: 0}}]\n      nothing_else: true\n"
    )
