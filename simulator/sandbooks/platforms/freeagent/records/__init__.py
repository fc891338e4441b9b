"""FreeAgent's records and the rules of writing them: what a document must hold, and what follows from a change.

Knows companies, records and posting; nothing of HTTP. The API and the screens of the bookkeeper both come through here.
"""
