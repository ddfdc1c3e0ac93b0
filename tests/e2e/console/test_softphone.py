"""The telephone in a browser: its own window registers, answers what the desk takes, and outlives the desk."""

import asyncio
import base64
import hmac

import pytest
from playwright.async_api import expect

from tests.e2e.console.desk import Console
from tests.e2e.console.installation import SIP_SECRET
from tests.e2e.console.switchboard import Switchboard
from tests.e2e.console.test_desk import finish, leave, line, ring

pytestmark = pytest.mark.browser


def password(user: str) -> str:
    """What the telephone system works out from the name alone."""
    return base64.b64encode(hmac.new(SIP_SECRET.encode(), user.encode(), "sha1").digest()).decode()


async def test_the_telephone_answers_what_the_desk_takes_and_outlives_its_reload(console: Console) -> None:
    """Post, window, registration, a call taken by F2 and answered by itself, the desk loaded again, the end."""
    board, line_id = Switchboard(password), await line(console)
    async with (
        console.api("superviseur") as floor,
        console.signed_in("secretaire2", "/desk", width=1440, permissions=["microphone"]) as screen,
    ):
        desk = screen.page
        await board.listens(desk.context)
        await desk.get_by_role("button", name="Prendre mon poste").click()
        await desk.get_by_label("Ce qui sonne").select_option("browser")
        async with desk.context.expect_page() as opened:
            await desk.get_by_role("button", name="Ouvrir le poste").click()
        phone = await opened.value
        await expect(phone.get_by_text("Prêt à sonner")).to_be_visible()
        assert all(user.partition(":")[2].startswith("w-") for user in board.users)
        await expect(desk.get_by_text("Téléphone prêt")).to_be_visible()
        # Who waits before anybody is ready is found waiting, and is offered at once.
        await ring(floor, line_id)
        await desk.get_by_role("button", name="Me rendre disponible").click()
        await expect(desk.get_by_role("button", name="Répondre")).to_be_visible()
        await screen.press("F2")
        await board.rings(desk)
        answer = await asyncio.wait_for(board.answers.get(), 20)
        assert "m=audio" in answer
        await expect(phone.get_by_text("En conversation")).to_be_visible()
        await phone.get_by_role("button", name="Couper mon micro").click()
        await expect(phone.get_by_text("Votre micro est coupé")).to_be_visible()
        await desk.reload()
        await expect(desk.get_by_text("Téléphone en conversation")).to_be_visible()
        await expect(phone.get_by_role("button", name="Remettre mon micro")).to_be_visible()
        await screen.looked()

        board.hangs_up()
        await expect(phone.get_by_text("Prêt à sonner")).to_be_visible()
        await finish(desk, "Renseignement donné")
        await leave(screen)
        await expect(phone.get_by_text("Prenez votre poste")).to_be_visible()
