"""Letters leave. One may leave twice when the worker dies in between, none is lost; the link in it works once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from gateway.letters import queries
from gateway.letters.queries import Row
from gateway.letters.service import Kind
from gateway.settings import GatewaySettings
from maillage.database import Database
from maillage.messages import MessagePort, NotSent, Outgoing, Refused, ports
from maillage.principal import system
from maillage.sealing import Sealer
from maillage.words import Language, Words

log = structlog.get_logger()
AT_ONCE: Final = 20
FIRST_WAIT: Final = timedelta(seconds=5)
LONGEST_WAIT: Final = timedelta(minutes=10)
_SYSTEM: Final = system("gateway")

_SUBJECTS: Final[Mapping[Kind, Words]] = {
    "invitation": Words("Votre accès à Maillage", "Your access to Maillage"),
    "second_factor_reset": Words("Votre second facteur a été retiré", "Your second factor was removed"),
    "temporary_access": Words("Un accès temporaire vous a été donné", "A temporary access was given to you"),
}
_BODIES: Final[Mapping[Kind, Words]] = {
    "invitation": Words(
        "Bonjour,\n\n"
        "un compte vous attend. Votre identifiant : {login}\n"
        "Choisissez votre mot de passe ici, dans les 24 heures ; le lien ne sert qu'une fois :\n{link}\n\n"
        "Préparez une application d'authentification sur votre téléphone : elle vous sera demandée.\n"
        "Si vous n'attendiez pas ce message, ne suivez pas le lien et prévenez votre administrateur.\n",
        "Hello,\n\n"
        "an account is waiting for you. Your login: {login}\n"
        "Choose your password here within 24 hours; the link works once:\n{link}\n\n"
        "Have an authenticator app ready on your phone: you will be asked for it.\n"
        "If you did not expect this message, do not follow the link and tell your administrator.\n",
    ),
    "second_factor_reset": Words(
        "Bonjour,\n\n"
        "votre administrateur a retiré l'application d'authentification et les codes de secours de votre compte, et "
        "vos connexions ont pris fin. À la prochaine connexion, enregistrez une nouvelle application.\n"
        "Si vous ne l'avez pas demandé, appelez tout de suite votre administrateur.\n",
        "Hello,\n\n"
        "your administrator removed the authenticator and the recovery codes of your account, and your sessions have "
        "ended. Enrol a new authenticator when you sign in next.\n"
        "If you did not ask for this, call your administrator at once.\n",
    ),
    "temporary_access": Words(
        "Bonjour,\n\n"
        "votre administrateur vous a donné un accès temporaire, valable quelques heures, avec un code qu'il vous "
        "communique lui-même.\n"
        "Si vous ne l'avez pas demandé, appelez tout de suite votre administrateur.\n",
        "Hello,\n\n"
        "your administrator gave you a temporary access for some hours, with a code told to you in person.\n"
        "If you did not ask for this, call your administrator at once.\n",
    ),
}


def text(kind: Kind, login: str, link: str, language: Language) -> str:
    """What the person reads."""
    words = _BODIES[kind].in_(language)
    if language == "fr":
        words = words.replace(" :", "\u00a0:").replace(" ;", "\u00a0;")
    return words.format(login=login, link=link)


async def send_due(database: Database) -> None:
    """Sends what is due, until nothing is."""
    settings = database.settings
    assert isinstance(settings, GatewaySettings)
    sealer, port = Sealer(settings.secret), ports(settings)["email"]
    while rows := await database.run(_SYSTEM, queries.take_due, AT_ONCE, FIRST_WAIT, LONGEST_WAIT):
        for row in rows:
            state = await _send(port, sealer, settings.public_url, row)
            if state != "due":
                await database.run(_SYSTEM, queries.ended, row["id"], state)


async def _send(port: MessagePort, sealer: Sealer, public_url: str, row: Row) -> str:
    """The state after one attempt; `due` again when the mail server is away or did not answer."""
    if not row["useful"] or row["email"] is None:
        return "failed"
    kind, language, link = row["kind"], row["language"], ""
    if row["token_sealed"] is not None:
        # Behind `#`: what a browser does not send is in no log and no `Referer`.
        link = f"{public_url.rstrip('/')}/console/invitation#{sealer.open('invitation', row['token_sealed']).decode()}"
    message = Outgoing(
        channel="email",
        to=row["email"],
        subject=_SUBJECTS[kind].in_(language),
        body=text(kind, row["login"], link, language),
        ref=f"letter-{row['id']}",
    )
    try:
        await port.send(message)
    except Refused as refused:
        log.warning("letter not sent", letter=str(row["id"]), kind=kind, cause=type(refused).__name__)
        return "failed"
    except NotSent as away:
        log.warning("letter put off", letter=str(row["id"]), kind=kind, tries=row["tries"], cause=type(away).__name__)
        return "due"
    return "sent"
