"""What queries find: filters over lists and transactions, pages of an iterator, questions about the file itself."""
