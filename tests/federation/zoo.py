"""JSON as someone might send it: any shape, under the names that we read."""

from hypothesis import settings
from hypothesis import strategies as st

# A busy machine says nothing about our code.
unhurried = settings(deadline=None)

NAMES = (
    *("id", "type", "actor", "object", "to", "cc", "bto", "bcc", "audience"),
    *("attributedTo", "name", "nameMap", "content", "contentMap", "summary", "url", "href"),
    *("mediaType", "attachment", "tag", "icon", "image", "inReplyTo", "replies"),
    *("totalItems", "first", "published", "updated", "startTime", "endTime", "closed"),
    *("oneOf", "anyOf", "votersCount", "language", "identifier", "source", "sensitive"),
    *("quote", "quoteUrl", "context", "conversation", "inbox", "outbox", "followers"),
    *("following", "featured", "endpoints", "sharedInbox", "publicKey", "owner"),
    *("publicKeyPem", "assertionMethod", "controller", "publicKeyMultibase"),
    *("preferredUsername", "webfinger", "alsoKnownAs", "movedTo", "capabilities", "reply"),
    *("acceptsJoins", "location", "address", "width", "height", "duration", "focalPoint"),
    *("blurhash", "value", "rel", "target", "interactionPolicy", "likes", "shares"),
    *("preview", "commentsPolicy", "commentsEnabled", "discoverable", "@context"),
)

TYPES = (
    *("Note", "Person", "Group", "Create", "Follow", "Undo", "Announce", "Flag"),
    *("Question", "Video", "Image", "Audio", "Link", "Hashtag", "Mention", "Emoji"),
    *("PropertyValue", "Document", "Event", "Tombstone", "Collection", "Thing", "as:Note"),
)

WORDS = (
    "https://a.example/1",
    "https://a.example/2",
    "https://b.example/1",
    "as:Public",
    "image/png",
    "video/mp4",
    "text/html",
    "text/markdown",
    "<p>Title</p><p>text</p>",
    "Title",
    "2024-01-01T00:00:00Z",
    "PT3S",
    "en",
    "-----BEGIN PUBLIC KEY-----",
    ":blob:",
    "#tea",
)

scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(WORDS)
    | st.sampled_from(TYPES)
    | st.text(max_size=12)
)

anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=8)
    ),
    max_leaves=25,
)


def documents(**given: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    """Documents of which the given members are mostly right, and all others anything."""
    rest = st.dictionaries(st.sampled_from(NAMES), anything, max_size=14)
    right = st.fixed_dictionaries({}, optional=given)
    return st.tuples(rest, right).map(lambda both: both[0] | both[1])
