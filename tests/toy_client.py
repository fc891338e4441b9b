"""Production-like code against Toy Books: it knows the vendor's address, the process clock and its own token store."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import requests

HOST = "https://api.toybooks.example"


class ToyClient:
    """Signs in with a refresh token, renews before expiry, waits when told to, looks up before it resends."""

    def __init__(self, credentials: Mapping[str, str], *, base_url: str = HOST, careful: bool = True) -> None:
        self._base_url = base_url
        self._company = credentials["company"]
        self._refresh_token = credentials["refresh_token"]
        self._access_token = credentials["access_token"]
        self._renew_at = time.time() + 1500
        self._careful = careful
        self._session = requests.Session()
        self.renewals = 0

    def close(self) -> None:
        self._session.close()

    def __enter__(self) -> ToyClient:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def export(self, ref: str, amount: str, *, account: str = "travel", date: str = "2026-03-28") -> str:
        """Post one spend; the native id. Tries three times."""
        body = {"ref": ref, "account": account, "amount": amount, "date": date}
        for attempt in range(3):
            if attempt and self._careful:
                found = self.find(ref)
                if found:
                    return str(found[0]["id"])
            try:
                answer = self._call("POST", f"/companies/{self._company}/spend", json=body)
                answer.raise_for_status()
                return str(answer.json()["id"])
            except (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError):
                time.sleep(2**attempt)
            except (requests.JSONDecodeError, requests.HTTPError) as error:
                if error.response is not None and 400 <= error.response.status_code < 500:
                    raise
                time.sleep(2**attempt)
        raise TimeoutError(f"{ref} could not be exported")

    def find(self, ref: str) -> list[dict[str, Any]]:
        """The spend that carries a reference."""
        for attempt in range(3):
            try:
                answer = self._call("GET", f"/companies/{self._company}/spend", params={"ref": ref})
                answer.raise_for_status()
                found: list[dict[str, Any]] = answer.json()["spend"]
                return found
            except (requests.ConnectionError, requests.Timeout, requests.JSONDecodeError, requests.HTTPError):
                time.sleep(2**attempt)
            except requests.exceptions.ChunkedEncodingError:
                time.sleep(2**attempt)
        raise TimeoutError(f"{ref} could not be looked up")

    def _call(self, method: str, path: str, **request: Any) -> requests.Response:
        if time.time() >= self._renew_at:
            self.renew()
        answer = self._send(method, path, **request)
        if answer.status_code == 401:
            self.renew()
            answer = self._send(method, path, **request)
        if answer.status_code == 429:
            time.sleep(float(answer.headers.get("Retry-After", "5")))
            answer = self._send(method, path, **request)
        return answer

    def _send(self, method: str, path: str, **request: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self._access_token}"}
        return self._session.request(method, self._base_url + path, headers=headers, timeout=20, **request)

    def renew(self) -> None:
        """Trade the refresh token for a new pair."""
        form = {"grant_type": "refresh_token", "refresh_token": self._refresh_token}
        answer = self._session.post(f"{self._base_url}/oauth/token", data=form, timeout=20)
        answer.raise_for_status()
        pair = answer.json()
        self._access_token, self._refresh_token = pair["access_token"], pair["refresh_token"]
        self._renew_at = time.time() + pair["expires_in"] - 300
        self.renewals += 1
