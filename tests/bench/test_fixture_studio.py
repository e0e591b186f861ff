from dataclasses import dataclass, field

import numpy as np
import pytest

from voice.bench.fixtures.conditions import Condition
from voice.bench.fixtures.markup import parse
from voice.bench.fixtures.studio import BREAK_SECONDS, LEAD_SECONDS, TAIL_SECONDS, Take, record, spans
from voice.ports import Samples

RATE = 22_050


@dataclass
class Whistle:
    """A voice that whistles a fifth of a second for each word, between silences that do not belong to it."""

    heard: list[str] = field(default_factory=list[str])

    def speak(self, text: str, speed: float) -> tuple[Samples, int]:
        self.heard.append(text)
        seconds = np.arange(round(0.2 * len(text.split()) * RATE)) / RATE
        silence = np.zeros(RATE // 2)
        return np.concatenate([silence, np.sin(2 * np.pi * 440 * seconds), silence]).astype(np.float32), RATE


def take(text: str, condition: Condition | None = None) -> Take:
    return record(parse(text), Whistle(), condition or Condition("clean-16k"), np.random.default_rng(1))


def test_the_spans_of_speech_are_where_the_voice_is() -> None:
    done = take("one two three [0.8] four five [0.5] six")

    assert len(done.speech) == 3
    starts, ends = zip(*done.speech, strict=True)
    assert np.subtract(ends, starts) == pytest.approx([0.6, 0.4, 0.2], abs=0.05)
    assert np.subtract(starts[1:], ends[:-1]) == pytest.approx([0.8, 0.5], abs=0.08)


def test_a_turn_begins_shortly_before_the_speech_and_ends_right_after_it() -> None:
    done = take("one two")

    assert done.speech[0][0] == pytest.approx(LEAD_SECONDS, abs=0.05)
    assert len(done.samples) / done.rate - done.speech[-1][1] == pytest.approx(TAIL_SECONDS, abs=0.05)


def test_a_short_pause_does_not_split_a_span() -> None:
    assert len(take(f"one [{BREAK_SECONDS - 0.1:.2f}] two").speech) == 1


def test_a_broken_off_word_is_shorter() -> None:
    whole, broken = take("want"), take("wa(nt -0.1)")

    length = [done.speech[-1][1] - done.speech[0][0] for done in (whole, broken)]
    assert length[0] - length[1] == pytest.approx(0.1, abs=0.03)


def test_a_word_that_is_cut_away_wholly_is_refused() -> None:
    with pytest.raises(ValueError, match="cut less away"):
        take("wa(nt -3)")


def test_the_same_seed_gives_the_same_recording() -> None:
    first, second = take("one [0.4] two"), take("one [0.4] two")

    np.testing.assert_array_equal(first.samples, second.samples)


def test_a_phrase_that_goes_on_is_read_as_one() -> None:
    voice = Whistle()
    record(parse("to Boston [0.4] please."), voice, Condition("clean-16k"), np.random.default_rng(1))

    assert voice.heard == ["to Boston,", "please."]


def test_a_phone_line_has_eight_thousand_samples_a_second_and_the_same_spans() -> None:
    text = "one two [0.6] three"
    phone, microphone = take(text, Condition("phone-8k")), take(text)

    assert phone.rate == 8_000
    assert phone.speech == microphone.speech
    assert len(phone.samples) / 8_000 == pytest.approx(len(microphone.samples) / 16_000, abs=0.001)


def test_pauses_hold_the_noise_of_the_condition_and_nothing_else() -> None:
    done = take("one two [0.8] three", Condition("clean-16k", "room", 20.0))
    (_, first_end), (second_start, _) = done.speech
    pause = done.samples[round((first_end + 0.05) * done.rate) : round((second_start - 0.05) * done.rate)]
    speech = done.samples[round(LEAD_SECONDS * done.rate) : round(first_end * done.rate)]

    level = 20 * np.log10(np.std(speech) / np.std(pause))
    assert level == pytest.approx(20, abs=3)


def test_silence_has_no_spans() -> None:
    assert spans(np.zeros(16_000, dtype=np.float32)) == ()
