"""Registration: how someone comes to live here."""

from enum import StrEnum

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from actors import emails, passwords
from actors.accounts import NAME, Account, BadName, Role, Taken
from actors.actor import Actor, Kind, local_uri
from actors.invites import NoInvite, spend_invite
from actors.keys import keep_keys, make_keys
from core.clock import now
from core.mail import has_mail
from core.settings import settings

# Names that speak for the house, or that software looks for. They are for its own actors and for
# whom the operator gives them to; nobody registers them (security.md ACC-07).
RESERVED = frozenset(
    [
        "about",
        "abuse",
        "account",
        "accounts",
        "actor",
        "admin",
        "administrator",
        "administration",
        "all",
        "anonymous",
        "api",
        "app",
        "auth",
        "autoconfig",
        "autodiscover",
        "board",
        "bot",
        "contact",
        "council",
        "customer",
        "dev",
        "everyone",
        "explore",
        "federation",
        "feed",
        "followers",
        "following",
        "help",
        "helpdesk",
        "here",
        "home",
        "hostmaster",
        "inbox",
        "info",
        "instance",
        "join",
        "legal",
        "local",
        "login",
        "mail",
        "mailer_daemon",
        "me",
        "media",
        "mod",
        "moderation",
        "moderator",
        "moderators",
        "mods",
        "news",
        "nobody",
        "none",
        "noreply",
        "null",
        "oauth",
        "official",
        "operator",
        "outbox",
        "owner",
        "policy",
        "postmaster",
        "privacy",
        "record",
        "relay",
        "root",
        "rubric",
        "rules",
        "security",
        "server",
        "service",
        "settings",
        "signin",
        "signup",
        "site",
        "staff",
        "static",
        "status",
        "steward",
        "stewards",
        "support",
        "sysadmin",
        "system",
        "tags",
        "team",
        "terms",
        "test",
        "undefined",
        "user",
        "users",
        "verify",
        "webfinger",
        "webmaster",
        "well_known",
        "www",
    ]
)


class Mode(StrEnum):
    """How one may join, as the policy says (product.md 4)."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITE = "invite"
    CLOSED = "closed"


class NotNow(Exception):
    """Nobody can join at the moment."""


async def register(
    name: str,
    email: str,
    password: str,
    *,
    mode: Mode,
    locale: str = "en",
    reason: str = "",
    invite: str = "",
) -> Account:
    """Let someone in as far as the policy says; who was invited need not be approved.

    Raises NotNow, NoInvite, BadName, Taken("name"), emails.BadAddress or passwords.BadPassword.
    Whether the address belongs to someone here already makes no difference (ACC-04).
    """
    if mode is Mode.CLOSED:
        raise NotNow("nobody can join at the moment")
    if mode is Mode.INVITE and not invite:
        raise NoInvite("an invite is needed")
    if name in RESERVED:
        raise Taken("name")
    return await create_account(
        name,
        email,
        password,
        confirmed=not has_mail(),
        approved=mode is not Mode.APPROVAL or bool(invite),
        locale=locale,
        reason=reason,
        invite=invite,
    )


async def create_account(
    name: str,
    email: str,
    password: str,
    *,
    role: Role = Role.MEMBER,
    confirmed: bool = True,
    approved: bool = True,
    is_checked: bool = True,
    locale: str = "en",
    reason: str = "",
    invite: str = "",
) -> Account:
    """Make someone who lives here, with their keys; an invite is spent with it or not at all.

    A confirmed address is claimed, an unconfirmed one only written down, so that nobody learns
    here who has an account. Raises BadName, emails.BadAddress, passwords.BadPassword (unless the
    operator has it not checked), Taken, or NoInvite.
    """
    if not NAME.fullmatch(name):
        raise BadName(f"{name!r}: one to thirty letters a-z, digits or underscores")
    address = emails.tidy(email) if email else ""
    if is_checked:
        passwords.check(password, about=(name, address.partition("@")[0]))
    password_hash = await passwords.hash_of(password)
    keys = await make_keys()
    async with in_transaction():
        if invite:
            await spend_invite(invite)
        account = Account(
            actor=await _make_actor(name, keys),
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
