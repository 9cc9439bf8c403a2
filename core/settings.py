"""config.toml and the environment → frozen structs: how this machine runs."""

import ipaddress
import os
import re
from collections.abc import Mapping
from contextvars import ContextVar
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")

Strings = tuple[str, ...]
Some = Annotated[int, Meta(ge=1)]
SomeOrNone = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(gt=0)]
# Replays are remembered as long; beyond twelve hours nobody else believes a letter either.
Window = Annotated[int, Meta(ge=60, le=43_200)]


class SettingsError(Exception):
    """config.toml cannot be used; the text says which key, what is wrong and on which line."""


MOST_WORKERS = 64  # processes of one `rubric serve`


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table of config.toml; unknown keys are named, never ignored."""


class Server(_Table, frozen=True):
    """`[server]`: who this instance is and where it listens."""

    domain: str = "localhost:8000"
    base_url: str = ""
    account_domain: str = ""
    name: str = ""
    bind: str = "127.0.0.1:8000"
    trusted_proxies: Strings = ()
    workers: int = 1


class Database(_Table, frozen=True):
    """`[database]`: where the rows are."""

    url: str = "sqlite://data/rubric.db"
    synchronous: str = "FULL"


class Paths(_Table, frozen=True):
    """`[paths]`: the folder for everything that is not in the database."""

    data: str = "data"


class S3(_Table, frozen=True):
    """`[media.s3]`: the bucket that files lie in where `media.storage` is "s3"."""

    endpoint: str = ""
    bucket: str = ""
    region: str = "us-east-1"
    prefix: str = ""
    path_style: bool = True
    access_key: str = ""
    secret: str = ""
    secret_file: str = ""
    redirect: bool = False


class Media(_Table, frozen=True):
    """`[media]`: limits and places of pictures and videos."""

    storage: Literal["local", "s3"] = "local"
    base_url: str = ""
    max_image_mb: Some = 16
    max_video_mb: SomeOrNone = 100
    max_video_seconds: SomeOrNone = 300
    max_images: Some = 18
    remote_cache_gb: SomeOrNone = 10
    remote_mode: Literal["cache", "proxy", "link"] = "cache"
    keep_original: bool = False
    link_cards: bool = True
    s3: S3 = S3()


class Mail(_Table, frozen=True, rename={"sender": "from"}):
    """`[mail]`: empty means no mail; people are then confirmed at once."""

    url: str = ""
    sender: str = ""


class Federation(_Table, frozen=True):
    """`[federation]`: how we speak with other servers."""

    enabled: bool = True
    authorized_fetch: bool = True
    delivery_workers: Some = 32
    timeout_s: Seconds = 10
    allow_private_addresses: bool = False
    signature_window_s: Window = 3600


class Limits(_Table, frozen=True):
    """`[limits]`: request rates and sizes (security.md 2); 0 switches a rate off."""

    logins_per_address: SomeOrNone = 10
    logins_per_account: SomeOrNone = 10
    sign_ups_per_address: SomeOrNone = 5
    apps_per_address: SomeOrNone = 5
    api_per_token: SomeOrNone = 300
    api_per_address: SomeOrNone = 300
    activitypub_per_address: SomeOrNone = 300
    requests_per_address: SomeOrNone = 1500
    uploads_per_half_hour: SomeOrNone = 100
    arriving_mb: SomeOrNone = 500
    inbox_kb: Some = 1024
    inbox_stranger_kb: Some = 256
    inbox_queue_per_host: Some = 1000


class Security(_Table, frozen=True):
    """`[security]`: sessions, and where the secret of this machine lies."""

    session_days: Some = 30
    staff_session_hours: Some = 12
    secret_file: str = ""
    content_security_policy: str = ""


class Jobs(_Table, frozen=True):
    """`[jobs]`: how much is worked on at a time."""

    batch: Some = 100
    at_once: Some = 8


class Log(_Table, frozen=True):
    """`[log]`: how loud, and in which form."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    json: bool = False


class Metrics(_Table, frozen=True):
    """`[metrics]`: an address of its own for Prometheus; empty means none."""

    bind: str = ""


class Events(_Table, frozen=True):
    """`[events]`: how processes wake each other; empty means within this process."""

    url: str = ""


class Translate(_Table, frozen=True):
    """`[translate]`: a service that translates notes for members; empty means none."""

    endpoint: str = ""
    key: str = ""


class _Written(_Table, frozen=True):
    """All of config.toml but the meaning of `[policy]`, which moderation/ reads."""

    server: Server = Server()
    database: Database = Database()
    paths: Paths = Paths()
    media: Media = Media()
    mail: Mail = Mail()
    federation: Federation = Federation()
    limits: Limits = Limits()
    security: Security = Security()
    jobs: Jobs = Jobs()
    log: Log = Log()
    metrics: Metrics = Metrics()
    events: Events = Events()
    translate: Translate = Translate()
    policy: dict[str, Any] = {}


class Settings(_Written, frozen=True):
    """What config.toml says, and where it lies."""

    folder: str = "."
    file: str = "config.toml"

    def url(self, path: str) -> str:
        """Make an absolute URL of a path that starts with a slash."""
        return self.server.base_url + path

    def file_url(self, path: str) -> str:
        """Make an absolute URL of the path of a file that everybody may see."""
        return (self.media.base_url or self.server.base_url) + path

    def data(self, *names: str) -> Path:
        """Name a file below the data folder."""
        return Path(self.folder, self.paths.data, *names)

    @property
    def is_secure(self) -> bool:
        """Whether people reach this instance by https."""
        return self.server.base_url.startswith("https://")


_current: ContextVar[Settings] = ContextVar("settings")


def settings() -> Settings:
    """Return the settings that `use` set for this process or this test."""
    return _current.get()


def use(chosen: Settings) -> None:
    """Make these the settings of everything that is started from here on."""
    _current.set(chosen)


def load(path: str | Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read config.toml; what the environment says goes before it, see docs/operators.md.

    Raises SettingsError with a sentence an operator can act on.
    """
    file = Path(path)
    try:
        text = file.read_text("utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file}: is not written in UTF-8") from error
    try:
        written = msgspec.toml.decode(text, type=_Written)
    except msgspec.ValidationError as error:
        raise SettingsError(f"{file}{_line_of(str(error), text)}: {error}") from error
    except msgspec.DecodeError as error:
        raise SettingsError(f"{file}: {error}") from error
    environment = os.environ if environment is None else environment
    read = Settings(
        **msgspec.structs.asdict(written), folder=str(file.resolve().parent), file=str(path)
    )
    return _completed(_overridden(read, environment))


def _overridden(read: Settings, environment: Mapping[str, str]) -> Settings:
    replace = msgspec.structs.replace
    if url := environment.get("RUBRIC_DATABASE_URL"):
        read = replace(read, database=replace(read.database, url=url))
    if url := environment.get("RUBRIC_MAIL_URL"):
        read = replace(read, mail=replace(read.mail, url=url))
    if file := environment.get("RUBRIC_SECRET_FILE"):
        read = replace(read, security=replace(read.security, secret_file=file))
    if key := environment.get("RUBRIC_TRANSLATE_KEY"):
        read = replace(read, translate=replace(read.translate, key=key))
    keys = {"access_key": "RUBRIC_S3_ACCESS_KEY", "secret": "RUBRIC_S3_SECRET"}
    given = {key: environment[name] for key, name in keys.items() if environment.get(name)}
    return replace(read, media=replace(read.media, s3=replace(read.media.s3, **given)))


def _completed(read: Settings) -> Settings:
    server = read.server
    local = is_loopback_name(server.domain)
    base_url = server.base_url or f"{'http' if local else 'https'}://{server.domain}"
    complete = msgspec.structs.replace(
        server,
        domain=server.domain.lower(),
        base_url=base_url.rstrip("/").lower(),
        account_domain=(server.account_domain or server.domain).lower(),
        name=server.name or server.domain,
    )
    _check(complete, read, local=local)
    media = msgspec.structs.replace(read.media, base_url=read.media.base_url.rstrip("/").lower())
    return msgspec.structs.replace(read, server=complete, media=media)


def _check(server: Server, read: Settings, *, local: bool) -> None:
    for key, host in (("domain", server.domain), ("account_domain", server.account_domain)):
        if not _HOST.fullmatch(host):
            raise SettingsError(
                f"server.{key}: {host!r} must be a bare host such as example.org, in letters of"
                " ASCII (xn--…) if it has others"
            )
    parts = urlsplit(server.base_url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path:
        raise SettingsError(f"server.base_url: {server.base_url!r} must be https://host")
    if parts.scheme == "http" and not is_loopback_name(parts.netloc):
        raise SettingsError("server.base_url: http is for loopback only; use https")
    if read.federation.allow_private_addresses and not local:
        raise SettingsError(
            f"federation.allow_private_addresses: refused, {server.domain} is a public domain"
        )
    for key, bind in (("server.bind", server.bind), ("metrics.bind", read.metrics.bind)):
        if bind and not _is_bind(bind):
            raise SettingsError(f"{key}: {bind!r} must be address:port")
    for each in server.trusted_proxies:
        if not _is_network(each):
            raise SettingsError(f"server.trusted_proxies: {each!r} is no address or network")
    _check_what_is_built(server, read)
    _check_media(server, read.media)
    if read.mail.url and not _is_mail_server(read.mail.url):
        raise SettingsError("mail.url: must be smtp://user:password@host:587 or smtps://…:465")
    endpoint = urlsplit(read.translate.endpoint)
    is_address = endpoint.scheme in ("http", "https") and endpoint.hostname
    if read.translate.endpoint and (not is_address or endpoint.query or endpoint.fragment):
        raise SettingsError(f"translate.endpoint: {read.translate.endpoint!r} must be https://host")
    if read.database.synchronous not in ("FULL", "NORMAL"):
        raise SettingsError("database.synchronous: must be FULL or NORMAL")


def _check_media(server: Server, media: Media) -> None:
    parts = urlsplit(media.base_url)
    is_origin = parts.scheme in ("http", "https") and parts.hostname and not parts.path.strip("/")
    if media.base_url and not is_origin:
        raise SettingsError(f"media.base_url: {media.base_url!r} must be https://host")
    if parts.scheme == "http" and not is_loopback_name(parts.netloc):
        raise SettingsError("media.base_url: http is for loopback only; use https")
    if media.base_url and parts.netloc.lower() == urlsplit(server.base_url).netloc:
        raise SettingsError("media.base_url: must be another host than server.base_url, or empty")


def _is_bind(text: str) -> bool:
    port = text.rpartition(":")[2]
    return ":" in text and port.isascii() and port.isdigit() and int(port) < 65_536


def _is_mail_server(text: str) -> bool:
    try:
        parts = urlsplit(text)
        is_port = parts.port is None or parts.port > 0
    except ValueError:
        return False
    return parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and is_port


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _check_what_is_built(server: Server, read: Settings) -> None:
    """Refuse what this release does not do, rather than leave it out in silence."""
    if read.events.url:
        raise SettingsError(
            "events.url: must be empty: processes that share a PostgreSQL hear each other by it,"
            " and nothing else carries events in this release"
        )
    if not 1 <= server.workers <= MOST_WORKERS:
        raise SettingsError(f"server.workers: must be between 1 and {MOST_WORKERS}")
    if problem := why_not_many(read.database.url, server.workers):
        raise SettingsError(problem)


def why_not_many(database_url: str, workers: int) -> str:
    """Say why this database does not take this many server processes; nothing where it does."""
    if workers > 1 and database_url.startswith("sqlite:"):
        return f"server.workers: {workers} processes need a PostgreSQL: one alone serves SQLite"
    return ""


def is_loopback_name(netloc: str) -> bool:
    """Tell whether `host[:port]` can only be this machine (or a name reserved for tests)."""
    host = urlsplit(f"//{netloc}").hostname or ""
    if host == "localhost" or host.endswith((".localhost", ".test")):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _line_of(message: str, text: str) -> str:
    key = message.split("`")[1] if message.count("`") >= 2 else ""
    path = message.rsplit("`$.", 1)[-1].rstrip("`") if "`$." in message else key
    lines = list(enumerate(text.splitlines(), 1))
    # The key itself where it is named; else the table it is missing from.
    for wanted in (key, path.rsplit(".", 1)[-1]):
        for number, line in lines:
            if wanted and wanted in (line.split("=")[0].strip(), line.strip().strip("[]")):
                return f", line {number}"
    return ""
