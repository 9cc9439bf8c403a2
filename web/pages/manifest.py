"""What a phone needs to put this place among its apps."""

from aiohttp import web

from core.settings import settings
from web.render import static_url


async def show(request: web.Request) -> web.Response:
    """Describe the installed app: its name, its colours, its icons."""
    name = settings().server.name
    icons = [
        {"src": static_url("icon.svg"), "type": "image/svg+xml", "sizes": "any"},
        {
            "src": static_url("icon-512.png"),
            "type": "image/png",
            "sizes": "512x512",
            "purpose": "any maskable",
        },
    ]
    described = {
        "name": name,
        "short_name": name[:12],
        "start_url": "/",
        "display": "standalone",
        "background_color": "#FBF7F0",
        "theme_color": "#FBF7F0",
        "icons": icons,
        "share_target": {
            "action": "/share",
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "files", "accept": ["image/*", "video/*"]}],
            },
        },
    }
    return web.json_response(described, content_type="application/manifest+json")
