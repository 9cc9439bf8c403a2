"""The table of answers, the schedule, and the arithmetic of circuits."""

import pytest

from actors.circuit import (
    CLOSED,
    DAY,
    FIRST_PAUSE,
    HOUR,
    LONGEST_PAUSE,
    MINUTE,
    Circuit,
)
from federation.answers import Answer
from federation.errors import ForbiddenAddress, Malformed, Refused, Unreachable
from outbox.outcomes import PAUSES, outcome_of
from outbox.sent import State

STOPS = (400, 402, 403, 405, 406, 409, 413, 415, 422, 451, 501)
WAITS = (401, 408, 425, 429, 500, 502, 503, 504, 520, 599)
ELSEWHERE = (301, 302, 303, 307, 308, 404, 410)


def of(answer, *, attempts=0, age=0):
    if isinstance(answer, int):
        answer = Answer(answer, "cavage")
    return outcome_of(answer, attempts=attempts, age=age)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_taken_is_done(status):
    assert of(status).state == State.DONE


@pytest.mark.parametrize("status", STOPS)
def test_what_will_not_change_stops_the_letter_and_keeps_the_reason(status):
    outcome = of(Answer(status, "cavage", note="we do not take that"))

    assert (outcome.state, outcome.code) == (State.STOPPED, status)
    assert outcome.error == "we do not take that"
    assert not outcome.is_down


@pytest.mark.parametrize("status", WAITS)
def test_what_may_pass_is_tried_again(status):
    outcome = of(status)

    assert outcome.state == State.WAITING
    assert 12_000 <= outcome.pause <= 18_000
    assert outcome.is_down == (status >= 500)
    assert not outcome.is_lost


@pytest.mark.parametrize("status", ELSEWHERE)
def test_a_letterbox_that_is_not_there_is_asked_after(status):
    outcome = of(status)

    assert (outcome.state, outcome.is_lost, outcome.is_down) == (State.WAITING, True, False)


def test_no_answer_is_tried_again():
    outcome = of(Unreachable("connection reset"))

    assert (outcome.state, outcome.is_down) == (State.WAITING, True)
    assert outcome.error == "connection reset"


@pytest.mark.parametrize("error", [ForbiddenAddress, Refused, Malformed])
def test_an_address_the_gate_refuses_stops_the_letter(error):
    outcome = of(error("127.0.0.1 is not called"))

    assert (outcome.state, outcome.is_down) == (State.STOPPED, False)


def test_the_schedule_lasts_for_eight_days():
    age, pauses = 0, []
    while (outcome := of(503, attempts=len(pauses), age=age)).state == State.WAITING:
        pauses.append(outcome.pause)
        age += outcome.pause

    assert all(0.8 * PAUSES[n] <= pauses[n] <= 1.2 * PAUSES[n] for n in range(len(PAUSES)))
    assert all(0.8 * DAY <= pause <= 1.2 * DAY for pause in pauses[len(PAUSES) :])
    assert 6.7 * DAY < age <= 8 * DAY
    assert outcome.state == State.STOPPED
    assert "8 days" in outcome.error


def test_the_schedule_is_jittered():
    assert len({of(503).pause for _ in range(20)}) > 10


def test_a_signature_they_doubt_is_tried_for_a_day():
    age, attempts = 0, 0
    while (outcome := of(401, attempts=attempts, age=age)).state == State.WAITING:
        age, attempts = age + outcome.pause, attempts + 1

    assert 17 * HOUR < age < 27 * HOUR
    assert outcome.state == State.STOPPED


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_retry_after_is_honoured_and_never_cut_short(status):
    outcome = of(Answer(status, "cavage", retry_after=7200.0))

    assert outcome.pause == outcome.host_waits == 2 * HOUR


def test_retry_after_is_believed_for_a_day():
    outcome = of(Answer(429, "cavage", retry_after=7 * 86_400.0))

    assert outcome.pause == outcome.host_waits == DAY


def test_a_short_retry_after_does_not_hurry_us():
    outcome = of(Answer(503, "cavage", retry_after=1.0), attempts=5)

    assert outcome.pause >= 0.8 * PAUSES[5]


def test_what_they_write_is_kept_as_one_plain_line():
    outcome = of(Answer(400, "cavage", note="no\x00\r\n\x1b[31mthanks" + "x" * 3000))

    assert outcome.error.startswith("no    [31mthanks")
    assert len(outcome.error) == 500


def test_a_circuit_opens_at_the_fifth_failure_within_ten_minutes():
    circuit, now = CLOSED, 1_000_000
    for _ in range(4):
        circuit = circuit.after_failure(now)
        now += MINUTE
    assert not circuit.is_open

    circuit = circuit.after_failure(now)

    assert circuit.is_open
    assert 0.8 * FIRST_PAUSE <= circuit.next_probe(now) - now <= 1.2 * FIRST_PAUSE


def test_failures_far_apart_open_nothing():
    circuit, now = CLOSED, 1_000_000
    for _ in range(20):
        circuit = circuit.after_failure(now)
        now += 3 * MINUTE

    assert not circuit.is_open
    assert circuit.failing_since == 1_000_000


def test_probes_become_rarer_up_to_six_hours():
    circuit, pauses = Circuit(5, 1, 1, FIRST_PAUSE), []
    for _ in range(9):
        pauses.append(circuit.pause)
        circuit = circuit.after_failure(1)

    assert pauses[:3] == [5 * MINUTE, 10 * MINUTE, 20 * MINUTE]
    assert pauses[-1] == LONGEST_PAUSE == 6 * HOUR


def test_a_server_is_lost_after_eight_days_of_silence():
    circuit = Circuit(30, 1, 1, LONGEST_PAUSE)

    assert not circuit.is_lost(8 * DAY)
    assert circuit.is_lost(8 * DAY + 1)
