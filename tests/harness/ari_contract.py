"""What of Asterisk's REST interface the product uses: our own table, against which the fake is strict.

Made from the contract that Asterisk publishes (rest-api/api-docs, version 22). `differences` compares it with what a
real server says of itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Operation:
    """One operation. `parameters` without those of the path; `errors` are the statuses it may be refused with."""

    name: str
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    errors: frozenset[int] = frozenset()
    success: int = 204


def _operation(name: str, required: str = "", optional: str = "", errors: str = "", success: int = 204) -> Operation:
    statuses = frozenset(int(status) for status in errors.split())
    return Operation(name, frozenset(required.split()), frozenset(optional.split()), statuses, success)


_ORIGINATE = "extension context priority label app appArgs callerId timeout variables otherChannelId originator formats"
OPERATIONS: Mapping[tuple[str, str], Operation] = {
    ("GET", "/applications/{applicationName}"): _operation("application", errors="404", success=200),
    ("GET", "/channels"): _operation("channels", success=200),
    ("POST", "/channels"): _operation("originate", "endpoint", f"{_ORIGINATE} channelId", "400 409", 200),
    ("POST", "/channels/{channelId}"): _operation("originate", "endpoint", _ORIGINATE, "400 409", 200),
    ("DELETE", "/channels/{channelId}"): _operation("hang_up", "", "reason reason_code", "400 404"),
    ("POST", "/channels/{channelId}/answer"): _operation("answer", errors="404 409 412"),
    ("POST", "/channels/{channelId}/play/{playbackId}"): _operation(
        "play", "media", "lang offsetms skipms", "404 409 412", 201
    ),
    ("POST", "/channels/{channelId}/snoop/{snoopId}"): _operation(
        "snoop", "app", "spy whisper appArgs", "400 404", 200
    ),
    ("GET", "/bridges"): _operation("bridges", success=200),
    ("POST", "/bridges/{bridgeId}"): _operation("make_bridge", "", "type name variables", "409", 200),
    ("DELETE", "/bridges/{bridgeId}"): _operation("destroy_bridge", errors="404"),
    ("POST", "/bridges/{bridgeId}/addChannel"): _operation(
        "add_channel", "channel", "role absorbDTMF mute inhibitConnectedLineUpdates", "400 404 409 422"
    ),
    ("POST", "/bridges/{bridgeId}/moh"): _operation("music", "", "mohClass", "404 409"),
    ("POST", "/bridges/{bridgeId}/record"): _operation(
        "record", "name format",
        "recorder_format maxDurationSeconds maxSilenceSeconds ifExists beep terminateOn", "400 404 409 422", 201,
    ),
    ("DELETE", "/playbacks/{playbackId}"): _operation("stop_playback", errors="404"),
    ("POST", "/recordings/live/{recordingName}/stop"): _operation("stop_recording", errors="404"),
    ("DELETE", "/recordings/stored/{recordingName}"): _operation("delete_recording", errors="404"),
    ("GET", "/events"): _operation("events", "app", "subscribeAll", success=200),
    ("POST", "/events/claim"): _operation("claim", "channelId application", "", "404 409"),
}  # fmt: skip

EVENTS: Mapping[str, frozenset[str]] = {
    "StasisStart": frozenset({"args", "channel"}),
    "StasisEnd": frozenset({"channel"}),
    "ChannelStateChange": frozenset({"channel"}),
    "ChannelDtmfReceived": frozenset({"digit", "duration_ms", "channel"}),
    "ChannelHangupRequest": frozenset({"channel"}),
    "ChannelDestroyed": frozenset({"cause", "cause_txt", "channel"}),
    "ChannelEnteredBridge": frozenset({"bridge"}),
    "ChannelLeftBridge": frozenset({"bridge", "channel"}),
    "PlaybackFinished": frozenset({"playback"}),
    "ApplicationReplaced": frozenset(),
    "CallBroadcast": frozenset({"channel"}),
}
MODELS: Mapping[str, frozenset[str]] = {
    name: frozenset(fields.split())
    for name, fields in {
        "channel": "id protocol_id name state caller connected accountcode dialplan creationtime language",
        "bridge": "id technology bridge_type bridge_class creator name channels creationtime",
    }.items()
}
"""What is always there."""


def match(method: str, path: Sequence[str]) -> tuple[Operation, dict[str, str]] | None:
    """The operation of a request, and what stands in its path; None for one that is not in the table."""
    for (verb, template), operation in OPERATIONS.items():
        parts = template.strip("/").split("/")
        if verb == method and len(parts) == len(path):
            pairs = list(zip(parts, path, strict=True))
            if all(part.startswith("{") or part == given for part, given in pairs):
                return operation, {part[1:-1]: given for part, given in pairs if part.startswith("{")}
    return None


def differences(documents: Mapping[str, dict[str, object]]) -> Iterator[str]:
    """What a server's own description says otherwise than the table. `documents`: its api-docs by their names."""
    described = {}
    for document in documents.values():
        for api in document["apis"]:  # type: ignore[attr-defined]  # JSON of another
            for operation in api["operations"]:
                described[operation["httpMethod"], api["path"]] = operation
    for (method, path), ours in OPERATIONS.items():
        theirs = described.get((method, path))
        if theirs is None:
            yield f"{method} {path} is not there"
            continue
        parameters = [each for each in theirs.get("parameters", []) if each["paramType"] != "path"]
        required = {each["name"] for each in parameters if each.get("required")}
        if required != ours.required:
            yield f"{method} {path} requires {sorted(required)}"
        if missing := ours.optional - {each["name"] for each in parameters}:
            yield f"{method} {path} does not know {sorted(missing)}"
        if missing_errors := ours.errors - {int(each["code"]) for each in theirs.get("errorResponses", [])}:
            yield f"{method} {path} is never refused with {sorted(missing_errors)}"
    models = documents["events"]["models"]
    for name, fields in EVENTS.items():
        model = models.get(name)  # type: ignore[attr-defined]  # JSON of another
        required = {
            field for field, said in (model or {"properties": {}})["properties"].items() if said.get("required")
        }
        if model is None or required != fields:
            yield f"event {name} carries {sorted(required)}"


@dataclass
class Channel:
    """One leg. `app` is the application that it is in; `told` the one that hears of it."""

    id: str
    caller: str
    called: str
    state: str = "Ring"
    app: str | None = None
    told: str | None = None
    args: list[str] = field(default_factory=list)
    bridge: str | None = None
    endpoint: str = ""
    hears: list[str] = field(default_factory=list)
    offered: dict[str, str | None] = field(default_factory=dict)

    def said(self) -> dict[str, object]:
        """As the contract describes one."""
        nobody = {"name": "", "number": ""}
        data = ",".join([self.app or "", *self.args])
        return _whole("channel", {
            "id": self.id, "protocol_id": "", "name": f"PJSIP/trunk-{self.id}", "state": self.state,
            "caller": {"name": "", "number": self.caller}, "connected": nobody, "accountcode": "",
            "dialplan": {"context": "from-trunk", "exten": self.called, "priority": 2,
                         "app_name": "Stasis" if self.app else "", "app_data": data},
            "creationtime": "2026-11-23T09:00:00.000+0000", "language": "fr",
        })  # fmt: skip


@dataclass
class Bridge:
    """Where channels are together."""

    id: str
    kind: str
    channels: list[str] = field(default_factory=list)
    music: bool = False

    def said(self) -> dict[str, object]:
        """As the contract describes one."""
        return _whole("bridge", {
            "id": self.id, "technology": "simple_bridge", "bridge_type": self.kind, "bridge_class": "stasis",
            "creator": "Stasis", "name": self.id, "channels": list(self.channels),
            "creationtime": "2026-11-23T09:00:00.000+0000",
        })  # fmt: skip


def _whole(model: str, said: dict[str, object]) -> dict[str, object]:
    assert said.keys() == MODELS[model], f"{model}: {sorted(said.keys() ^ MODELS[model])}"
    return said


class Refused(Exception):
    """An answer that is not the wished one."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status
