"""What Sage Intacct calls objects: the catalogue of their fields, the lists, and how records of them are kept."""
