"""JSON with exact numbers: what no decimal can be reckoned with is refused where it is read."""

from __future__ import annotations

from decimal import Decimal

import pytest

from sandbooks import exact_json


@pytest.mark.parametrize("text", ["1e400", "-4.15E-300", "1e99999", "0.000", "12345678901234567890.12"])
def test_a_number_of_any_sober_size_is_read_digit_for_digit(text: str) -> None:
    assert exact_json.loads(f"[{text}]") == [Decimal(text)]


@pytest.mark.parametrize("text", ["1e999999999", "-1E+100001", "7e-999999999"])
def test_a_number_that_would_overflow_in_any_sum_is_no_json(text: str) -> None:
    with pytest.raises(exact_json.MalformedJson, match="out of range"):
        exact_json.loads(f"[{text}]")


@pytest.mark.parametrize(("opens", "closes"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
@pytest.mark.parametrize("times", [300, 2_000, 100_000])
def test_what_is_nested_too_deeply_is_malformed(opens: str, closes: str, times: int) -> None:
    with pytest.raises(exact_json.MalformedJson):
        exact_json.loads((opens * times + "1" + closes * times).encode())


def test_a_wide_document_is_not_a_deep_one() -> None:
    wide = [{"a": [number]} for number in range(1_000)]
    assert exact_json.loads(exact_json.dumps(wide)) == wide
    assert exact_json.loads('"' + "[" * 1_000 + '"') == "[" * 1_000
