# SPDX-License-Identifier: MIT
"""peer_matplotlib.py INTERVAL OUT.png LOG...: draws the same plot as memtrace with matplotlib."""
import os
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

interval, out = float(sys.argv[1]), sys.argv[2]
figure, axes = plt.subplots(figsize=(12, 6.75), dpi=100)
for log in sys.argv[3:]:
    with open(log) as lines:
        used = [int(line.split()[2]) / 1048576 for line in lines if line.startswith("Mem:")]
    name = os.path.basename(log).replace("-mem.log", "")
    axes.plot([i * interval / 60 for i in range(len(used))], used, label=name)
axes.set_xlabel("elapsed time [min]")
axes.set_ylabel("GiB")
axes.set_ylim(bottom=0)
axes.grid(axis="y")
axes.legend()
figure.savefig(out)
