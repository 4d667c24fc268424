#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""fake_terminal.py KIND OUT COMMAND...: runs a command in a pseudo-terminal of 80x24 that answers queries like a terminal of this kind
(kitty, iterm, sixel, xterm, linux; silent never answers), and writes everything it receives to OUT. Exits with the command's status."""
import os
import pty
import sys
import termios
import fcntl
import struct

KIND, OUT, COMMAND = sys.argv[1], sys.argv[2], sys.argv[3:]
DA1 = {"kitty": b"\033[?62;c", "iterm": b"\033[?62;4c", "sixel": b"\033[?64;4;22c", "xterm": b"\033[?1;2c", "linux": b"\033[?6c"}
ANSWERS = [
    (b"\033[c", DA1.get(KIND, b"")),
    (b"\033_Gi=31,", b"\033_Gi=31;OK\033\\" if KIND == "kitty" else b""),
    (b"\033[>0q", {"kitty": b"\033P>|kitty(0.35.2)\033\\", "iterm": b"\033P>|iTerm2 3.5.0\033\\"}.get(KIND, b"")),
    (b"\033]11;?\033\\", b"\033]11;rgb:ffff/ffff/f0f0\033\\" if KIND != "silent" else b""),
]

child, master = pty.fork()
if child == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execvp(COMMAND[0], COMMAND)
fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
got, looked = b"", 0
while True:
    try:
        piece = os.read(master, 65536)
    except OSError:
        break
    if not piece:
        break
    got += piece
    # Queries are answered in their order.
    while True:
        found = [(got.find(question, looked), question, answer) for question, answer in ANSWERS]
        found = sorted(f for f in found if f[0] >= 0)
        if not found:
            break
        looked = found[0][0] + len(found[0][1])
        os.write(master, found[0][2])
with open(OUT, "wb") as file:
    file.write(got)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
