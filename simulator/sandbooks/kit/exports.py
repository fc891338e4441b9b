"""A company's own lists as somebody exported them: the answers of a platform's API, one or several.

What an answer holds, and how it becomes a company's, is the platform's affair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any


def each_answer(export: Any, take: Callable[[Any], bool], *, lists: Iterable[str]) -> None:
    """Hand every answer of an export to ``take``, which says whether it held a list that it knows.

    Raises ``ValueError`` for the first that held none: it would be passed over in silence. ``lists`` names those that
    are known, for the message.
    """
    answers = export if isinstance(export, list) else [export]
    if not answers:
        raise ValueError(f"there is no answer; known lists are {', '.join(lists)}")
    for number, answer in enumerate(answers, 1):
        if not take(answer):
            which = f"answer {number} of {len(answers)}" if len(answers) > 1 else "the answer"
            raise ValueError(f"{which} holds none of the lists {', '.join(lists)}")
