"""The XML gateway: one address, one document with one or more functions, one document back."""
