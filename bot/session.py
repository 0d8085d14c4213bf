"""The HTTP session through which the bot speaks to the API server."""

from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer


class ApiSession(AiohttpSession):
    """aiogram's, without its quarter of a second for TLS to end where there is none."""

    def __init__(self, url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(url))
        self._is_plain = url.startswith("http://")

    async def close(self) -> None:
        """Close the connections."""
        if not self._is_plain:
            await super().close()
        elif self._session is not None:
            await self._session.close()
