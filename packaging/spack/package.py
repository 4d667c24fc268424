# Spack recipe; belongs into var/spack/repos/builtin/packages/memtrace/ or a repository of your own. `make dist` fills it in.
from spack.package import *


class Memtrace(MakefilePackage):
    """Draw the memory of one or many nodes over time from logs of free -s, as one picture and one line."""

    homepage = "@HOMEPAGE@"
    url = "@HOMEPAGE@/memtrace-@VERSION@.tar.gz"

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
    def build_targets(self):
        return ["WERROR="]

    @property
    def install_targets(self):
        return ["WERROR=", f"PREFIX={self.prefix}", "install"]
