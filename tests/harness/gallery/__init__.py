"""The gallery: a clean expense client, real bugs of such clients as small patches, and what finds them."""
