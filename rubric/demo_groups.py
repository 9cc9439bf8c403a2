"""The groups of the demo: who made them, who joined, and what is talked about in them."""

from dataclasses import dataclass

from actors.groups import Join, Posting, See


@dataclass(frozen=True)
class ThreadStory:
    """A thread of a group; `answers` are its comments, each by whom and what."""

    author: str
    title: str
    text: str
    flair: str = ""
    language: str = "en"
    pictures: tuple[tuple[str, str], ...] = ()
    answers: tuple[tuple[str, str], ...] = ()
    liked_by: tuple[str, ...] = ()
    is_pinned: bool = False


@dataclass(frozen=True)
class GroupStory:
    """A group; `scene` and `alt` are its picture, `banner` the scene above it."""

    name: str
    owner: str
    title: str
    about: str
    scene: str
    alt: str
    banner: str
    members: tuple[str, ...]
    rules: tuple[str, ...] = ()
    flair: tuple[tuple[str, str], ...] = ()
    language: str = "en"
    moderator: str = ""
    join: Join = Join.OPEN
    see: See = See.EVERYONE
    post: Posting = Posting.EVERYONE
    threads: tuple[ThreadStory, ...] = ()


GROUPS: tuple[GroupStory, ...] = (
    GroupStory(
        "slowbread",
        "jonas",
        "Slow bread",
        "Sourdough, rye, and what went wrong. Beginners first: no question is too small.",
        "bread",
        "A round loaf with a dark crust",
        "bread",
        ("mei", "amara", "priya", "yuki"),
        rules=(
            "Say what flour and how warm it was",
            "Show the failures too",
            "No shops, no referral links",
        ),
        flair=(("Question", "#1f4e8c"), ("Crumb shot", "#7d5200"), ("Rescue me", "#a3211b")),
        moderator="amara",
        threads=(
            ThreadStory(
                "jonas",
                "Start here: a loaf for people without a schedule",
                "Mix in the evening, fold twice before bed, bake when you are awake.\n\n"
                "- 500 g flour, 350 g water, 10 g salt\n- a spoon of starter\n- one night",
                pictures=(("bread", "A loaf cut open on a board"),),
                answers=(("priya", "Works at 1,900 m too, with a little more water."),),
                liked_by=("mei", "amara", "priya", "yuki"),
                is_pinned=True,
            ),
            ThreadStory(
                "yuki",
                "Can I keep a starter on a boat?",
                "It moves, it is damp, and the fridge is a bucket. Two weeks at sea.",
                flair="Question",
                answers=(
                    ("jonas", "Dry it: spread it thin, let it flake, wake it with warm water."),
                    ("amara", "Mine survived three weeks in an envelope."),
                ),
                liked_by=("jonas",),
            ),
            ThreadStory(
                "priya",
                "Flat as the plain. What did I do?",
                "Twelve hours at 26 degrees. It smelled of pears and then of paint.",
                flair="Rescue me",
                pictures=(("bread", "A very flat loaf"),),
                answers=(("jonas", "It was done after seven. Call it focaccia, with salt."),),
                liked_by=("yuki", "mei"),
            ),
        ),
    ),
    GroupStory(
        "chahu",
        "mei",
        "茶壶 Teapots",
        "泡茶、养壶、聊天。What is in your pot today? 中文和 English 都欢迎。",
        "tea",
        "A pot and two cups",
        "tea",
        ("yuki", "amara", "tomas"),
        rules=("说说产地和年份", "不卖茶，不带货"),
        flair=(("今日一壶", "#1c6347"), ("提问", "#1f4e8c")),
        language="zh-CN",
        threads=(
            ThreadStory(
                "mei",
                "雨天适合喝什么",
                "外面下了三天雨。我泡了一壶陈年白茶，屋里有枣的味道。你们呢？",
                flair="今日一壶",
                language="zh-CN",
                pictures=(("tea", "一壶茶和两只杯子"),),
                answers=(("yuki", "Hojicha, from a flask, on deck."),),
                liked_by=("yuki", "amara", "tomas"),
            ),
            ThreadStory(
                "amara",
                "Which clay for green tea?",
                "Everything I brew in my only pot tastes of the smoky one I had last week.",
                flair="提问",
                answers=(("mei", "用瓷的，别用紫砂。Porcelain keeps no secrets."),),
                liked_by=("mei",),
            ),
        ),
    ),
    GroupStory(
        "darkroom",
        "tomas",
        "The darkroom",
        "For those who develop at home. We look at each other's prints before we speak of cameras.",
        "street",
        "A wet street at night",
        "street",
        ("mei", "yuki"),
        rules=("Ask before you share somebody's print", "Critique the picture, not the person"),
        join=Join.REQUEST,
        see=See.MEMBERS,
        post=Posting.MEMBERS,
        threads=(
            ThreadStory(
                "tomas",
                "First print of the winter",
                "Grade 3, forty seconds, and I burned the sky by hand. Too much?",
                pictures=(("street", "A street lamp in fog, printed dark"),),
                answers=(("yuki", "Not too much. The sky earned it."),),
                liked_by=("mei", "yuki"),
            ),
        ),
    ),
)
