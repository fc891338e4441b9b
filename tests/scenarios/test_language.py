"""The scenario language: what a file becomes, and what is said about a wrong one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from sandbooks.money import Money, parse_money, parse_rate
from sandbooks.replay.lint import lint, lint_text
from sandbooks.replay.script import parse_scenario, read_scenario, scenario_files
from sandbooks.replay.script_steps import (
    AddFault,
    Adjustment,
    Advance,
    Attach,
    Booked,
    Expect,
    Expense,
    Http,
    Native,
    Push,
    Refused,
    Scenario,
    Sync,
    Transfer,
    Update,
)
from sandbooks.settings import FileInvalid, scenarios_root

FILES = scenario_files(scenarios_root())

HEAD = """\
scenario: What happens in this small file
platforms: [quickbooks_online, xero]
seed: 11
clock: "2026-03-16T09:30:00 Europe/London"
companies:
  acme:
    country: GB
    currency: GBP
    accounts:
      meals: {type: expense, name: Meals}
      travel: {type: expense, name: Travel}
      card: {type: credit_card, name: Card}
      bank: {type: bank, name: Bank}
      card_usd: {type: credit_card, name: Dollar Card, currency: USD}
    suppliers: {shop: {name: Shop}}
    taxes: {standard: {rate: 20%}}
    tracking: {team: {name: Team, options: {sales: Sales}}}
"""
BEGIN = """\
steps:
  - connect: acme
  - configure: {bank_account: card, supplier: shop}
"""
LINES_BEFORE = len((HEAD + BEGIN).splitlines())
END = """\
  - sync: until idle
  - expect: {transactions: {p: Completed}}
"""
PAYMENT = """\
  - push: {payment: p, date: "2026-03-16", amount: 36.00 GBP, tax_amount: 6.00 GBP, tax: standard, account: meals}
"""


def scenario(steps: str, head: str = HEAD) -> Scenario:
    return parse_scenario(head + BEGIN + steps).runs()[0]


def told(steps: str, head: str = HEAD) -> list[tuple[int, str, str]]:
    """(line within the steps, message, remedy) of every problem."""
    return [(p.line - LINES_BEFORE, p.message, p.remedy) for p in lint_text(head + BEGIN + steps)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_scenario_of_the_product_lints_clean(path: Path) -> None:
    assert lint(path) == []


def test_titles_and_run_names_are_unique_over_the_product() -> None:
    scripts = [read_scenario(path) for path in FILES]
    titles = [script.title for script in scripts]
    runs = [(run.file, run.name) for script in scripts for run in script.runs()]
    assert len(set(titles)) == len(titles)
    assert len(set(runs)) == len(runs)


def test_a_file_runs_on_each_platform_and_each_combination() -> None:
    text = HEAD.replace("seed: 11\n", "seed: 11\nmatrix: {phase: [commit, validate], times: [1, 2]}\n")
    fault = '  - fault: {drop_response: {at: {write: p, nth: "{times}"}, phase: "{phase}"}}\n'
    runs = parse_scenario(text + BEGIN + fault + PAYMENT + END).runs()
    assert len(runs) == 8
    faults = [step.action for step in runs[3].steps if isinstance(step.action, AddFault)]
    assert faults == [AddFault(kind="drop_response", at={"write": "p", "nth": 2}, phase="validate")]
    assert runs[3].name == "<text> [quickbooks_online phase=validate times=2]"
    assert [run.platform for run in parse_scenario(text + BEGIN + fault + PAYMENT + END).runs(["xero"])] == ["xero"] * 4


def test_requires_alone_finds_the_platforms_that_offer_it() -> None:
    head = HEAD.replace("platforms: [quickbooks_online, xero]", "requires: [expense.Refund.bank, transfer]")
    assert parse_scenario(head + BEGIN + PAYMENT + END).platforms == ("quickbooks_online", "xero")


def test_a_company_is_a_plan_with_every_currency_filled_in() -> None:
    company = scenario(PAYMENT + END).companies["acme"]
    assert company.currency == "GBP"
    assert company.accounts["meals"]["currency"] == "GBP"
    assert company.accounts["card_usd"]["currency"] == "USD"
    assert company.name == "Acme"


def test_the_clock_is_an_instant_in_utc() -> None:
    text = HEAD.replace("2026-03-16T09:30:00", "2026-07-16T09:30:00") + BEGIN + PAYMENT + END
    assert parse_scenario(text).runs()[0].clock == datetime(2026, 7, 16, 8, 30, tzinfo=UTC)


def test_the_shorthand_amount_is_gross_and_its_tax_is_inside() -> None:
    push = scenario(PAYMENT + END).steps[2].action
    assert isinstance(push, Push)
    (payment,) = push.transactions
    assert isinstance(payment, Expense)
    assert payment.operation == "expense.Payment"
    assert (payment.lines[0].net, payment.lines[0].tax_amount) == (Money.of(30, "GBP"), Money.of(6, "GBP"))
    assert payment.lines[0].gross == parse_money("36.00 GBP")
    assert payment.lines[0].tax == "standard"


def test_a_transfer_and_an_adjustment_carry_sides_and_signs() -> None:
    steps = """\
  - push:
      - {transfer: t, date: "2026-03-16", from: {bank: 16.00 GBP}, to: {card_usd: 20.00 USD}}
      - adjustment: a
        date: "2026-03-17"
        lines: [{amount: Dr 9.10 GBP, account: meals}, {amount: Cr 9.10 GBP, account: travel}]
"""
    push = scenario(steps + END).steps[2].action
    assert isinstance(push, Push)
    transfer, adjustment = push.transactions
    assert isinstance(transfer, Transfer)
    assert isinstance(adjustment, Adjustment)
    assert (transfer.from_account, transfer.to_amount) == ("bank", parse_money("20.00 USD"))
    assert [line.amount for line in adjustment.lines] == [parse_money("9.10 GBP"), parse_money("-9.10 GBP")]
    assert adjustment.date == date(2026, 3, 17)


def test_an_update_is_the_whole_transaction_in_its_new_state() -> None:
    update = scenario(PAYMENT + "  - update: {transaction: p, account: travel}\n" + END).steps[3].action
    assert isinstance(update, Update)
    assert update.changed == ("account",)
    assert isinstance(update.transaction, Expense)
    assert update.transaction.lines[0].account == "travel"
    assert update.transaction.lines[0].net == parse_money("30.00 GBP")


def test_an_update_in_lines_replaces_the_shorthand() -> None:
    change = (
        "  - update: {transaction: p, lines: [{net: 1.10 GBP, account: travel}, {net: 2.20 GBP, account: meals}]}\n"
    )
    update = scenario(PAYMENT + change + END).steps[3].action
    assert isinstance(update, Update)
    assert isinstance(update.transaction, Expense)
    assert [line.net for line in update.transaction.lines] == [parse_money("1.10 GBP"), parse_money("2.20 GBP")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sync: until idle", Sync()),
        ("sync: after restart", Sync(restart=True)),
        ("sync: {for: 10m}", Sync(limit=timedelta(minutes=10))),
        ("advance: +31d", Advance(by=timedelta(days=31))),
        ("advance: 90", Advance(by=timedelta(seconds=90))),
        ("advance: {by: PT2H}", Advance(by=timedelta(hours=2))),
        ('advance: {to: "2026-04-03T09:00:00Z"}', Advance(to=datetime(2026, 4, 3, 9, tzinfo=UTC))),
        (
            "attach: {file: f, transaction: p, size: 3.5 MB}",
            Attach(file="f", transaction="p", name="f.pdf", type="application/pdf", size=3_500_000),
        ),
        (
            "attach: {file: f, transaction: p, name: a.png, size: 1 MiB}",
            Attach(file="f", transaction="p", name="a.png", type="image/png", size=1_048_576),
        ),
        (
            'http: {request: "POST /v2/bills", to: platform, json: {total: 9.50}, expect_status: 422}',
            Http(method="POST", path="/v2/bills", json={"total": Decimal("9.50")}, has_json=True, expect_status=422),
        ),
    ],
)
def test_a_step_becomes_its_value(text: str, expected: object) -> None:
    assert scenario(PAYMENT + f"  - {text}\n" + END).steps[3].action == expected


def test_expectations_are_signed_and_only_for_the_platform_of_the_run() -> None:
    expect = """\
  - expect:
      transactions: {p: {status: PushError, message_contains: closed}}
      refused: {p: {status: 400}}
      native: {xero: {p: {exactly_one: BankTransaction, Total: 36.00}}, quickbooks_online: {p: {none_of: Purchase}}}
      books: {card_usd: [Cr 20.00 USD, Cr 15.62 GBP], meals: [Dr 15.62 GBP]}
      lines: {p: [Cr card_usd 20.00 USD = 15.62 GBP]}
      webhooks: {expenses.sync.successful: {at_least: 1}}
      tape: [{write: p, count: 2}]
      findings: [INV-01]
      nothing_else: true
"""
    found = {}
    for run in parse_scenario(HEAD + BEGIN + PAYMENT + expect).runs():
        action = run.steps[-1].action
        assert isinstance(action, Expect)
        found[run.platform] = action
    one = found["quickbooks_online"]
    assert one.native == {"p": Native("Purchase", 0, {})}
    assert found["xero"].native == {"p": Native("BankTransaction", 1, {"Total": Decimal("36.00")})}
    assert replace(one, native={}) == replace(found["xero"], native={})
    assert one.books["card_usd"] == (parse_money("-20.00 USD"), parse_money("-15.62 GBP"))
    assert one.lines["p"] == (Booked("card_usd", parse_money("-20.00 USD"), parse_money("-15.62 GBP")),)
    assert one.refused == {"p": Refused(400)}
    assert (one.tape[0].at, one.tape[0].count.holds(2), one.tape[0].count.holds(3)) == ({"write": "p"}, True, False)
    assert one.webhooks["expenses.sync.successful"].holds(7)


def test_a_step_for_one_platform_is_absent_on_the_others() -> None:
    text = HEAD + BEGIN + PAYMENT + "  - advance: 5s\n    only: [xero]\n" + END
    lengths = {run.platform: len(run.steps) for run in parse_scenario(text).runs()}
    assert lengths == {"quickbooks_online": 5, "xero": 6}


def test_a_rate_keeps_its_direction() -> None:
    steps = '  - push: {payment: p, date: "2026-03-16", amount: 20 USD, rate: 1 USD = 0.781 GBP, account: meals}\n'
    push = scenario(steps + END).steps[2].action
    assert isinstance(push, Push)
    assert isinstance(push.transactions[0], Expense)
    assert push.transactions[0].rate == parse_rate("1 USD = 0.781 GBP")


P = 'payment: p, date: "2026-03-16"'


@pytest.mark.parametrize(
    ("step", "message", "remedy"),
    [
        (f"push: {{{P}, amount: 36.00, account: meals}}", "`amount` is not text", "412.37 USD"),
        (f"push: {{{P}, amount: 36.00 pounds, account: meals}}", "cannot stand here", "412.37 USD"),
        (f"push: {{{P}, amont: 36.00 GBP, account: meals}}", "Unknown key `amont`", "`amount`"),
        (f"push: {{{P}, amount: -36.00 GBP, account: meals}}", "negative", "`36.00 GBP`"),
        (f"push: {{{P}, amount: 36.00 GBX, account: meals}}", "not an ISO 4217 currency", "412.37 USD"),
        (f"push: {{{P}, amount: 36.00 GBP, account: mels}}", "no account `mels`", "`meals`"),
        (f"push: {{{P}, amount: 36.00 GBP, account: meals, tax: standart}}", "no tax `standart`", "`standard`"),
        (f"push: {{{P}, amount: 36.00 GBP, account: meals, contact: shp}}", "no supplier `shp`", "`shop`"),
        (f"push: {{{P}, amount: 36.00 GBP, account: meals, tracking: {{team: salez}}}}", "no tracking", "team: sales"),
        (f"push: {{{P}, amount: 36.00 GBP, account: meals, of: q}}", "No transaction `q`", "p"),
        (f"push: {{{P}, amount: 36.00 GBP, account: meals, lines: []}}", "mixes `lines`", "or `lines`"),
        (f"push: {{{P}, amount: 36.00 USD, account: meals}}", "involves USD and has no rate", "1 USD = … GBP"),
        (
            f"push: {{{P}, amount: 36.00 USD, rate: 1 GBP = 1.29 USD, account: meals}}",
            "does not end in the company's currency",
            "`1 USD = … GBP`",
        ),
        (
            f"push: {{{P}, amount: 36.00 GBP, rate: 1 USD = 0.78 GBP, account: meals}}",
            "takes no part",
            "Remove the rate",
        ),
        (f"push: {{{P}, amount: 36.00 GBP, tax_amount: 6.00 USD, account: meals}}", "in a transaction in GBP", "GBP"),
        ('push: {payment: p, date: "2026-02-30", amount: 1.00 GBP, account: meals}', "Day is out of range", "exists"),
        ('push: {refund: p, date: "2026-03-16"}', "lacks `amount` and `account`", "or `lines`"),
        ('push: {rebate: p, date: "2026-03-16"}', "names no kind of transaction", "payment"),
        ('push: [{payments: p, date: "2026-03-16"}]', "names no kind of transaction", "`payment`"),
        ("pusch: {}", "Unknown verb `pusch`", "`push`"),
        ("sync: until idel", "`until idel` cannot stand here", "`until idle`"),
        ("bookkeeper: {archive_account: meal}", "no account `meal`", "`meals`"),
        ("bookkeeper: {delete: q}", "No transaction `q`", "p"),
        ("fault: {drop_respons: {at: {write: p}}}", "Unknown key `drop_respons`", "`drop_response`"),
        ("fault: {throttle: {at: {write: p}, phase: commit}}", "`commit` cannot stand here", "admit"),
        ("fault: {throttle: {at: {write: q}}}", "No transaction `q`", "p"),
        ("fault: {throttle: {at: {write: p, read: p}}}", "cannot stand here", "every given key"),
        ("fault: {delay: {at: {platform: freeagent}}}", "never meets it", "only: [freeagent]"),
        ("fault: {delay: {at: {company: acne}}}", "no company `acne`", "`acme`"),
        ("fault: {delay: {at: {event: sync}}}", "acts on calls", "operation"),
        ("fault: {duplicate_webhook: {at: {write: p}}}", "acts on webhooks", "event"),
        ("expect: {books: {meals: [Dr -3 GBP]}}", "direction twice", "`Cr 3.00 GBP`"),
        ("expect: {books: {meals: [Dr 3 USD]}}", "kept in GBP", "GBP"),
        ("expect: {books: {mealz: [Dr 3 GBP]}}", "`mealz`", "`meals`"),
        ("expect: {books: {meals: [Dr 3 GBP], card: [Cr 2 GBP]}, nothing_else: true}", "exceed by 1 GBP", "account"),
        ("expect: {books: {meals: [Dr 3 GBP, Dr 4 GBP]}}", "two balances in GBP", "per currency"),
        ("expect: {lines: {p: [Dr meals 3 GBP]}}", "exceed by 3 GBP", "equal"),
        ("expect: {unchanged: [before]}", "Nothing is remembered as `before`", "Nothing"),
        ("expect: {transactions: {p: Complete}}", "`Complete` cannot stand here", "`Completed`"),
        ("attach: {file: f, transaction: q}", "No transaction `q`", "p"),
        ("attach: {file: f, transaction: p, size: 101 MB}", "takes files up to", "refused: {f: {}}"),
        ("attach: {file: f, transaction: p, name: f.html}", "does not take files like f.html", "refused"),
        ("attach: {file: f, transaction: p, size: 1.5 B}", "whole number of bytes", "whole bytes"),
        ("update: {transaction: q, account: meals}", "has not been pushed before", "earlier step"),
        ("connect: acne", "no company `acne`", "`acme`"),
        ("advance: soon", "cannot stand here", "seconds"),
        ("http: {request: GET}", "cannot stand here", "Method and path"),
        ("sync: until idle\n    connect: acme", "several verbs: sync, connect", "a step of its own"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_a_remedy(step: str, message: str, remedy: str) -> None:
    found = told(PAYMENT + f"  - {step}\n" + END)
    assert any(line in (2, 3) and message in said and remedy in cure for line, said, cure in found), found


def test_a_clean_file_has_no_problem() -> None:
    assert told(PAYMENT + END) == []


def test_unsupported_requests_must_be_expected_to_be_refused() -> None:
    head = HEAD.replace("[quickbooks_online, xero]", "[xero, freeagent]")
    refund = '  - push: {refund: p, date: "2026-03-16", amount: 1.00 GBP, account: meals, notes: Back}\n'
    assert told(refund + END, head) == [
        (
            1,
            "FreeAgent does not take Refund; it takes Payment.",
            "Expect `refused: {p: {}}`, or leave freeagent out (`only`).",
        )
    ]
    only = "  - sync: until idle\n  - expect: {transactions: {p: Completed}}\n    only: [xero]\n"
    refused = only + "  - expect: {refused: {p: {}}}\n    only: [freeagent]\n"
    assert told(refund + refused, head) == []


def test_an_adjustment_that_does_not_balance_is_a_problem() -> None:
    step = (
        '  - push: {adjustment: p, date: "2026-03-16", '
        "lines: [{amount: Dr 2.00 GBP, account: meals}, {amount: Cr 1.00 GBP, account: travel}]}\n"
    )
    assert "debits exceed by 1.00 GBP" in told(step + END)[0][1]


def test_a_fault_that_nothing_follows_can_never_act() -> None:
    late = "  - fault: {delay: {at: {write: p}}}\n"
    assert [message for _, message, _ in told(PAYMENT + END + late)] == ["No exchange follows this fault."]
    assert told(PAYMENT + END + late.replace("}}}", "}, may_rest: true}}")) == []


def test_a_scenario_that_expects_nothing_proves_nothing() -> None:
    assert [message for _, message, _ in told(PAYMENT + "  - sync: until idle\n")] == ["Nothing is expected."]


def test_a_transaction_that_nobody_speaks_of_is_a_problem() -> None:
    other = PAYMENT.replace("payment: p", "payment: q")
    assert [message for _, message, _ in told(PAYMENT + other + END)] == ["No `expect` says what becomes of `q`."]


def test_a_push_before_the_connection_is_a_problem() -> None:
    text = HEAD + "steps:\n" + PAYMENT + END
    assert [problem.message for problem in lint_text(text)] == ["`acme` is not connected yet."]


def test_with_several_companies_a_step_says_which() -> None:
    head = HEAD + "  other: {country: GB, currency: GBP}\n"
    found = [message for _, message, _ in told(PAYMENT + END, head)]
    assert "The scenario has several companies; which one is meant?" in found


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("seed: 11\n", "seed: 11\nmatrix: {phase: [commit]}\n", "`phase` is used nowhere"),
        ("name: Meals", 'name: "{what}"', "`{what}` has no value"),
        ("seed: 11\n", "seed: 11\nedition: 2024-01\n", "no edition `2024-01`"),
        ("seed: 11\n", "", "lacks `seed`"),
        ("2026-03-16T09:30:00 Europe/London", "2026-03-16T09:30:00 Europe/Londen", "is not a time"),
        ("platforms: [quickbooks_online, xero]", "requires: [expense.Refund.bank, update.transfer, adjustment]", ""),
        ("country: GB", "country: Britain", "`Britain` cannot stand here"),
        ("platforms: [quickbooks_online, xero]", "platforms: [quickbook_online]", "`quickbook_online` cannot stand"),
        ("country: GB", "settings: {xer: {}}\n    country: GB", "`xer` is no platform"),
        ("country: GB", "settings: {xero: {idempotency_minutes: 5}}\n    country: GB", ""),
        (
            "country: GB",
            "settings: {xero: {idempotency_minute: 5}}\n    country: GB",
            "`xero` has no setting `idempotency_minute`",
        ),
        ("country: GB", "settings: {xero: 1}\n    country: GB", "is not"),
    ],
)
def test_a_mistake_in_the_head_is_told(before: str, after: str, message: str) -> None:
    found = [problem.message for problem in lint_text(HEAD.replace(before, after) + BEGIN + PAYMENT + END)]
    assert any(message in said for said in found) if message else found == []


def test_a_value_of_the_matrix_that_does_not_fit_is_told_with_the_value() -> None:
    head = HEAD.replace("seed: 11\n", "seed: 11\nmatrix: {phase: [commit, never]}\n")
    fault = '  - fault: {drop_response: {at: {write: p}, phase: "{phase}"}}\n'
    assert any(
        "`never` cannot stand here (with phase = never)" in said for _, said, _ in told(fault + PAYMENT + END, head)
    )


def test_reading_raises_what_linting_tells() -> None:
    with pytest.raises(FileInvalid, match="Unknown verb `pusch`"):
        parse_scenario(HEAD + BEGIN + "  - pusch: {}\n")
    with pytest.raises(FileInvalid, match="negative"):
        parse_scenario(HEAD + BEGIN + PAYMENT.replace("36.00", "-36.00") + END).runs()


@pytest.mark.parametrize("text", ["", "- a\n", "just text\n", "scenario: [\n", "steps: 1\n"])
def test_a_file_that_is_no_scenario_at_all_is_told_so(text: str) -> None:
    assert lint_text(text)
