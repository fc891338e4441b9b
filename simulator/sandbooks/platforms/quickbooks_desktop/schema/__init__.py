"""What qbXML documents look like: element order, types, lengths. Data and its reading; no rule of accounting."""
