"""Words of the article: what stands between blanks, without the punctuation around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.pipeline.rules.records import Page, Sentence

_WORD = re.compile(r"[^\W_]+(?:[-’':@&_][^\W_]+|!(?=[A-ZÅÄÖ])[^\W_]+|\.(?=[a-zåäö0-9])[^\W_]+)*-?")


def read_words(page: Page, sentences: Sequence[Sentence]) -> None:
    """Fill the page's words from its sentences and note which word begins a sentence."""
    words, starts, ends = page.words, page.starts, page.ends
    for sentence in sentences:
        page.first.add(len(words))
        for found in _WORD.finditer(page.text, sentence.start, sentence.end):
            words.append(found.group())
            starts.append(found.start())
            ends.append(found.end())
    before = page.text
    page.first.update(i for i, start in enumerate(starts) if start and before[start - 1] in '”"»:')
