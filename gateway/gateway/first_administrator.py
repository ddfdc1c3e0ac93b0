"""The first account of an installation: an operator's organisation and its administrator, invited.

`python -m gateway.first_administrator --organisation "…" --login …` prints the link of the invitation, once. Whoever
can read the gateway's database settings can do this; after it, everything is done through the door.
"""

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gateway.organisations import service
from gateway.organisations.schemas import AdministratorIn, OrganisationIn
from gateway.settings import GatewaySettings
from maillage.database import Database
from maillage.installation import DATA, NotTold, recall_environment, service_environment
from maillage.principal import system
from maillage.refusals import Refusal
from maillage.sealing import Sealer


def main(arguments: Sequence[str] | None = None) -> int:
    """0 done, 1 refused, 2 wrong call or no database."""
    parser = argparse.ArgumentParser(
        prog="python -m gateway.first_administrator", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--organisation", required=True, help="name of the organisation that runs this installation")
    parser.add_argument("--login", required=True, help="login of its first administrator")
    parser.add_argument("--name", help="the administrator's name as shown; the login if left out")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("MAILLAGE_DATA", DATA)), help="data directory")
    options = parser.parse_args(arguments)
    recall_environment(options.data)
    try:
        service_environment("gateway", "POSTGRES_URL")
        first = AdministratorIn(login=options.login, display_name=options.name or options.login)
        wanted = OrganisationIn(kind="operator", name=options.organisation, administrator=first)
        link = asyncio.run(_invited(wanted))
    except (NotTold, ValueError, OSError) as wrong:
        sys.stderr.write(f"first_administrator: {wrong}\n")
        return 2
    except Refusal as refusal:
        sys.stderr.write(f"first_administrator: {refusal.code}: {refusal.detail.en}\n")
        return 1
    sys.stdout.write(f"Open this within 24 hours; it works once:\n{link}\n")
    return 0


async def _invited(wanted: OrganisationIn) -> str:
    settings = GatewaySettings()
    database = Database(settings)
    await database.open()
    try:
        made = await database.run(system("gateway"), service.first, Sealer(settings.secret), wanted, settings.territory)
    finally:
        await database.close()
    assert made.administrator is not None
    return f"{settings.public_url}/console/invitation#{made.administrator.invitation}"


if __name__ == "__main__":
    raise SystemExit(main())
