"""What apps find out by themselves: where OAuth is (RFC 8414), and who a token acts for."""

import msgspec
from aiohttp import web

from actors.scopes import SCOPES
from core.settings import settings
from web.api.access import account_of
from web.api.answers import answer
from web.oauth.authorize import MODES
from web.render import absolute, static_url


class UserInfo(msgspec.Struct):
    """The person a token acts for; `sub` is their ActivityPub id."""

    iss: str
    sub: str
    name: str
    preferred_username: str
    profile: str
    picture: str


async def metadata(request: web.Request) -> web.Response:
    """Say which addresses and ways there are."""
    url = settings().url
    return answer(
        {
            "issuer": f"{settings().server.base_url}/",
            "service_documentation": "https://docs.joinmastodon.org/",
            "authorization_endpoint": url("/oauth/authorize"),
            "token_endpoint": url("/oauth/token"),
            "revocation_endpoint": url("/oauth/revoke"),
            "userinfo_endpoint": url("/oauth/userinfo"),
            "app_registration_endpoint": url("/api/v1/apps"),
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": list(MODES),
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        },
        headers={"Cache-Control": "public, max-age=3600"},
    )


async def user_info(request: web.Request) -> web.Response:
    """Say whom the token acts for."""
    actor = account_of(request).actor
    return answer(
        UserInfo(
            iss=f"{settings().server.base_url}/",
            sub=actor.uri,
            name=actor.title or actor.name,
            preferred_username=actor.name,
            profile=absolute(actor.page),
            picture=absolute(actor.avatar or static_url("avatar.png")),
        )
    )
