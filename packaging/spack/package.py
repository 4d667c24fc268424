# SPDX-License-Identifier: MIT
# Spack recipe for var/spack/repos/builtin/packages/memtrace/ or your own repository. `make dist` fills it in.
from spack.package import *


class Memtrace(MakefilePackage):
    """Plot the memory of one or many nodes over time from logs of free(1), with a one-line summary."""

    homepage = "@HOMEPAGE@"
    url = "@DOWNLOAD@/memtrace-@VERSION@.tar.gz"

    license("MIT")

    version("@VERSION@", sha256="@SHA256@")

    depends_on("c", type="build")
    depends_on("pkgconfig", type="build")
    depends_on("cairo+ft+pdf+svg")
    depends_on("freetype")
    depends_on("libpng")
    depends_on("zlib-api")
    depends_on("procps", type="run")
    depends_on("bash", type="run")

    @property
    def install_targets(self):
        return [f"PREFIX={self.prefix}", "install"]
