"""``sandbooks explain``: from a transaction to the requests that carried it, the native documents, the ledger lines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlsplit

import click

from sandbooks import exact_json
from sandbooks.cli.look import json_option, show
from sandbooks.cli.place import Place, at_place

PATH_WIDTH = 74
IN_WORLD = re.compile(r"^/w/[^/]+/")
NAME_WIDTH = 34


@click.command()
@click.argument("transaction")
@at_place
@json_option
def explain(place: Place, transaction: str, as_json: bool) -> None:
    """Show what became of TRANSACTION: each request that carried it, the native documents, the ledger lines.

    TRANSACTION is the id that your code gave it, or any text that its requests and documents carry.
    """
    if not transaction.strip():
        raise click.UsageError("TRANSACTION is empty: every request would carry it")
    chain = chain_of(place, transaction)
    if not chain["exchanges"] and not chain["documents"]:
        raise click.ClickException(f"nothing on the tape and no document carries {transaction!r}")
    if not show(chain, as_json=as_json):
        for line in _printed(transaction, chain):
            click.echo(line)


def chain_of(place: Place, transaction: str) -> dict[str, Any]:
    """``{exchanges, documents, lines}``; documents and lines also say the ``platform`` and the ``company``."""
    documents: list[dict[str, Any]] = []
    lines: list[dict[str, Any]] = []
    for company in place.call("GET", "/companies"):
        if company["platform"] == "codat":
            continue
        whose = {"platform": company["platform"], "company": company["name"]}
        books = f"/companies/{company['platform']}/{company['company_id']}"
        query = f"?transaction={quote(transaction, safe='')}"
        documents += [{**whose, **found} for found in place.call("GET", f"{books}/documents{query}")]
        lines += [{**whose, **found} for found in place.call("GET", f"{books}/lines{query}")]
    carrying = {number for document in documents for number in document["exchanges"]}
    tape = (exact_json.loads(line) for line in place.raw("GET", "/tape").splitlines())
    exchanges = [entry for entry in tape if entry["number"] in carrying or _carries(entry, transaction)]
    return {"exchanges": exchanges, "documents": documents, "lines": lines}


def _carries(entry: dict[str, Any], transaction: str) -> bool:
    request = entry["request"]
    return transaction in entry["transactions"] or any(
        transaction in text for text in (request["url"], request.get("body") or "")
    )


def _printed(transaction: str, chain: dict[str, Any]) -> Iterator[str]:
    yield f"Transaction {transaction}\n"
    yield "Requests"
    for entry in chain["exchanges"]:
        yield from _exchange(entry)
    yield "\nDocuments" if chain["documents"] else "\nNo document stands or stood for it."
    for document in chain["documents"]:
        yield _document(document)
    if chain["lines"]:
        yield "\nLedger"
    for line in chain["lines"]:
        yield _line(line)


def _exchange(entry: dict[str, Any]) -> Iterator[str]:
    request, response = entry["request"], entry["response"]
    saw = entry["cut"] or (str(response["status"]) if response else "no answer")
    path = shortened(request["url"])
    reached = entry["phases"][-1] if entry["phases"] else "nothing"
    yield f"  #{entry['number']:<4} {entry['at'][11:19]}  {entry['client']:<7}  {request['method']:<6} {path}"
    yield f"        {entry['platform']}: reached {reached}, the client saw {saw}"
    for written in entry.get("written") or ():
        yield f"        wrote {written['kind']} {written['native_id']}, version {written['version']}"
    for fault in entry["faults"]:
        yield f"        fault: {fault}"


def shortened(url: str) -> str:
    """The path of a request to read at a glance: without the world's prefix, the middle left out where it is long."""
    path = IN_WORLD.sub("/", urlsplit(url).path)
    return path if len(path) <= PATH_WIDTH else f"{path[: PATH_WIDTH // 2 - 1]}…{path[-PATH_WIDTH // 2 :]}"


def _document(document: dict[str, Any]) -> str:
    total = document.get("total")
    worth = f"  {total['amount']} {total['currency']}" if total else ""
    files = "".join(f"  file: {file['name']}" for file in document["attachments"])
    named = f"{document['kind']} {document['native_id']}"
    return f"  {document['platform']}  {named}  {document['date']}  {document['status']}{worth}{files}"


def _line(line: dict[str, Any]) -> str:
    name = line["account_name"][:NAME_WIDTH]
    reverses = f"  reverses entry {line['reverses']}" if line["reverses"] else ""
    worth = _side(line["amount"])
    if line["base"] != line["amount"]:
        worth += f" = {_side(line['base'])}"
    return f"  {line['date']}  entry {line['entry']:<5} {name:<{NAME_WIDTH}}  {worth}  {line['document']}{reverses}"


def _side(money: dict[str, str]) -> str:
    amount = Decimal(money["amount"])
    return f"{'Cr' if amount < 0 else 'Dr'} {abs(amount):f} {money['currency']}"
