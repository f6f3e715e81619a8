#!/usr/bin/env python3
"""Set up and start CalMerge on a fresh machine: python3 dev.py run | test | setup.

Needs nothing but Python 3.11 or newer with pip. The environment goes to `.venv/`, its tool to `.tools/`; both may be
deleted. PEP 668 forbids pip to touch a system's own packages but not `--target`, so no venv package, make or root is
needed. Qt's system libraries are installed when that needs no question, else their command is printed and text mode is used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV, TOOLS = ROOT / ".venv", ROOT / ".tools"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / ".calmerge-setup"
LIBRARIES = {  # library of Qt -> Debian's package
    "EGL": "libegl1",
    "GL": "libgl1",
    "xkbcommon": "libxkbcommon0",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "glib-2.0": "libglib2.0-0",
}
FOR_SCREENS = {
    "xcb-cursor": "libxcb-cursor0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "wayland-cursor": "libwayland-cursor0",
}


def say(text: str) -> None:
    """Progress goes to stderr, so that stdout belongs to the program."""
    print(f"· {text}", file=sys.stderr, flush=True)


def main() -> int:
    """Run one verb; returns the exit code."""
    verb = sys.argv[1] if len(sys.argv) > 1 else ""
    if verb not in ("run", "test", "setup"):
        print("usage: python3 dev.py run | test [PYTEST ARGUMENTS] | setup", file=sys.stderr)
        return 2
    if not (3, 11) <= sys.version_info[:2] < (3, 15):
        print(f"CalMerge needs Python 3.11 to 3.14; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 3
    environment()
    qt = libraries(screen=verb == "run" and has_screen())
    if verb == "run":
        return run(qt, sys.argv[2:])
    return test(qt, sys.argv[2:]) if verb == "test" else 0


def environment() -> None:
    """`.venv` exactly as `requirements.lock` says; does nothing when it is so already."""
    lock = (ROOT / "requirements.lock").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    want = hashlib.sha256(lock + sys.version.encode()).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == want:
        return
    uv = find_uv()
    environ = {"UV_SYSTEM_CERTS": "1", "UV_PYTHON_DOWNLOADS": "never", **os.environ}
    say("Setting up the environment in .venv (a minute the first time)")
    usable = PYTHON.exists() and subprocess.run([str(PYTHON), "-c", ""], check=False).returncode == 0
    if not usable:
        subprocess.run([*uv, "venv", "-q", "--clear", "--python", sys.executable, str(VENV)], check=True, env=environ)
    target = ["-q", "--python", str(PYTHON)]
    subprocess.run(
        [*uv, "pip", "sync", *target, "--require-hashes", str(ROOT / "requirements.lock")], check=True, env=environ
    )
    subprocess.run(
        [*uv, "pip", "install", *target, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
        check=True,
        env=environ,
    )
    STAMP.write_text(want)


def find_uv() -> list[str]:
    """The command of uv: the system's, or one fetched into `.tools`."""
    if found := shutil.which("uv"):
        return [found]
    command = [sys.executable, "-m", "uv"]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(TOOLS), os.environ.get("PYTHONPATH", "")]))
    if not (TOOLS / "uv").exists():
        say("Fetching uv into .tools")
        install = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--target", str(TOOLS), "uv"]
        try:
            subprocess.run(install, check=True, stderr=subprocess.DEVNULL)
        except subprocess.CalledProcessError:
            print("pip is missing or found no package index. On Debian or Ubuntu: apt install python3-pip", file=sys.stderr)
            sys.exit(3)
    return command


def has_screen() -> bool:
    """Whether a window could open."""
    return (
        os.name == "nt" or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    )


def libraries(*, screen: bool) -> bool:
    """Whether Qt can load; on Debian and Ubuntu its libraries are installed when that needs no question."""
    if not sys.platform.startswith("linux"):
        return True
    needed = {**LIBRARIES, **(FOR_SCREENS if screen else {})}
    missing = [package for name, package in needed.items() if not loads(name)]
    if not missing:
        return True
    install = ["apt-get", "install", "-y", "-q", "--no-install-recommends", *missing]
    if shutil.which("apt-get") and (prefix := as_root()) is not None:
        say("Installing Qt's system libraries: " + " ".join(missing))
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], install):
            subprocess.run([*prefix, *command], check=False, env=environ, stdout=subprocess.DEVNULL)
    missing = [package for name, package in needed.items() if not loads(name)]
    if missing:
        say("Qt's system libraries are missing, so there is no window. Install them with:")
        say("  sudo apt-get install --no-install-recommends " + " ".join(missing))
    return not [package for name, package in LIBRARIES.items() if package in missing]


def loads(name: str) -> bool:
    """Whether the dynamic linker finds a library, asked in a process of its own so that the answer is new each time."""
    versions = ("", ".0", ".1", ".2", ".3", ".4", ".6")
    code = (
        "import ctypes,sys\n"
        f"for v in {versions!r}:\n"
        f"  try: ctypes.CDLL('lib{name}.so'+v); sys.exit(0)\n"
        "  except OSError: pass\n"
        "sys.exit(1)"
    )
    return subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def as_root() -> list[str] | None:
    """How to run a command as root without a question; None when there is no way."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], check=False, stderr=subprocess.DEVNULL).returncode == 0:
        return [sudo, "-n"]
    return None


def run(qt: bool, arguments: list[str]) -> int:
    """The window; without a screen the sample week as a picture (when Qt loads) and as text."""
    program = [str(PYTHON), "-m", "calmerge_desktop"]
    if arguments or (qt and has_screen()):
        return subprocess.run([*program, *arguments], check=False).returncode
    say("There is no screen here, so the sample week is shown as text" + (" and as a picture." if qt else "."))
    if qt:
        code = subprocess.run([*program, "demo", "--png", str(ROOT / "calmerge-week.png")], check=False).returncode
        if code:
            return code
    return subprocess.run([*program, "demo", "--text"], check=False).returncode


def test(qt: bool, arguments: list[str]) -> int:
    """All tests; those that need Qt are left out, and that is said, when Qt cannot load."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [str(PYTHON), "-m", "pytest", *arguments]
    if not qt:
        say("Tests of the window are left out: Qt cannot load here.")
        command += [
            "--ignore",
            "tests/ui",
            "-p",
            "no:pytest-qt",
            "-m",
            "not gui",
            "-o",
            "qt_log_level_fail=",
            "-o",
            "qt_api=",
        ]
    return subprocess.run(command, check=False, cwd=ROOT, env=environ).returncode


if __name__ == "__main__":
    sys.exit(main())
