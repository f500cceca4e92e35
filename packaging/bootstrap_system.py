"""What the machine itself must offer: Python's venv, the libraries Qt needs on Linux, a display."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from typing import Protocol

from bootstrap_texts import SetUpError, say

X_TCP_PORT = 6000
SYSTEM_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")
PLUGINS = {"offscreen": "libqoffscreen.so", "xcb": "libqxcb.so", "wayland": "libqwayland.so"}
DISPLAY_SERVER = ["xvfb", "xauth"]

# Each package manager's command, in the order in which they are looked for.
MANAGERS = {
    "apt-get": "apt-get install -y --no-install-recommends",
    "dnf": "dnf install -y",
    "pacman": "pacman -S --needed",
    "zypper": "zypper install",
}
# The library that the linker misses → the package that holds it: apt, dnf, pacman, zypper.
PACKAGES = {
    "libGL.so": ("libgl1", "libglvnd-glx", "libglvnd", "libGL1"),
    "libGLX.so": ("libgl1", "libglvnd-glx", "libglvnd", "libGL1"),
    "libOpenGL.so": ("libopengl0", "libglvnd-opengl", "libglvnd", "libOpenGL0"),
    "libEGL.so": ("libegl1", "libglvnd-egl", "libglvnd", "libEGL1"),
    "libxkbcommon.so": ("libxkbcommon0", "libxkbcommon", "libxkbcommon", "libxkbcommon0"),
    "libxkbcommon-x11.so": (
        "libxkbcommon-x11-0",
        "libxkbcommon-x11",
        "libxkbcommon-x11",
        "libxkbcommon-x11-0",
    ),
    "libdbus-1.so": ("libdbus-1-3", "dbus-libs", "dbus", "libdbus-1-3"),
    "libfontconfig.so": ("libfontconfig1", "fontconfig", "fontconfig", "fontconfig"),
    "libfreetype.so": ("libfreetype6", "freetype", "freetype2", "libfreetype6"),
    "libglib-2.0.so": ("libglib2.0-0", "glib2", "glib2", "libglib-2_0-0"),
    "libgthread-2.0.so": ("libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0"),
    "libX11.so": ("libx11-6", "libX11", "libx11", "libX11-6"),
    "libX11-xcb.so": ("libx11-xcb1", "libX11-xcb", "libx11", "libX11-xcb1"),
    "libxcb.so": ("libxcb1", "libxcb", "libxcb", "libxcb1"),
    "libxcb-cursor.so": ("libxcb-cursor0", "xcb-util-cursor", "xcb-util-cursor", "libxcb-cursor0"),
    "libxcb-icccm.so": ("libxcb-icccm4", "xcb-util-wm", "xcb-util-wm", "libxcb-icccm4"),
    "libxcb-image.so": ("libxcb-image0", "xcb-util-image", "xcb-util-image", "libxcb-image0"),
    "libxcb-keysyms.so": ("libxcb-keysyms1", "xcb-util-keysyms", "xcb-util-keysyms", "libxcb-keysyms1"),
    "libxcb-randr.so": ("libxcb-randr0", "libxcb", "libxcb", "libxcb-randr0"),
    "libxcb-render.so": ("libxcb-render0", "libxcb", "libxcb", "libxcb-render0"),
    "libxcb-render-util.so": (
        "libxcb-render-util0",
        "xcb-util-renderutil",
        "xcb-util-renderutil",
        "libxcb-render-util0",
    ),
    "libxcb-shape.so": ("libxcb-shape0", "libxcb", "libxcb", "libxcb-shape0"),
    "libxcb-shm.so": ("libxcb-shm0", "libxcb", "libxcb", "libxcb-shm0"),
    "libxcb-sync.so": ("libxcb-sync1", "libxcb", "libxcb", "libxcb-sync1"),
    "libxcb-util.so": ("libxcb-util1", "xcb-util", "xcb-util", "libxcb-util1"),
    "libxcb-xfixes.so": ("libxcb-xfixes0", "libxcb", "libxcb", "libxcb-xfixes0"),
    "libxcb-xkb.so": ("libxcb-xkb1", "libxcb", "libxcb", "libxcb-xkb1"),
    "libwayland-client.so": ("libwayland-client0", "libwayland-client", "wayland", "libwayland-client0"),
    "libwayland-cursor.so": ("libwayland-cursor0", "libwayland-cursor", "wayland", "libwayland-cursor0"),
    "libwayland-egl.so": ("libwayland-egl1", "libwayland-egl", "wayland", "libwayland-egl1"),
    "fonts": ("fonts-dejavu-core", "dejavu-sans-fonts", "ttf-dejavu", "dejavu-fonts"),
}


class Environment(Protocol):
    """What is asked here of the program's environment."""

    folder: Path

    def remembers(self, fact: str) -> object: ...
    def remember(self, **facts: object) -> None: ...


def display() -> str:
    """Return the Qt platform a window can open on: native, xcb or wayland; offscreen where there is none."""
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return "offscreen"
    if not sys.platform.startswith("linux"):
        return "native"
    if _answers(_x_address(os.environ.get("DISPLAY", ""))):
        return "xcb"
    socket_name = os.environ.get("WAYLAND_DISPLAY")
    if socket_name and _answers(str(Path(os.environ.get("XDG_RUNTIME_DIR", "/"), socket_name))):
        return "wayland"
    return "offscreen"


def _x_address(name: str) -> str | tuple[str, int] | None:
    """Return the socket behind an X display name such as ``:0``, ``unix:0`` or ``host:10.0``."""
    found = re.fullmatch(r"(.*):(\d+)(?:\.\d+)?", name)
    if found is None:
        return None
    host, number = found[1], int(found[2])
    return (host, X_TCP_PORT + number) if host not in ("", "unix") else f"/tmp/.X11-unix/X{number}"


def _answers(address: str | tuple[str, int] | None) -> bool:
    if address is None:
        return False
    try:
        if isinstance(address, tuple):
            socket.create_connection(address, timeout=3).close()
            return True
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(3)
            connection.connect(address)
    except OSError:
        return False
    return True


def ensure_venv_module(complete: bool) -> None:
    """Install what Debian splits off from Python, when it is missing, or say which command does.

    Raises:
        SetUpError: it is missing and may not be installed from here.
    """
    if not complete:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        if not _apt_install([package]):
            raise SetUpError("bootstrap.venv-missing", command=f"sudo {MANAGERS['apt-get']} {package}")


def ensure_libraries(environment: Environment, platform: str) -> None:
    """See that Qt finds its system libraries on Linux; install them where that is allowed.

    Raises:
        SetUpError: some are missing; the text holds the one command that installs them.
    """
    known = environment.remembers("libraries")
    checked = known if isinstance(known, list) else []
    if platform in checked or not sys.platform.startswith("linux"):
        return
    missing = missing_libraries(environment.folder, platform)
    if _apt_install(packages_for(missing, "apt-get")):
        missing = missing_libraries(environment.folder, platform)
    if missing:
        command = install_command(missing)
        raise SetUpError("bootstrap.libraries-missing", libraries=", ".join(missing), command=command)
    environment.remember(libraries=[*checked, platform])


def ensure_display_server(environment: Environment) -> None:
    """Install a display without a screen for the tests that open the real window, where that is allowed."""
    if not sys.platform.startswith("linux") or display() != "offscreen" or environment.remembers("display"):
        return
    wanted = [] if shutil.which("Xvfb") else list(DISPLAY_SERVER)
    wanted += packages_for(missing_libraries(environment.folder, "xcb"), "apt-get")
    if not wanted or _apt_install(wanted):
        environment.remember(display=True)
    else:
        say("bootstrap.no-display-server", command=f"sudo {MANAGERS['apt-get']} {shlex.join(wanted)}")


def missing_libraries(environment: Path, platform: str) -> list[str]:
    """Return the names without version of what the linker misses, and ``fonts`` when there is none."""
    ldd = shutil.which("ldd")
    found = sorted(environment.glob("lib/python3.*/site-packages/PySide6"))
    if ldd is None or not found:
        return []
    qt = found[-1]
    files = [*sorted(qt.glob("QtWidgets*.so")), qt / "Qt/plugins/platforms" / PLUGINS[platform]]
    told = subprocess.run(
        [ldd, *filter(Path.exists, files)], capture_output=True, text=True, check=False
    ).stdout
    missing = set(re.findall(r"^\s*(\S+\.so)\S* => not found", told, re.MULTILINE))
    if not any(_has_fonts(Path(folder).expanduser()) for folder in SYSTEM_FONTS):
        missing.add("fonts")
    return sorted(missing)


def _has_fonts(folder: Path) -> bool:
    return any(next(folder.rglob(f"*.{kind}"), None) for kind in ("ttf", "otf", "ttc", "pfb"))


def packages_for(missing: list[str], manager: str) -> list[str]:
    """Return the packages of ``manager`` that hold the missing libraries, as far as they are known."""
    column = list(MANAGERS).index(manager)
    return sorted({PACKAGES[name][column] for name in missing if name in PACKAGES})


def install_command(missing: list[str]) -> str:
    """Return the one command that installs the missing libraries on this system."""
    manager = next((name for name in MANAGERS if shutil.which(name)), "apt-get")
    return f"sudo {MANAGERS[manager]} {shlex.join(packages_for(missing, manager))}"


def _apt_install(packages: list[str]) -> bool:
    """Install by apt-get when it is there and may be used without a question; say whether it succeeded."""
    if not packages or shutil.which("apt-get") is None:
        return False
    prefix = _root_prefix()
    if prefix is None:
        return False
    say("bootstrap.installing-libraries", packages=" ".join(packages))
    settings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [*prefix, *shlex.split(MANAGERS["apt-get"]), *packages]
    if subprocess.call(install, env=settings) == 0:
        return True
    subprocess.call([*prefix, "apt-get", "update"], env=settings)
    return subprocess.call(install, env=settings) == 0


def _root_prefix() -> list[str] | None:
    """Return what goes before a command to run it as root without a question, None when that cannot be."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0:
        return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive"]
    return None
