"""OData version 4 as Business Central speaks it: filters, query options, answers."""
