"""What of a config.toml goes into a backup."""

import pytest

from rubric.unsaid import without_secrets


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ('[translate]\nkey = "hush"\n', '[translate]\nkey = ""\n'),
        ("[media.s3]\nsecret = 'hush'\n", "[media.s3]\nsecret = ''\n"),
        ('media.s3.secret = "hush"\n', 'media.s3.secret = ""\n'),
        (
            '[database]\nurl = "postgres://rubric:hush@db/name"\n',
            '[database]\nurl = "postgres://rubric@db/name"\n',
        ),
        ('[database]\nurl = "sqlite:///srv/rubric.db"\n',) * 2,
        ('[translate]\nkey = "hush" # once hush\n', None),
        ('[translate]\nkey = "h\\u0075sh"\n', None),
        ('[translate]\nkey = """hush"""\n', '[translate]\nkey = """"""\n'),
    ],
)
def test_secrets_are_left_out_of_the_settings_or_the_settings_are(text, bare):
    assert without_secrets(text) == bare
