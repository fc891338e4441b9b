"""Transactions: bills, payments, expense reports, charges, receipts, transfers, journals."""
