"""recipes.py spack|easybuild FILE SOURCE FOLDER: what the recipe FILE makes of the unpacked SOURCE, installed into FOLDER.

Stands in for Spack and EasyBuild as far as the recipes use them: the recipe's own words are given to make, and what it promises is looked for.
"""

import os
import subprocess
import sys
import types


def make(source, *words):
    subprocess.run(["make", "-s", "-j2", *words], cwd=source, check=True)


def run_spack(recipe, source, folder):
    told = {"version": [], "depends_on": []}

    class MakefilePackage:
        prefix = folder

    module = types.ModuleType("spack.package")
    module.MakefilePackage = MakefilePackage
    module.license = lambda name: None
    module.version = lambda name, sha256: told["version"].append((name, sha256))
    module.depends_on = lambda spec, type=("build", "link"): told["depends_on"].append(spec)
    sys.modules["spack"] = types.ModuleType("spack")
    sys.modules["spack.package"] = module
    names = {}
    with open(recipe, encoding="utf-8") as text:
        exec(compile(text.read(), recipe, "exec"), names)
    package = names["Memtrace"]()
    make(source, *package.build_targets)
    make(source, *package.install_targets)
    return told["version"][0]


def run_easybuild(recipe, source, folder):
    names = {"SOURCE_TAR_GZ": "%(name)s-%(version)s.tar.gz"}
    with open(recipe, encoding="utf-8") as text:
        exec(compile(text.read(), recipe, "exec"), names)
    if "configure" not in names["skipsteps"] or names["easyblock"] != "ConfigureMake":
        sys.exit("this is not how make is called")
    make(source, *names["buildopts"].split())
    make(source, *(names["installopts"] % {"installdir": folder}).split(), "install")
    for file in names["sanity_check_paths"]["files"]:
        if not os.path.isfile(os.path.join(folder, file)):
            sys.exit(f"{file} is missing")
    for path in names["sanity_check_paths"]["dirs"]:
        if not os.path.isdir(os.path.join(folder, path)):
            sys.exit(f"{path} is missing")
    for command in names["sanity_check_commands"]:
        subprocess.run(command, shell=True, check=True, stdout=subprocess.DEVNULL,
                       env={"PATH": os.path.join(folder, "bin")})
    return names["version"], names["checksums"][0]


if __name__ == "__main__":
    runner = {"spack": run_spack, "easybuild": run_easybuild}[sys.argv[1]]
    print(*runner(*sys.argv[2:]))
