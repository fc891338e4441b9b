"""Credentials issued and ended without a sign-in page."""

from __future__ import annotations

from typing import Any

from sandbooks.control.errors import unknown
from sandbooks.kit.company import Company
from sandbooks.kit.tokens import Token, Tokens
from sandbooks.platform import platform_named


def token_json(token: Token, company: Company) -> dict[str, Any]:
    """One token and whether it still works."""
    now = company.world.clock.now()
    status = "revoked" if token.revoked else "live" if token.is_live(now) else "expired"
    shown: dict[str, Any] = {
        "kind": token.kind,
        f"{token.kind}_token": token.value,
        "scope": " ".join(token.grant.scopes),
        "status": status,
        "issued_at": _stamp(token.issued),
        "expires_at": _stamp(token.expires) if token.expires else None,
    }
    return shown


def _stamp(moment: Any) -> str:
    return str(moment.isoformat()).replace("+00:00", "Z")


def list_tokens(company: Company) -> list[dict[str, Any]]:
    """Access and refresh tokens that reach a company."""
    return [token_json(token, company) for token in _chosen(company, "")]


def issue(company: Company) -> dict[str, Any]:
    """A working pair."""
    seed = platform_named(company.platform).load_seed()
    with company.world.unit():
        made = seed.credentials(company.world, company)
    now = _stamp(company.world.clock.now())
    pair: dict[str, Any] = {key: made[key] for key in ("access_token", "refresh_token") if key in made}
    return {"kind": "pair", "status": "live", "issued_at": now, **pair, "credentials": made}


def _chosen(company: Company, value: str) -> list[Token]:
    """Every token, or the one that is named. Raises ``ControlError`` where there is none of that name."""
    tokens = Tokens(company.world, company.platform)
    found = tokens.of_company(company.id, kind="access") + tokens.of_company(company.id, kind="refresh")
    chosen = [token for token in found if value in ("", token.value)]
    if value and not chosen:
        raise unknown("token", value, [])
    return chosen


def expire(company: Company, value: str) -> list[dict[str, Any]]:
    """End the life of access tokens (of one, if named); refresh tokens go on unless one is named."""
    tokens = Tokens(company.world, company.platform)
    with company.world.unit():
        ended = [t for t in _chosen(company, value) if value or t.kind == "access"]
        for token in ended:
            tokens.spend(token)
    return [token_json(t, company) for t in _chosen(company, "") if t.value in {e.value for e in ended}]


def revoke(company: Company, value: str) -> list[dict[str, Any]]:
    """Withdraw the consent behind a token (behind all, if none is named)."""
    tokens = Tokens(company.world, company.platform)
    with company.world.unit():
        ended = _chosen(company, value)
        for token in ended:
            tokens.revoke(token.grant)
    return [token_json(t, company) for t in _chosen(company, "") if t.value in {e.value for e in ended}]
