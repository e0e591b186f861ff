import asyncio
import threading
from collections.abc import Callable

import numpy as np
import pytest

from voice.hearing.decoder import Abandoned, Decoding
from voice.hearing.whisper import WhisperTranscriber
from voice.ports import Samples, Word

RATE = 16_000


def said(text: str, *, confidence: float = 0.9, no_speech: float = 0.05, complete: bool = True) -> Decoding:
    words = tuple(Word(word, at, at + 1.0, confidence) for at, word in enumerate(text.split()))
    return Decoding(words, no_speech, complete)


class ScriptedDecoder:
    """Answers with what it was given, in order; a decode past its script is an error. It can be held up."""

    def __init__(self, *script: Decoding) -> None:
        self.script = list(script)
        self.windows: list[float] = []
        self.prompts: list[tuple[tuple[str, ...], str]] = []
        self.limits: list[int] = []
        self.lengths: list[int] = []
        self.go = threading.Event()
        self.go.set()
        self.busy = threading.Event()
        self.at_once = threading.Lock()

    def decode(
        self,
        audio: Samples,
        *,
        window_seconds: float,
        names: tuple[str, ...],
        context: str,
        token_limit: int,
        abandoned: Callable[[], bool],
    ) -> Decoding:
        assert self.at_once.acquire(blocking=False), "two decodes at once"
        try:
            self.busy.set()
            assert self.go.wait(10)
            if abandoned():
                raise Abandoned
            self.windows.append(window_seconds)
            self.prompts.append((names, context))
            self.limits.append(token_limit)
            self.lengths.append(len(audio))
            return self.script.pop(0)
        finally:
            self.at_once.release()


def ears(decoder: ScriptedDecoder, **settings: float) -> WhisperTranscriber:
    return WhisperTranscriber("nowhere", decoder=decoder, **settings)  # type: ignore[arg-type]


def noise(seconds: float = 2.0) -> Samples:
    return np.random.default_rng(0).normal(0, 0.1, int(seconds * RATE)).astype(np.float32)


async def test_a_turn_is_decoded_in_a_window_of_its_own_length_and_a_margin() -> None:
    decoder = ScriptedDecoder(said("to Denver please"))
    transcript = await ears(decoder, margin_seconds=3.0).transcribe(noise(2.0))
    assert transcript.text == "to Denver please"
    assert [word.confidence for word in transcript.words] == [0.9, 0.9, 0.9]
    assert decoder.windows == [5.0]


async def test_the_window_never_exceeds_what_the_model_holds() -> None:
    decoder = ScriptedDecoder(said("a long story"))
    await ears(decoder).transcribe(noise(29.0))
    assert decoder.windows == [30.0]


async def test_context_and_names_reach_the_model() -> None:
    decoder = ScriptedDecoder(said("to Denver"))
    await ears(decoder).transcribe(noise(), context="from Boston", names=["Denver", "Seattle"])
    assert decoder.prompts == [(("Denver", "Seattle"), "from Boston")]


@pytest.mark.parametrize("audio", [np.zeros(0), np.zeros(RATE), np.full(RATE, 5e-4), noise(0.05)], ids=len)
async def test_silence_and_clicks_are_empty_without_asking_the_model(audio: Samples) -> None:
    decoder = ScriptedDecoder()
    assert (await ears(decoder).transcribe(audio)).text == ""


async def test_words_made_up_for_noise_are_not_heard() -> None:
    decoder = ScriptedDecoder(said("Thank you.", confidence=0.3, no_speech=0.8))
    transcript = await ears(decoder).transcribe(noise())
    assert (transcript.text, transcript.words) == ("", ())


@pytest.mark.parametrize(
    "looped",
    [said("Yes. Yes. Yes. Yes."), said("the second one the second one"), said("to Denver", complete=False)],
)
async def test_a_loop_is_decoded_again_with_the_full_window_and_no_context(looped: Decoding) -> None:
    decoder = ScriptedDecoder(looped, said("to Denver"))
    transcript = await ears(decoder).transcribe(noise(), context="from Boston", names=["Denver"])
    assert transcript.text == "to Denver"
    assert decoder.windows == [5.0, 30.0]
    assert decoder.prompts[1] == (("Denver",), "")


async def test_a_repetition_that_the_full_window_hears_too_was_said() -> None:
    decoder = ScriptedDecoder(said("no no no"), said("no no no"))
    assert (await ears(decoder).transcribe(noise())).text == "no no no"


async def test_a_loop_that_even_the_full_window_does_not_end_is_cut_to_one() -> None:
    endless = said("to Denver on Friday on Friday on Friday", complete=False)
    decoder = ScriptedDecoder(endless, endless)
    assert (await ears(decoder).transcribe(noise())).text == "to Denver on Friday"


async def test_a_loop_over_noise_is_nothing() -> None:
    decoder = ScriptedDecoder(said("go go go go", no_speech=0.1), said("go", confidence=0.2, no_speech=0.9))
    assert (await ears(decoder).transcribe(noise())).text == ""


async def test_the_token_limit_follows_the_length_of_the_audio() -> None:
    decoder = ScriptedDecoder(said("one"), said("two"))
    transcriber = ears(decoder)
    await transcriber.transcribe(noise(1.0))
    await transcriber.transcribe(noise(10.0))
    assert decoder.limits == [24, 96]


async def test_callers_at_once_are_served_one_by_one_in_the_order_they_asked() -> None:
    decoder = ScriptedDecoder(*[said(f"call {n}") for n in range(5)])
    transcriber = ears(decoder)
    heard = await asyncio.gather(*[transcriber.transcribe(noise(1.0 + n)) for n in range(5)])
    assert [transcript.text for transcript in heard] == [f"call {n}" for n in range(5)]
    assert decoder.lengths == [(1 + n) * RATE for n in range(5)]


async def test_the_event_loop_runs_on_while_the_model_works() -> None:
    decoder = ScriptedDecoder(said("to Denver"))
    decoder.go.clear()
    task = asyncio.create_task(ears(decoder).transcribe(noise()))
    await asyncio.to_thread(decoder.busy.wait, 10)
    assert not task.done()
    decoder.go.set()
    assert (await task).text == "to Denver"


async def test_a_cancelled_call_in_the_queue_never_reaches_the_model() -> None:
    decoder = ScriptedDecoder(said("first"), said("third"))
    decoder.go.clear()
    transcriber = ears(decoder)
    first, second, third = (asyncio.create_task(transcriber.transcribe(noise(1.0 + n))) for n in range(3))
    await asyncio.to_thread(decoder.busy.wait, 10)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    decoder.go.set()
    assert [(await first).text, (await third).text] == ["first", "third"]
    assert decoder.lengths == [RATE, 3 * RATE]


async def test_a_cancelled_call_under_way_is_abandoned_at_the_next_step_and_harms_nobody() -> None:
    decoder = ScriptedDecoder(said("second"))
    decoder.go.clear()
    transcriber = ears(decoder)
    first = asyncio.create_task(transcriber.transcribe(noise(1.0)))
    await asyncio.to_thread(decoder.busy.wait, 10)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    decoder.go.set()
    assert (await transcriber.transcribe(noise(2.0))).text == "second"
    assert decoder.lengths == [2 * RATE]


async def test_an_error_of_the_model_reaches_the_caller_and_the_next_call_works() -> None:
    decoder = ScriptedDecoder()
    transcriber = ears(decoder)
    with pytest.raises(IndexError):
        await transcriber.transcribe(noise())
    decoder.script.append(said("again"))
    assert (await transcriber.transcribe(noise())).text == "again"


@pytest.mark.parametrize(
    ("audio", "says"),
    [
        (np.zeros((2, RATE)), "mono"),
        (noise(31.0), "at most 30 s"),
        (np.array([np.nan] * RATE), "no numbers"),
    ],
    ids=["stereo", "long", "nan"],
)
async def test_audio_that_cannot_be_decoded_is_refused_with_a_reason(audio: Samples, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        await ears(ScriptedDecoder()).transcribe(audio)


async def test_audio_may_be_overwritten_once_it_was_handed_over() -> None:
    decoder = ScriptedDecoder(said("first"), said("second"))
    decoder.go.clear()
    transcriber, audio = ears(decoder), noise()
    task = asyncio.create_task(transcriber.transcribe(audio))
    await asyncio.to_thread(decoder.busy.wait, 10)
    audio[:] = 0
    decoder.go.set()
    assert (await task).text == "first"


def test_a_folder_without_a_model_says_how_to_get_one(tmp_path: object) -> None:
    with pytest.raises(FileNotFoundError, match=r"lacks model\.bin.*voice models pull"):
        WhisperTranscriber(str(tmp_path))


async def test_warming_up_brings_the_names_to_the_model() -> None:
    decoder = ScriptedDecoder(said("", no_speech=0.9))
    await ears(decoder).warm(("Denver",))
    assert decoder.prompts == [(("Denver",), "")]
