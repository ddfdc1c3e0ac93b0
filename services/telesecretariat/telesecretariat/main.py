"""The telesecretariat service. Today it only listens: it keeps its copies of the directory and of what calls led to."""

from maillage.service import Service
from telesecretariat.calls.consumers import CONSUMERS as CALLS
from telesecretariat.directory.consumers import CONSUMERS as DIRECTORY
from telesecretariat.directory.endpoints import router as directory
from telesecretariat.settings import TelesecretariatSettings

service = Service(
    name="telesecretariat",
    title="Telesecretariat",
    description="Lines, calls, queue and messages of telesecretaries. First storey: the copies it works from.",
    settings=TelesecretariatSettings,
    package="telesecretariat",
    routers=[directory],
    consumers=[*DIRECTORY, *CALLS],
)
