"""What another server's answer means."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from federation.answers import LONGEST_WAIT, Answer, error_of, seconds_to_wait
from federation.errors import Gone, NotFound, Refused, Unreachable

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("999999999999", LONGEST_WAIT),
        ("Tue, 24 Nov 2026 12:02:00 GMT", 120),
        ("Tue, 24 Nov 2026 12:02:00 -0000", 120),
        ("Tue, 24 Nov 2026 11:00:00 GMT", 0),
        ("Tue, 24 Nov 2099 11:00:00 GMT", LONGEST_WAIT),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Tue, 24 Nov 2026 12:02:00 +9999", None),
    ],
)
def test_retry_after_is_read_in_both_its_forms(value, seconds):
    assert seconds_to_wait(value, now=NOW) == seconds


@given(st.text())
def test_retry_after_never_fails(value):
    seconds = seconds_to_wait(value)

    assert seconds is None or 0 <= seconds <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, NotFound),
        (410, Gone),
        (401, Refused),
        (403, Refused),
        (204, Refused),
        (304, Refused),
        (406, Refused),
        (408, Unreachable),
        (429, Unreachable),
        (500, Unreachable),
        (503, Unreachable),
    ],
)
def test_each_status_has_its_meaning(status, kind):
    assert type(error_of("https://h.example/", status, None)) is kind


def test_a_busy_server_says_when_to_come_back():
    error = error_of("https://h.example/", 503, "30")

    assert isinstance(error, Unreachable)
    assert error.retry_after == 30


@pytest.mark.parametrize("status", [400, 403, 404, 405, 406, 410, 413, 422, 501])
def test_some_answers_are_final(status):
    assert Answer(status, "cavage").is_final


@pytest.mark.parametrize("status", [202, 302, 401, 408, 429, 500, 502, 503, 504])
def test_others_may_change(status):
    assert not Answer(status, "cavage").is_final


def test_only_success_is_done():
    assert [status for status in (200, 202, 302, 401, 500) if Answer(status, "cavage").is_done] == [
        200,
        202,
    ]
