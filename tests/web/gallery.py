"""Every template with believable content, to look at: `python -m tests.web.gallery FOLDER`."""
# ruff: noqa: E501 - these are tables of content, one thing on a line

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

from core.clock import now
from core.settings import use
from federation.errors import Unreachable
from inbox.naming import Named
from moderation.closed_figures import ClosedPeriod, FigureCorrection
from moderation.governance import numbers_of
from moderation.sections import Governance
from outbox.lines import Show
from tests.web import operating
from tests.web import samples as s
from tests.web.pictures import FACES, SCENES, paint
from tests.web.samples import before, faces, form, say, tied, wrong
from web.building.audit import kind_choices
from web.building.deliveries import show_tabs
from web.building.elsewhere import trouble_of
from web.building.figures import figure_page
from web.building.panels import verdict_choices
from web.pages.settings_second_factor import square
from web.render import STATIC, page
from web.texts import LOCALES, speaking
from web.views.account import (
    AppAsking,
    AppRow,
    InviteRow,
    JoinView,
    PasskeyRow,
    SecondFactorView,
    SessionRow,
)
from web.views.alerts import Conversation, NotificationView
from web.views.announcements import Announced
from web.views.circles import CircleCard, CirclePage, ServerLine
from web.views.composing import Composer, DraftCard, FlairOf, MediaItem, Preview
from web.views.desk import Dossier
from web.views.frame import (
    Choice,
    ErrorPage,
    Flash,
    Form,
    Frame,
    Narrowing,
    Pager,
    Site,
    Tab,
    Viewer,
)
from web.views.groups import (
    Asleep,
    Candidate,
    GroupCard,
    GroupPage,
    MemberRow,
    Officer,
    WaitingNote,
)
from web.views.moderation import Applicant, HeldNote, Load, ReportForm
from web.views.notes import (
    Branch,
    Mark,
    May,
    NoteLink,
    OwnEmoji,
    PollOption,
    PollView,
    Stub,
    TagCard,
    ThreadView,
)
from web.views.people import (
    Alias,
    BlockedServer,
    FollowRequest,
    Notice,
    PersonCard,
    PersonPage,
    ProfileField,
)
from web.views.proposals import MayDo

Context = dict[str, object]


@dataclass(frozen=True)
class Page:
    """One face of a template: who reads it and what it is given (made in the language of the page)."""

    name: str
    template: str
    given: Callable[[], Context]
    reader: str = "member"
    """visitor, member, unconfirmed, moderator or admin."""
    frame: Context = field(default_factory=dict)


def case_choices() -> Context:
    """What the forms of a case offer."""
    outcomes = (
        Choice("upheld", say("A rule was broken", "违反了规则")),
        Choice("not_upheld", say("No rule was broken", "没有违反规则")),
    )
    return record_choices() | {
        "about": (
            Choice("50", say("Note 50", "笔记 50")),
            Choice("", say("The account itself", "账号本身")),
        ),
        "groups": (Choice("", "–"), Choice("8", "!balcony")),
        "purges": (Choice("", "–"), Choice("court_order", say("court order", "法院命令"))),
        "waits": (Choice("author", say("waits for the author", "等待作者")),),
        "outcomes": outcomes,
        "breaks": s.breaks(),
    }


def appeal_choices() -> Context:
    """What the forms of an appeal offer."""
    return record_choices() | {
        "outcomes": (
            Choice("upheld", say("The decision stands.", "决定维持。")),
            Choice("overturned", say("The decision is taken back.", "撤销决定。")),
        ),
        "refusals": (Choice("abusive", say("It only insults.", "只有辱骂。")),),
    }


def proposal_choices() -> Context:
    """What the forms of a proposal offer."""
    return {
        "votes": (Choice("yes", say("Yes", "赞成")), Choice("no", say("No", "反对"))),
        "outcomes": (Choice("adopted", say("Adopt it", "通过")),),
        "grounds": (Choice("secrets", say("secrets", "秘密")),),
        "emergency_days": 14,
    }


def record_choices() -> Context:
    """What the record is narrowed by."""
    hidden = Choice("hide", say("Hidden", "已隐藏"))
    return {
        "rules": (
            Choice("", say("any", "任意")),
            *(Choice(each.id, each.title) for each in s.rules()),
        ),
        "measures": (Choice("", say("any", "任意")), hidden),
        "things": (Choice("", say("any", "任意")),),
        "appeals": (Choice("", say("any", "任意")),),
    }


def frame_for(each: Page) -> Frame:
    site = Site("Lantern Street", "lantern.example", 3, "approval", "https://code.example/rubric")
    viewer = Viewer(1, "Mei Lin", "mei", "/pictures/mei.jpg", "member", 3, 1)
    readers = {
        "visitor": None,
        "member": viewer,
        "unconfirmed": replace(viewer, is_confirmed=False, unread=0, waiting=0),
        "moderator": replace(viewer, role="moderator", open_reports=2),
        "admin": replace(viewer, role="admin", open_reports=2),
    }
    made = Frame(site, readers[each.reader], "token-of-the-session", path=f"/{each.name}")
    return replace(made, **each.frame)  # type: ignore[arg-type]


def home_faces(current: int) -> tuple[Tab, ...]:
    names = (say("Following", "关注"), say("Explore", "发现"), say("Groups", "小组"))
    return faces(*names, current=current)


def explore_faces() -> tuple[Tab, ...]:
    return faces(say("Latest", "最新"), say("Here", "本站"), say("Everywhere", "全网"))


def profile_faces(current: int = 0) -> tuple[Tab, ...]:
    return faces(
        say("Notes", "笔记"), say("Boards", "收藏板"), say("Replies", "回复"), current=current
    )


def sharings() -> tuple[Choice, ...]:
    return (
        Choice("public", say("Public", "公开"), say("On your page, and for other servers to read.", "显示在你的主页，其他服务器也可读取。")),
        Choice("link", say("By link", "凭链接"), say("For whoever has the address; it cannot be guessed.", "给知道地址的人；地址无法猜到。")),
        Choice("private", say("Private", "私密"), say("For you alone.", "只有你能看到。")),
    )  # fmt: skip


def group_faces() -> tuple[Tab, ...]:
    return faces(say("Here", "本站"), say("Elsewhere", "别处"), say("Mine", "我的"))


def order_faces() -> tuple[Tab, ...]:
    return faces(say("New", "最新"), say("Active", "活跃"), say("Top", "热门"))


def marks() -> tuple[Mark, ...]:
    return (
        Mark(say("Question", "提问"), "#1f4e8c", "/g/balcony?flair=Question"),
        Mark(say("Find", "发现"), "#1c6347", "/g/balcony?flair=Find"),
    )


def group_desk(**more: object) -> Context:
    return {
        "group": group_page(runs=True, can_see_members=True),
        "group_runs": True,
        "number": 11,
        "author_id": 7,
        "link": NoteLink("/n/11", "Which pots survive frost?", s.ANNA),
        "flair": marks(),
        "carried": [marks()[0].name],
        "is_thread": True,
        "is_mine": False,
        "is_removed": False,
        "is_pinned": False,
        "is_locked": False,
        "rules": (
            Choice("", say("None of its own", "不涉及群规")),
            Choice("1", "Say where you garden"),
        ),
        "form": form(),
    } | more


def desk_faces() -> tuple[Tab, ...]:
    return faces(say("Queue", "待办"), say("Reports", "举报"), say("Appeals", "申诉"))


def group_case(**more: object) -> Context:
    return {
        "group": group_page(runs=True),
        "case": s.case(),
        "notes": (s.comment(50, s.LONG, "People like you never get it."),),
        "is_open": True,
        "measures": (
            Choice("remove", say("Removed", "已移除")),
            Choice("close", say("Answers closed", "已关闭回复")),
            Choice("leave_group", say("Put out of the group", "已移出小组")),
        ),
        "about": (Choice("50", say("Note 50", "笔记 50")), Choice("51", say("Note 51", "笔记 51"))),
        "rules": group_desk()["rules"],
        "outcomes": (Choice("not_upheld", say("No rule was broken.", "没有违反规则。")),),
        "form": form(outcome="not_upheld"),
    } | more


def group_appeal(state: str, **more: object) -> Context:
    return {
        "group": group_page(runs=True),
        "appeal": s.appeal(state, words=say("It was a joke.", "这是玩笑。"), filed=before(hours=5)),
        "decision": replace(s.decision(), charter="1. Be kind", rule=None),
        "is_mine": False,
        "is_decider": False,
        "is_free": False,
        "is_heard_now": False,
        "form": form(),
        **appeal_choices(),
    } | more


def group_person(**more: object) -> Context:
    return {
        "group": group_page(runs=True, can_see_members=True),
        "row": MemberRow(s.ANNA, "member", before(days=30)),
        "state": "member",
        "is_owner": True,
        "is_me": False,
        "rules": group_desk()["rules"],
        "form": form(),
    } | more


def members(**more: object) -> Context:
    return {
        "group": group_page(runs=True, can_see_members=True),
        "rows": (
            MemberRow(s.MEI, "owner", before(days=200), desk_url="/g/balcony/members/1"),
            MemberRow(
                s.ANNA, "moderator", before(days=30), s.date(2027, 6, 1), "", "/g/balcony/members/2"
            ),
            MemberRow(s.LONG, "member", before(days=3), desk_url="/g/balcony/members/3"),
        ),
        "faces": faces(say("Members", "成员"), say("Invited", "已邀请"), say("Banned", "已封禁")),
        "pager": end(),
    } | more


def group_cards() -> tuple[GroupCard, ...]:
    return (
        GroupCard(s.GROUP, 2140, "member", can_join=True),
        GroupCard(replace(s.GROUP, id=9, name="Night ferry", handle="!ferry@boats.example", url="/g/ferry@boats.example", is_remote=True), 31, "asked", "members", can_join=True),
    )  # fmt: skip


def group_page(**more: object) -> GroupPage:
    base = GroupPage(
        s.GROUP,
        "!balcony@lantern.example",
        s.shown("<p>Pots, seeds and weather, wherever you have a square metre of sky.</p>"),
        2140,
        banner="/pictures/ridge.jpg",
        rules=("Say where you garden", "No sales"),
        moderators=(
            Officer(s.MEI, "owner", before(days=200)),
            Officer(s.ANNA, "moderator", before(days=30), s.date(2027, 6, 1)),
        ),
        flair=marks(),
        record_url="/g/balcony/record",
        document_url="https://lantern.example/g/balcony",
    )
    return replace(base, **more)  # type: ignore[arg-type]


def elsewhere(**more: object) -> GroupPage:
    card = replace(s.GROUP, id=9, name="Night ferry", handle="!ferry@boats.example", url="/g/ferry@boats.example", is_remote=True)  # fmt: skip
    return group_page(card=card, full_handle=card.handle, remote_url="https://boats.example/c/ferry", document_url="", can_post=True, **more)  # fmt: skip


def group_form(shown: Form, **more: object) -> Context:
    joins = (
        Choice("open", say("Everyone", "所有人")),
        Choice("request", say("On request", "需要申请")),
    )
    sees = (
        Choice("everyone", say("Everyone", "所有人")),
        Choice("members", say("Members", "成员")),
    )
    posts = (Choice("everyone", say("Everyone", "所有人")), Choice("approval", say("Everyone, after approval", "所有人，审核后发布")))  # fmt: skip
    return {
        "form": shown,
        "group": None,
        "banner": "",
        "most_flair": 8,
        "colours": ("#8a7c70", "#a3211b", "#7d5200", "#1c6347", "#1f4e8c", "#6b3f8f"),
        "languages": (Choice("", say("Any language", "任何语言")), Choice("en", "English")),
        "remotes": (
            Choice(
                "aware", say("On servers that keep what is for members", "会为成员保密的服务器")
            ),
            Choice("any", say("On any server", "任何服务器")),
        ),
        "joins": joins,
        "sees": sees,
        "posts": posts,
    } | more


def end() -> Pager:
    return Pager(
        end_text=say("You have seen everything since yesterday.", "昨天以来的内容都看完了。")
    )


def person_page(card: PersonCard, **more: object) -> PersonPage:
    base = PersonPage(
        card,
        card.handle if card.is_remote else f"{card.handle}@lantern.example",
        s.shown('<p>Bread, ferries, and a balcony with eleven pots. Photographs mostly before eight.</p>'),
        "/pictures/ridge.jpg",
        (
            ProfileField("Home page", s.shown('<p><a href="https://mei.example/">mei.example</a></p>'), True),
            ProfileField("Camera", s.shown("<p>An old one</p>")),
        ),
        342,
        1204,
        187,
        s.date(2025, 3, 9),
        "https://pixel.example/@anna" if card.is_remote else "",
        "en",
        atom_url="" if card.is_remote else "/@mei.atom",
    )  # fmt: skip
    return replace(base, **more)  # type: ignore[arg-type]


def composer(**more: object) -> Composer:
    base = Composer(
        form=form(audience="public", language="en"),
        quotings=quotings(),
        languages=(Choice("en", "English"), Choice("zh", "中文"), Choice("de", "Deutsch")),
        poll_spans=(
            Choice("86400", say("One day", "一天")),
            Choice("259200", say("Three days", "三天")),
        ),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def narrowing(current: int = 0) -> Narrowing:
    kinds = faces(say("All", "全部"), say("Photos", "图片"), say("Videos", "视频"), say("Text", "文字"), current=current)  # fmt: skip
    return Narrowing(kinds, "/watch?from=home", "/" if current else "")


def drafts() -> tuple[DraftCard, ...]:
    return (
        DraftCard(9, "Seven trees worth the detour", before(minutes=4), s.media(s.SHOTS["maple"]), 6, language="en"),
        DraftCard(8, "关于在异乡过冬至这件事", before(days=2), language="zh", audience="followers", problem=say("The note you answered is no longer there.", "你所回复的笔记已不在了。")),
        DraftCard(7, "", before(days=40)),
    )  # fmt: skip


def scheduled() -> tuple[DraftCard, ...]:
    moment = say("24 Dec 2026, 18:00:00 (Europe/Berlin)", "2026年12月24日 18:00:00 (Europe/Berlin)")
    return (
        DraftCard(6, "A minute of nothing much", before(minutes=1), images=1, publish_at=before(minutes=1), is_waiting=True),
        DraftCard(5, "Christmas on the island", before(days=1), s.media(s.SHOTS["dusk"]), 3, publish_at=before(days=-9), local="2026-12-24T18:00", moment=moment, zone="Europe/Berlin"),
    )  # fmt: skip


def feed(**more: object) -> Context:
    shown = {"notes": s.cards(), "pager": Pager(older_url="?max_id=26"), "narrowing": narrowing()}
    return shown | more


def empty_feed(**more: object) -> Context:
    return {"notes": (), "pager": Pager(), "narrowing": None} | more


def front(**more: object) -> Context:
    return {"about": s.about(), "groups": (), "rules": s.rules()} | feed(pager=end()) | more


def explore(**more: object) -> Context:
    tags = (TagCard("ferry", "/tags/ferry", 12), TagCard("柿子", "/tags/柿子", 9), TagCard("repair", "/tags/repair", 4))  # fmt: skip
    text = say(
        "Public notes of people who allow it, newest first.", "允许被发现的公开笔记，按时间排列。"
    )
    return {"faces": explore_faces(), "tags": tags, "explanation": text} | feed() | more


def profile(card: PersonCard, **more: object) -> Context:
    return {"person": person_page(card), "faces": profile_faces()} | feed(pager=end()) | more


def a_note(thread: ThreadView, *, reply: bool = True) -> Context:
    answer = composer(action="/compose", kind="reply", form=form(audience="public"))
    return {"thread": thread, "reply": answer if reply else None, "boards": s.boards()[:2]}


def notifications(**more: object) -> Context:
    link = NoteLink("/n/11", "The six o'clock ferry, and why I now take it every day", cover=s.media(s.SHOTS["dawn"]))  # fmt: skip
    heard = NoteLink("/n/161", "The bread woman is called Ilse. Ask for the one with walnuts.")
    told = (
        NotificationView(7, "like", (s.ANNA, s.XIAOYU, s.EMOJI), before(minutes=4), 12, link, is_unread=True),
        NotificationView(6, "reply", (s.ANNA,), before(minutes=40), note=heard, is_unread=True),
        NotificationView(5, "follow_request", (s.XIAOYU,), before(hours=2), is_unread=True),
        NotificationView(4, "boost", (s.JONAS,), before(hours=9), note=link),
        NotificationView(3, "follow", (s.LONG,), before(days=1)),
        NotificationView(2, "report", (), before(days=1), text=say("Your report 9003 has been answered.", "你的举报 9003 已有答复。"), url="/my/reports/9003"),
        NotificationView(1, "poll", (s.JONAS,), before(days=2), note=NoteLink("/n/25", "Marmalade, third attempt")),
    )  # fmt: skip
    tabs = faces(
        say("All", "全部"), say("Mentions", "提及"), say("Requests", "请求"), counts={2: 1}
    )
    base = {"faces": tabs, "notifications": told, "requests": (), "is_requests": False}
    return base | {"pager": end()} | more


def join(registration: str, form_: Form | None = None, **more: object) -> Context:
    base = JoinView(registration, form_ or form(), s.rules(), 16)
    return {"join": replace(base, **more)}  # type: ignore[arg-type]


def sessions() -> Context:
    return {
        "sessions": (
            SessionRow(1, "Firefox, Linux", before(days=12), before(minutes=1), True),
            SessionRow(2, "Safari, iPhone", before(days=40), before(hours=7)),
        ),
        "apps": (
            AppRow(1, "Tusky", (say("read your notes", "读取你的笔记"), say("publish notes", "发布笔记")), before(days=90), "https://tusky.app/", before(hours=2)),
        ),
    }  # fmt: skip


def quotings() -> tuple[Choice, ...]:
    return (
        Choice("public", say("Everyone", "所有人")),
        Choice("followers", say("Who follows me", "关注我的人")),
        Choice("nobody", say("Nobody but me", "只有我自己")),
    )


def privacy() -> Context:
    return {
        "form": form(discoverable="1", audience="public", quoting="public"),
        "panel_size": 3,
        "seats": ("/panels/5101",),
        "quoting_choices": quotings(),
        "audience_choices": (
            Choice("public", say("Public", "公开")),
            Choice("quiet", say("Quiet public", "安静公开")),
            Choice("followers", say("Followers", "关注者")),
        ),
    }


def circles() -> tuple[CircleCard, ...]:
    """A few circles, one of them chosen."""
    return (
        CircleCard(1, "/circles/1", say("Family", "家人"), 4, say("People it is for: 4, on this many servers: 1.", "可见人数：4，所在服务器数：1。")),
        CircleCard(2, "/circles/2", say("Those who came to the lantern festival on the island last winter and stayed", "去年冬天一起去岛上看灯会并留下来的朋友们"), 41, say("People it is for: 41, on this many servers: 12. 3 servers will not show it to anyone: GoToSocial. Of 2 servers it is not known whether they will show it. What other servers hold is out of our hands.", "可见人数：41，所在服务器数：12。有 3 个服务器不会把它显示给任何人：GoToSocial。有 2 个服务器是否会显示它，尚不清楚。其他服务器上保存的内容，我们无法控制。"), True),
        CircleCard(3, "/circles/3", say("Choir", "合唱团"), 0, say("Nobody is in it yet.", "里面还没有人。")),
    )  # fmt: skip


WHERE = (
    ServerLine("lantern.example", 12, "here"),
    ServerLine("pixel.example", 9, "showing", "mastodon"),
    ServerLine("a-server-with-a-long-name.of-many-parts.example", 3, "hiding", "gotosocial"),
    ServerLine("quiet.example", 1, "unknown"),
    ServerLine("other.example", 1, "unknown", "sharkey"),
)


def a_circle(**more: object) -> Context:
    """The page of a circle, with these people, servers and finds."""
    words, found = more.pop("words", ""), more.pop("found", ())
    shown = CirclePage(**({"card": circles()[1]} | more))
    given = form(name=shown.card.name)
    return {"circle": shown, "form": given, "pager": Pager(), "words": words, "found": found}


def error(status: int, title: str, text: str, **more: str) -> Context:
    return {"error": ErrorPage(status, title, text, **more)}


def told(drawing: str, heading: str, *lines: str, url: str = "", label: str = "") -> Context:
    return {"drawing": drawing, "heading": heading, "lines": lines, "url": url, "label": label}


MINE = tied(s.MEI, is_me=True)
ANNOUNCED = Announced(
    2,
    s.shown(
        "<p>On Sunday the server moves to a new machine. Reading works, <strong>posting pauses</strong> from six to seven.</p>"
    ),
    "en",
    before(hours=3),
)
OWN = May(
    reply=True, like=True, boost=True, bookmark=True, edit=True, narrow=True, delete=True, pin=True
)

PAGES: tuple[Page, ...] = (
    Page("front", "front.html", front, "visitor"),
    Page("front-new", "front.html", lambda: front(notes=()), "visitor"),
    Page("home", "home.html", lambda: feed(faces=home_faces(0))),
    Page("home-announced", "home.html", lambda: feed(faces=home_faces(0), announced=(ANNOUNCED,))),
    Page("home-empty", "home.html", lambda: empty_feed(faces=home_faces(0)), "unconfirmed"),
    Page("home-column", "home.html", lambda: feed(faces=home_faces(0)), frame={"layout": "column"}),
    Page("home-no-video", "home.html", lambda: empty_feed(faces=home_faces(0), narrowing=narrowing(2))),
    Page("explore", "explore.html", explore),
    Page("explore-empty", "explore.html", lambda: explore(notes=(), tags=(), pager=Pager()), "visitor"),
    Page("watch", "watch.html", lambda: {"videos": s.videos(), "pager": Pager(older_url="?from=home&max_id=3"), "back": "/?show=video"}),
    Page("watch-visitor", "watch.html", lambda: {"videos": s.videos(), "pager": Pager(), "back": "/?show=video"}, "visitor", {"saves_data": True}),
    Page("watch-empty", "watch.html", lambda: {"videos": (), "pager": Pager(), "back": "/tags/ferry?show=video", "whole": "/tags/ferry", "elsewhere": "/watch?from=local"}),
    Page("tag", "tag.html", lambda: feed(tag=TagCard("ferry", "/tags/ferry", 12), is_followed=False)),
    Page("bookmarks-empty", "bookmarks.html", empty_feed),
    Page("bookmarks", "bookmarks.html", feed),
    Page("note", "note.html", lambda: a_note(s.thread(note=s.note(author=tied(s.ANNA), remote_url="https://pixel.example/n/4"))), frame={"flashes": (Flash("“Lantern Street”"),)}),
    Page("note-visitor", "note.html", lambda: a_note(s.thread(), reply=False), "visitor"),
    Page("note-own", "note.html", lambda: a_note(s.thread(
        note=s.note(author=MINE, may=OWN, audience="followers", media=(), edited=before(hours=1), is_pinned=True, is_bookmarked=True, is_boosted=True,
            honesty=say("41 people, 12 servers. Replies: held here; 3 servers honour this, 9 will not.", "41 人，12 个服务器。回复在本站受管理；3 个服务器遵守，9 个不会。"),
            poll=PollView((PollOption("Six o'clock", 31, 62, True), PollOption("Seven-forty", 14, 28), PollOption("I swim", 5, 10)), voters=50, has_voted=True, closes=before(days=-2))),
        replies=()))),
    Page("note-sensitive", "note.html", lambda: a_note(s.thread(
        note=s.note(is_sensitive=True, content_note="A hospital visit", media=(s.media(s.SHOTS["plums"]),), in_reply_to=NoteLink("/n/9", "How was the week?", s.JONAS)), ancestors=(s.comment(300, s.JONAS, "How was the week?"), Stub("hidden")), remote_replies_url="https://pixel.example/n/4"))),
    Page("note-tall", "note.html", lambda: a_note(s.thread(note=s.note(media=(s.media(s.SHOTS["tower"]),), title="", author=tied(s.LONG), group=s.GROUP)))),
    Page("note-many", "note.html", lambda: a_note(s.thread(note=s.note(media=tuple(s.media(s.SHOTS[each]) for each in (*s.SHOTS, "dawn", "harbour", "plums", "dusk", "maple", "ferns")))))),
    Page("note-long-zh", "note.html", lambda: a_note(s.thread(note=s.note(author=tied(s.XIAOYU), media=(), language="zh", title="关于在异乡过冬至这件事", html=s.shown("<p>" + "朋友寄来一袋糯米粉，厨房里全是蒸汽。窗外的风很大，屋里的人说着三种语言，最后都在笑。<em>冬至大如年</em>，外婆总这么说。" * 8 + "</p>"))))),
    Page("note-removed", "gone.html", lambda: {"gone": Stub("removed", notice=s.notice())}, "visitor"),
    Page("note-deleted", "gone.html", lambda: {"gone": Stub("deleted")}),
    Page("note-waiting", "gone.html", lambda: {"gone": Stub("waiting", until=before(days=-2))}),
    Page("note-narrow", "narrow.html", lambda: {"note": s.note(author=MINE), "form": form(), "audiences": ["quiet", "followers", "mutuals", "circle", "people", "self"], "circles": circles()}),
    Page("note-narrow-wrong", "narrow.html", lambda: {"note": s.note(author=MINE, audience="circle"), "form": wrong({"audience": "circle"}, {"circles": say("Choose a circle.", "请选择一个圈子。")}), "audiences": ["circle", "people", "self"], "circles": ()}),
    Page("note-delete", "delete.html", lambda: {"note": s.note(author=MINE)}),
    Page("profile", "profile.html", lambda: profile(tied(s.ANNA, followed_by=True))),
    Page("profile-own", "profile.html", lambda: profile(MINE)),
    Page("profile-visitor", "profile.html", lambda: profile(s.MEI), "visitor"),
    Page("profile-suspended", "profile.html", lambda: profile(tied(s.LONG, blocking=True), person=person_page(tied(s.LONG, blocking=True), banner="", suspended=s.notice(), followers=None, following=None, moved_to=s.JONAS), notes=(), pager=Pager())),
    Page("profile-boards", "profile_boards.html", lambda: {"person": person_page(MINE), "faces": profile_faces(1), "boards": s.boards(is_mine=True), "pager": Pager()}),
    Page("profile-boards-empty", "profile_boards.html", lambda: {"person": person_page(MINE), "faces": profile_faces(1), "boards": (), "pager": Pager()}),
    Page("circles", "circles.html", lambda: {"circles": circles(), "form": form()}),
    Page("circles-empty", "circles.html", lambda: {"circles": (), "form": wrong({"name": ""}, {"name": say("Give the circle a name.", "请给圈子起个名字。")})}),
    Page("circle", "circle.html", lambda: a_circle(people=(tied(s.ANNA), tied(s.LONG), tied(s.XIAOYU), s.GONE), servers=WHERE, words="jo", found=(tied(s.JONAS),))),
    Page("circle-empty", "circle.html", lambda: a_circle(card=CircleCard(4, "/circles/4", say("Choir", "合唱团")), words="zzz")),
    Page("circle-delete", "circle_delete.html", lambda: {"circle": circles()[1]}),
    Page("circle-person", "circle_person.html", lambda: {"person": s.ANNA, "circles": circles(), "form": form()}),
    Page("circle-person-first", "circle_person.html", lambda: {"person": s.LONG, "circles": (), "form": wrong({"name": "Choir"}, {"name": say("You have a circle of this name.", "你已有一个同名的圈子。")})}),
    Page("board", "board.html", lambda: feed(board=s.boards(is_mine=True)[1], narrowing=None)),
    Page("board-empty", "board.html", lambda: empty_feed(board=s.boards()[0]), "visitor"),
    Page("board-new", "board_form.html", lambda: {"form": form(sharing="public"), "sharings": sharings(), "action": "/boards/new", "back": ""}),
    Page("board-edit", "board_form.html", lambda: {"form": wrong({"name": "Mornings", "sharing": "link"}, {"name": say("You have a board of this name.", "你已有同名的收藏板。")}), "sharings": sharings(), "action": "/boards/3/edit", "back": "/boards/3"}),
    Page("board-delete", "board_delete.html", lambda: {"board": s.boards()[0]}),
    Page("board-add", "board_add.html", lambda: {"board": s.boards()[0], "notes": s.cards()[:8]}),
    Page("groups", "groups.html", lambda: {"words": "", "groups": group_cards(), "faces": group_faces(), "trouble": None, "pager": end()}),
    Page("groups-empty", "groups.html", lambda: {"words": "tea", "groups": (), "faces": group_faces(), "trouble": None, "pager": end()}, "visitor"),
    Page("group", "group.html", lambda: feed(group=group_page(), faces=order_faces(), narrowing=None)),
    Page("group-flair", "group.html", lambda: feed(group=group_page(closes=s.date(2027, 2, 1), can_see_members=True), faces=order_faces(), flair=marks()[0].name, periods=faces(say("1 day", "1 天"), say("7 days", "7 天")), narrowing=None)),
    Page("group-members", "group_members.html", members),
    Page("group-members-empty", "group_members.html", lambda: members(rows=(), pager=Pager())),
    Page("group-person", "group_person.html", group_person),
    Page("group-person-banned", "group_person.html", lambda: group_person(state="banned", row=MemberRow(s.ANNA, "member", before(days=3), s.date(2027, 6, 1), "Rule 1: sells plants"))),
    Page("group-person-wrong", "group_person.html", lambda: group_person(row=MemberRow(s.ANNA, "moderator", before(days=3)), form=wrong({"reason": ""}, {"": say("Say why; the author and everyone else will read it.", "请说明原因；作者和其他人都会看到。")}))),
    Page("group-note", "group_note.html", group_desk),
    Page("group-note-removed", "group_note.html", lambda: group_desk(is_removed=True, flair=())),
    Page("group-end", "group_end.html", lambda: {"group": group_page(is_owner=True), "is_asleep": False, "form": form()}),
    Page("group-end-announced", "group_end.html", lambda: {"group": group_page(is_owner=True, closes=s.date(2027, 2, 1)), "is_asleep": False, "form": form()}),
    Page("group-end-asleep", "group_end.html", lambda: {"group": group_page(), "is_asleep": True, "form": wrong({"words": ""}, {"": say("Write something.", "写点什么。")})}),
    Page("group-run", "group.html", lambda: empty_feed(group=group_page(state="member", runs=True, waiting=3, can_post=True), faces=order_faces())),
    Page("group-banned", "group.html", lambda: feed(group=group_page(state="banned", reason="Rule 2: personal attacks", until=s.date(2027, 1, 5)), faces=order_faces(), narrowing=None)),
    Page("group-elsewhere-asked", "group.html", lambda: feed(group=elsewhere(state="asked"), faces=order_faces(), narrowing=None)),
    Page("group-elsewhere-refused", "group.html", lambda: empty_feed(group=elsewhere(state="left", is_refused=True, reason="Applications are closed until May."), faces=order_faces())),
    Page("note-locked", "note.html", lambda: a_note(replace(s.thread(), is_locked=True, lock_reason="Everything was said.", group_says=say("!ferry@boats.example removed this note: Rule 2", "!ferry@boats.example 移除了这条笔记：Rule 2"), replies=(*s.thread().replies, Branch(Stub("group", words=say("!ferry@boats.example removed this note: Rule 2", "!ferry@boats.example 移除了这条笔记：Rule 2"))))), reply=False)),
    Page("group-closed", "group.html", lambda: empty_feed(group=group_page(sees="members", joins="request", is_hidden=True), faces=order_faces()), "visitor"),
    Page("group-new", "group_form.html", lambda: group_form(wrong({"title": "Tea", "name": "mei", "join": "open", "see": "everyone", "post": "everyone"}, {"name": say("This name is taken.", "这个名字已被占用。")}))),
    Page("group-settings", "group_form.html", lambda: group_form(form(title="Balcony gardens", join="open", see="everyone", post="approval", remote_members="aware", **{"flair-1": say("Question", "提问"), "colour-1": "#1f4e8c"}), group=group_page().card)),
    Page("group-reports", "group_reports.html", lambda: {"group": group_page(runs=True), "faces": desk_faces(), "chips": faces(say("Waiting", "等待中"), say("Settled", "已了结")), "cases": (s.case_line(), s.case_line(8002, "open", late=True)), "pager": end()}),
    Page("group-reports-empty", "group_reports.html", lambda: {"group": group_page(runs=True), "faces": desk_faces(), "chips": faces(say("Waiting", "等待中"), say("Settled", "已了结")), "cases": (), "pager": Pager()}),
    Page("group-case", "group_case.html", group_case),
    Page("group-case-conflict", "group_case.html", lambda: group_case(case=replace(s.case(), bar=say("You are part of this case; someone else has to look at it.", "你与此案有关，须由他人处理。")), form=wrong({}, {"hand_on_reason": say("Say why.", "请说明理由。")}))),
    Page("group-case-settled", "group_case.html", lambda: group_case(is_open=False, notes=())),
    Page("group-appeals", "group_appeals.html", lambda: {"group": group_page(runs=True), "faces": desk_faces(), "appeals": (s.appeal("filed", filed=before(hours=5), due=before(hours=1), is_overdue=True), s.appeal("in_review", filed=before(days=1), reviewer=s.MEI))}),
    Page("group-appeals-empty", "group_appeals.html", lambda: {"group": group_page(runs=True), "faces": desk_faces(), "appeals": ()}),
    Page("group-appeal", "group_appeal.html", lambda: group_appeal("in_review", is_mine=True, is_heard_now=True)),
    Page("group-appeal-free", "group_appeal.html", lambda: group_appeal("filed", is_free=True, form=wrong({}, {"why": say("Choose why it is not heard.", "请选择不受理的原因。")}))),
    Page("group-appeal-own", "group_appeal.html", lambda: group_appeal("filed", is_free=True, is_decider=True)),
    Page("group-queue", "group_queue.html", lambda: {"group": group_page(runs=True), "faces": desk_faces(), "people": (s.ANNA,), "notes": (WaitingNote(3, s.ANNA, s.shown("<p>Which pots survive frost?</p>"), before(hours=5), "Pots"),)}),
    Page("group-queue-empty", "group_queue.html", lambda: {"group": group_page(runs=True), "faces": desk_faces(), "people": (), "notes": ()}),
    Page("board-add-empty", "board_add.html", lambda: {"board": s.boards()[0], "notes": ()}),
    Page("save", "save.html", lambda: {"note": s.cards()[0], "boards": s.boards(is_mine=True), "form": form(sharing="public"), "sharings": sharings()}),
    Page("save-first", "save.html", lambda: {"note": s.cards()[1], "boards": (), "form": form(sharing="public"), "sharings": sharings()}),
    Page("followers", "follows.html", lambda: {"person": s.MEI, "kind": "followers", "faces": faces(say("Followers", "关注者"), say("Following", "正在关注")), "is_hidden": False, "people": (tied(s.ANNA, following=True), tied(s.XIAOYU), tied(s.JONAS, requested=True), tied(s.LONG), tied(s.EMOJI), s.GONE), "pager": end()}),
    Page("followers-hidden", "follows.html", lambda: {"person": s.XIAOYU, "kind": "following", "faces": faces(say("Followers", "关注者"), say("Following", "正在关注"), current=1), "is_hidden": True, "people": (), "pager": Pager()}),
    Page("compose", "compose.html", lambda: {"composer": composer()}),
    Page("compose-in-group", "compose.html", lambda: {"composer": composer(form=form(audience="public", language="en", group="8", flair="8:Question"), groups=(Choice("", say("No group", "不选小组")), Choice("8", "Balcony gardens (!balcony)"), Choice("9", "Night ferry")), flair=(FlairOf(8, "!balcony", (Choice("8:Question", say("Question", "提问")), Choice("8:Find", say("Find", "发现")))), FlairOf(9, "!ferry@boats.example", (Choice("9:Times", "Times"),))))}),
    Page("compose-circle", "compose.html", lambda: {"composer": composer(form=form(audience="circle", language="en", text="@jonas"), audiences=("public", "quiet", "followers", "mutuals", "circle", "server", "people", "self"), circles=circles(), mutuals=circles()[1].line, nudge=say("Named, but not among those who will see it: @jonas. The names stay as text, and nobody is told.", "被提到、却看不到它的人：@jonas。名字只作为文字保留，不会通知任何人。"))}),
    Page("compose-many", "compose.html", lambda: {"composer": composer(form=form(title="Seven trees", tags="maple, walks", audience="public", language="en", draft="9", publish_at="2026-12-24T18:00", zone="Europe/Berlin"), items=tuple(MediaItem(number, s.media(s.SHOTS[name], id=number), s.SHOTS[name].alt, name == "mist", turn=90 if number == 3 else 0, state="working" if number == 6 else "ready", progress=60) for number, name in enumerate(("maple", "dawn", "harbour", "mist", "plums", "ridge"), 1)), drafts=drafts())}),
    Page("drafts", "drafts.html", lambda: {"drafts": drafts()}),
    Page("drafts-empty", "drafts.html", lambda: {"drafts": ()}),
    Page("scheduled", "scheduled.html", lambda: {"drafts": scheduled()}),
    Page("scheduled-empty", "scheduled.html", lambda: {"drafts": ()}),
    Page("draft", "draft.html", lambda: {"preview": Preview(9, s.note().html, "Seven trees", "", False, "en", s.note().media, "followers", (), 2)}),
    Page("draft-circle", "draft.html", lambda: {"preview": Preview(9, s.note().html, "Seven trees", "", False, "en", (), "circle", (), honesty=circles()[1].line, outside=say("Named, but not among those who will see it: @jonas. The names stay as text, and nobody is told.", "被提到、却看不到它的人：@jonas。名字只作为文字保留，不会通知任何人。"))}),
    Page("compose-wrong", "compose.html", lambda: {"composer": composer(form=wrong({"title": "Sunday", "content_note": "Food", "audience": "followers", "language": "en"}, {"text": say("Write something, or add a picture.", "写点什么，或者加一张图片。")}), alt_policy="require", nudge=say("Is the person in the picture asked? Rule 3 wants a yes.", "征得照片中人的同意了吗？第 3 条要求对方同意。"), items=(MediaItem(5, s.media(s.SHOTS["persimmons"], id=5), error=say("This picture needs a description.", "这张图片需要描述。")),))}),
    Page("compose-reply", "compose.html", lambda: {"composer": composer(kind="reply", reply_to=s.comment(161, s.ANNA, "The bread woman is called Ilse."), form=form(audience="people", text="@anna@pixel.example "), honesty=say("1 person, 1 server.", "1 人，1 个服务器。"))}),
    Page("compose-quote", "compose.html", lambda: {"composer": composer(quoted=s.quoted().note, form=form(audience="public", quote="31"))}),
    Page("compose-edit", "compose.html", lambda: {"composer": composer(kind="edit", action="/n/11/edit", form=form(title="The six o'clock ferry", text="I used to take the seven-forty.", audience="public"), items=(MediaItem(3, s.media(s.SHOTS["dawn"], id=3), "Hills"), MediaItem(4, s.media(s.SHOTS["harbour"], id=4), "The sea")))}),
    Page("notifications", "notifications.html", notifications),
    Page("notifications-empty", "notifications.html", lambda: notifications(notifications=())),
    Page("requests", "notifications.html", lambda: notifications(requests=(FollowRequest(s.XIAOYU, before(hours=2)), FollowRequest(s.LONG, before(hours=9))), is_requests=True)),
    Page("requests-empty", "notifications.html", lambda: notifications(notifications=(), is_requests=True)),
    Page("messages", "messages.html", lambda: {"conversations": (Conversation("/n/70", (s.ANNA,), "See you at the quay, then. I bring the thermos.", before(minutes=20), True), Conversation("/n/71", (s.XIAOYU, s.JONAS), "柿饼给你们留了一盒。", before(days=3))), "pager": end()}),
    Page("messages-empty", "messages.html", lambda: {"conversations": (), "pager": Pager()}),
    Page("search", "search.html", lambda: {"words": "ferry", "faces": faces(say("All", "全部"), say("People", "人"), say("Notes", "笔记"), say("Tags", "标签")), "people": (tied(s.ANNA),), "tags": (TagCard("ferry", "/tags/ferry", 12),), "notes": s.cards()[:4], "pager": Pager()}),
    Page("search-start", "search.html", lambda: {"words": ""}, "visitor"),
    Page("search-empty", "search.html", lambda: {"words": "zeppelin", "trouble": None, "faces": faces(say("All", "全部")), "people": (), "tags": (), "notes": (), "pager": Pager()}),
    Page("search-silent", "search.html", lambda: {"words": "@anna@ferry.example", "faces": faces(say("All", "全部")), "people": (), "tags": (), "notes": (), "pager": Pager(), "trouble": trouble_of(Named(trouble=Unreachable("")), "@anna@ferry.example", "/search?q=%40anna%40ferry.example")}),
    Page("settings-profile", "settings/profile.html", lambda: {"form": wrong({"name": "Mei Lin", "about": "Bread, ferries.", "key-1": "Home page", "value-1": "https://mei.example", "locale": "en"}, {"avatar": say("This file is no picture we can read.", "这个文件不是我们能读取的图片。")}), "person": s.MEI, "locale_choices": tuple(Choice(tag, name) for tag, name in LOCALES.items())}),
    Page("settings-privacy", "settings/privacy.html", privacy),
    Page("settings-sessions", "settings/sessions.html", sessions),
    Page("settings-blocks", "settings/blocks.html", lambda: {"blocked": (s.LONG,), "muted": (), "form": form(), "servers": (BlockedServer(1, "loud.example"),)}),
    Page("settings-account", "settings/account.html", lambda: {"email": "mei@example.org", "is_confirmed": False, "email_form": form(), "password_form": wrong({}, {"password": say("This is not your password.", "密码不正确。")}), "close_form": form()}, "unconfirmed"),
    Page("settings-moving", "settings/moving.html", lambda: {"aliases": (Alias("https://old.example/users/mei", "@mei@old.example"),), "moved_to": None, "has_moved": False, "alias_form": form(), "move_form": wrong({"target": "@mei@new.example"}, {"target": say("First name this account as an alias at the new address.", "请先在新地址把本账号列为别名。")})}),
    Page("settings-moved", "settings/moving.html", lambda: {"aliases": (), "moved_to": s.LONG, "has_moved": True, "alias_form": form(), "move_form": form()}),
    Page("join", "join.html", lambda: join("approval"), "visitor"),
    Page("join-wrong", "join.html", lambda: join("open", wrong({"handle": "mei", "email": "mei@", "agree": "1"}, {"handle": say("This handle is taken.", "这个用户名已被使用。"), "email": say("This is not an e-mail address.", "这不是电子邮件地址。")})), "visitor"),
    Page("join-invite", "join.html", lambda: join("invite"), "visitor"),
    Page("join-invited", "join.html", lambda: join("invite", form(invite="quay"), invited_by=s.JONAS), "visitor"),
    Page("join-closed", "join.html", lambda: join("closed", neighbours=("pixel.example", "haibian.example")), "visitor"),
    Page("told", "told.html", lambda: told("letter", say("Look into your mailbox", "请查看你的邮箱"), say("We sent a letter to mei@example.org. The link in it opens your account.", "我们给 mei@example.org 寄了一封信，点开其中的链接即可启用账号。"), url="/compose", label=say("Write your first note", "写第一篇笔记")), "visitor"),
    Page("sign-in", "sign_in.html", lambda: {"form": wrong({"user[email]": "mei", "next": "/"}, {"": say("Handle or password is wrong.", "用户名或密码不正确。")})}, "visitor"),
    Page("second-step", "second_step.html", lambda: {"form": wrong({"next": "/"}, {"code": say("This code is not right, or was used already.", "验证码不正确，或已用过。")}), "has_app": True}, "visitor"),
    Page("prove", "prove.html", lambda: {"form": form(), "action": "/prove", "carried": [("next", "/settings/second-factor")], "is_strong": True, "has_app": False}),
    Page("prove-password", "prove.html", lambda: {"form": wrong({}, {"proof_password": say("This is not your password.", "密码不正确。")}), "action": "/prove", "carried": [], "is_strong": False, "has_app": False}),
    Page("second-factor-empty", "settings/second_factor.html", lambda: {"second": SecondFactorView(is_needed=True), "form": form()}, "moderator"),
    Page("second-factor-app", "settings/second_factor.html", lambda: {"second": SecondFactorView(secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", square=square("otpauth://totp/example.social:mei%40example.social?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=example.social")), "form": form()}),
    Page("second-factor", "settings/second_factor.html", lambda: {"second": SecondFactorView(has_app=True, codes_left=9, passkeys=(PasskeyRow(1, say("The telephone in my left pocket", "左口袋里的手机"), before(days=20), before(hours=3)), PasskeyRow(2, "Laptop", before(days=2)))), "form": form()}),
    Page("recovery-codes", "settings/recovery_codes.html", lambda: {"codes": ["abcd-efgh-2345"] * 10}),
    Page("transparency", "transparency.html", lambda: {"figures": figure_page(ClosedPeriod(name="2026-10", closed_at=before(days=3), document=s.figures()), [FigureCorrection(at=before(days=1), changes={"overdue": 4})], {"ask": say("Ask before you show somebody", "先征得同意")}), "months": ("2026-10", "2026-09"), "halves": ("2026-H1",), "open_month": "2026-11", "closes": before(days=-3)}, "visitor"),
    Page("transparency-empty", "transparency.html", lambda: {"figures": None, "months": (), "halves": (), "open_month": "2026-11", "closes": before(days=-3)}, "visitor"),
    Page("password-forgotten", "password_forgotten.html", lambda: {"form": form(), "has_mail": True}, "visitor"),
    Page("password-new", "password_new.html", lambda: {"form": form(), "action": "/password/new/abc"}, "visitor"),
    Page("confirm", "confirm.html", lambda: {"email": "mei@example.org", "action": "/confirm/abc"}, "visitor"),
    Page("policy", "policy.html", lambda: {"policy": s.policy()}, "visitor"),
    Page("policy-old", "policy.html", lambda: {"policy": replace(s.policy(), version=s.versions()[1], entries=())}),
    Page("policy-history", "policy_history.html", lambda: {"versions": s.versions()}),
    Page("policy-diff", "policy_diff.html", lambda: {"diff": s.difference(), "is_inline": False}),
    Page("admin-policy", "admin/policy.html", lambda: s.editor(), "admin"),
    Page("admin-policy-trying", "admin/policy.html", lambda: {**s.editor(), "simulation": None, "samples": {}, "is_simulating": True}, "admin"),
    Page("admin-policy-late", "admin/policy.html", lambda: {**s.editor(), "meanwhile": s.difference(), "newest": 4, "form": wrong({}, {"": "Late."})}, "admin"),
    Page("admin-policy-list", "admin/policy_list.html", lambda: {"section": "rules", "title": say("Rules", "规则"), "things": ["be-kind", "a-rule-with-a-long-short-name-that-goes-on"]}, "admin"),
    Page("admin-policy-form", "admin/policy_form.html", lambda: {"title": say("Joining", "加入"), "back": "/admin/policy", "is_thing": True, "fields": s.fields(), "problem": "policy.accounts.min_age: expected `int` <= 21"}, "admin"),
    Page("admin-audit", "admin/audit.html", lambda: {"acts": s.acts(), "kinds": kind_choices(), "began": True, "pager": end(), "form": form(who="@mei", kind="case")}, "admin"),
    Page("admin-audit-none", "admin/audit.html", lambda: {"acts": (), "kinds": kind_choices(), "began": True, "pager": Pager(), "form": form(who="@nobody")}, "admin"),
    Page("admin-audit-empty", "admin/audit.html", lambda: {"acts": (), "kinds": kind_choices(), "began": None, "pager": Pager(), "form": form()}, "admin"),
    Page("admin-deliveries", "admin/deliveries.html", lambda: {"tabs": show_tabs(Show.WAITING, {Show.FAILING: 3}), "show": "waiting", "lines": operating.lines(), "pager": end(), "form": form()}, "admin"),
    Page("admin-deliveries-unknown", "admin/deliveries.html", lambda: {"tabs": show_tabs(Show.FAILING, {}), "show": "failing", "lines": (), "pager": Pager(), "form": wrong({"host": "nobody.example"}, {"host": say("No letters were ever written to a server of this name.", "从未给该名称的服务器写过信件。")})}, "admin"),
    *(Page(f"admin-deliveries-{show}-empty", "admin/deliveries.html", lambda show=show: {"tabs": show_tabs(show, {}), "show": show.value, "lines": (), "pager": Pager(), "form": form()}, "admin") for show in Show),
    Page("admin-line", "admin/line.html", lambda: {"page": operating.line_page("waiting"), "pager": end()}, "admin"),
    Page("admin-line-stopped", "admin/line.html", lambda: {"page": operating.line_page("stopped"), "pager": end()}, "admin"),
    Page("admin-line-empty", "admin/line.html", lambda: {"page": replace(operating.line_page("parked"), letters=()), "pager": Pager()}, "admin"),
    Page("admin-drop-letters", "admin/drop_letters.html", lambda: {"page": operating.dropping(), "form": form(spare="1")}, "admin"),
    Page("admin-work", "admin/work.html", lambda: {"jobs": operating.jobs(), "pager": end()}, "admin"),
    Page("admin-work-empty", "admin/work.html", lambda: {"jobs": (), "pager": Pager()}, "admin"),
    Page("admin-drop-job", "admin/drop_job.html", lambda: {"job": operating.jobs()[0]}, "admin"),
    Page("mod-lists", "mod/lists.html", lambda: {"suggested": [(SimpleNamespace(id=1, host="server-with-a-long-name.example.community", list_id="friends", reason=s.LONG), say("limited", "受限"))], "count": 3, "taken_back": ["was.example"], "ending": [("loud.example", say("limited", "受限"), s.before(days=-20).date())], "today": s.before(days=0).date(), "may_add": True}, "moderator"),
    Page("mod-lists-none", "mod/lists.html", lambda: {"suggested": [], "count": 0, "taken_back": [], "ending": [], "today": s.before(days=0).date(), "may_add": False}, "moderator"),
    Page("policy-diff-inline", "policy_diff.html", lambda: {"diff": s.difference(), "is_inline": True}),
    Page("ranking", "ranking.html", lambda: {"ranking": s.ranking()}),
    Page("ranking-none", "ranking.html", lambda: {"ranking": replace(s.ranking(), notes=(), counted=0)}, "visitor"),
    Page("federation", "federation.html", lambda: {"version": 3, "others": say("may reach this one", "可以与本站往来"), "entries": s.policy().entries}, "visitor"),
    Page("federation-none", "federation.html", lambda: {"version": 3, "others": say("may reach this one", "可以与本站往来"), "entries": ()}, "visitor"),
    Page("about", "about.html", lambda: {"about": s.about()}, "visitor"),
    Page("report", "report.html", lambda: {"report": ReportForm("/n/21/report", s.LONG, NoteLink("/n/21", "Vier Tage über den Kamm", cover=s.media(s.SHOTS["ridge"])), s.rules(), form(rule="ask"), ("server-with-a-long-name.example.community",))}),
    Page("report-in-group", "report.html", lambda: {"report": ReportForm("/n/21/report", s.ANNA, NoteLink("/n/21", "Pots"), s.rules(), form(to="group"), (), "!balcony")}),
    Page("report-receipt", "report_receipt.html", lambda: {"report": replace(s.reports()[1], url="/my/reports/9002")}),
    Page("report-answered", "report_receipt.html", lambda: {"report": s.reports()[2]}),
    Page("my-reports", "my_reports.html", lambda: {"reports": s.reports(), "pager": end()}),
    Page("my-reports-empty", "my_reports.html", lambda: {"reports": (), "pager": Pager()}),
    Page("mod", "mod/cases.html", lambda: {"cases": (s.case_line(late=True), s.case_line(8002, "open"), s.case_line(8003, "waiting")), "loads": (Load(s.MEI, 3, 1), Load(s.JONAS, 0, 0)), "faces": faces(say("All", "全部"), say("Mine", "我的"), say("Overdue", "逾期"), counts={0: 3}), "pager": end()}, "moderator"),
    Page("mod-empty", "mod/cases.html", lambda: {"cases": (), "loads": (), "faces": faces(say("All", "全部")), "pager": Pager()}, "moderator"),
    Page("mod-case", "mod/case.html", lambda: {"case": s.case(), "notes": (s.comment(50, s.LONG, "People like you never get it."),), "form": form(hours="72", settles="1", outcome="upheld"), **case_choices()}, "moderator"),
    Page("mod-case-conflict", "mod/case.html", lambda: {"case": replace(s.case(), is_mine=False, bar=say("You are part of this case; someone else has to look at it.", "你与此案有关，须由他人处理。"), warning=""), "notes": (), "form": form(), **case_choices()}, "moderator"),
    Page("mod-case-wrong", "mod/case.html", lambda: {"case": s.case(), "notes": (), "form": wrong({"measure": "hide"}, {"facts": say("Say what happened.", "请说明发生了什么。")}), **case_choices()}, "moderator"),
    Page("mod-preview", "mod/preview.html", lambda: {"action": "/mod/cases/8001/decide", "back": "/mod/cases/8001", "breaks": s.breaks()[-1:], "slips": (say("The words quote what only some could read.", "文字引用了只有部分人能看到的内容。"),), "decision": s.decision(), "entry": s.record_entry(), "needs_second": True, "to_type": "loud.example", "form": form(measure="reject")}, "moderator"),
    Page("mod-decision", "mod/decision.html", lambda: {"decision": s.decision(), "entry_url": "/record/6001", "case_id": 8001, "returned": "", "appeal": s.appeal(), "may_rework": False, "supersedes": 7001, "replaced_by": None, "may_confirm": False, "may_undo": True, "acts": (("mei", "decision.issue", before(days=1), ""),), "form": form()}, "moderator"),
    Page("mod-decision-second", "mod/decision.html", lambda: {"decision": s.decision(), "entry_url": "", "case_id": 8001, "returned": say("Too hard.", "过重。"), "appeal": None, "may_rework": False, "supersedes": None, "replaced_by": None, "may_confirm": True, "may_undo": False, "acts": (), "form": form()}, "moderator"),
    Page("mod-decision-returned", "mod/decision.html", lambda: {"decision": s.decision(), "entry_url": "", "case_id": 8001, "returned": say("Too hard.", "过重。"), "appeal": None, "may_rework": True, "supersedes": None, "replaced_by": 7003, "may_confirm": False, "may_undo": False, "acts": (), "form": form()}, "moderator"),
    Page("mod-rework", "mod/again.html", lambda: {"number": 7001, "verb": "rework", "returned": say("Too hard.", "过重。"), "form": form(measure="hide", settles="1", outcome="upheld"), **case_choices()}, "moderator"),
    Page("mod-replace", "mod/again.html", lambda: {"number": 7001, "verb": "replace", "returned": "", "form": wrong({"measure": "hide"}, {"facts": say("Say what happened.", "请说明发生了什么。")}), **case_choices()}, "moderator"),
    Page("mod-new", "mod/new_case.html", lambda: {"note": None, "person": None, "form": form()}, "moderator"),
    Page("mod-new-note", "mod/new_case.html", lambda: {"note": NoteLink("/n/11", "The six o'clock ferry", s.MEI), "person": s.MEI, "form": wrong({"note": "11"}, {"because": say("Say what you saw.", "请说明你看到了什么。")})}, "moderator"),
    Page("mod-redact", "mod/redact.html", lambda: {"entry": s.record_entry(), "fields": ((Choice("facts_summary", say("What the public reads", "公众看到的内容")), say("A note that sold things was hidden.", "一条出售物品的笔记被隐藏。")), (Choice("explanation", say("Explanation", "说明")), say("We keep this place free of advertising.", "我们不在这里放广告。"))), "form": form()}, "moderator"),
    Page("mod-redact-nothing", "mod/redact.html", lambda: {"entry": s.record_entry(), "fields": (), "form": form()}, "moderator"),
    Page("mod-groups", "mod/groups.html", lambda: {"groups": (Asleep(s.GROUP, s.date(2026, 9, 1), 2140, (Candidate(s.ANNA, say("I am here every day.", "我每天都在。"), before(days=2)), Candidate(s.LONG, say("I would like to.", "我愿意。"), before(days=1)))), Asleep(replace(s.GROUP, id=9, name="Night ferry"), s.date(2026, 8, 1), 3)), "form": wrong({"person": "2"}, {str(s.GROUP.id): say("Say why; all members will read it.", "请说明原因；所有成员都会看到。")})}, "moderator"),
    Page("mod-groups-empty", "mod/groups.html", lambda: {"groups": (), "form": form()}, "moderator"),
    Page("group-suspended", "group.html", lambda: empty_feed(group=group_page(suspended=Notice(s.date(2026, 11, 3), rule="4. No advertising", rule_url="/policy#no-ads", reason=say("It sold watches.", "出售手表。"), record_url="/record/6001"), is_hidden=True, banner="", flair=(), rules=()), faces=order_faces())),
    Page("group-restricted", "group.html", lambda: feed(group=group_page(is_restricted=True, state="member"), faces=order_faces(), narrowing=None)),
    Page("mod-appeals", "mod/appeals.html", lambda: {"appeals": (s.appeal("filed", filed=before(hours=5), due=before(hours=1), is_overdue=True), s.appeal("in_review", filed=before(days=1), reviewer=s.MEI)), "pager": end()}, "moderator"),
    Page("mod-appeals-empty", "mod/appeals.html", lambda: {"appeals": (), "pager": Pager()}, "moderator"),
    Page("mod-appeal", "mod/appeal.html", lambda: {"appeal": s.appeal("in_review", pictures=(s.media(s.SHOTS["dawn"]), s.media(s.SHOTS["dusk"])), unready=1, words=say("It was a joke.", "这是玩笑。"), filed=before(hours=5)), "decision": s.decision(), "case_id": 8001, "is_mine": True, "is_decider": False, "is_free": False, "is_heard_now": True, "form": form(), **appeal_choices()}, "moderator"),
    Page("mod-appeal-free", "mod/appeal.html", lambda: {"appeal": s.appeal("filed", words=say("It was a joke.", "这是玩笑。"), filed=before(hours=5)), "decision": s.decision(), "case_id": 8001, "is_mine": False, "is_decider": True, "is_free": True, "is_heard_now": False, "form": form(), **appeal_choices()}, "moderator"),
    Page("mod-appeal-panel", "mod/appeal.html", lambda: {"appeal": s.appeal("in_review", words=say("It was a joke.", "这是玩笑。"), filed=before(hours=5), panel=s.panel(is_carried=False)), "decision": s.decision(), "case_id": 8001, "is_mine": True, "is_decider": False, "is_free": False, "is_heard_now": True, "may_draw": True, "form": form(), **appeal_choices()}, "moderator"),
    Page("mod-panel", "mod/panel.html", lambda: {"case": s.redacted_case(), "size": 3, "action": "/mod/appeals/5001/panel", "back": "/mod/appeals/5001"}, "moderator"),
    Page("panel", "panel.html", lambda: {"seat": s.seat(), "verdicts": verdict_choices(), "form": form()}),
    Page("panel-wrong", "panel.html", lambda: {"seat": s.seat(is_binding=False, has_spoken=True), "verdicts": verdict_choices(), "form": wrong({"verdict": "uphold"}, {"reason": say("Give the reasons.", "请写明理由。")})}),
    Page("decision-panel", "decision.html", lambda: {"decision": s.decision(), "appeal": s.appeal("with_panel", words=say("It was a joke.", "这是玩笑。"), filed=before(days=2), panel=s.panel(is_over=False)), "action": "/d/1.x", "form": form()}, "visitor"),
    Page("decision-panel-over", "decision.html", lambda: {"decision": s.decision(restored=True), "appeal": s.appeal("overturned", words=say("It was a joke.", "这是玩笑。"), reasons=say("A joke indeed.", "确实是玩笑。"), filed=before(days=2), panel=s.panel()), "action": "/d/1.x", "form": form()}, "visitor"),
    Page("decision", "decision.html", lambda: {"decision": s.decision(), "appeal": s.appeal(may_file=True), "most_pictures": 4, "action": "/d/1.x", "form": form()}, "visitor"),
    Page("decision-wrong", "decision.html", lambda: {"decision": s.decision(), "appeal": s.appeal(may_file=True), "most_pictures": 4, "action": "/d/1.x", "form": wrong({"words": say("It was a joke.", "这是玩笑。")}, {"pictures": say("An appeal takes pictures, no videos.", "申诉可以附图片，不能附视频。")})}, "visitor"),
    Page("decision-filed", "decision.html", lambda: {"decision": s.decision(), "appeal": s.appeal("filed", words=say("It was a joke.", "这是玩笑。"), filed=before(days=2), pictures=(s.media(s.SHOTS["dawn"]),)), "action": "/d/1.x", "form": form()}, "visitor"),
    Page("decision-heard", "decision.html", lambda: {"decision": s.decision(restored=True), "appeal": s.appeal("overturned", words=say("It was a joke.", "这是玩笑。"), reasons=say("A joke indeed.", "确实是玩笑。"), filed=before(days=2), is_same_person=True), "action": "/d/1.x", "form": form()}, "visitor"),
    Page("my-decisions", "my_decisions.html", lambda: {"decisions": (s.decision_line(),), "pager": end()}),
    Page("my-decisions-empty", "my_decisions.html", lambda: {"decisions": (), "pager": Pager()}),
    Page("record", "record.html", lambda: {"entries": (s.record_entry(), s.record_entry(6002)), "pager": end(), "since": before(days=90), "form": form(rule="kind"), "group": None, **record_choices()}, "visitor"),
    Page("record-group", "record.html", lambda: {"entries": (s.record_entry(),), "pager": end(), "since": before(days=90), "form": form(group="8"), "group": s.GROUP, **record_choices()}, "visitor"),
    Page("record-empty", "record.html", lambda: {"entries": (), "pager": Pager(), "since": None, "form": form(), "group": None, **record_choices()}, "visitor"),
    Page("record-entry", "record_entry.html", lambda: {"entry": s.record_entry(), "stamps": (s.record_entry(6003, "appeal"),), "may_redact": True}, "visitor"),
    Page("proposals", "proposals.html", lambda: {"proposals": (s.proposal_line("vote"), s.proposal_line("in_force")), "drafts": (s.proposal_line("draft"),), "pager": end(), "numbers": numbers_of(s.ASSEMBLY), "governance": s.ASSEMBLY, "preset": say("members decide by vote", "由成员投票决定"), "eligible": 41, "may_propose": True}),
    Page("proposals-empty", "proposals.html", lambda: {"proposals": (), "drafts": (), "pager": Pager(), "numbers": numbers_of(Governance()), "governance": Governance(), "preset": say("members suggest", "成员建议"), "eligible": 1, "may_propose": False}, "visitor"),
    Page("proposal", "proposal.html", lambda: {"proposal": s.proposal("vote"), "may": MayDo(withdraw=True, veto=True), "form": form(choice="yes"), **proposal_choices()}),
    Page("proposal-sponsors", "proposal.html", lambda: {"proposal": s.proposal("seeking_sponsors", turnout=None, ballot=None), "may": MayDo(sponsor=True), "form": form(), **proposal_choices()}),
    Page("proposal-returned", "proposal.html", lambda: {"proposal": s.proposal("returned", turnout=None, ballot=None, clashes=(say("Appeals · Days to appeal", "申诉 · 可申诉的天数"), say("Rules · 1. Speak to people, not about them · Text · 中文", "规则 · 1. 对人说话，而不是议论人 · 正文 · 中文"))), "may": MayDo(), "form": form(), **proposal_choices()}, "visitor"),
    Page("proposal-answered", "proposal.html", lambda: {"proposal": s.counted_proposal(), "may": MayDo(), "form": form(), **proposal_choices()}, "visitor"),
    Page("proposal-draft", "proposal.html", lambda: {"proposal": s.proposal("draft", turnout=None, ballot=None), "may": MayDo(edit=True, publish=True, decide=True, declare=True), "form": wrong({}, {"until": say("At most 14 days.", "最多 14 天。")}), **proposal_choices()}, "moderator"),
    Page("proposal-trying", "proposal.html", lambda: {"proposal": s.proposal("draft", turnout=None, ballot=None, simulation=None, is_simulating=True), "may": MayDo(edit=True), "form": form(), **proposal_choices()}),
    Page("proposal-form", "proposal_form.html", lambda: {"form": form(rule_title="No ads", rule_text="Sell elsewhere."), "is_rule": True, "rule_number": 3, "is_amendment": False, "action": "/policy/proposals/new", "back": "/policy/proposals"}),
    Page("proposal-amend", "proposal_form.html", lambda: {"form": wrong({"toml": "[policy]\nking = 1"}, {"toml": say("There is no such key.", "没有这个键。")}), "is_rule": False, "rule_number": 0, "is_amendment": True, "action": "/policy/proposals/1/edit", "back": "/policy/proposals/1"}),
    Page("ideas", "ideas.html", lambda: {"ideas": (s.idea(), s.idea("done")), "pager": end(), "kinds": (Choice("feature", say("the program", "程序")),), "states": (("open", say("open", "待议")),), "chosen": "open", "form": form(kind="feature")}),
    Page("ideas-empty", "ideas.html", lambda: {"ideas": (), "pager": Pager(), "kinds": (), "states": (), "chosen": "", "form": form()}, "visitor"),
    Page("idea", "idea.html", lambda: {"idea": replace(s.idea("done"), thread=s.thread()), "is_staff": True, "states": (Choice("done", say("done", "已完成")),), "form": form(state="done")}, "moderator"),
    Page("mod-about-person", "mod/about.html", lambda: {"about": s.dossier()}, "moderator"),
    Page("mod-about-server", "mod/about.html", lambda: {"about": s.server_dossier()}, "admin"),
    Page("mod-about-nothing", "mod/about.html", lambda: {"about": Dossier(title="new.example", new_case_url="/mod/cases/new?server=new.example", host="new.example", facts=((say("People known there", "已知的人数"), "0"),), breaks=s.breaks(), pager=Pager())}, "moderator"),
    Page("mod-review", "mod/review.html", lambda: {"entries": s.endings(), "behind": {"slow.example limit": 7001}, "decisions": (s.decision().line,), "may_renew": True, "later": before(days=-180).date(), "form": wrong({"key": "loud.example limit", "until": "2020-01-01"}, {"until-loud.example limit": say("Choose a day that is later than the end it has.", "请选择晚于现有期限的日期。")})}, "admin"),
    Page("mod-review-empty", "mod/review.html", lambda: {"entries": (), "behind": {}, "decisions": (), "may_renew": False, "later": before(days=-180).date(), "form": form()}, "moderator"),
    Page("mod-filters", "mod/filters.html", lambda: {"filters": s.filters(), "days": 30}, "moderator"),
    Page("mod-filters-empty", "mod/filters.html", lambda: {"filters": (), "days": 30}, "moderator"),
    Page("mod-people", "mod/people.html", lambda: {"applicants": (Applicant(4, s.EMOJI, before(hours=9), "I grow tea on a windowsill and would like company.", True), Applicant(5, replace(s.GONE, is_gone=False, handle="@quiet"), before(days=2)))}, "moderator"),
    Page("mod-people-empty", "mod/people.html", lambda: {"applicants": ()}, "moderator"),
    Page("mod-announcements", "mod/announcements.html", lambda: {"announced": (ANNOUNCED, replace(ANNOUNCED, id=3, starts=before(days=-1), ends=before(days=-3))), "form": form()}, "admin"),
    Page("mod-announcements-wrong", "mod/announcements.html", lambda: {"announced": (), "form": wrong({"ends": "2020-01-01T00:00"}, {"ends": say("Choose an end that is still to come, and after the beginning.", "请选择一个尚未到来、且在开始之后的结束时间。")})}, "admin"),
    Page("admin-emojis", "admin/emojis.html", lambda: {"own": tuple(OwnEmoji(code, "/static/icon-180.png") for code in ("blob", "cat_tea", "party", "a_name_that_is_far_longer_than_anyone_would_ever_write_by_hand")), "form": form()}, "admin"),
    Page("admin-emojis-wrong", "admin/emojis.html", lambda: {"own": (), "form": wrong({"code": "grün"}, {"code": say("A code has two to 64 letters of a to z, digits and underscores.", "代码由 2 到 64 个字母 a 到 z、数字和下划线组成。"), "picture": say("Choose a picture.", "请选择一张图片。")})}, "admin"),
    Page("mod-held", "mod/held.html", lambda: {"notes": (HeldNote(6, s.LONG, before(hours=1), s.shown("<p>Buy now, <a href=\"https://loud.example/\">loud.example</a></p>"), "Great news", say("The policy holds notes of this server.", "规则要求暂存来自该服务器的笔记。")),), "form": form()}, "moderator"),
    Page("mod-held-here", "mod/held.html", lambda: {"notes": (HeldNote(7, s.MEI, before(hours=1), s.shown(""), "", say("Advertising is looked at first.", "广告须先审看。"), s.comment(51, s.MEI, "Buy my watches.")),), "form": wrong({}, {"7": say("Say why, so that they know what to change.", "请说明理由，好让作者知道要改什么。")})}, "moderator"),
    Page("mod-held-empty", "mod/held.html", lambda: {"notes": (), "form": form()}, "moderator"),
    Page("settings-invites", "settings/invites.html", lambda: {"left": 3, "invites": (InviteRow(1, "https://lantern.example/invite/quay-7fk2", 1, 5, now() + timedelta(days=6)), InviteRow(2, "https://lantern.example/invite/barn-91xs", 1, 1, None, False))}, "moderator"),
    Page("settings-invites-empty", "settings/invites.html", lambda: {"left": 0, "invites": ()}),
    Page("interact", "interact.html", lambda: {"intent": "follow", "person": s.MEI, "note": None, "form": form(uri="/@mei"), "back": "/@mei"}, "visitor"),
    Page("interact-note", "interact.html", lambda: {"intent": "reply", "person": None, "note": NoteLink("/n/11", "The six o'clock ferry", s.MEI), "form": wrong({"uri": "/n/11", "address": "mei"}, {"address": say("Write it like @name@server.example.", "请写成 @name@server.example 的样子。")}), "back": "/n/11"}, "visitor"),
    Page("leaving", "leaving.html", lambda: {"url": "https://pixel.example/authorize?uri=https%3A%2F%2Flantern.example%2Fn%2F11", "back": "/n/11"}, "visitor"),
    Page("authorize", "authorize.html", lambda: {"app": AppAsking("Tusky", (say("read your notes", "读取你的笔记"), say("publish notes for you", "以你的名义发布笔记")), "oauth2redirect://com.keylesspalace.tusky/", {"client_id": "x"})}),
    Page("authorized", "authorized.html", lambda: {"code": "Qm9va3MgYXJlIGZpbmUgdGhpbmdz"}),
    Page("error-403", "error.html", lambda: error(403, say("This form can no longer be sent", "此表单已失效"), say("It is too old, or it came from another place.", "它太旧了，或者来自别处。"), safe=say("Your text is kept.", "你写的内容还在。"), code="7f3a-19c2", retry_url="/compose")),
    Page("error-404", "error.html", lambda: error(404, say("Nothing here", "这里什么也没有"), say("There is no such page, or it is not for you to see.", "没有这个页面，或者你无权查看。")), "visitor"),
    Page("error-410", "error.html", lambda: error(410, say("This is gone", "这里的内容已被移除"), say("It was here, and was taken away.", "它曾经在这里，现在没有了。")), "visitor"),
    Page("error-421", "error.html", lambda: error(421, say("Another house", "走错门了"), say("This server does not go by that name.", "这个服务器不叫这个名字。")), "visitor"),
    Page("error-429", "error.html", lambda: error(429, say("That was too often", "操作太频繁"), say("Please try again in four minutes.", "请四分钟后再试。"), retry_url="/")),
    Page("error-500", "error.html", lambda: error(500, say("Something here is broken", "这里出了故障"), say("It is our fault, and it was written down.", "是我们的问题，已经记录下来。"), code="7f3a-19c2", retry_url="/")),
    Page("error-503", "error.html", lambda: error(503, say("The other server does not answer", "对方服务器没有回应"), say("We asked it, and it did not answer usefully.", "我们问了，但没有得到有用的回答。"), retry_url="/")),
)  # fmt: skip


def written(each: Page) -> str:
    """Write one page in the language of this context."""
    return page(each.template, frame_for(each), **each.given())


@contextmanager
def in_language(tag: str) -> Iterator[None]:
    """Be the sample instance in one language."""
    use(s.SETTINGS)
    with speaking(tag):
        yield


def write(folder: Path) -> None:
    """Write every page in every language, and what they show, below a folder."""
    pictures = folder / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    for scene in (*SCENES, *FACES):
        if not (pictures / f"{scene.name}.jpg").exists():
            paint(scene, pictures)
    shutil.copytree(STATIC, folder / "static", dirs_exist_ok=True)
    for tag in LOCALES:
        (folder / tag).mkdir(exist_ok=True)
        with in_language(tag):
            for each in PAGES:
                (folder / tag / f"{each.name}.html").write_text(written(each), "utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
