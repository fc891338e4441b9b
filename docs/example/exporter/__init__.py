"""Exports card receipts into a customer's accounting software: QuickBooks Online or Xero."""

from exporter.receipts import OutcomeUnknown, Receipt, Refused

__all__ = ["OutcomeUnknown", "Receipt", "Refused"]
