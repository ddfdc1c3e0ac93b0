"""Structured logs: one JSON line per event on standard output.

A caller gives codes and identifiers, never personal data.
"""

import asyncio
import json
import logging
import sys
import time
from typing import TextIO

import structlog
from structlog.typing import EventDict, WrappedLogger

from maillage import context

_out: TextIO | None = None
_flushing: asyncio.AbstractEventLoop | None = None
"""The loop that will let the lines out at the end of this turn."""
_service = ""
_second: tuple[int, str] = (0, "")
_ENCODER = json.JSONEncoder(default=repr)  # made once: json.dumps with options makes one for each line


def _with_ids(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    if request := context.request_id.get():
        event.setdefault("request_id", request)
    return event


def _json(event: EventDict, **_options: object) -> str:
    return _ENCODER.encode(event)


def configure(level: str, service: str) -> None:
    """Sends structlog and the libraries' own logs through one JSON renderer."""
    global _out, _service
    _out, _service = (sys.stdout if logging.getLevelNamesMapping()[level] <= logging.INFO else None), service

    def named(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
        event["service"] = service
        return event

    shared: list[structlog.typing.Processor] = [
        named,
        _with_ids,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(serializer=_json)],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.WriteLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_json),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)


def request(request_id: str, operation: str, status: int, seconds: float, linked: str | None = None) -> None:
    """The access log: one line per request, in the same shape as all others, written without the processors of the
    rest, which cost a third of a light request. `operation` is the method and the template of the path, never the
    path; `linked` the caller's trace id, if it sent one. Called on the loop."""
    global _flushing
    if _out is None:
        return
    more = f', "linked": "{linked}"' if linked else ""
    _out.write(
        f'{{"operation": "{operation}", "status": {status}, "ms": {seconds * 1000:.1f}, "event": "request", '
        f'"service": "{_service}", "request_id": "{request_id}", "level": "info", "timestamp": "{_instant()}"{more}}}\n'
    )
    loop = asyncio.get_running_loop()
    if _flushing is not loop:
        _flushing = loop
        loop.call_soon(_flush, _out)


def _flush(out: TextIO) -> None:
    """The lines of one turn of the loop leave together."""
    global _flushing
    _flushing = None
    out.flush()


def _instant() -> str:
    """Now, RFC 3339 with milliseconds; the part down to the second is made once a second."""
    global _second
    now = time.time()
    whole = int(now)
    if _second[0] != whole:
        _second = whole, time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole))
    return f"{_second[1]}.{int((now - whole) * 1000):03d}Z"
