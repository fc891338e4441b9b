"""How Sage Intacct writes: XML trees, dates, amounts, booleans."""
