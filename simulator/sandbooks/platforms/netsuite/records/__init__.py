"""Native records: how they are kept, referred to, checked and posted. Knows no HTTP."""
