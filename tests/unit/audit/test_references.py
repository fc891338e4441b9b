"""Tracking, contacts and texts. INV-36 to INV-39."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.audit.box import Bench, bought, gbp, rules

from sandbooks.audit import Submitted, SubmittedLine

ONE = "4d5e8f60-7a1b-4c2d-9e3f-000000000001"
TWO = "9a6b1c2d-3e4f-4a5b-8c6d-000000000002"


def tracked(id: str, *where: str) -> Submitted:
    line = SubmittedLine(account="travel", net=gbp("12.30"), tax=gbp("0"), tracking=where)
    return bought(id, lines=(line,))


def spend(bench: Bench, ref: str, *where: str, **more: str) -> None:
    bench.post(ref, ("travel", "12.30", {"where": list(where)}), ("card", "-12.30"), **more)


def test_tracking_that_arrives_is_right_whether_in_the_books_or_in_the_document(bench: Bench) -> None:
    spend(bench, "r-01", "north")
    bench.post("r-02", project="south")
    assert bench.audit(tracked("r-01", "north"), tracked("r-02", "south")) == []


def test_tracking_that_is_dropped_in_silence_is_found(bench: Bench) -> None:
    spend(bench, "r-01", "north")
    spend(bench, "r-02")
    (finding,) = bench.audit(tracked("r-01", "north"), tracked("r-02", "north"))
    assert (finding.transaction, finding.invariants, finding.failure_modes) == ("r-02", ("INV-36",), ("FM-89",))


def test_an_id_of_few_digits_that_stands_for_something_else_is_not_the_dimension(bench: Bench) -> None:
    bench.post("r-01", subsidiary="2")
    bench.post("r-02", department="2")
    (finding,) = bench.audit(tracked("r-01", "2"), tracked("r-02", "2"))
    assert (finding.transaction, finding.invariants, finding.failure_modes) == ("r-01", ("INV-36",), ("FM-89",))
    assert "is on Travel without 2 in the books" in finding.title


def test_tracking_that_nobody_chose_is_found(bench: Bench) -> None:
    spend(bench, "r-01", "north")
    spend(bench, "r-02", "north")
    (finding,) = bench.audit(tracked("r-01", "north"), tracked("r-02"))
    assert (finding.transaction, finding.failure_modes) == ("r-02", ("FM-91",))


def test_whom_a_line_is_for_is_not_its_tracking(bench: Bench) -> None:
    vendor = known(bench, "c-77", "Contoso Air")
    spend(bench, "r-01", vendor, "1-north")
    spend(bench, "r-02", vendor)
    (finding,) = bench.audit(tracked("r-01", "north"), tracked("r-02", "north"))
    assert (finding.transaction, finding.invariants) == ("r-02", ("INV-36",))


def test_a_contact_is_created_once(bench: Bench) -> None:
    bench.contact("Contoso Air")
    bench.contact("Contoso Rail")
    assert bench.alone() == []
    bench.contact("CONTOSO air")
    (finding,) = bench.alone()
    assert (finding.invariants, finding.failure_modes) == (("INV-37",), ("FM-93",))
    assert finding.exchanges == (1, 3)


def test_a_twin_of_a_contact_that_somebody_renamed_is_none(bench: Bench) -> None:
    bench.contact("Contoso Air")
    second = bench.contact("Contoso Rail")
    with bench.world.unit():
        bench.company().records.put("Contact", second, {"name": "Contoso Air"}, version=2, action="update")
    assert bench.alone() == []


def at(bench: Bench, ref: str, contact: str) -> Submitted:
    bench.post(ref, ("travel", "12.30", {"party": contact}), ("card", "-12.30"))
    return bought(ref, merchant="Contoso International Airways")


def known(bench: Bench, id: str, name: str) -> str:
    """A contact that the company's own people made."""
    with bench.world.unit():
        bench.company().records.put("Contact", id, {"name": name}, version=1, keys={"name": name})
    return id


def test_spend_with_a_merchant_is_never_booked_with_somebody_else_who_is_known(bench: Bench) -> None:
    usual, jane = known(bench, "c-usual", "Miscellaneous"), known(bench, "c-jane", "Jane Doe")
    for ref, party in (("r-01", jane), ("r-02", jane), ("r-03", usual)):
        bench.post(ref, ("travel", "12.30", {"party": party}), ("card", "-12.30"))
    named = bought("r-01", contact=usual, merchant="JANE-DOE")
    default = bought("r-03", contact=usual, merchant="Jane")
    assert bench.audit(named, bought("r-02", merchant="Jane"), default) == []
    (finding,) = bench.audit(named, bought("r-02", contact=usual, merchant="Jane"), default)
    assert (finding.transaction, finding.invariants) == ("r-02", ("INV-37",))
    assert "was booked with Jane Doe" in finding.title


@pytest.mark.parametrize(("merchant", "mode"), [("Jane Doe", "FM-93"), ("JANE  doe", "FM-97")])
def test_spend_that_is_turned_away_because_its_supplier_is_there_already_is_found(
    bench: Bench, merchant: str, mode: str
) -> None:
    bench.company().change_settings(unique_names=True)
    usual = known(bench, "c-usual", "Miscellaneous")
    known(bench, "c-jane", "Jane Doe")
    failed = bought("r-01", status="failed", contact=usual, merchant=merchant)
    assert bench.audit(failed) == [], "nobody tried to make the contact"
    bench.contact("Jane Doe", status=400)
    (finding,) = bench.audit(failed)
    assert (finding.invariants, finding.failure_modes) == (("INV-37", "INV-34"), (mode,))
    assert finding.title == (
        "The payment r-01 of 12.30 GBP was turned away because its supplier Jane Doe could not be made a second time."
    )
    assert bench.audit(bought("r-01", status="failed", contact=usual, merchant="Jane")) == []


def test_one_merchant_that_ends_at_two_contacts_is_found(bench: Bench) -> None:
    first = bench.contact("Contoso Internationa-3f")
    given = [at(bench, "r-01", first), at(bench, "r-02", first)]
    assert bench.audit(*given) == []
    given.append(at(bench, "r-03", bench.contact("Contoso Internationa-9a")))
    (finding,) = bench.audit(*given)
    assert (finding.invariants, finding.failure_modes) == (("INV-37",), ("FM-95",))


@pytest.mark.parametrize("name", ["Muller & Sons", "Mueller Sons", "M?ller & Sons", "mller-sons", "Muller Sons 3fa8"])
def test_a_letter_that_was_folded_in_a_new_contacts_name_is_found(bench: Bench, name: str) -> None:
    (finding,) = bench.audit(with_merchant(bench, "Müller & Sons", bench.contact(name)))
    assert (finding.invariants, finding.failure_modes) == (("INV-37",), ("FM-94",))
    assert "The merchant Müller & Sons" in finding.title


@pytest.mark.parametrize(
    ("name", "merchant"),
    [
        ("MÜLLER SONS", "Müller & Sons"),
        ("Müller", "Müller & Sons"),
        ("M 4f1c09aa", "Müller & Sons"),
        ("Café Napoli", "Café 🍕 Napoli"),
        ("Müller & Sons (supplier)", "Müller & Sons"),
        ("Lodz Cabs", "Łódź Cabs"),
        ("Cafe\u0301 Napoli", "Café Napoli"),
        ("Fachhandel für Anlagenbau und Technik", "Fachhandel für Anlagenbau und Technikä"),
        ("Lager 12 m2 Nord", "Lager 12 m² Nord"),
        ("Miscellaneous", "Müller & Sons"),
    ],
)
def test_a_name_that_is_shortened_or_written_without_its_signs_is_in_order(
    bench: Bench, name: str, merchant: str
) -> None:
    assert bench.audit(with_merchant(bench, merchant, bench.contact(name))) == []


def test_merchants_that_are_told_apart_by_an_accent_may_share_a_contact(bench: Bench) -> None:
    contact = bench.contact("Cafe Nero")
    bench.post("r-02", ("travel", "12.30", {"party": contact}), ("card", "-12.30"))
    accented = with_merchant(bench, "Café Nero", contact)
    assert bench.audit(bought("r-02", merchant="Cafe Nero"), accented) == []


def with_merchant(bench: Bench, merchant: str, contact: str) -> Submitted:
    bench.post("r-01", ("travel", "12.30", {"party": contact}), ("card", "-12.30"))
    return bought("r-01", merchant=merchant)


def test_a_merchant_whose_name_is_taken_is_never_booked_with_somebody_else(bench: Bench) -> None:
    company = bench.company()
    with bench.world.unit():
        company.change_settings(unique_names=True)
        name = "Contoso International Airways"
        company.records.put("Contact", "c-old", {"name": name}, version=1, keys={"name": name}, active=False)
    misc = bench.contact("Miscellaneous")
    bench.contact(name, status=400)
    given = at(bench, "r-01", misc)
    (finding,) = bench.audit(given)
    assert (finding.invariants, finding.failure_modes) == (("INV-37",), ("FM-45",))


@pytest.mark.parametrize(("there", "right"), [(True, False), (False, True)])
def test_a_merchant_gets_a_name_of_another_make_only_where_its_own_cannot_be_used(
    bench: Bench, there: bool, right: bool
) -> None:
    name, company = "Contoso International Airways", bench.company()
    with bench.world.unit():
        company.change_settings(unique_names=True)
        company.records.put("Contact", "c-old", {"name": name}, version=1, keys={"name": name}, active=there)
    bench.contact(name, status=400)
    given = at(bench, "r-01", bench.contact(f"{name} 2"))
    assert rules(bench.audit(given)) == (set() if right else {"INV-37"})


def written(bench: Bench, id: str, reference: str, **more: str) -> None:
    bench.post(reference, note=more.pop("note", ""), **more)


def test_a_text_cut_within_a_character_is_found(bench: Bench) -> None:
    given = bought(ONE, notes="Dinner 🍣 with clients")
    bench.post(ONE, note="Dinner 🍣 with")
    assert bench.audit(given) == []
    bench.send("DELETE", "/acme/spend/1")
    bench.post(ONE, note="Dinner \ufffd")
    (finding,) = bench.audit(given)
    assert (finding.invariants, finding.failure_modes) == (("INV-38",), ("FM-95",))


def test_a_text_encoded_twice_is_found(bench: Bench) -> None:
    bench.post(ONE, note="CafÃ© de Flore")
    assert rules(bench.audit(bought(ONE, merchant="Café de Flore"))) == {"INV-38"}


@pytest.mark.parametrize("stored", ["O&#x27;Neill &amp; Co", "O'Neill %26 Co", "O'Neill &amp; Co"])
def test_a_text_that_was_encoded_for_a_page_or_an_address_is_found(bench: Bench, stored: str) -> None:
    bench.post(ONE, note=stored)
    assert rules(bench.audit(bought(ONE, merchant="O'Neill & Co"))) == {"INV-38"}


def test_a_text_that_was_submitted_so_is_whole(bench: Bench) -> None:
    bench.post(ONE, note="Q&amp;A, 100%25")
    bench.post(TWO, note="O'Neill & Co, 100%")
    assert bench.audit(bought(ONE, merchant="Q&amp;A", notes="100%25"), bought(TWO, merchant="O'Neill & Co 100%")) == []


def document(bench: Bench, id: str, number: str) -> Submitted:
    """A spend whose only reference is a number of at most 21 characters; the books know it by the id told."""
    answer: Any = bench.post(number[:21])
    return bought(id, native_id=str(len(bench.audit()) and answer.body.decode().split('"')[3].removeprefix("Spend-")))


def test_a_reference_that_is_cut_off_by_the_text_before_it_is_found(bench: Bench) -> None:
    short = document(bench, ONE, f"Cab {ONE}")
    assert bench.audit(short) == []
    long = document(bench, TWO, f"Contoso International {TWO}")
    (finding,) = bench.audit(short, long)
    assert (finding.transaction, finding.invariants) == (TWO, ("INV-38",))
    assert "ref is 'Contoso International'" in finding.title


def test_a_reference_of_another_make_is_one_although_the_note_was_cut(bench: Bench) -> None:
    given = []
    for id, digest, note in ((ONE, "E20fdd22d982", f"Cab {ONE}"), (TWO, "E77aa01c3be4", "Contoso International")):
        bench.post(digest, note=note)
        given.append(bought(id, native_id=str(len(given) + 1)))
    assert bench.audit(*given) == []


def test_a_digest_behind_a_text_is_a_reference_of_another_make(bench: Bench) -> None:
    bench.post("TRIP 12 xe4d7f68531f18")
    bench.post("A&B Bits xc0a1199d201ab")
    given = [bought(ONE, native_id="1", reference="TRIP 12"), bought(TWO, native_id="2")]
    assert bench.audit(*given) == []


def test_a_reference_that_was_submitted_stands_for_its_transaction(bench: Bench) -> None:
    bench.post(ONE)
    bench.post("TRIP 7")
    assert bench.audit(bought(ONE), bought(TWO, reference="TRIP 7")) == []


def test_two_transactions_under_one_cut_reference_are_found(bench: Bench) -> None:
    three = "c3d4e5f6-0000-4000-8000-000000000003"
    given = [document(bench, ONE, f"Cab {ONE}")]
    given += [document(bench, id, f"Contoso International {id}") for id in (TWO, three)]
    assert "INV-39" in rules(bench.audit(*given))


@pytest.mark.parametrize("kept", [8, 13, 17])
def test_of_ids_that_begin_alike_those_that_are_cut_too_early_are_found(bench: Bench, kept: int) -> None:
    ids = [f"4d5e8f60-{n}{n}{n}{n}-4c2d-9e3f-00000000000{n}" for n in (1, 2)]
    found = bench.audit(*(document(bench, id, f"EXP {id[:kept]}") for id in ids))
    assert rules(found) == ({"INV-39"} if kept == 8 else set())


@pytest.mark.parametrize("kept", [16, 20])
def test_what_several_payments_name_as_their_bill_is_no_reference_of_theirs(bench: Bench, kept: int) -> None:
    bill, *parts = [f"4d5e8f60-{n}{n}{n}{n}-4c2d-9e3f-00000000000{n}" for n in (1, 2, 3)]
    bench.post(bill)
    for id in parts:
        bench.post(id, bill_number=bill[:kept])
    assert bench.audit(*map(bought, (bill, *parts))) == []


@pytest.mark.parametrize("scheme", ["{id}", "{id:.21}", "EXP-{id:.8}", "{id:.13}/v1"])
def test_any_scheme_that_keeps_references_apart_is_in_order(bench: Bench, scheme: str) -> None:
    given = [document(bench, id, scheme.format(id=id)) for id in (ONE, TWO)]
    assert bench.audit(*given) == []


def test_spend_that_names_its_supplier_is_booked_with_that_one(bench: Bench) -> None:
    named, other = bench.contact("Contoso Air"), bench.contact("Harbour Hotel")
    bench.post("r-01", ("travel", "12.30", {"party": named}), ("card", "-12.30"))
    bench.post("r-02", ("travel", "12.30", {"party": other}), ("card", "-12.30"))
    own: dict[str, Any] = {"contact": named, "merchant": "Harbour Hotel"}
    by_default = [bought("r-01", **own), bought("r-02", **own)]
    assert bench.audit(*by_default) == []
    (finding,) = bench.audit(bought("r-01", names_contact=True, **own), bought("r-02", names_contact=True, **own))
    assert (finding.transaction, finding.invariants) == ("r-02", ("INV-37",))
    assert "names Contoso Air, and was booked with Harbour Hotel" in finding.title


def test_of_two_options_both_arrive_whatever_they_are_called_there(bench: Bench) -> None:
    spend(bench, "r-01", "1-north", "2-sales")
    spend(bench, "r-02", "1-north")
    (finding,) = bench.audit(tracked("r-01", "north", "sales"), tracked("r-02", "north", "sales"))
    assert (finding.transaction, finding.invariants) == ("r-02", ("INV-36",))


def test_through_the_hub_too_a_payment_without_a_merchant_is_booked_with_its_supplier(bench: Bench) -> None:
    named, other = bench.contact("Contoso Air"), bench.contact("Fabrikam")
    for ref, party in (("r-01", named), ("r-02", other), ("r-03", other)):
        bench.post(ref, ("travel", "12.30", {"party": party}), ("card", "-12.30"))
    given: dict[str, Any] = {"through_hub": True, "names_contact": True, "contact": named}
    found = bench.audit(bought("r-01", **given), bought("r-02", **given), bought("r-03", merchant="Fabrikam", **given))
    assert [(finding.transaction, finding.invariants) for finding in found] == [("r-02", ("INV-37",))]
