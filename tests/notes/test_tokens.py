"""What a text is found by."""

import pytest

from notes.tokens import Part, parts_of_query, tokens_of


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Up the Hills, again!", ["up", "the", "hills", "again"]),
        ("北京天气", ["北京", "京天", "天气", "气"]),
        ("去2024年Go", ["去", "2024", "年", "go"]),
        ("café Straße", ["cafe", "strasse"]),
        ("ｶﾞｲﾄﾞ", ["ガイ", "イド", "ド"]),
        ("snake_case e-mail", ["snake", "case", "e", "mail"]),
        ("हिन्दी।", ["हिन्दी"]),
        ("#Hills @ana", ["hills", "ana"]),
        ("…!?", []),
    ],
)
def test_words_and_pairs(text, tokens):
    assert tokens_of(text) == tokens


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Hills up", [Part(("hills",)), Part(("up",))]),
        ("山", [Part(("山",), is_begun=True)]),
        ("天气预", [Part(("天气", "气预"))]),
        ('" OR * NOT (', [Part(("or",)), Part(("not",))]),
        ("a a", [Part(("a",))]),
    ],
)
def test_what_is_asked_for(text, parts):
    assert parts_of_query(text) == parts


def test_a_long_text_costs_no_more_than_it_may():
    assert len(tokens_of("山" * 100_000)) == 10_000
    assert len(tokens_of("x" * 100_000)[0]) == 100
    assert len(parts_of_query("山 海 " * 100 + "".join(f"w{n} " for n in range(99)))) == 20
