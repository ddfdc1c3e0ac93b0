"""The path of a request through the door: pure ASGI, nothing buffered that need not be."""
