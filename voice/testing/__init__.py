"""For tests, of this project and of those who build on it: scripted doubles, and a clock that jumps.

@in_virtual_time
async def test_a_table_is_proposed() -> None:
    with ScriptedModel("fast", '{"actions": []}') as fast:
        ...
"""

from voice.testing.doubles import (
    Performance,
    Reply,
    Script,
    ScriptedDesk,
    ScriptedModel,
    ScriptedTranscriber,
    ScriptError,
    ToneSpeaker,
    answer,
)
from voice.testing.virtual_time import VirtualTimeLoop, in_virtual_time

__all__ = [
    "Performance",
    "Reply",
    "Script",
    "ScriptError",
    "ScriptedDesk",
    "ScriptedModel",
    "ScriptedTranscriber",
    "ToneSpeaker",
    "VirtualTimeLoop",
    "answer",
    "in_virtual_time",
]
