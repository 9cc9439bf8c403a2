"""The words a policy may use where it has to choose one of several."""

from enum import StrEnum


class Registration(StrEnum):
    """Who may become a member."""

    OPEN = "open"
    APPROVAL = "approval"
    INVITE = "invite"
    CLOSED = "closed"


class Unconfirmed(StrEnum):
    """What members may do before they confirmed their e-mail address."""

    LOCAL = "local"
    NONE = "none"


class AltText(StrEnum):
    """How much we insist on descriptions of pictures."""

    OFF = "off"
    REMIND = "remind"
    REQUIRE = "require"


class Where(StrEnum):
    """Which notes a filter looks at."""

    LOCAL = "local"
    REMOTE = "remote"
    BOTH = "both"


class Then(StrEnum):
    """What a filter does, the mildest first."""

    NUDGE = "nudge"
    LABEL = "label"
    LIMIT = "limit"
    HOLD = "hold"
    REJECT = "reject"


class Mode(StrEnum):
    """Which servers may speak with this one when the policy does not name them.

    `approval` lets their notes wait for a moderator, `allowlist` refuses them.
    """

    OPEN = "open"
    APPROVAL = "approval"
    ALLOWLIST = "allowlist"


class Severity(StrEnum):
    """How a named server is treated (product.md 6.3); `accept` makes an exception for it."""

    ACCEPT = "accept"
    LIMIT = "limit"
    NO_MEDIA = "no_media"
    HOLD = "hold"
    REJECT = "reject"
    DROP = "drop"


class ListFormat(StrEnum):
    """How a list of servers is written: Mastodon's CSV, its `domain_blocks` JSON, or FIRES."""

    CSV = "csv"
    JSON = "json"
    FIRES = "fires"


class Trust(StrEnum):
    """What becomes of what a list says: staff are asked, or it counts by itself."""

    SUGGEST = "suggest"
    AUTO = "auto"


class OnRetraction(StrEnum):
    """What happens when a list no longer names a server that we treat differently for it."""

    SUGGEST = "suggest"
    LIFT = "lift"
    KEEP = "keep"


class Measure(StrEnum):
    """What may be done about notes, people, groups and servers (product.md 6.3)."""

    NONE = "none"
    LABEL = "label"
    QUIET = "quiet"
    CLOSE = "close"
    AGE = "age"
    HIDE = "hide"
    REMOVE = "remove"
    WARN = "warn"
    SLOW = "slow"
    READ_ONLY = "read_only"
    SUSPEND = "suspend"
    CLOSE_ACCOUNT = "close_account"
    LEAVE_GROUP = "leave_group"
    RESTRICT_GROUP = "restrict_group"
    CLOSE_GROUP = "close_group"
    LIMIT = "limit"
    NO_MEDIA = "no_media"
    HOLD = "hold"
    REJECT = "reject"
    DROP = "drop"


class Category(StrEnum):
    """What a rule is about, in the words of the European database of such decisions."""

    NONE = "none"
    ANIMAL_WELFARE = "animal_welfare"
    CONSUMER_INFORMATION = "consumer_information"
    CYBER_VIOLENCE = "cyber_violence"
    CYBER_VIOLENCE_AGAINST_WOMEN = "cyber_violence_against_women"
    PRIVACY = "data_protection_and_privacy_violations"
    ILLEGAL_OR_HARMFUL_SPEECH = "illegal_or_harmful_speech"
    INTELLECTUAL_PROPERTY = "intellectual_property_infringements"
    CIVIC_DISCOURSE = "negative_effects_on_civic_discourse_or_elections"
    NOT_SPECIFIED = "not_specified_notice"
    OTHER = "other_violation_tc"
    PROTECTION_OF_MINORS = "protection_of_minors"
    PUBLIC_SECURITY = "risk_for_public_security"
    SCAMS_AND_FRAUD = "scams_and_fraud"
    SELF_HARM = "self_harm"
    UNSAFE_PRODUCTS = "unsafe_and_prohibited_products"
    VIOLENCE = "violence"


class PurgeNow(StrEnum):
    """What is removed for good at once, without waiting for an appeal (product.md 6.2)."""

    CHILD_ABUSE = "child_abuse"
    INTIMATE_IMAGES = "intimate_images"
    COURT_ORDER = "court_order"


class Panel(StrEnum):
    """Whether what a panel says is advice or counts."""

    ADVICE = "advice"
    BINDING = "binding"


class OnOverdue(StrEnum):
    """What happens to a measure when its appeal is not answered in time."""

    NOTHING = "nothing"
    LIFT = "lift"


class Preset(StrEnum):
    """Who decides about the policy (product.md 7)."""

    STEWARD = "steward"
    CONSULT = "consult"
    ASSEMBLY = "assembly"


class Reserved(StrEnum):
    """What members do not vote on."""

    LEGAL_DUTIES = "legal_duties"
    SECRETS = "secrets"


class GroupMaking(StrEnum):
    """Who makes groups."""

    MEMBERS = "members"
    MODERATORS = "moderators"
    NOBODY = "nobody"


class GroupSight(StrEnum):
    """Who may see what is in a group, in the words of actors/groups.py."""

    EVERYONE = "everyone"
    MEMBERS = "members"
    SERVER = "server"


class Naming(StrEnum):
    """How moderators are named where the public reads."""

    ROLE = "role"
    NAME = "name"


class Quoting(StrEnum):
    """Which notes the public record may quote."""

    NEVER = "never"
    PUBLIC = "public"
