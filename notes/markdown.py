"""The Markdown people may type, and the mentions, hashtags and addresses in it."""

import re
import unicodedata
from collections.abc import Sequence
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from core.links import CJK, HOST_IN_TEXT, shown_parts, url_at

LONGEST_TAG = 100

_MENTION = re.compile(
    r"[@!]([A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?)(?![A-Za-z0-9_])"
    rf"(?:@({HOST_IN_TEXT}))?"
)
_CJK = re.compile(f"[{CJK}]")
_BETWEEN = "·・\u200c\u200d"  # stand inside a tag, never at its end


def _may_begin(text: str, place: int) -> bool:
    """Tell whether a mention or a tag may begin here: not inside a word or an address.

    Chinese and Japanese put no space between words, so their characters do not count as inside.
    """
    if place == 0:
        return True
    before = text[place - 1]
    return before not in "_/=&@#" and (not before.isalnum() or bool(_CJK.match(before)))


def _address(state: StateInline, silent: bool) -> bool:
    """A bare http(s) address; we stand at the colon, its scheme is already pending."""
    if silent or state.linkLevel or not state.src.startswith("://", state.pos):
        return False
    scheme = "https" if state.pending[-5:].lower() == "https" else "http"
    start = state.pos - len(scheme)
    if not state.pending.lower().endswith(scheme) or (url := url_at(state.src, start)) is None:
        return False
    state.pending = state.pending[: -len(scheme)]
    state.push("address", "", 0).content = url
    state.pos = start + len(url)
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    """`@name` or `@name@host`; a group may be named as `!name@host`, as Lemmy does."""
    sign = state.src[state.pos]
    if sign not in "@!" or state.linkLevel or not _may_begin(state.src, state.pos):
        return False
    found = _MENTION.match(state.src, state.pos, state.posMax)
    if found is None or (sign == "!" and not found[2]):
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = found[0][1:]
        token.meta = {"name": found[1], "host": found[2]}
    state.pos = found.end()
    return True


def _hashtag(state: StateInline, silent: bool) -> bool:
    """`#tag` in any script, with something in it that is no digit."""
    if state.src[state.pos] not in "#＃" or state.linkLevel:
        return False
    end = _end_of_tag(state.src, state.pos + 1, state.posMax)
    tag = state.src[state.pos + 1 : end]
    if not any(each.isalpha() for each in tag) or len(tag) > LONGEST_TAG:
        return False
    if not _may_begin(state.src, state.pos):
        return False
    if not silent:
        state.push("hashtag", "", 0).content = tag
    state.pos = end
    return True


def _end_of_tag(text: str, start: int, most: int) -> int:
    end = start
    while end < min(most, start + LONGEST_TAG + 1) and _is_of_tag(text[end]):
        end += 1
    while end > start and text[end - 1] in _BETWEEN:
        end -= 1
    return end


def _is_of_tag(letter: str) -> bool:
    return (
        letter.isalnum()
        or letter == "_"
        or letter in _BETWEEN
        or unicodedata.category(letter)[0] == "M"  # vowel signs of Indian and Thai writing
    )


class _Renderer(RendererHTML):
    """HTML without headings and line ends; `env` says who is known and where tags lead."""

    def renderToken(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return super().renderToken(tokens, idx, options, env).replace("\n", "")

    def mention(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        written = tokens[idx].content
        known = env["known"].get(written.lower())
        if known is None:
            return f"@{escape(written)}"
        href, label = known
        return (
            f'<span class="h-card" translate="no"><a href="{escape(href)}" class="u-url mention">'
            f"@<span>{escape(label)}</span></a></span>"
        )

    def hashtag(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tag = tokens[idx].content
        href = escape(env["tag_url"](tag))
        return f'<a href="{href}" class="mention hashtag" rel="tag">#<span>{escape(tag)}</span></a>'

    def address(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        url = tokens[idx].content
        scheme, shown, rest = (escape(each) for each in shown_parts(url))
        cut = ' class="ellipsis"' if rest else ""
        ending = f'<span class="invisible">{rest}</span>' if rest else ""
        return (
            f'<a href="{escape(url)}" translate="no"><span class="invisible">{scheme}</span>'
            f"<span{cut}>{shown}</span>{ending}</a>"
        )

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<pre><code>{escape(tokens[idx].content.rstrip())}</code></pre>"

    def softbreak(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return "<br>"

    hardbreak = softbreak


def _parser() -> MarkdownIt:
    """Switch on what is listed and nothing else: no HTML, pictures, headings, tables."""
    parser = MarkdownIt("zero", renderer_cls=_Renderer)
    parser.enable(["blockquote", "list", "fence"])
    parser.enable(
        ["newline", "escape", "backticks", "strikethrough", "emphasis", "link", "autolink"]
    )
    parser.inline.add_terminator_char("＃")
    for rule in (_address, _mention, _hashtag):
        parser.inline.ruler.before("newline", rule.__name__, rule)
    return parser


_markdown = _parser()


def parsed(text: str) -> list[Token]:
    """Read Markdown into tokens."""
    return _markdown.parse(text)


def inline(tokens: Sequence[Token], kind: str) -> list[Token]:
    """Pick the tokens of a kind (`mention`, `hashtag`, `address`) in reading order."""
    return [child for token in tokens for child in token.children or () if child.type == kind]


def written(tokens: Sequence[Token], env: dict[str, Any]) -> str:
    """Write tokens as HTML."""
    return str(_markdown.renderer.render(tokens, _markdown.options, env))
