"""A believable small community, as the views of every page."""
# ruff: noqa: E501 - these are tables of content, one thing on a line

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from core.clock import now
from core.html import shown
from core.settings import Server, Settings
from moderation.consequences import Consequence, Consequences
from moderation.sections import Governance
from moderation.simulating import LeftOut, Simulation, Trial
from moderation.vocabulary import Preset
from web.building.audit import act_words
from web.colour import DIGITS
from web.texts import locale
from web.views.audit import ActLine
from web.views.boards import BoardCard
from web.views.desk import Breaks, Dossier, EntryLine, FilterLine, Told
from web.views.frame import Choice, Form, Pager, Tab
from web.views.moderation import (
    AppealView,
    CaseLine,
    CaseView,
    DecisionLine,
    DecisionView,
    RecordLine,
    ReportView,
)
from web.views.notes import (
    Branch,
    Captions,
    Mark,
    May,
    MediaView,
    NoteCard,
    NoteLink,
    NoteView,
    QuotedView,
    Stub,
    TagCard,
    ThreadView,
    VideoView,
)
from web.views.panels import PanelLine, RedactedCase, RedactedNote, SeatView
from web.views.people import Notice, PersonCard, Relation
from web.views.policy import (
    AboutView,
    DiffPart,
    DiffRow,
    EntryView,
    FormField,
    HowWeDecide,
    PolicyDiff,
    PolicySection,
    PolicyVersion,
    PolicyView,
    RuleView,
)
from web.views.proposals import (
    Amendment,
    BallotView,
    IdeaView,
    ProposalLine,
    ProposalView,
    Step,
    TallyView,
)
from web.views.ranking import RankedNote, RankingView

SETTINGS = Settings(
    server=Server(
        domain="lantern.example",
        base_url="https://lantern.example",
        account_domain="lantern.example",
        name="Lantern Street",
    )
)


def say(english: str, chinese: str) -> str:
    """Say what a handler would say in the language of the page."""
    return chinese if locale() == "zh-Hans" else english


def before(**span: float) -> datetime:
    return now() - timedelta(**span)


# People.

MEI = PersonCard(
    1, "Mei Lin", "@mei", "/@mei", "/pictures/mei.jpg", "Bread, ferries, and a balcony."
)
ANNA = PersonCard(
    2,
    "Anna Okafor",
    "@anna@pixel.example",
    "/@anna@pixel.example",
    "/pictures/anna.jpg",
    "Walks with a camera before work. Film mostly.",
    is_remote=True,
)
JONAS = PersonCard(
    3, "Jonas Reuter", "@jonas", "/@jonas", "/pictures/jonas.jpg", "Keeps the bicycle workshop open on Fridays."
)  # fmt: skip
XIAOYU = PersonCard(
    4,
    "陈小雨",
    "@xiaoyu@haibian.example",
    "/@xiaoyu@haibian.example",
    "/pictures/xiaoyu.jpg",
    "住在海边，拍旧房子和新面包。",
    is_remote=True,
    is_locked=True,
)
EMOJI = PersonCard(5, "🌿🌙✨🫖", "@tea", "/@tea")
GONE = PersonCard(6, "", "@closed", "/@closed", is_gone=True)
LONG = PersonCard(
    7,
    "Maximiliane Donaudampfschifffahrtsgesellschaftskapitänswitwe",
    "@a_name_that_does_not_end@server-with-a-long-name.example.community",
    "/@a_name_that_does_not_end@server-with-a-long-name.example.community",
    is_remote=True,
    about="A name as long as some are.",
)
GROUP = PersonCard(
    8, "Balcony gardens", "!balcony", "/g/balcony", about="Pots, seeds and weather.", is_group=True
)


def tied(person: PersonCard, **ties: bool) -> PersonCard:
    return replace(person, relation=Relation(**ties))


# Media.


@dataclass(frozen=True)
class Shot:
    name: str
    width: int
    height: int
    alt: str
    colour: str


def hashed(colour: str) -> str:
    """Write a colour as the blurhash of a picture that has no other."""
    number, digits = int(colour[1:], 16), ""
    for _ in range(4):
        number, digit = divmod(number, 83)
        digits = DIGITS[digit] + digits
    return f"00{digits}"


def media(shot: Shot, **more: object) -> MediaView:
    base = MediaView(
        f"/pictures/{shot.name}.jpg",
        f"/pictures/{shot.name}.jpg",
        shot.width,
        shot.height,
        shot.alt,
        blurhash=hashed(shot.colour),
    )
    return replace(base, **more)  # type: ignore[arg-type]


SHOTS = {
    each.name: each
    for each in (
        Shot(
            "dawn",
            960,
            1280,
            "Layers of hills in morning mist, the nearest one dark green.",
            "#c4b49d",
        ),
        Shot("harbour", 1280, 960, "The sun stands a hand above a calm sea.", "#8d9aa0"),
        Shot("persimmons", 1000, 1000, "Three persimmons on a wooden table.", "#c9a07c"),
        Shot("alley", 900, 1350, "Tall houses at night, a third of the windows lit.", "#4a4248"),
        Shot("ferns", 960, 1200, "", "#3c5a40"),
        Shot(
            "dusk", 1200, 900, "Sunset over dark water, the sky from violet to apricot.", "#82667a"
        ),
        Shot("plums", 960, 1280, "Two plums in side light.", "#a9a39c"),
        Shot("ridge", 1400, 900, "A row of ridges, each paler than the one before.", "#9db0b6"),
        Shot("maple", 1000, 1250, "Red maple leaves, seen from above.", "#7b3a2a"),
        Shot("tower", 800, 2000, "A very tall block of flats.", "#8b8690"),
        Shot("lemons", 1000, 760, "Four lemons in a row.", "#cdb98a"),
        Shot("mist", 960, 1280, "", "#c0c1be"),
    )
}


# Notes.


def cards() -> tuple[NoteCard, ...]:
    def card(number: int, author: PersonCard, shot: str = "", **more: object) -> NoteCard:
        cover = media(SHOTS[shot]) if shot else None
        base = NoteCard(number, f"/n/{number}", author, cover, language="en", images=bool(cover))
        return replace(base, **more)  # type: ignore[arg-type]

    return (
        card(11, MEI, "dawn", title="The six o'clock ferry, and why I now take it every day", likes=128, images=5, is_liked=True),
        card(12, JONAS, title="Friday workshop: bring anything with two wheels", excerpt="We have a new truing stand. Nadia shows how to build a wheel from the hub out; beginners welcome, tea is on us.", likes=24),
        card(13, XIAOYU, "persimmons", title="柿子熟了，做了三次柿饼才成功", language="zh", likes=2310),
        card(14, ANNA, "alley", title="Half past nine in the old quarter", likes=86, boosted_by=MEI),
        card(15, EMOJI, excerpt="Does anyone know which tram goes out to the allotments on Sundays? The timetable at the stop is from another century.", likes=3),
        card(16, MEI, "tower", title="Block 14", likes=41, audience="followers"),
        card(17, ANNA, "harbour", likes=310, video_seconds=245, title="A minute of nothing much", watch_url="/watch?from=home&at=17"),
        card(18, GONE, "ferns", title="Ferns that survived the winter", likes=9),
        card(19, XIAOYU, title="关于在异乡过冬至这件事", excerpt="朋友寄来一袋糯米粉，厨房里全是蒸汽。窗外的风很大，屋里的人说着三种语言，最后都在笑。", language="zh", likes=512),
        card(20, JONAS, "dusk", title="Nobody told me the lake does this in November", likes=77, images=3),
        card(21, LONG, "ridge", title="Vier Tage über den Kamm: Wegbeschreibung, Hütten und Wetterbeobachtungen", language="de", likes=18),
        card(22, MEI, "plums", content_note="", is_sensitive=True, likes=6, title="After the fall"),
        card(23, ANNA, excerpt="", content_note="News of a death in the family", likes=14),
        card(24, MEI, "maple", title="Seven trees worth the detour", likes=203, images=18, group=GROUP, flair=(Mark("Find", "#1c6347"),), is_pinned=True, is_locked=True),
        card(25, JONAS, "lemons", title="Marmalade, third attempt", likes=58, has_poll=True),
        card(26, XIAOYU, "mist", title="雾", language="zh", likes=33, audience="people"),
    )  # fmt: skip


def quoted() -> QuotedView:
    link = NoteLink(
        "/n/31",
        say(
            "Marmalade is jam that has seen something of the world.",
            "橘子酱，是见过世面的果酱。",
        ),
        JONAS,
        media(SHOTS["lemons"]),
    )
    return QuotedView("accepted", link, published=before(hours=5))


def note(number: int = 11, author: PersonCard | None = None, **more: object) -> NoteView:
    base = NoteView(
        number,
        f"/n/{number}",
        author or tied(MEI),
        shown(
            "<p>I used to take the seven-forty, with everyone. The six o'clock is empty but for two "
            "men with fishing rods and the woman who brings bread to the island.</p><p>You stand at "
            "the rail, the engine hums in your feet, and <em>nothing</em> is asked of you until the "
            'quay. Thanks to <a href="https://pixel.example/@anna" class="mention">@anna</a> for the '
            "idea.</p>"
        ),
        before(hours=3),
        title="The six o'clock ferry, and why I now take it every day",
        language="en",
        media=tuple(media(SHOTS[each]) for each in ("dawn", "harbour", "ridge", "mist", "dusk")),
        tags=(
            TagCard("ferry", "/tags/ferry"),
            TagCard("slowmornings", "/tags/slowmornings"),
        ),
        likes=128,
        boosts=12,
        replies=7,
        is_liked=True,
        quoted=quoted(),
        may=May(reply=True, like=True, boost=True, quote=True, bookmark=True, report=True),
    )
    return replace(base, **more)  # type: ignore[arg-type]


def boards(*, is_mine: bool = False) -> tuple[BoardCard, ...]:
    def one(
        number: int, name: str, sharing: str, notes: int, shot: str = "", about: str = ""
    ) -> BoardCard:
        cover = media(SHOTS[shot]) if shot else None
        return BoardCard(number, f"/boards/{number}", name, sharing, notes, cover, about, MEI, is_mine, number == 2)  # fmt: skip

    return (
        one(1, "Ferries before eight", "public", 24, "dawn"),
        one(2, "柿子与面包", "link", 7, "persimmons", "Everything that takes three attempts."),
        one(3, "To repair, some day", "private", 0),
        one(4, "Night walks", "public", 112, "alley"),
    )


def a_video(shot: str, **more: object) -> MediaView:
    poster = media(SHOTS[shot])
    told = (Captions("/pictures/captions.vtt", "en", "English"),)
    base = replace(poster, kind="video", url="/pictures/film.webm", seconds=245, captions=told)
    return replace(base, **more)  # type: ignore[arg-type]


def videos() -> tuple[VideoView, ...]:
    def one(number: int, author: PersonCard, shot: str, **more: object) -> VideoView:
        film = a_video(shot)
        return VideoView(note(number, author, media=(film,), **more), film, "The engine hums in your feet, and nothing is asked of you until the quay.")  # fmt: skip

    return (
        one(17, tied(ANNA), "harbour", title="A minute of nothing much"),
        one(18, tied(XIAOYU), "tower", title="二十层楼的早晨", language="zh"),
        one(19, tied(MEI), "dusk", title="", is_sensitive=True),
        one(20, tied(JONAS), "alley", title="", content_note="Flashing lights"),
    )


def comment(number: int, author: PersonCard, html: str, **more: object) -> NoteView:
    small: dict[str, object] = {
        "html": shown(f"<p>{html}</p>"),
        "title": "",
        "media": (),
        "tags": (),
        "quoted": None,
        "likes": number % 5,
        "boosts": 0,
        "replies": 0,
        "is_liked": False,
        "published": before(minutes=number),
    }
    return note(number, author, **(small | more))


def thread(**more: object) -> ThreadView:
    removed = Stub("removed", notice=notice())
    replies = (
        Branch(
            comment(161, ANNA, "The bread woman is called Ilse. Ask for the one with walnuts."),
            (
                Branch(
                    comment(140, MEI, "I did, today. You were right about everything."),
                    (Branch(comment(122, ANNA, "I usually am before seven.")),),
                    more=4,
                    more_url="/n/140",
                ),
                Branch(removed),
            ),
        ),
        Branch(
            comment(
                95, XIAOYU, "清晨的船总让我想起外婆家的渡口。<em>谢谢</em>你写下来。", language="zh"
            )
        ),
        Branch(
            comment(61, JONAS, "Mine, from the other side:", media=(media(SHOTS["dusk"]),), likes=3)
        ),
        Branch(Stub("deleted")),
    )
    base = ThreadView(note(), replies=replies)
    return replace(base, **more)  # type: ignore[arg-type]


def notice() -> Notice:
    return Notice(
        date(2026, 11, 3),
        say(
            "It showed a person who had asked not to be shown.",
            "内容展示了一位明确要求不被展示的人。",
        ),
        say("3. Ask before you show someone", "3. 展示他人前先征得同意"),
        "/policy#ask",
        appeal=say(
            "An appeal is possible until 3 December 2026.", "可在 2026 年 12 月 3 日前申诉。"
        ),
    )


# Rules.


def rules() -> tuple[RuleView, ...]:
    return (
        RuleView(
            "kind",
            1,
            say("Speak to people, not about them", "对人说话，而不是议论人"),
            say(
                "Disagree with what was said. Leave out what someone looks like, where they come from, "
                "whom they love and what they believe.",
                "反对的是观点，不是长相、出身、所爱之人或信仰。",
            ),
            (say("“I think the numbers are wrong, because …”", "“我觉得这个数字不对，因为……”"),),
            (say("“People like you always …”", "“你们这种人总是……”"),),
            measures=(say("warning", "警告"), say("slow mode", "慢速模式"), say("suspension", "停用")),
        ),
        RuleView(
            "own",
            2,
            say("Post what is yours, and say what is not", "发布自己的作品，注明他人的作品"),
            say("Name the maker when you show someone else's work.", "展示他人作品时请写明作者。"),
            measures=(say("content note", "内容提示"), say("removal", "移除")),
        ),
        RuleView(
            "ask",
            3,
            say("Ask before you show someone", "展示他人前先征得同意"),
            say(
                "A face in a crowd is fine. A portrait, a child, a private moment needs a yes.",
                "人群中的一张脸没有关系；特写、孩子、私人时刻，需要对方同意。",
            ),
            measures=(say("removal", "移除"),),
            changed=date(2026, 10, 28),
        ),
        RuleView(
            "paid",
            4,
            say("No hidden advertising", "不做隐性广告"),
            say("If you were paid or given the thing, say so in the first line.", "收了钱或收了东西，请在第一行写明。"),
            measures=(say("content note", "内容提示"), say("removal", "移除")),
        ),
    )  # fmt: skip


def versions() -> tuple[PolicyVersion, ...]:
    return (
        PolicyVersion(
            3,
            before(days=27),
            say("Adopted by the admins after consultation", "经征询意见后由管理员通过"),
            say("Rule 3 now names children.", "第 3 条现在明确提到儿童。"),
            1,
            True,
        ),
        PolicyVersion(
            2, before(days=160), say("Adopted by the admins", "由管理员通过"), say("A rule on advertising.", "新增关于广告的规则。"), 1
        ),
        PolicyVersion(1, before(days=420), say("First version", "第一版"), say("The rules we started with.", "最初的规则。")),
    )  # fmt: skip


def policy() -> PolicyView:
    return PolicyView(
        versions()[0],
        rules(),
        (
            PolicySection(
                "accounts",
                say("Joining", "加入"),
                (
                    (say("Registration", "注册"), say("after a moderator has read the request", "由协管员审阅后通过")),
                    (say("Least age", "最低年龄"), say("16 years", "16 岁")),
                ),
            ),
            PolicySection(
                "appeals",
                say("Appeals", "申诉"),
                ((say("Window", "期限"), say("30 days", "30 天")), (say("Answered within", "答复时间"), say("14 days", "14 天"))),
            ),
        ),
        (
            EntryView(
                "spam.example",
                say("rejected", "拒绝"),
                say("Automated sign-ups, 400 reports in a week", "批量注册，一周内 400 次举报"),
                date(2026, 8, 2),
                date(2027, 2, 2),
            ),
            EntryView(
                "loud.example", say("limited", "受限"), say("Unmarked advertising", "未标明的广告"), date(2026, 5, 14)
            ),
        ),
        "9f2c1b7e40d5a8836c1f0e9b2d7754aa91c3be60f2817d5e44b09a6c83d1f2e7",
        ("English", "简体中文"),
        "English",
        3,
    )  # fmt: skip


def difference() -> PolicyDiff:
    latest, older, _first = versions()
    part = DiffPart
    return PolicyDiff(
        older,
        latest,
        (
            DiffRow(
                "changed",
                "3. " + rules()[2].title,
                (part(say("A face in a crowd is fine. A portrait", "人群中的一张脸没有关系；特写")), part(say(" or", "或"), "removed"), part(say(" a private moment needs a yes.", "私人时刻，需要对方同意。"))),
                (part(say("A face in a crowd is fine. A portrait", "人群中的一张脸没有关系；特写")), part(say(", a child,", "、孩子、"), "added"), part(say(" a private moment needs a yes.", "私人时刻，需要对方同意。"))),
            ),
            DiffRow("added", "4. " + rules()[3].title, (), (part(rules()[3].text, "added"),)),
        ),
    )  # fmt: skip


def fields() -> list[FormField]:
    choices = (Choice("open", say("anyone", "任何人")), Choice("closed", say("nobody", "无人")))
    return [
        FormField("registration", say("Who may join", "谁可以加入"), "select", "open", choices=choices),
        FormField("min_age", say("Youngest age", "最小年龄"), "number", "99"),
        FormField("paid", say("Paid recommendations", "付费推荐"), "tick", "1"),
        FormField("tags", say("Tags", "标签"), "lines", "spoiler"),
        FormField("title.en", say("Title", "标题"), "text", LONG, language="en"),
        FormField("until", say("Until", "直到"), "date", "2027-01-01"),
        FormField("measures", say("Usual measures", "常用措施"), "many", chosen=("open",), choices=choices),
    ]  # fmt: skip


def editor() -> dict[str, object]:
    trial = Trial("pills", 40, 3, 4, {1, 2}, [21, 22])
    server = Consequence(
        "server-with-a-long-name.example.community",
        "limit, no_media",
        "reject",
        9,
        4,
        3,
        80,
        2,
        1,
        0,
        is_whole=False,
    )
    found = Simulation(
        30, 1200, is_whole=False, matched=40, acted_on=4, authors={1, 2}, trials=(trial,),
        servers=Consequences((server,), 4, is_whole=False),
    )  # fmt: skip
    return {
        "form": Form(),
        "sections": [("rules", say("Rules", "规则")), ("accounts", say("Joining", "加入"))],
        "diff": difference(),
        "base": 3,
        "newest": 3,
        "in_force": 3,
        "meanwhile": None,
        "languages": [("en", "English"), ("zh", "中文")],
        "refused": ["server-with-a-long-name.example.community", "loud.example"],
        "more_refused": 3,
        "to_type": "5",
        "least_day": before(days=0).date(),
        "notice_days": 7,
        "simulation": found.document(),
        "samples": found.samples(),
        "is_simulating": False,
    }  # fmt: skip


def ranking() -> RankingView:
    numbers = (
        (say("A bookmark counts", "一次收藏计"), "1.0"),
        (say("Fewest people", "最少人数"), "3"),
    )
    notes = (
        RankedNote(1, "/n/21", "Vier Tage über den Kamm", "@jonas@berg.example", 41, 12, 9, 7, 26, 29.9, 5.2, 25.7),
        RankedNote(2, "/n/22", LONG, "@mei", 9, 2, 3, 1, 5, 6.1, 40.4, 1.9),
    )  # fmt: skip
    return RankingView(3, numbers, 1.0, 0.8, 0.8, 0.5, 24.0, notes, 20, 2)


def decide() -> HowWeDecide:
    return HowWeDecide(3, before(days=27), 4, 3, 11, 9)


def about() -> AboutView:
    return AboutView(
        say(
            "A small street on the web for people who photograph, cook, walk and repair. Run by its "
            "members; nothing is for sale.",
            "网络上的一条小街，属于拍照、做饭、散步和修东西的人。由成员自己经营，不卖任何东西。",
        ),
        "hello@lantern.example",
        "Verein Laternengasse, Graz",
        version="0.1.0",
        languages=("English", "简体中文"),
        members=214,
        notes=18_402,
        peers=1_377,
        staff=(JONAS, MEI),
        decide=decide(),
    )


def reports() -> tuple[ReportView, ...]:
    link = NoteLink(
        "/n/20", "Nobody told me the lake does this in November", JONAS, media(SHOTS["dusk"])
    )
    return (
        ReportView(
            9001, "/mod/9001", "filed", before(hours=30), LONG, None, rules()[0], "Third time this week, always the same two people.", reporter=MEI
        ),
        ReportView(9002, "/mod/9002", "in_case", before(hours=5), JONAS, link, rules()[2], "", source="remote"),
        ReportView(9003, "/mod/9003", "answered", before(days=3), ANNA, None, rules()[3], "Looks sponsored.", outcome=say("We asked the author, who has marked the note. Thank you for telling us.", "我们询问了作者，作者已经注明。谢谢你的告知。"), answered=before(days=1), reporter=JONAS),
    )  # fmt: skip


def form(**values: str) -> Form:
    return Form(MappingProxyType(values))


def wrong(values: Mapping[str, str], errors: Mapping[str, str]) -> Form:
    return Form(MappingProxyType(dict(values)), MappingProxyType(dict(errors)))


def faces(
    *labels: str, current: int = 0, counts: Mapping[int, int] = MappingProxyType({})
) -> tuple[Tab, ...]:
    return tuple(
        Tab(label, f"/?face={index}", index == current, counts.get(index, 0))
        for index, label in enumerate(labels)
    )


def case_line(number: int = 8001, state: str = "claimed", *, late: bool = False) -> CaseLine:
    return CaseLine(
        number,
        f"/mod/cases/{number}",
        state,
        before(hours=6) if late else now() + timedelta(days=6),
        before(hours=30),
        3,
        LONG,
        claimed_by=MEI if state == "claimed" else None,
        is_overdue=late,
    )


def decision_line(state: str = "in_force") -> DecisionLine:
    return DecisionLine(
        7001,
        "/mod/decisions/7001",
        say("Hidden", "已隐藏"),
        say("a note", "一篇笔记"),
        state,
        say("in force", "有效"),
        before(days=1),
        now() + timedelta(days=29),
        rules()[0].title,
        say("A note that made fun of a person was hidden.", "一篇取笑他人的笔记被隐藏。"),
        is_in_force=True,
    )


def decision(*, restored: bool = False) -> DecisionView:
    return DecisionView(
        decision_line(),
        rules()[0],
        rules()[0].text,
        12,
        "",
        say("The note shows a neighbour and says where she works.", "笔记展示了一位邻居并写明她的工作地点。"),
        say("Write about what happened without naming her.", "请写发生的事，但不要点名。"),
        "",
        shown("<p>Look who is late again.</p>"),
        "/record/6001",
        is_restored_as="/n/21" if restored else "",
    )  # fmt: skip


def appeal(state: str = "open_window", **more: Any) -> AppealView:
    return AppealView(
        5001,
        "/mod/appeals/5001",
        state,
        say("can be appealed", "可以申诉"),
        window_ends=now() + timedelta(days=29),
        days_left=29,
        person=LONG,
        measure=say("Hidden", "已隐藏"),
        **more,
    )


def redacted_case() -> RedactedCase:
    gone = "[…]"
    return RedactedCase(
        measure=say("Hidden", "已隐藏"),
        thing=say("a note", "一篇笔记"),
        issued=before(days=2),
        until=None,
        no_end_because=say("The note is about nothing else.", "这篇笔记没有别的内容。"),
        rule=rules()[0],
        rule_text=say("Speak to people, not about them.", "对人说话，而不是议论人。"),
        policy_version=12,
        law="",
        charter="",
        facts=say(f"The note makes fun of how {gone} speaks.", f"这篇笔记取笑{gone}说话的样子。"),
        explanation=say("Write about what happened.", "请写发生的事。"),
        words=say("It was a joke among friends.", "这是朋友之间的玩笑。"),
        new_facts="",
        notes=(
            RedactedNote(
                (
                    say(f"{gone} speaks like a ferry.", f"{gone}说话像渡轮。"),
                    "https://shop.example/a/very/long/path/that/does/not/end/before/the/edge/of/a/phone",
                ),
                (media(SHOTS["plums"]),),
                before(days=3),
            ),
        ),
    )


def seat(*, is_binding: bool = True, has_spoken: bool = False) -> SeatView:
    return SeatView(
        "/panels/5101",
        redacted_case(),
        3,
        is_binding,
        now() + timedelta(hours=60),
        has_spoken,
        now() + timedelta(hours=24),
    )


def panel(*, is_over: bool = True, is_carried: bool = True) -> PanelLine:
    return PanelLine(
        3,
        is_carried,
        now() + timedelta(hours=60),
        is_over,
        1 if is_over else 0,
        1 + is_carried if is_over else 0,
        is_carried,
        (
            (
                say("The decision is taken back.", "撤销决定。"),
                say("A joke indeed.", "确实是玩笑。"),
            ),
            (
                say("The decision stands.", "决定维持。"),
                say("It hurts all the same.", "仍然伤人。"),
            ),
        )
        if is_over
        else (),
    )


def record_entry(number: int = 6001, kind: str = "decision") -> RecordLine:
    return RecordLine(
        number,
        f"/record/{number}",
        41,
        kind,
        say("Hidden: a note", "已隐藏：一篇笔记"),
        before(days=1),
        rules()[0].title,
        "/policy#kind",
        12,
        say("A note that made fun of a person was hidden.", "一篇取笑他人的笔记被隐藏。"),
        (
            (say("Decided by", "决定者"), say("a moderator", "协管员")),
            (say("Reports", "举报"), "<3"),
        ),
        say("Write about what happened without naming her.", "请写发生的事，但不要点名。"),
        say("appeal heard, decision stands", "申诉已审理，决定维持") if kind == "decision" else "",
        "9f" * 32,
        "3c" * 32,
        "a1" * 32,
    )


def case() -> CaseView:
    return CaseView(
        case_line(),
        say("reported by members", "由成员举报"),
        reports(),
        (decision_line("needs_second"),),
        (decision_line(),),
        (decision_line(),),
        (("mei", before(hours=3), say("I have written to her.", "我已给她写信。")),),
        is_mine=True,
        others=((8002, "@jonas"),),
    )


ASSEMBLY = Governance(preset=Preset.ASSEMBLY)


def proposal_line(state: str) -> ProposalLine:
    return ProposalLine(
        id=7001,
        url="/policy/proposals/7001",
        title=say("Let people sell what they have used", "允许转让自己用过的东西"),
        summary=say("Rule 3 speaks of shops alone.", "第 3 条只针对商铺。"),
        state=state,
        state_words={
            "vote": say("vote is open", "投票中"),
            "in_force": say("in force", "生效"),
        }.get(state, say("draft", "草稿")),
        person=MEI,
        due=before(days=-4),
        due_words=say("Vote closes", "投票截止"),
        opened=before(days=12) if state != "draft" else None,
        is_emergency=state == "in_force",
        is_to_review=state == "in_force",
    )


def proposal(state: str, **more: Any) -> ProposalView:
    whole = ProposalView(
        line=proposal_line(state),
        reason=say(
            "A flea market would be nice.\nNobody is harmed.",
            "办个跳蚤市场会很好。\n谁也不受损害。",
        ),
        rows=difference().rows,
        steps=(
            Step(say("Published", "已发布"), before(days=12), is_done=True),
            Step(say("Discussion", "讨论"), before(days=11), is_done=True),
            Step(say("Vote", "投票"), before(days=1), is_now=True),
            Step(say("In force", "生效")),
        ),
        based_on=3,
        preset=say("members decide by vote", "由成员投票决定"),
        has_vote=True,
        samples={"pills": [21, 22]},
        simulation={
            "notes": 1204,
            "days": 30,
            "matched": 7,
            "authors": 3,
            "filters": [{"id": "pills", "matches": 7, "local": 1, "authors": 3, "acted_on": 2}],
            "servers": [
                {
                    "host": "loud.example",
                    "before": "",
                    "after": "limit, no_media",
                    "follows": 4,
                    "members": 2,
                }
            ],
            "left_out": [each.value for each in LeftOut],
        },
        sponsors=(JONAS,),
        sponsors_needed=3,
        amendments=(
            Amendment(2, before(days=5), say("A compromise.", "折中。"), difference().rows),
        ),
        thread=thread(),
        turnout=9,
        electorate=41,
        quorum=8,
        ballot=BallotView(True, "yes", "", "Zm9vYmFyYmF6cXV4"),
        idea_url="/ideas/7101",
    )
    return replace(whole, **more)


def counted_proposal() -> ProposalView:
    return proposal(
        "in_force",
        turnout=None,
        ballot=BallotView(False, receipt="Zm9vYmFyYmF6cXV4"),
        tally=TallyView(11, 4, 2, 41, 8, 60),
        ballot_reasons=(say("It helps the planet.", "这对环境有益。"),),
        answer=say("We follow the vote.", "我们依照投票结果。"),
        departing=say("But for weapons.", "武器除外。"),
        answered_by=JONAS,
        ended_because=say("A court.", "法院。"),
        veto_ground=say("what the law demands", "法律要求"),
        version=4,
        expires=before(days=-3),
    )


def idea(state: str = "open") -> IdeaView:
    return IdeaView(
        id=7101,
        url="/ideas/7101",
        title=say("Maps for places", "地点地图"),
        text=say(
            "Show where a picture was taken, if its author wants that.",
            "在作者愿意时显示照片的拍摄地点。",
        ),
        kind="policy",
        kind_words=say("the rules", "规则"),
        state=state,
        state_words=say("open", "待议") if state == "open" else say("done", "已完成"),
        person=MEI,
        created=before(days=3),
        supports=14,
        is_mine_too=state == "open",
        is_open=state == "open",
        answer=say("Here they are.", "已经有了。") if state == "done" else "",
        answered_by=JONAS if state == "done" else None,
        release="0.4" if state == "done" else "",
        proposal_url="/policy/proposals/7001" if state == "done" else "",
    )


def figures() -> dict[str, Any]:
    """A month as it is stored."""
    return {
        "reports": 41, "reports_by_source": {"member": 29, "remote": 12},
        "reports_by_category": {"ask": 17, "none": 2, "law": 22},
        "reports_by_outcome": {"upheld": 21, "partly": 5, "not_upheld": 12, "misuse": 1},
        "cases_opened": 30, "cases_decided": 28, "overdue": 3, "decisions": 26,
        "acknowledged": {"median": 3.2, "ninth": 20.5}, "decided": {"median": 26.0, "ninth": 91.4},
        "measures_by_kind": {"hide": 11, "warn": 9, "suspend": 1}, "measures_by_thing": {"note": 18},
        "measures_by_rule": {"ask": 19, "law": 7}, "automated": 4, "automated_overturned": 1,
        "appeals_filed": 6, "appeals_by_outcome": {"upheld": 4, "overturned": 2},
        "appeals_same_person": 0, "appeals_overdue": 0, "appeal": {"median": 40.0, "ninth": 70.0},
        "provisional_hides": 3, "server_measures_added": 1, "server_measures_lifted": 0,
        "moderators_active": 3, "proposals_opened": 4, "turnout": 0.412,
        "proposals_by_result": {"adopted": 3, "rejected": 1, "emergency": 1}, "totals": {"notes": 5120, "members": 214},
    }  # fmt: skip


# The desk.


def acts() -> tuple[ActLine, ...]:
    """What staff did: a person with a reason, the clock, and the shell with a long change."""
    return (
        ActLine(
            1,
            act_words("case.wait"),
            before(hours=1),
            say("Case 8001", "案件 8001"),
            "/mod/cases/8001",
            MEI,
            changes=(("state", "claimed", "waiting"),),
            reason=say("We asked the author what it is about.", "我们已询问作者详情。"),
            address="192.0.2.17",
        ),
        ActLine(
            2,
            act_words("case.idle"),
            before(days=2),
            say("Case 117689733560588142", "案件 117689733560588142"),
            by=say("by the clock", "到点自动"),
        ),
        ActLine(
            3,
            act_words("policy.publish"),
            before(days=9),
            say("Version 3", "第 3 版"),
            "/policy/3",
            by=say("the operator's shell", "站务命令行"),
            changes=(("version", "2", "3"), ("en", "", "Advertising is " * 20)),
        ),
    )


def breaks() -> tuple[Breaks, ...]:
    """What measures would break: nothing, and all there is."""
    return (
        Breaks(say("Warning", "警告")),
        Breaks(
            say("Suspended", "停用"),
            (
                (say("people here who would notice", "本站受影响的人"), 1_284),
                (say("follows by people here", "本站成员对其的关注"), 41),
                (say("notes everyone can read", "所有人可见的笔记"), 92_310),
            ),
        ),
    )


def dossier() -> Dossier:
    """Somebody with a long name, of whom much was decided."""
    line = decision_line()
    return Dossier(
        title=LONG.name,
        new_case_url="/mod/cases/new?account=long",
        person=LONG,
        host="server-with-a-long-name.example.community",
        host_url="/mod/servers/server-with-a-long-name.example.community",
        facts=(
            (say("Known since", "首次得知"), "24 Nov 2026"),
            (say("Notes", "笔记"), "92,310"),
            (
                say("Reports about them", "针对其的举报"),
                say("9, of them right: 4", "9 件，其中属实 4 件"),
            ),
        ),
        measures=(line,),
        cases=(case_line(late=True),),
        history=(line, decision_line("expired")),
        pager=Pager(older_url="?before=1"),
        breaks=breaks(),
    )


def server_dossier() -> Dossier:
    """A server that the policy and two lists speak of."""
    return Dossier(
        title="loud.example",
        new_case_url="/mod/cases/new?server=loud.example",
        host="loud.example",
        facts=((say("People known there", "已知的人数"), "412"),),
        entries=endings(),
        told=(
            Told("friends", say("limited", "受限"), say("Spam.", "垃圾信息。"), before(days=40)),
            Told("others", say("refused", "拒绝"), "", before(days=90), True, True),
        ),
        breaks=breaks(),
    )


def endings() -> tuple[EntryLine, ...]:
    """Measures that end: before long, and a while ago, one with a decision behind it."""
    limited, why = say("limited", "受限"), say("Spam without end.", "垃圾信息不断。")
    return (
        EntryLine(
            "loud.example",
            limited,
            why,
            before(days=170).date(),
            before(days=-7).date(),
            "friends",
            "loud.example limit",
        ),
        EntryLine(
            "slow.example",
            limited,
            why,
            None,
            before(days=3).date(),
            "",
            "slow.example limit",
            True,
        ),
    )


def filters() -> tuple[FilterLine, ...]:
    """A filter that acts, one on trial, one that met nothing and lost its rule."""
    hold, both = say("hold for a moderator", "暂存待审"), say("everywhere", "各处")
    soon = before(days=-12).date()
    return (
        FilterLine("pill-spam", rules()[3], hold, both, None, False, 1_204, 310, 0, 12),
        FilterLine(
            "a-filter-with-a-long-short-name", rules()[0], hold, both, soon, True, 41, 9, 41, 3
        ),
        FilterLine("quiet", None, hold, both, before(days=9).date()),
    )
