"""Finding the contracts and reading files that people write."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from sandbooks import settings
from sandbooks.settings import DataMissing, FileInvalid, contract_path, parse_document, read_contract, read_document


def test_contracts_and_scenarios_are_found_in_a_checkout() -> None:
    assert contract_path("control.yaml").is_file()
    assert (settings.scenarios_root() / "quickstart").is_dir()


def test_an_installed_package_finds_its_own_data_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_data" / "contracts").mkdir(parents=True)
    monkeypatch.setattr(settings, "PACKAGE", tmp_path)
    assert settings._data_root.__wrapped__("contracts") == tmp_path / "_data" / "contracts"


def test_missing_data_is_said_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PACKAGE", tmp_path / "a" / "b")
    with pytest.raises(DataMissing, match="contracts of Sandbooks are missing"):
        settings._data_root.__wrapped__("contracts")


def test_an_unknown_contract_is_named() -> None:
    with pytest.raises(DataMissing, match=r"platforms/nowhere/capabilities\.yaml"):
        contract_path("platforms", "nowhere", "capabilities.yaml")


def test_numbers_with_a_point_are_decimals_in_yaml_and_json() -> None:
    assert parse_document("total: 96.14").data == {"total": Decimal("96.14")}
    assert read_contract("scenario.schema.json")["$id"] == "scenario.schema.json"


def test_dates_stay_text_and_booleans_numbers_and_nothing_are_read() -> None:
    data = parse_document("{day: 2026-03-28, on: yes, so: true, n: 12, none: null, hex: 0x1F, big: 1_000}").data
    assert data == {"day": "2026-03-28", "on": "yes", "so": True, "n": 12, "none": None, "hex": 31, "big": 1000}


def test_every_key_and_item_has_its_position() -> None:
    document = parse_document("a:\n  - b: 1\n  - c: 2\n")
    assert document.position(("a", 1, "c")) == (3, 5)
    assert document.position(("a", 1, "c", "deeper")) == (3, 5)
    assert document.position(("z",)) == (1, 1)


def test_a_doubled_key_is_a_problem_with_its_line() -> None:
    with pytest.raises(FileInvalid, match=r"<text>:2:1: The key `a` appears twice"):
        parse_document("a: 1\na: 2\n")


def test_text_that_is_not_yaml_names_the_line() -> None:
    with pytest.raises(FileInvalid) as caught:
        parse_document("steps: [\n  a, b\n", "broken.yaml")
    assert caught.value.problems[0].file == "broken.yaml"
    assert caught.value.problems[0].line >= 2


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    with pytest.raises(FileInvalid, match="Cannot be read"):
        read_document(tmp_path / "missing.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9")
    with pytest.raises(FileInvalid, match="not UTF-8"):
        read_document(tmp_path / "latin.yaml")


def test_an_empty_file_is_nothing() -> None:
    assert parse_document("").data is None


@pytest.mark.parametrize("text", ["a: &a [*a]", "[" * 3000, "a: " + "[" * 150 + "]" * 150])
def test_a_file_that_nests_without_end_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(FileInvalid, match="Nests too deep") as caught:
        parse_document(text, "deep.yaml")
    assert caught.value.problems[0].line == 1


def test_a_file_whose_aliases_multiply_is_refused_before_it_fills_the_memory() -> None:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    with pytest.raises(FileInvalid, match="Holds too much"):
        parse_document("\n".join(rows), "laughs.yaml")


@pytest.mark.parametrize("text", ["a: 1\nb: 'x\x07'\n", "a: 1\n\x00"])
def test_a_character_that_yaml_does_not_allow_names_its_line(text: str) -> None:
    with pytest.raises(FileInvalid) as caught:
        parse_document(text, "hand.yaml")
    assert caught.value.problems[0].line == 2
