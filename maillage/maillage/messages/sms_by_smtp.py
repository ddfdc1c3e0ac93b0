"""Development: texts and calls go as mail to `<number>@sms.localhost`, `@voice.localhost`; the mailbox shows them."""

from dataclasses import replace

from maillage.messages.port import Outgoing, ProviderReceipt
from maillage.messages.smtp import Smtp


class SmsBySmtp:
    """No SMS is sent. Refuses what Smtp refuses."""

    def __init__(self, smtp: Smtp) -> None:
        self._smtp = smtp

    async def send(self, message: Outgoing) -> ProviderReceipt:
        """Hand the text to the mail server, under its number."""
        return await self._smtp.send(replace(message, to=f"{message.to}@{message.channel}.localhost", calendar=None))
