"""An organisation's administrators hear by mail that an endpoint of their partner gets nothing more."""

from typing import Final

import structlog

from gateway.settings import GatewaySettings
from gateway.subscriptions import queries, service
from maillage.database import Database
from maillage.messages import NotSent, Outgoing, Unavailable, ports
from maillage.principal import system
from maillage.words import Words

log = structlog.get_logger()
_SYSTEM: Final = system("gateway")
_SUBJECT: Final = Words("Envois suspendus vers un partenaire", "Deliveries to a partner suspended")
_WHY: Final = {
    "gone": Words("son adresse répond qu'elle n'existe plus", "its address answers that it is gone"),
    "no_success": Words("son adresse n'a rien accepté depuis 24 heures", "its address accepted nothing for 24 hours"),
}
_TEXT: Final = Words(
    "Les événements ne sont plus envoyés à « {name} » : {why}.\n"
    "Ils sont gardés 30 jours. Prévenez le partenaire ; quand son adresse répond à nouveau, réactivez l'abonnement "
    "(Administration, Partenaires) : tout ce qui attendait partira, le plus ancien d'abord.",
    "Events are no longer sent to “{name}”: {why}.\n"
    "They are kept for 30 days. Tell the partner; when its address answers again, enable the subscription "
    "(Administration, Partners): all that waited will leave, the oldest first.",
)


async def watch(database: Database) -> None:
    """Disables endpoints without a success for 24 h, and writes about each disabled one once."""
    await database.run(_SYSTEM, service.disable_dead)
    settings = database.settings
    assert isinstance(settings, GatewaySettings)
    port = ports(settings)["email"]
    for row in await database.read(_SYSTEM, queries.untold):
        why, name = _WHY[row["disabled_reason"]], row["name"]
        body = "\n\n".join(
            (_TEXT.fr.format(name=name, why=why.fr).replace(" :", "\u00a0:"), _TEXT.en.format(name=name, why=why.en))
        )
        subject = f"{_SUBJECT.fr} / {_SUBJECT.en}"
        for place, address in enumerate(row["addresses"] or ()):
            try:
                await port.send(Outgoing("email", address, subject, body, f"subscription-{row['id']}-{place}"))
            except Unavailable:
                return  # the mail server is away: again at the next turn
            except NotSent as refused:
                log.warning("mail not sent", subscription=str(row["id"]), cause=type(refused).__name__)
        await database.run(_SYSTEM, queries.told, row["id"])
