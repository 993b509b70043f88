"""Sentences that look out of a room at something that has a place of its own.

A boat is shown on the water and a carriage in the street, whatever room the scene plays
in; a small boat is a place on the water, not a ship's deck.
"""

from __future__ import annotations

import re


def seen_outside(text: str) -> str | None:
    """The kind of place where what a sentence tells of is to be seen: sea, street or None."""
    if _VESSEL.match(text) or _ON_WATER.match(text):
        return "sea"
    return "street" if _CARRIAGE.match(text) else None


def tells_of_small_boat(text: str) -> bool:
    """Whether a sentence names a boat with oars."""
    return _SMALL_BOAT.search(text) is not None


_SMALL_BOAT = re.compile(
    r"\b(?:small|little|rowing|open) boat\b|\b(?:rowboat|oars?|dinghy|skiff|canoe)\b|小船|划船|桨"
)
_FAR_OFF = r"(?:[A-Z][^,]{2,40}, |[^，]{2,12}，)?"
_WHOSE = r"(?:(?:the|a|an|another|two|three|his|her|their)\s)?(?:[a-z-]+\s){0,2}"
_VESSEL = re.compile(
    rf"{_FAR_OFF}(?:{_WHOSE}(?:boat|ship|vessel|schooner|raft|ferry|steamer|yacht)s?\b|"
    r"(?:[一那这][艘条只])?[^，。]{0,3}船)",
    re.IGNORECASE,
)
_ON_WATER = re.compile(
    r"(?:Far |Out |Deep )?(?:on|over|across|out on) (?:the |a )?(?:[a-z-]+ ){0,2}"
    r"(?:water|sea|waves|ocean)\b|海面上|大海上",
    re.IGNORECASE,
)
_CARRIAGE = re.compile(
    rf"{_FAR_OFF}(?:{_WHOSE}(?:carriage|cab|cart|wagon|coach|hansom)s?\b|"
    r"(?:[一那这][辆])?[^，。]{0,3}马车)",
    re.IGNORECASE,
)
