"""The call XML by which Twilio, Telnyx (TeXML) and Plivo are told what to do with a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args
from xml.etree import ElementTree as Xml

Provider = Literal["twilio", "telnyx", "plivo"]

PHONES = (*get_args(Provider), "exotel")
"""Whose lines can be answered; Exotel has no webhook."""


def provider_of(form: Mapping[str, str]) -> Provider | None:
    """Tell whose webhook a form is, or None."""
    if form.get("CallUUID"):
        return "plivo"
    sid = form.get("CallSid")
    if not sid:
        return None
    return "twilio" if sid.startswith("CA") else "telnyx"


def call_of(form: Mapping[str, str]) -> str:
    """Give the id of a webhook's call, which is also in the start message of its stream."""
    return form.get("CallUUID") or form.get("CallSid", "")


def stream(provider: Provider, url: str, then: str | None = None) -> bytes:
    """Give the document that connects a call's sound to the WebSocket ``url``, both ways.

    Args:
        provider: Takes the document.
        url: Where the sound goes.
        then: Where the provider asks what to do once the stream has ended; None has it hang up.
    """
    response = Xml.Element("Response")
    match provider:
        case "twilio":
            Xml.SubElement(Xml.SubElement(response, "Connect"), "Stream", url=url)
        case "telnyx":
            Xml.SubElement(Xml.SubElement(response, "Connect"), "Stream", url=url, bidirectionalMode="rtp")
        case "plivo":
            element = Xml.SubElement(
                response, "Stream", bidirectional="true", keepCallAlive="true", contentType="audio/x-mulaw;rate=8000"
            )
            element.text = url
    if then:
        Xml.SubElement(response, "Redirect", method="POST").text = then  # each goes on only when the stream has ended
    return _written(response)


def dial(provider: Provider, whom: str) -> bytes:
    """Give the document that connects a call to a number, or to an address that begins with ``sip:``."""
    response = Xml.Element("Response")
    address = "User" if provider == "plivo" else "Sip"
    Xml.SubElement(Xml.SubElement(response, "Dial"), address if whom.startswith("sip:") else "Number").text = whom
    return _written(response)


def busy(provider: Provider) -> bytes:
    """Give the document by which the caller hears the busy tone."""
    response = Xml.Element("Response")
    Xml.SubElement(response, "Hangup" if provider == "plivo" else "Reject", reason="busy")
    return _written(response)


def hang_up() -> bytes:
    """Give the document that ends a call."""
    response = Xml.Element("Response")
    Xml.SubElement(response, "Hangup")
    return _written(response)


def _written(response: Xml.Element) -> bytes:
    return Xml.tostring(response, "utf-8", xml_declaration=True)
