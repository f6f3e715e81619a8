"""Chromium without a window, driven by its DevTools protocol: pages as a guest opens them. Talks to loopback only."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "calmerge-axe/node_modules/axe-core/axe.min.js"
"""What looks for barriers in a page; installed by `.ci/servers`."""
_FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--remote-debugging-port=0", "--remote-allow-origins=*",
)  # fmt: skip


class Browser:
    """One page of one browser. `tz` and `language` are those of the guest."""

    def __init__(self, folder: Path, *, tz: str, language: str = "en-US", size: tuple[int, int] = (1100, 900)) -> None:
        assert PROGRAM is not None
        self._folder = folder
        self._log = (folder / "log").open("w")
        flags = [
            *_FLAGS,
            f"--user-data-dir={folder / 'profile'}",
            f"--window-size={size[0]},{size[1]}",
            f"--lang={language}",
        ]
        self._process = subprocess.Popen(
            [PROGRAM, *flags, "about:blank"], stderr=self._log, stdout=subprocess.DEVNULL, env={**os.environ, "TZ": tz},
            start_new_session=True,
        )  # fmt: skip
        self._number = 0
        self._held = contextlib.ExitStack()
        self._page = self._connected()
        self("Page.enable")
        self("Emulation.setTimezoneOverride", timezoneId=tz)
        self("Emulation.setLocaleOverride", locale=language.replace("-", "_"))
        self("Network.setUserAgentOverride", userAgent="test", acceptLanguage=language)

    def __call__(self, method: str, **params: Any) -> Any:
        """One command; its result."""
        self._number += 1
        self._page.send(json.dumps({"id": self._number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._page.recv(timeout=20))
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]

    def open(self, url: str) -> None:
        """Go there and wait for the page to have drawn itself."""
        self("Page.navigate", url="about:blank")
        self("Page.navigate", url=url)
        self.wait("document.querySelector('#app') && !document.querySelector('#app').hidden")

    def js(self, expression: str) -> Any:
        """The value of an expression."""
        found = self("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def wait(self, condition: str) -> None:
        """Until an expression is true."""
        end = time.monotonic() + 15
        while time.monotonic() < end:
            with contextlib.suppress(AssertionError):
                if self.js(f"Boolean({condition})"):
                    return
            time.sleep(0.03)
        raise AssertionError(f"never: {condition}")

    def text(self) -> str:
        """What a person reads."""
        return str(self.js("document.querySelector('#app').innerText"))

    def press(self, key: str, modifiers: int = 0) -> None:
        """A key, as a keyboard sends it."""
        text = {"Enter": "\r", "Space": " "}.get(key)
        name = " " if key == "Space" else key
        down: dict[str, Any] = {"type": "keyDown", "key": name, "code": key, "modifiers": modifiers}
        if text:
            down |= {"text": text, "windowsVirtualKeyCode": ord(text)}
        elif key == "Tab":
            down |= {"windowsVirtualKeyCode": 9}
        self("Input.dispatchKeyEvent", **down)
        self("Input.dispatchKeyEvent", type="keyUp", key=name, code=key, modifiers=modifiers)

    def type(self, text: str) -> None:
        """Into what has the focus."""
        self("Input.insertText", text=text)

    def paint(self, *, dark: bool = False, size: tuple[int, int] | None = None) -> None:
        """As somebody with a dark system or a screen of another size sees it."""
        wanted = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self("Emulation.setEmulatedMedia", features=[wanted])
        if size is not None:
            width, height = size
            self("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)

    def barriers(self) -> list[str]:
        """What axe finds serious or critical here, each with where it is."""
        if self.js("typeof axe") == "undefined":
            self.js(AXE.read_text(encoding="utf-8") + ";0")
        found = self.js("axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations)")
        return [
            f"{one['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]

    def shot(self, path: Path) -> None:
        """A picture of what is seen."""
        import base64

        path.write_bytes(base64.b64decode(self("Page.captureScreenshot")["data"]))

    def close(self) -> None:
        """End it, and what it started."""
        self._held.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(timeout=15)
        self._log.close()

    def _connected(self) -> ClientConnection:
        port_file = self._folder / "profile" / "DevToolsActivePort"
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if port_file.exists() and (lines := port_file.read_text().splitlines()) and len(lines) == 2:
                break
            time.sleep(0.05)
        import urllib.request

        with urllib.request.urlopen(f"http://127.0.0.1:{lines[0]}/json") as answer:
            page = next(one for one in json.load(answer) if one["type"] == "page")
        return self._held.enter_context(connect(page["webSocketDebuggerUrl"], max_size=None, compression=None))
