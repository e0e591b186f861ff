"""What pipecat's WebRTC connections lack: they cope with strangers' messages, and with being made anew."""

from __future__ import annotations

from typing import Any

from aiortc import MediaStreamTrack, RTCDataChannel, RTCPeerConnection
from pipecat.transports.smallwebrtc.connection import SIGNALLING_TYPE, SmallWebRTCConnection, TrackStatusMessage
from pipecat.transports.smallwebrtc.transport import SmallWebRTCTransport
from pydantic import ValidationError

from voice.server.media import parsed
from voice.server.protobuf import look_at_rtvi
from voice.server.tolerance import MOST_BYTES, Drops, Senseless


def guard(connection: SmallWebRTCConnection, drops: Drops) -> None:
    """Drop what comes over a connection's data channels and makes no sense, also when it is made anew.

    Pipecat would log every such message, with what it says.
    """
    guarded: RTCPeerConnection | None = None

    def opened(channel: RTCDataChannel) -> None:
        _guard(channel, drops)

    def listen(*_: object) -> None:
        nonlocal guarded
        if connection.pc is not guarded:
            guarded = connection.pc
            guarded.on("datachannel", opened)

    connection.add_event_handler("connecting", listen)
    listen()


def _guard(channel: RTCDataChannel, drops: Drops) -> None:
    """Stand between a channel and whoever listens to it already."""
    listeners = channel.listeners("message")
    channel.remove_all_listeners("message")

    async def take(message: str | bytes) -> None:
        try:
            look_at(message)
        except Senseless as error:
            drops(str(error))
            return
        for listener in listeners:
            await listener(message)

    channel.on("message", take)


def look_at(message: str | bytes) -> None:
    """See that a message is one that a web client may send over a data channel.

    Raises:
        Senseless: it is not.
    """
    if isinstance(message, str) and message.startswith("ping"):
        return
    if len(message) > MOST_BYTES:
        raise Senseless(f"it has more than {MOST_BYTES >> 10} KiB")
    told = parsed(message)
    if told.get("type") == SIGNALLING_TYPE:
        _look_at_signalling(told.get("message"))
    else:
        look_at_rtvi(told)


def _look_at_signalling(message: Any) -> None:
    try:
        TrackStatusMessage.model_validate(message)
    except ValidationError as error:
        raise Senseless("a message is no signalling message") from error


def let_go_of_lost_tracks(transport: SmallWebRTCTransport, connection: SmallWebRTCConnection, chunks: int) -> None:
    """Read out what was just being said when a connection is made anew: nobody else does any more.

    The transport would wait for that, and say nothing ever again after 10 s of waiting. What it has still to say until
    the new connection stands is not heard; what it says from then on is.

    Args:
        transport: Speaks over the connection.
        connection: Gets another track each time that it stands.
        chunks: How many of 10 ms are said at once.
    """
    track: MediaStreamTrack | None = None

    async def stands(*_: object) -> None:
        nonlocal track
        track = connection.pc.getTransceivers()[0].sender.track

    async def lost(*_: object) -> None:
        if last := track:
            for _chunk in range(chunks):
                await last.recv()

    transport.add_event_handler("on_client_connected", stands)
    connection.add_event_handler("disconnected", lost)
