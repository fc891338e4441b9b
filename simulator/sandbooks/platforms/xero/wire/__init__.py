"""How Xero writes: JSON in any casing, XML both ways, its dates, numbers and error documents."""
