"""What is no plain file, or not reachable: pipes, devices, links, names."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

from tests.hostile.kinds import Hostile, holding

GOOD_NAMES = (
    "zeile\numbruch.txt",
    "rechts\u202enach\u200flinks.txt",
    "🚀 Rakete é.txt",
    "ä" * 125 + "b.txt",
    "#raute %20 'anführung\".txt",
    " leerzeichen .txt",
    "GROSS.TXT",
)
"""Legal names, however odd; the last but three has 255 bytes."""


def _socket(path: Path) -> None:
    # A socket's name is short by law of the system: bind through the folder's descriptor.
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as held:
            held.bind(f"/proc/self/fd/{folder}/{path.name}")
    finally:
        os.close(folder)


def _unreadable(path: Path) -> None:
    if os.geteuid() == 0:
        raise PermissionError  # root reads everything
    path.write_text("Geheim.")
    path.chmod(0)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _link_to(name: str) -> Callable[[Path], object]:
    return lambda path: path.symlink_to(name)


def _leaves(path: Path) -> None:
    target = path.parent.parent / f"{path.parent.name}-draussen.txt"
    target.write_text("Draußen.")
    path.symlink_to(target)


def _bad_name(path: Path) -> None:
    name = os.fsencode(path.parent) + b"/f\xfc\xdf.txt"
    descriptor = os.open(name, os.O_CREAT | os.O_WRONLY)
    os.close(descriptor)


FILESYSTEM = (
    Hostile("rohr.txt", lambda path: os.mkfifo(path), "named pipe"),
    Hostile("rohr.pdf", lambda path: os.mkfifo(path), "named pipe"),
    Hostile("buchse.txt", _socket, "is a socket"),
    Hostile(
        "geraet.txt", lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5)), "device"
    ),
    Hostile("unlesbar.txt", _unreadable, "give this user permission"),
    Hostile("selbst.txt", _loop, "leads in a circle"),
    Hostile("kreis-a.txt", _link_to("kreis-b.txt"), "leads in a circle"),
    Hostile("kreis-b.txt", _link_to("kreis-a.txt"), "leads in a circle"),
    Hostile("hinaus.txt", _leaves, "leaves the seeds folder"),
    Hostile("nirgends.txt", _link_to("gibt-es-nicht.txt"), "leads nowhere"),
    Hostile("verweis.txt", _link_to("leer.txt"), "read under its own name"),
    Hostile("ordner", _link_to("/usr"), "leaves the seeds folder"),
    Hostile("wurzel", _link_to("."), "read under its own name"),
    Hostile("f\udcfc\udcdf.txt", _bad_name, "not valid UTF-8"),
    Hostile("lied.mp3", holding(b"ID3"), "format .mp3 is not read"),
    Hostile("bild.\u202egnp", holding(b"x"), r"format .\u202egnp is not read"),
    Hostile("ohne-endung", holding("Text."), "no ending"),
    Hostile("unter/tief/leer.txt", holding(b""), "is empty"),
)
