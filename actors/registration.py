"""Registration: how someone comes to live here."""

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors import emails
from actors.accounts import NAME, Account, BadName, Role, Taken
from actors.actor import Actor, Kind, local_uri
from actors.invites import spend_invite
from actors.keys import keep_keys, make_keys
from actors.passwords import hash_of
from core.clock import now
from core.settings import settings


async def create_account(
    name: str,
    email: str,
    password: str,
    *,
    role: Role = Role.MEMBER,
    confirmed: bool = True,
    approved: bool = True,
    locale: str = "en",
    reason: str = "",
    invite: str = "",
) -> Account:
    """Make someone who lives here, with their keys; an invite is spent with it or not at all.

    A confirmed address is claimed, an unconfirmed one only written down, so that nobody learns
    here who has an account. Raises BadName, emails.BadAddress, passwords.BadPassword, Taken, or
    invites.NoInvite.
    """
    if not NAME.fullmatch(name):
        raise BadName(f"{name!r}: one to thirty letters a-z, digits or underscores")
    address = emails.tidy(email) if email else ""
    password_hash = await hash_of(password, about=(name, address.partition("@")[0]))
    keys = await make_keys()
    async with in_transaction():
        if invite:
            await spend_invite(invite)
        actor = await _make_actor(name, keys)
        account = Account(
            actor=actor,
            email=address,
            email_key=emails.key_of(address) if address and confirmed else f"-{name}",
            password_hash=password_hash,
            role=role,
            locale=locale,
            reason=reason,
            invite_code=invite,
            confirmed_at=now() if confirmed else None,
            approved_at=now() if approved else None,
        )
        try:
            await account.save()
        except IntegrityError as error:
            raise Taken("email") from error
    return account


async def _make_actor(name: str, keys: tuple[str, str, str, str]) -> Actor:
    rsa, public, ed25519, multikey = keys
    uri = local_uri(name)
    try:
        actor = await Actor.create(
            uri=uri,
            local_name=name,
            kind=Kind.PERSON,
            name=name,
            host=settings().server.account_domain,
            url=settings().url(f"/@{name}"),
            inbox=f"{uri}/inbox",
            shared_inbox=settings().url("/inbox"),
            outbox=f"{uri}/outbox",
            followers_uri=f"{uri}/followers",
            following_uri=f"{uri}/following",
            featured_uri=f"{uri}/featured",
            key_id=f"{uri}#main-key",
            public_key=public,
            multikey=multikey,
            multikey_id=f"{uri}#ed25519",
        )
    except IntegrityError as error:
        raise Taken("name") from error
    await keep_keys(actor, rsa, ed25519)
    return actor
