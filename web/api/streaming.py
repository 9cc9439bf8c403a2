"""/api/v1/streaming: what happens, as it happens, by WebSocket and by server-sent events."""

import asyncio
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, hdrs, web

from actors.lists import List
from actors.tokens import Token
from core.paging import number
from inbox.stream import Stream
from web.api.access import TOKEN, account_of
from web.api.asked import Asked, asked
from web.api.errors import ApiError, Lacking, OutOfScope, Unreadable
from web.api.streams import HUB, MOST_STREAMS, PLAIN, WITH_TAG, Connection, Said
from web.errors import Missing
from web.keys import Handler

PING_S = 30
THUMP_S = 15
CLOSING_S = 2
LONGEST_MESSAGE = 4096
AS_EVENTS = (
    *("user", "user:notification", "public", "public:local", "public:remote"),
    *("hashtag", "hashtag:local", "list", "direct"),
)
UNKNOWN = "Unknown stream type"


class Unknown(ApiError):
    """No stream has this name."""

    status = 400


async def health(request: web.Request) -> web.Response:
    """Say that streams are served here."""
    return web.Response(text="OK")


async def socket(request: web.Request) -> web.StreamResponse:
    """Serve a WebSocket; streams are named in its address, or by messages."""
    wanted = await asked(request)
    offered = request.headers.get(hdrs.SEC_WEBSOCKET_PROTOCOL, "").partition(",")[0].strip()
    response = web.WebSocketResponse(
        protocols=[offered] if offered else [],
        heartbeat=PING_S,
        timeout=CLOSING_S,
        max_msg_size=LONGEST_MESSAGE,
    )
    if not response.can_prepare(request):
        raise Unreadable("A WebSocket is served here")
    connection = _connection(request)
    if wanted.text("stream"):
        await _subscribe(connection, wanted)
    hub = request.app[HUB]
    hub.join(connection)
    try:
        await response.prepare(request)
        sender = asyncio.create_task(_send(connection, response))
        try:
            await _listen(connection, response)
        finally:
            sender.cancel()
            with suppress(asyncio.CancelledError, ConnectionError):
                await sender
    finally:
        hub.leave(connection)
    return response


def events(name: str) -> Handler:
    """Make the address of one stream as server-sent events."""

    async def handler(request: web.Request) -> web.StreamResponse:
        wanted, stream = await asked(request), name
        if wanted.is_on("only_media") and name.startswith("public"):
            stream = f"{name}:media"
        connection = _connection(request)
        await _subscribe(connection, Asked({**wanted.values, "stream": stream}))
        response = web.StreamResponse(
            headers={
                "Content-Type": "text/event-stream",
                "Cache-Control": "private, no-store",
                "X-Accel-Buffering": "no",
            }
        )
        hub = request.app[HUB]
        hub.join(connection)
        try:
            await response.prepare(request)
            await response.write(b":)\n")
            await _write_events(connection, response)
        finally:
            hub.leave(connection)
        return response

    return handler


def scope_of(name: str) -> str:
    """Name the scope that a stream takes."""
    return "read:notifications" if name == "user:notification" else "read:statuses"


def _connection(request: web.Request) -> Connection:
    token = request[TOKEN]
    assert isinstance(token, Token)  # noqa: S101  the door is for persons
    transport = request.transport

    def hang_up() -> None:
        if transport is not None:
            transport.abort()

    return Connection(token, account_of(request), hang_up=hang_up)


async def _subscribe(connection: Connection, wanted: Asked) -> None:
    """Add a stream; raises Unknown, Lacking, or OutOfScope."""
    stream = _stream(wanted)
    if stream[0] == "list":
        await _check_list(connection, stream)
    scope = scope_of(stream[0])
    if not connection.may(scope):
        raise OutOfScope(f"the access token lacks {scope}")
    if len(connection.streams) >= MOST_STREAMS:
        raise Unknown("Too many streams")
    connection.streams.add(stream)


async def _check_list(connection: Connection, stream: Stream) -> None:
    """Let only its owner listen to a list (OAU-06)."""
    if not await List.exists(id=int(stream[1]), owner_id=connection.reader.id):
        raise Missing("no list of this reader")


def _stream(wanted: Asked) -> Stream:
    # Some clients put the name into a list of one.
    name = next(iter(wanted.texts("stream", 1)), "")
    if name in PLAIN:
        return (name, "")
    if name in WITH_TAG:
        return (name, wanted.needed("tag").removeprefix("#").casefold())
    if name == "list":
        return (name, str(number(wanted.needed("list")) or 0))
    raise Unknown(UNKNOWN)


async def _listen(connection: Connection, response: web.WebSocketResponse) -> None:
    async for message in response:
        if message.type is WSMsgType.TEXT:
            await _obey(connection, response, message.data)
        elif message.type is WSMsgType.BINARY:
            await response.close(code=WSCloseCode.UNSUPPORTED_DATA)


async def _obey(connection: Connection, response: web.WebSocketResponse, text: str) -> None:
    """Do what an app asks; what cannot be done is told it, and the socket stays open."""
    try:
        said = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return
    wanted = Asked(said if isinstance(said, dict) else {})
    try:
        match wanted.text("type"):
            case "subscribe":
                await _subscribe(connection, wanted)
            case "unsubscribe":
                connection.streams.discard(_stream(wanted))
            case _:
                raise Unknown(UNKNOWN)
    except (Unknown, Lacking) as error:
        await _refuse(response, str(error), 400)
    except Missing:
        await _refuse(response, "Record not found", 404)
    except OutOfScope:
        await _refuse(response, "This action is outside the authorized scopes", 403)


async def _refuse(response: web.WebSocketResponse, error: str, status: int) -> None:
    with suppress(ConnectionError):
        await response.send_str(_json({"error": error, "status": status}))


async def _send(connection: Connection, response: web.WebSocketResponse) -> None:
    while (said := await connection.unsent.get()) is not None:
        await response.send_str(_json(_message(said)))
    await response.close(code=WSCloseCode.GOING_AWAY)


async def _write_events(connection: Connection, response: web.StreamResponse) -> None:
    while True:
        try:
            async with asyncio.timeout(THUMP_S):
                said = await connection.unsent.get()
        except TimeoutError:
            await response.write(b":thump\n")
            continue
        if said is None:
            return
        data = f"data: {said.payload}\n" if said.payload is not None else "data: undefined\n"
        await response.write(f"event: {said.event}\n{data}\n".encode())


def _message(said: Said) -> dict[str, Any]:
    message: dict[str, Any] = {
        "stream": [each for each in said.stream if each],
        "event": said.event,
    }
    return message if said.payload is None else message | {"payload": said.payload}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
