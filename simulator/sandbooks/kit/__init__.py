"""Parts that dialects are built from. Two users, or it does not belong here."""
