"""Whole objects over a stream: a length, then a pickle.

Both ends are processes of the same user, and one began the other; nothing from a file or a
network is read this way.
"""

from __future__ import annotations

import pickle
import socket
import struct
from typing import Any

_HEAD = struct.Struct("!Q")
CHUNK = 1 << 18


def send(to: socket.socket, what: object, token: bytes = b"") -> None:
    """Send one object, under a token that the other end expects."""
    told = token + pickle.dumps(what, pickle.HIGHEST_PROTOCOL)
    to.sendall(_HEAD.pack(len(told)))
    to.sendall(told)


def receive(source: socket.socket) -> Any:
    """Wait for one object.

    Raises
    ------
    EOFError
        If the other end is gone before the object is whole.
    """
    (length,) = _HEAD.unpack(_exactly(source, _HEAD.size))
    return pickle.loads(_exactly(source, length))  # noqa: S301 - from our own process


def _exactly(source: socket.socket, length: int) -> bytes:
    parts = []
    while length:
        part = source.recv(min(length, CHUNK))
        if not part:
            raise EOFError
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


class Garbled(Exception):
    """What arrived is no object of ours."""


class Reader:
    """Cuts what arrives in pieces into objects.

    Parameters
    ----------
    token
        What every object must bear: anybody may have written into the stream.
    """

    def __init__(self, token: bytes) -> None:
        self._token = token
        self._bytes = bytearray()

    def feed(self, piece: bytes) -> list[Any]:
        """Take a piece; give the objects that are whole now.

        Raises
        ------
        Garbled
            If something else is among them.
        """
        self._bytes += piece
        whole = []
        while len(self._bytes) >= _HEAD.size + len(self._token):
            (length,) = _HEAD.unpack_from(self._bytes)
            start, end = _HEAD.size + len(self._token), _HEAD.size + length
            if bytes(self._bytes[_HEAD.size : start]) != self._token:
                raise Garbled
            if len(self._bytes) < end:
                break
            whole.append(pickle.loads(bytes(self._bytes[start:end])))  # noqa: S301 - it bears our token
            del self._bytes[:end]
        return whole
