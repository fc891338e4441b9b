"""The Python interface: one world in this process, in front of code under test.

with Sandbox(seed=7, clock="2026-03-28T17:40:00 Europe/London") as sandbox:
    acme = sandbox.company("xero", country="GB")
    with sandbox.intercept():
        export(acme.credentials)          # production code, vendor URLs
    acme.audit()
"""

from sandbooks.sandbox.books import AccountRow, Books
from sandbooks.sandbox.company import PlatformCompany
from sandbooks.sandbox.hub import HubCompany
from sandbooks.sandbox.sandbox import FaultNeverFired, Sandbox, SandboxClock

__all__ = [
    "AccountRow",
    "Books",
    "FaultNeverFired",
    "HubCompany",
    "PlatformCompany",
    "Sandbox",
    "SandboxClock",
]
