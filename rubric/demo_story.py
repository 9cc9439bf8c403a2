"""Who lives in the demo, and what they tell each other."""

from dataclasses import dataclass

UPRIGHT, WIDE = (540, 960), (960, 540)


@dataclass(frozen=True)
class PersonStory:
    """Someone of the demo; `scene` is what their portrait shows."""

    name: str
    title: str
    about: str
    scene: str
    follows: tuple[str, ...] = ()
    locale: str = "en"
    is_admin: bool = False


@dataclass(frozen=True)
class Film:
    """A film of the story: what it shows, what is told of it, and what is said in it (WebVTT)."""

    scene: str
    alt: str
    captions: str = ""
    size: tuple[int, int] = UPRIGHT


@dataclass(frozen=True)
class NoteStory:
    """A note; `answers` is the number of the note it answers, pictures are scene and alt text."""

    author: str
    text: str
    title: str = ""
    language: str = "en"
    pictures: tuple[tuple[str, str], ...] = ()
    answers: int | None = None
    liked_by: tuple[str, ...] = ()
    boosted_by: tuple[str, ...] = ()
    film: Film | None = None


PEOPLE: tuple[PersonStory, ...] = (
    PersonStory(
        "mei",
        "林梅 Mei",
        "茶，书，慢慢走。Tea, books, slow walks.",
        "tea",
        ("jonas", "amara", "tomas", "yuki"),
        "zh",
        is_admin=True,
    ),
    PersonStory(
        "jonas",
        "Jonas Holm",
        "Baker. Up at four so that you need not be.",
        "bread",
        ("mei", "amara", "priya"),
    ),
    PersonStory(
        "amara",
        "Amara Obi",
        "Botanist in a rainy town. I draw what I cannot grow.",
        "leaves",
        ("mei", "jonas", "tomas", "priya"),
    ),
    PersonStory(
        "tomas",
        "Tomás Rivera",
        "Nights, streets, film. Negatives in the fridge.",
        "street",
        ("mei", "amara", "yuki"),
    ),
    PersonStory(
        "yuki",
        "Yuki Sato",
        "Sails small boats badly and happily.",
        "sea",
        ("mei", "tomas", "jonas"),
    ),
    PersonStory(
        "priya",
        "Priya Nair",
        "Hills first, coffee second, e-mail last.",
        "hills",
        ("amara", "jonas", "mei", "yuki"),
    ),
)

NOTES: tuple[NoteStory, ...] = (
    NoteStory(
        "mei",
        "第三泡才开始讲故事。水不要太急，杯子先温。\n\n#茶 #慢生活",
        "武夷岩茶，第三泡",
        "zh",
        (("tea", "从上方看的一杯红褐色岩茶，白瓷杯，木桌"),),
        None,
        ("jonas", "amara", "yuki"),
        ("amara",),
    ),
    NoteStory(
        "jonas",
        "Eighteen hours in the cold room, four minutes of worry.\n\n"
        "1. Fold, do not knead.\n2. Trust the fridge.\n3. Score deeper than you dare.\n\n#bread",
        "The loaf that finally opened",
        "en",
        (
            ("bread", "Three loaves with an open crust on a floured cloth"),
            ("bread", "The same loaves from closer, the cuts golden"),
        ),
        None,
        ("mei", "amara", "priya", "tomas"),
        ("priya",),
    ),
    NoteStory(
        "tomas",
        "Shot at 1/15, leaning on a lamp post that was also leaning. #night #film",
        "Lanterns, district nine",
        "en",
        (("street", "A street at night, lit windows and five red lanterns"),),
        None,
        ("mei", "yuki", "amara"),
    ),
    NoteStory(
        "amara",
        "Every one of these is the same species. Light decides. #botany",
        "Seventy leaves, one plant",
        "en",
        (("leaves", "Overlapping leaves in many greens, drawn"),),
        None,
        ("mei", "priya", "jonas"),
        ("mei",),
    ),
    NoteStory(
        "priya",
        "We left at three. The sun was late, the thermos was not. #hills",
        "Five ridges before breakfast",
        "en",
        (
            ("hills", "Five rows of hills at dawn under a pale sun"),
            ("hills", "The same ridges a little later, warmer light"),
        ),
        None,
        ("jonas", "yuki", "amara", "mei"),
    ),
    NoteStory(
        "yuki",
        "Red hull, white sail, borrowed hat. #sailing",
        "First time out alone",
        "en",
        (("sea", "A small red boat with a white sail on a calm sea"),),
        None,
        ("tomas", "priya", "mei"),
        ("tomas",),
    ),
    NoteStory("amara", "How long do you warm the cup?", answers=0, liked_by=("mei",)),
    NoteStory(
        "mei",
        "烫到手指刚好能拿住就够了。(Until you can just hold it.)",
        "",
        "zh",
        answers=6,
        liked_by=("amara",),
    ),
    NoteStory("mei", "What a crust. 可以寄一个吗？", "", "zh", answers=1, liked_by=("jonas",)),
    NoteStory(
        "jonas",
        "Come by before six, the second one is yours.",
        answers=8,
        liked_by=("mei", "priya"),
    ),
    NoteStory(
        "priya",
        "Two minutes after the gate opened. Sound off, it was only wind. #hills",
        "Above the fog at seven",
        film=Film(
            "hills",
            "The view goes slowly along five rows of hills, towards the sun",
            "WEBVTT\n\n00:00.300 --> 00:02.000\nNobody else is up yet.\n\n"
            "00:02.000 --> 00:03.800\n(wind)\n",
        ),
        liked_by=("jonas", "yuki", "mei"),
    ),
    NoteStory(
        "tomas",
        "A rule I like here: say *why* when you take something down. It makes me write better"
        " captions, oddly enough.",
        liked_by=("mei", "amara", "jonas"),
    ),
    NoteStory(
        "mei",
        "下周六在河边喝茶，带一只自己的杯子就行。谁来？ #茶会",
        "河边茶会",
        "zh",
        (("leaves", "河边的叶子，深浅不一的绿"), ("tea", "一杯茶")),
        None,
        ("amara", "yuki"),
    ),
    NoteStory(
        "yuki", "I will come by boat, if the wind agrees.", answers=12, liked_by=("mei", "amara")
    ),
    NoteStory(
        "yuki",
        "She goes about by herself now. Nearly. #sailing",
        "Second time out, on film",
        film=Film("sea", "A small red boat with a white sail; the view comes nearer", size=WIDE),
        liked_by=("priya", "tomas"),
        boosted_by=("mei",),
    ),
    NoteStory(
        "mei",
        "水温慢慢降下来，味道才出来。 #茶",
        "看着它凉",
        "zh",
        film=Film(
            "tea",
            "镜头慢慢靠近一杯红褐色的岩茶",
            "WEBVTT\n\n00:00.300 --> 00:03.800\n再等一会儿。\n",
        ),
        liked_by=("amara", "jonas", "yuki"),
    ),
)
