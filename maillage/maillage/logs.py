"""Structured logs: one JSON line per event on standard output.

A caller gives codes and identifiers, never personal data.
"""

import json
import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

from maillage import context

_ENCODER = json.JSONEncoder(default=repr)  # made once: json.dumps with options makes one for each line


def _with_ids(_logger: WrappedLogger, _name: str, event: EventDict) -> EventDict:
    if request := context.request_id.get():
        event.setdefault("request_id", request)
    return event


def _json(event: EventDict, **_options: object) -> str:
    return _ENCODER.encode(event)


def configure(level: str, service: str) -> None:
    """Sends structlog and the libraries' own logs through one JSON renderer."""

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
