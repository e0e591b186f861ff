"""A headless Chromium with a recording for a microphone, driven over its DevTools protocol."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import websockets

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

_FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
    "--window-size=1400,950",
    "--remote-debugging-port=0",
)

PATIENCE_SECONDS = 60.0


class Page:
    """An open page."""

    def __init__(self, connection: websockets.ClientConnection) -> None:
        self._connection = connection
        self._numbers = itertools.count(1)

    async def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a DevTools command and give its result."""
        number = next(self._numbers)
        await self._connection.send(json.dumps({"id": number, "method": method, "params": params}))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                message = json.loads(await self._connection.recv())
                if message.get("id") == number:
                    if "error" in message:
                        raise RuntimeError(f"{method}: {message['error']}")
                    return message["result"]

    async def evaluate(self, script: str) -> Any:
        """Run a script in the page and give its value."""
        result = await self.ask("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    async def until(self, script: str) -> Any:
        """Wait until a script gives something true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (value := await self.evaluate(script)):
                await asyncio.sleep(0.1)
        return value

    async def open(self, url: str) -> None:
        """Go to an address and wait for its document."""
        await self.ask("Page.navigate", url=url)
        await self.until(f"location.href.startsWith({json.dumps(url)}) && document.readyState === 'complete'")

    async def press(self, text: str) -> None:
        """Press the button with this text."""
        wanted = f"b.innerText.trim() === {json.dumps(text)} && !b.disabled"
        button = f"[...document.querySelectorAll('button')].find(b => {wanted})"
        await self.until(f"{button} !== undefined")
        await self.evaluate(f"{button}.click()")

    async def screenshot(self, path: Path) -> None:
        """Keep what the page looks like."""
        shot = await self.ask("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(shot["data"]))

    async def prefer(self, scheme: str) -> None:
        """Show the page ``light`` or ``dark``."""
        await self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])


@asynccontextmanager
async def browser(microphone: Path, profile: Path) -> AsyncGenerator[Page]:
    """Run a browser with an empty page.

    Args:
        microphone: A WAV file, heard once from the moment a page opens the microphone.
        profile: A new folder for the browser's files.
    """
    assert CHROMIUM
    process = await asyncio.create_subprocess_exec(
        CHROMIUM,
        *_FLAGS,
        f"--use-file-for-fake-audio-capture={microphone}%noloop",
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        port_file = profile / "DevToolsActivePort"
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not port_file.exists() or len(port_file.read_text().splitlines()) < 2:
                await asyncio.sleep(0.1)
        port, path = port_file.read_text().splitlines()[:2]
        async with websockets.connect(f"ws://127.0.0.1:{port}{path}", max_size=None) as main:
            control = Page(main)
            target = await control.ask("Target.createTarget", url="about:blank")
            address = f"ws://127.0.0.1:{port}/devtools/page/{target['targetId']}"
            async with websockets.connect(address, max_size=None) as connection:
                page = Page(connection)
                await page.ask("Page.enable")
                yield page
            await control.ask("Browser.close")
        await asyncio.wait_for(process.wait(), PATIENCE_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
