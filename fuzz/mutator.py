"""Mutation by pieces: parameters, tags, lines or values are dropped, repeated, moved and replaced whole."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fuzz.target import Target

Edit = Callable[[list[bytes], int, random.Random, tuple[bytes, ...]], None]


def mutated(data: bytes, target: Target, seed: int) -> bytes:
    """*data* after one to four edits of its pieces; always the same for the same seed."""
    dice = random.Random(seed)
    # Now and then the packing itself is damaged.
    inner, pack = target.unpack(data) if dice.random() < 0.8 else (data, bytes)
    pieces = target.piece.findall(inner)
    for _ in range(dice.randint(1, 4)):
        edit = dice.choice(EDITS)
        edit(pieces, dice.randrange(len(pieces)) if pieces else 0, dice, target.tokens)
    return pack(b"".join(pieces))


def _drop(pieces: list[bytes], at: int, dice: random.Random, _tokens: tuple[bytes, ...]) -> None:
    del pieces[at : at + dice.randint(1, 3)]


def _repeat(pieces: list[bytes], at: int, dice: random.Random, _tokens: tuple[bytes, ...]) -> None:
    to = dice.randint(0, len(pieces))
    pieces[to:to] = pieces[at : at + dice.randint(1, 4)]


def _move(pieces: list[bytes], at: int, dice: random.Random, _tokens: tuple[bytes, ...]) -> None:
    moved = pieces[at : at + dice.randint(1, 4)]
    del pieces[at : at + len(moved)]
    to = dice.randint(0, len(pieces))
    pieces[to:to] = moved


def _insert(pieces: list[bytes], at: int, dice: random.Random, tokens: tuple[bytes, ...]) -> None:
    pieces.insert(at, dice.choice(tokens))


def _retoken(pieces: list[bytes], at: int, dice: random.Random, tokens: tuple[bytes, ...]) -> None:
    """Put a token in the place of a word of a piece, or of a whole piece."""
    if not pieces:
        return
    piece = pieces[at]
    start = dice.randint(0, len(piece))
    stop = dice.choice((start, start + 1, len(piece), start + dice.randint(1, 16)))
    pieces[at] = piece[:start] + dice.choice(tokens) + piece[stop:]


def _cut(pieces: list[bytes], at: int, dice: random.Random, _tokens: tuple[bytes, ...]) -> None:
    if pieces:
        pieces[at] = pieces[at][: dice.randint(0, len(pieces[at]))]


def _overwrite(pieces: list[bytes], at: int, dice: random.Random, _tokens: tuple[bytes, ...]) -> None:
    if pieces and pieces[at]:
        piece = bytearray(pieces[at])
        piece[dice.randrange(len(piece))] = dice.randrange(256)
        pieces[at] = bytes(piece)


EDITS: tuple[Edit, ...] = (_drop, _repeat, _move, _insert, _retoken, _retoken, _cut, _overwrite)
