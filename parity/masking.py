"""Values that differ from run to run, and how texts are compared without them."""

from __future__ import annotations

import re
from collections import Counter

_MASKS = [
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I), "<uuid>"),
    (re.compile(r"'[0-9a-f]{32}'", re.I), "'<uuid>'"),
    (re.compile(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?(\.\d+)?([+-]\d\d:?\d\d|Z)?)?"), "<time>"),
    (re.compile(r"\b1[6-9]\d{8}(\.\d+|\d{3}|\d{6})?\b"), "<epoch>"),
]


def mask(text: str) -> str:
    """The text with identifiers and times that look generated replaced."""
    for pattern, name in _MASKS:
        text = pattern.sub(name, text)
    return text


def agrees(record: dict, text: str) -> bool:
    """Whether `text` is what Alembic renders, as far as Alembic itself is sure of it."""
    if text == record["text"]:
        return True
    unstable = record.get("unstable")
    if unstable is None:
        return False
    if text == record.get("other") or mask(text) == mask(record["text"]):
        return True
    # The order of a set: the same words, whatever their order.
    return unstable == "order" and _words(text) == _words(record["text"])


def _words(text: str) -> Counter:
    return Counter(re.findall(r"\w+|[^\w\s]", mask(text)))
