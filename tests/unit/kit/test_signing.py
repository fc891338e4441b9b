"""What a sign-in service signs, any JOSE library verifies by its key set."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

import pytest
from joserfc import jwt
from joserfc.errors import BadSignatureError
from joserfc.jwk import KeySet

from sandbooks.kit.signing import Signer

CLAIMS: dict[str, Any] = {"sub": "ada", "aud": ["é", 7], "exp": int(datetime(2033, 5, 18, tzinfo=UTC).timestamp())}


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_a_jose_library_verifies_a_signed_token_by_the_key_set(algorithm: Literal["RS256", "PS256"]) -> None:
    signer = Signer("k-1", algorithm)
    read = jwt.decode(signer.signed(CLAIMS), KeySet.import_key_set(signer.key_set()), algorithms=[algorithm])
    assert read.claims == CLAIMS
    assert read.header == {"alg": algorithm, "kid": "k-1", "typ": "JWT"}


@pytest.mark.parametrize("algorithm", ["RS256", "PS256"])
def test_a_changed_claim_is_found_out(algorithm: Literal["RS256", "PS256"]) -> None:
    signer = Signer("k-1", algorithm)
    head, _, signature = signer.signed(CLAIMS).split(".")
    _, other, _ = signer.signed({**CLAIMS, "sub": "bob"}).split(".")
    with pytest.raises(BadSignatureError):
        jwt.decode(f"{head}.{other}.{signature}", KeySet.import_key_set(signer.key_set()), algorithms=[algorithm])


def test_the_same_claims_give_the_same_bytes_and_a_type_can_be_left_out() -> None:
    signer = Signer("k-1", "PS256", type=None)
    assert signer.signed(CLAIMS) == signer.signed(CLAIMS)
    assert (
        "typ"
        not in jwt.decode(signer.signed(CLAIMS), KeySet.import_key_set(signer.key_set()), algorithms=["PS256"]).header
    )
