r"""Debug logs of botocore, the AWS CLI, boto 2 and Python's http.client.

botocore and boto log the parameters before they encode them, so a call is the pairs of one dictionary; the
signature is made later, and what is logged of it is passed over. A call is one ``Making request`` (or
``Params:``) however often it was sent; the answer kept is the last. http.client prints every ``send:``, and
these are calls only in a log that tells of them in no other way.

Logs without thread names do not say which of several threads an answer is for; one that names another action
is kept from the call.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from ec2codec.captures.access_log import WITH_BODY, parse_among
from ec2codec.captures.botocore_line import MAKING, call_of, cut_short, made
from ec2codec.captures.dialogue import Dialogue
from ec2codec.captures.exchange import Completeness, Exchange, Note, Place
from ec2codec.captures.numbered_lines import begins_record, numbered_lines, records
from ec2codec.captures.python_literals import read_text
from ec2codec.captures.querytext import as_bytes, merge, query_of
from ec2codec.captures.relevance import action_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ec2codec.captures.source import Source

_PARAMS = re.compile(rb"\bParams: (?=\{)")
_SEND = re.compile(rb"send: (?=b?['\"])")
# The AWS CLI's logger names the thread, botocore's own does not.
_THREAD = re.compile(rb"[\d-]{10} [\d:,]{12} - (\S{1,64}) - ")
_STATUS = re.compile(
    rb"reply: '?HTTP/\d\.\d (\d{3})|\"[A-Z]{3,7} /\S* HTTP/\d\.\d\" (\d{3})|Received (\d{3}) response\. "
    rb"|\[ERROR\]:(\d{3}) [A-Z]"
)
_ANSWER = re.compile(rb"(?:Response [bB]ody:\s*\n|boto \[(?:DEBUG|ERROR)\]:)(?=b['\"]<|<)")
_REQUEST = re.compile(rb"([A-Z]{3,7}) (\S*) HTTP/\d\.\d\r\n")
_LENGTH = re.compile(rb"\r\nContent-Length: *[1-9]", re.IGNORECASE)
# http.client's lines begin records, too; what it prints has no date.
_PRINTED = (b"send: ", b"reply: ", b"header: ")


def read_python_debug(source: Source) -> Iterator[Exchange | Note]:
    """The calls that a debug log tells of, with their answers."""
    log = _Log()
    for number, record in records(numbered_lines(source), _begins):
        if isinstance(record, Note):
            yield record
        else:
            place = Place(source.name, number)
            yield from log.read(record, place)
            yield from parse_among(record, place)
    yield from log.rest()


def _begins(line: bytes) -> bool:
    return line.startswith(_PRINTED) or begins_record(line)


class _Log:
    def __init__(self) -> None:
        self._dialogue = Dialogue()
        self._is_told = False
        self._query = b""

    def read(self, record: bytes, place: Place) -> Iterator[Exchange | Note]:
        for pattern, step in _STEPS:
            match = pattern.search(record)
            if match:
                yield from step(self, record, match, place)
                return

    def rest(self) -> Iterator[Exchange]:
        return self._dialogue.rest()

    def making(self, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange | Note]:
        self._is_told = True
        yield from self._begin(record, made(record, match, place))

    def params(self, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange | Note]:
        self._is_told = True
        text = record[match.end() :].decode("utf-8", "surrogateescape")
        yield from self._begin(record, call_of(text, 0, record, place))

    def _begin(self, record: bytes, found: Exchange | Note | None) -> Iterator[Exchange | Note]:
        if isinstance(found, Note):
            yield found
        call = found if isinstance(found, Exchange) else None
        yield from self._dialogue.call(_thread(record), call)

    def send(self, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange | Note]:
        if self._is_told:
            return
        text = read_text(record[match.end() :].decode("utf-8", "surrogateescape"))
        if text is None:
            yield cut_short(place)
            return
        sent = as_bytes(text)
        request = _REQUEST.match(sent)
        if request is None:
            yield from self._send_body(sent, place)
            return
        head, _, body = sent.partition(b"\r\n\r\n")
        self._query = query_of(request[2])
        unseen = request[1] in WITH_BODY and not body and _LENGTH.search(head) is not None
        yield from self._dialogue.call(b"", _sent(self._query, body, place, unseen=unseen))

    def _send_body(self, body: bytes, place: Place) -> Iterator[Exchange]:
        # The head was sent before it, and may have held the action; or another part of the same body was.
        before = self._dialogue.waiting(b"")
        if before is None:
            yield from self._dialogue.call(b"", _sent(self._query, body, place, unseen=False))
        elif before.completeness is Completeness.BODY_NOT_CAPTURED:
            request = merge(self._query, body)
            whole = replace(before, request=request, completeness=Completeness.COMPLETE)
            self._dialogue.instead(b"", whole)

    def status(self, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange | Note]:
        status = int(next(filter(None, match.groups())))
        self._dialogue.answer(_thread(record), status=status)
        yield from ()

    def answer(self, record: bytes, match: re.Match[bytes], place: Place) -> Iterator[Exchange | Note]:
        text = record[match.end() :].decode("utf-8", "replace")
        body = text if text.startswith("<") else read_text(text)
        self._dialogue.answer(_thread(record), body=body)
        yield from ()


def _sent(query: bytes, body: bytes, place: Place, *, unseen: bool) -> Exchange | None:
    action = action_of(query) or action_of(body)
    if action is None:
        return None
    completeness = Completeness.BODY_NOT_CAPTURED if unseen else Completeness.COMPLETE
    return Exchange(place=place, action=action, request=merge(query, body), completeness=completeness)


def _thread(record: bytes) -> bytes:
    match = _THREAD.match(record)
    return match[1] if match else b""


_STEPS: tuple[tuple[re.Pattern[bytes], Callable[..., Iterator[Exchange | Note]]], ...] = (
    (MAKING, _Log.making),
    (_PARAMS, _Log.params),
    (_SEND, _Log.send),
    (_ANSWER, _Log.answer),
    (_STATUS, _Log.status),
)
