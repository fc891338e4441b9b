"""The accounts that take exchange differences: the system's own, or those that posting rules name.

The setting ``variance_rules`` holds the rules in their order: the first that fits decides, and none means the system's
account. What a rule leaves open fits everything; one whose account is inactive fits nothing.
Source: https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1510697395.html (rules, their order, types
of the account); section_N1409370.html (the system's accounts); wp.jjknowledgebase.com,
foreign-currency-variance-mapping (gains apart from losses, by subsidiary), foreign-currency-variance-posting-rules
(inactive accounts)
Unconfirmed: the currency as a criterion, which stands here for an account that a currency names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec
from msgspec import Struct

from sandbooks.kit.company import Company
from sandbooks.kit.records import Record
from sandbooks.money import known_currency
from sandbooks.platforms.netsuite.posting import id_of
from sandbooks.platforms.netsuite.records import store
from sandbooks.platforms.netsuite.records.header import Draft
from sandbooks.platforms.netsuite.refusals import BadContent

DESTINATIONS = frozenset({"OthIncome", "OthExpense"})


class Rule(Struct, frozen=True, forbid_unknown_fields=True):
    """``account`` is a number or a name, ``currency`` a code, ``subsidiary`` a name; empty fits everything."""

    account: str
    currency: str = ""
    subsidiary: str = ""
    variance: Literal["", "realized", "unrealized"] = ""
    result: Literal["", "gain", "loss"] = ""


def check(given: Any) -> None:
    """The rules that an account begins with. Raises ``BadContent``."""
    try:
        rules = msgspec.convert(given, list[Rule])
    except msgspec.ValidationError as error:
        raise BadContent(f"A rule of exchange differences is wrong: {error}", "variance_rules") from error
    if any(rule.currency and not known_currency(rule.currency) for rule in rules):
        raise BadContent("A rule of exchange differences names a currency that there is not.", "variance_rules")
    criteria = [msgspec.structs.replace(rule, account="") for rule in rules]
    if any(rule in criteria[:n] for n, rule in enumerate(criteria)):
        raise BadContent("Each rule of exchange differences has criteria of its own.", "variance_rules")


def check_accounts(company: Company) -> None:
    """Every rule names an account of other income or expense that there is. Raises ``BadContent``."""
    for rule in _rules(company):
        if _destination(company, rule) is None:
            raise BadContent(f"{rule.account[:60]} is no account of other income or other expense.", "variance_rules")


def realize(draft: Draft) -> None:
    """Keep in a transaction's facts where its realized gains and losses go."""
    usual = draft.company.settings["usual"]["exchange_differences"]
    draft.facts |= accounts(draft.company, draft.currency, draft.ref("subsidiary"), variance="realized", usual=usual)


def accounts(company: Company, currency: str, subsidiary: str, *, variance: str, usual: str) -> dict[str, str]:
    """The accounts of losses (``exchange``) and of gains (``exchange_gain``)."""
    found = {"gain": usual, "loss": usual}
    for result in found:
        for rule in _fitting(company, currency, subsidiary, (variance, result)):
            record = _destination(company, rule)
            if record is not None and not record.body.get("isInactive"):
                found[result] = record.id
                break
    return {"exchange": found["loss"], "exchange_gain": found["gain"]}


def _fitting(company: Company, currency: str, subsidiary: str, kind: tuple[str, str]) -> Iterator[Rule]:
    for rule in _rules(company):
        record = store.get(company, "subsidiary", subsidiary) if rule.subsidiary else None
        named = (str(record.body["name"]).lower() if record else "", currency, *kind)
        wanted = (rule.subsidiary.lower(), rule.currency, rule.variance, rule.result)
        if all(not own or own == actual for own, actual in zip(wanted, named, strict=True)):
            yield rule


def _rules(company: Company) -> list[Rule]:
    return msgspec.convert(company.settings.get("variance_rules") or [], list[Rule])


def _destination(company: Company, rule: Rule) -> Record | None:
    wanted = rule.account.lower()
    found = [*company.records.find("account", "number", wanted), *company.records.find("account", "name", wanted)]
    return next((record for record in found if _type_of(record.body) in DESTINATIONS), None)


def _type_of(body: Mapping[str, Any]) -> str:
    return id_of(body["acctType"])
