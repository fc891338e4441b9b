"""The list of accounts as a report."""

from __future__ import annotations

from sandbooks.platforms.quickbooks_online.api.reports.asked import Asked
from sandbooks.platforms.quickbooks_online.api.reports.shapes import Column, Row, data, full
from sandbooks.platforms.quickbooks_online.render import live


def account_list(asked: Asked) -> tuple[list[Column], list[Row]]:
    """Every active account with its type and balance."""
    rows = []
    for record in asked.realm.records.scan("Account"):
        if record.active:
            body = record.body
            balance = live(asked.realm, record)["CurrentBalance"]
            name = (str(body["FullyQualifiedName"]), record.id)
            rows.append(
                data(name, body["AccountType"], body["AccountSubType"], body.get("Description", ""), full(balance))
            )
    titles = ("Account", "account_name"), ("Type", "account_type"), ("Detail type", "detail_acc_type")
    more = ("Description", "account_desc"), ("Balance", "account_bal")
    return [Column(title, kind) for title, kind in (*titles, *more)], rows
