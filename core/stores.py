"""The places files may lie in: a folder of this machine, or a bucket of an S3-compatible store."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from obstore.store import LocalStore, S3Store

from core.settings import S3, SettingsError

# A store that hangs must not hold up whoever waits for a picture for minutes.
CONNECT = timedelta(seconds=5)
ANSWER = timedelta(seconds=60)
RETRIES = 3
RETRY_FOR = timedelta(seconds=15)


def folder_store(folder: Path) -> LocalStore:
    """Open a folder, and make it if need be."""
    return LocalStore(folder, mkdir=True)


def s3_store(chosen: S3, folder: str) -> S3Store:
    """Make the way to a bucket; nothing is asked yet. Raises SettingsError without its secret."""
    endpoint = chosen.endpoint.rstrip("/")
    return S3Store(
        chosen.bucket,
        prefix=chosen.prefix.strip("/") or None,
        endpoint=_endpoint(chosen) if endpoint else None,
        region=chosen.region,
        access_key_id=chosen.access_key,
        secret_access_key=s3_secret(chosen, folder),
        virtual_hosted_style_request=not chosen.path_style,
        # Many stores that call themselves compatible do not know how to delete several at once.
        disable_bulk_delete=True,
        client_options={
            "allow_http": endpoint.startswith("http://"),
            "connect_timeout": CONNECT,
            "timeout": ANSWER,
        },
        retry_config={"max_retries": RETRIES, "retry_timeout": RETRY_FOR},
    )


def s3_secret(chosen: S3, folder: str) -> str:
    """Return the secret key, from its file if there is one. Raises SettingsError."""
    if not chosen.secret_file:
        return chosen.secret
    path = Path(folder, chosen.secret_file)
    try:
        if path.stat().st_mode & 0o007:
            raise SettingsError(f"{path}: everyone can read this secret; run chmod 600 on it")
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"media.s3.secret_file: {path} cannot be read") from error


def s3_problems(chosen: S3, folder: str) -> list[str]:
    """Name what is missing before a bucket can be used."""
    problems = [
        f'media.s3.{name}: needed where media.storage is "s3"'
        for name in ("bucket", "access_key")
        if not getattr(chosen, name)
    ]
    parts = urlsplit(chosen.endpoint)
    if chosen.endpoint and (parts.scheme not in ("http", "https") or not parts.hostname):
        problems.append(f"media.s3.endpoint: {chosen.endpoint!r} must be https://host")
    try:
        if not s3_secret(chosen, folder):
            problems.append("media.s3.secret_file: needed, or RUBRIC_S3_SECRET in the environment")
    except SettingsError as error:
        problems.append(str(error))
    return problems


def origin_of(chosen: S3) -> str:
    """Return the origin a browser reaches a bucket at, for what pages may load."""
    endpoint = chosen.endpoint or f"https://s3.{chosen.region}.amazonaws.com"
    parts = urlsplit(endpoint)
    host = parts.netloc if chosen.path_style else f"{chosen.bucket}.{parts.netloc}"
    return f"{parts.scheme}://{host}"


def _endpoint(chosen: S3) -> str:
    """Where the bucket is part of the host's name, the client wants to be told the whole name."""
    parts = urlsplit(chosen.endpoint.rstrip("/"))
    return chosen.endpoint.rstrip("/") if chosen.path_style else origin_of(chosen) + parts.path
