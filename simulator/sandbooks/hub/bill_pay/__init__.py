"""Bill pay: what a company owes, read from its platform, paid, and seen paid in its books; two generations."""
