"""The door's metrics, on an address of their own: the public one answers 404 to `/metrics`."""

from collections.abc import Callable

from prometheus_client import start_http_server


def served(address: str | None) -> Callable[[], None]:
    """Listens on `host:port`, if one is named; what it returns stops that."""
    if address is None:
        return lambda: None
    host, _, port = address.rpartition(":")
    server, thread = start_http_server(int(port), host)

    def stop() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return stop
