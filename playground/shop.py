"""The shop over HTTP, below /shop/: a site for the bot to read where there is no network."""

from aiohttp import web

from playground.shop_pages import shop_page


def routes() -> list[web.RouteDef]:
    """List the shop's paths."""
    return [web.get("/shop", lead_in), web.get("/shop/{path:.*}", show)]


async def lead_in(request: web.Request) -> web.Response:
    """Lead to the shop's front."""
    raise web.HTTPMovedPermanently("/shop/")


async def show(request: web.Request) -> web.Response:
    """Show one of its pages."""
    said = request.query.get("page", "")
    number = int(said) if said.isdecimal() and len(said) < 6 else 1
    page = shop_page(request.match_info["path"], number)
    if page is None:
        raise web.HTTPNotFound()
    return web.Response(body=page.body, headers={"Content-Type": page.content_type})
