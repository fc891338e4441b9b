"""References: the texts that stand for a transaction on the wire and in native records, found in one pass over a text.

A reference is known by its own name and by whatever else a world was told to mean it (the hub's id, a document
number). A text carries it as a word of its own: ``r-1`` is not found in ``r-12``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from sandbooks.world import World

SCOPE = "reference"
_WORD = re.compile(r"[^\W_]+")


class References:
    """An index of texts to the references that they stand for; looking one text up costs its length, not the index.

    Texts are found by the word that they share with the fewest others: references often have one beginning.
    """

    def __init__(self, texts: Mapping[str, Iterable[str]]) -> None:
        self.texts = {name: list(dict.fromkeys(tokens)) for name, tokens in texts.items()}
        tokens = [(form, name) for name, known in self.texts.items() for text in known for form in _forms(text)]
        shared = Counter(word for token, _ in tokens for word in set(_WORD.findall(token)))
        self._by_word: dict[str, list[tuple[str, str]]] = {}
        for token, name in tokens:
            words = _WORD.findall(token)
            if words:
                self._by_word.setdefault(min(words, key=shared.__getitem__), []).append((token, name))

    def __bool__(self) -> bool:
        return bool(self._by_word)

    def carried(self, text: str) -> list[str]:
        """Every reference that a text carries, the one with the longest text first."""
        found: dict[str, int] = {}
        lower = text.lower()
        for token, name in self._candidates(lower):
            if len(token) > found.get(name, 0) and _is_word(token, lower):
                found[name] = len(token)
        return sorted(found, key=lambda name: (-found[name], name))

    def owner(self, text: str) -> str | None:
        """The reference that a text carries; the longest text that matches wins."""
        return next(iter(self.carried(text)), None)

    def _candidates(self, lower: str) -> Iterator[tuple[str, str]]:
        if self._by_word:
            for word in self._by_word.keys() & set(_WORD.findall(lower)):
                yield from self._by_word[word]


def references_of(world: World) -> References:
    """What a world was told: every reference by its name and by the texts that stand for it."""
    return References({name: [name, *tokens] for name, tokens in world.kept(SCOPE).items()})


def _forms(text: str) -> Iterator[str]:
    yield text.lower()
    try:
        yield UUID(text).hex
    except ValueError:
        return


def _is_word(token: str, text: str) -> bool:
    at = text.find(token)
    while at >= 0:
        before, after = text[at - 1 : at] if at else "", text[at + len(token) : at + len(token) + 1]
        if not (before.isalnum() or after.isalnum()):
            return True
        at = text.find(token, at + 1)
    return False
