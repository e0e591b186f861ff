"""What the other side of a call sends and makes no sense: it is dropped, and the call goes on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from pipecat.frames.frames import Frame
from pipecat.processors.frame_processor import FrameProcessorSetup
from pipecat.serializers.base_serializer import FrameSerializer

MOST_BYTES = 2**18
"""Of a message: 8 s of the pipeline's sound. Listening to so much at once holds up other calls for 0.03 s."""

_MOST_REASONS = 8
"""How many different reasons of one call are logged: a stranger may find ever new ones."""

_log = logging.getLogger(__name__)


class Senseless(ValueError):
    """A message that nothing can be made of. The text says why, and quotes nothing of what a caller says."""


class NoCall(ValueError):
    """These messages can't become a call: another protocol, or another kind of sound. The text tells the other side."""


class Drops:
    """Counts the messages of a call that are dropped, and logs each reason once.

    Args:
        call_id: Of the call, for the log.
    """

    def __init__(self, call_id: str) -> None:
        self._call_id = call_id
        self._reasons: set[str] = set()
        self._count = 0

    def __call__(self, reason: str) -> None:
        """A message is dropped."""
        self._count += 1
        if reason not in self._reasons and len(self._reasons) < _MOST_REASONS:
            self._reasons.add(reason)
            _log.warning("call %s: a message is dropped, and so is each one like it: %s", self._call_id, reason)

    def sum_up(self) -> None:
        """Log at the call's end how many there were, if there were more than the log has."""
        if self._count > len(self._reasons):
            _log.warning("call %s: %d messages were dropped", self._call_id, self._count)


class Tolerant(FrameSerializer):
    """A protocol whose senseless messages are dropped, and logged once for each reason.

    Pipecat's transports take whatever a serializer raises for the end of the connection.

    Args:
        protocol: Raises `Senseless` for a message that is to be dropped, and `NoCall` to give the call up; whatever
            else it raises at a message is taken for its not making sense.
        call_id: Of the call, for the log.
        give_up: Ends the call, and tells the other side why.

    Attributes:
        drops: Counts what is dropped.
    """

    def __init__(self, protocol: FrameSerializer, call_id: str, give_up: Callable[[str], Awaitable[None]]) -> None:
        super().__init__()
        self._protocol = protocol
        self._call_id = call_id
        self._give_up = give_up
        self._given_up = False
        self.drops = Drops(call_id)

    async def setup(self, setup: FrameProcessorSetup) -> None:
        """Get ready for a pipeline."""
        await self._protocol.setup(setup)

    async def serialize(self, frame: Frame) -> str | bytes | None:
        """Give the message for a frame, if it has any."""
        return await self._protocol.serialize(frame)

    async def deserialize(self, data: str | bytes) -> Frame | None:
        """Give the frame that a message stands for; None for one that makes no sense, too."""
        if self._given_up:
            return None
        try:
            if len(data) > MOST_BYTES:
                raise Senseless(f"it has more than {MOST_BYTES >> 10} KiB")
            return await self._protocol.deserialize(data)
        except NoCall as error:
            self._given_up = True
            _log.warning("call %s is given up: %s", self._call_id, error)
            await self._give_up(str(error))
        except Senseless as error:
            self.drops(str(error))
        except Exception as error:  # whatever a stranger's message makes of the parser
            self.drops(f"it can't be read ({type(error).__name__})")
        return None
