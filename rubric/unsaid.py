"""A config.toml without what nobody else may read."""

import tomllib
from typing import Any
from urllib.parse import urlsplit

URLS = (("database", "url"), ("mail", "url"))
KEYS = (("media", "s3", "secret"), ("media", "s3", "access_key"), ("translate", "key"))


def without_secrets(text: str) -> str | None:
    """Empty the secrets of a config.toml and keep all else, comments too.

    None where the text afterwards does not say what it should, such as for odd ways of quoting.
    """
    wanted = tomllib.loads(text)
    for names in (*URLS, *KEYS):
        value = _value(wanted, names)
        if not value:
            continue
        bare = _without_password(value) if names in URLS else ""
        _put(wanted, names, bare)
        for quote in "\"'":
            text = text.replace(f"{quote}{value}{quote}", f"{quote}{bare}{quote}")
        if bare != value and value in text:
            return None
    return text if _read(text) == wanted else None


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    if not parts.password and "password" not in parts.query:
        return url
    user, _, host = parts.netloc.rpartition("@")
    name = user.partition(":")[0]
    query = "" if "password" in parts.query else parts.query
    return parts._replace(netloc=f"{name}@{host}" if name else host, query=query).geturl()


def _value(table: dict[str, Any], names: tuple[str, ...]) -> str:
    for name in names[:-1]:
        table = table.get(name, {})
    return str(table.get(names[-1], ""))


def _put(table: dict[str, Any], names: tuple[str, ...], value: str) -> None:
    for name in names[:-1]:
        table = table[name]
    table[names[-1]] = value


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}
