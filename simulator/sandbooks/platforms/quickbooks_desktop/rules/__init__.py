"""The rules of QuickBooks Desktop by kind of record: what a draft must be, and what follows from it."""
