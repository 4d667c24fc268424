# SPDX-License-Identifier: MIT
"""recipes.py spack|easybuild|conda FILE SOURCE FOLDER: builds the unpacked SOURCE with the recipe FILE and installs it into FOLDER.

Stands in for Spack, EasyBuild and conda as far as the recipes use them: it passes the recipe's arguments to make and checks that
everything the recipe promises is installed. Prints the recipe's version and checksum.
"""

import os
import re
import subprocess
import sys
import types


def make(source, *words):
    subprocess.run(["make", "-s", "-j2", *words], cwd=source, check=True, stdout=subprocess.DEVNULL)


def run_spack(recipe, source, folder):
    declared = {"version": [], "depends_on": []}

    class MakefilePackage:
        prefix = folder
        build_targets = []

    module = types.ModuleType("spack.package")
    module.MakefilePackage = MakefilePackage
    module.license = lambda name: None
    module.version = lambda name, sha256: declared["version"].append((name, sha256))
    module.depends_on = lambda spec, type=("build", "link"): declared["depends_on"].append(spec)
    sys.modules["spack"] = types.ModuleType("spack")
    sys.modules["spack.package"] = module
    names = {}
    with open(recipe, encoding="utf-8") as text:
        exec(compile(text.read(), recipe, "exec"), names)
    package = names["Memtrace"]()
    make(source, *package.build_targets)
    make(source, *package.install_targets)
    return declared["version"][0]


def run_easybuild(recipe, source, folder):
    names = {"SOURCE_TAR_GZ": "%(name)s-%(version)s.tar.gz"}
    with open(recipe, encoding="utf-8") as text:
        exec(compile(text.read(), recipe, "exec"), names)
    if "configure" not in names["skipsteps"] or names["easyblock"] != "ConfigureMake":
        sys.exit("this stand-in does not cover how the recipe calls make")
    make(source, *names.get("buildopts", "").split())
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


def run_conda(recipe, source, folder):
    import yaml

    with open(recipe, encoding="utf-8") as file:
        text = file.read()
    version = re.search(r'{% set version = "(.*)" %}', text).group(1)
    text = re.sub(r"{%.*%}", "", text)
    text = text.replace("{{ version }}", version)
    text = re.sub(r'{{ (compiler|stdlib)\("c"\) }}', r"\1-c", text)
    meta = yaml.safe_load(text)
    needed = {"cairo", "freetype", "libpng", "zlib"}
    if set(meta["requirements"]["host"]) != needed:
        sys.exit(f"the host requirements are not {needed}")
    environment = dict(os.environ, PREFIX=folder, CPU_COUNT="2")
    for command in meta["build"]["script"]:
        subprocess.run(["bash", "-euc", command], cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL)
    environment["PATH"] = os.path.join(folder, "bin") + ":" + os.environ["PATH"]
    for command in meta["test"]["commands"]:
        subprocess.run(["bash", "-euc", command], cwd=source, env=environment, check=True, stdout=subprocess.DEVNULL)
    for file in meta["about"]["license_file"]:
        if not os.path.isfile(os.path.join(source, file)):
            sys.exit(f"{file} is missing")
    if not meta["source"]["url"].endswith(f"/v{version}/memtrace-{version}.tar.gz"):
        sys.exit("the source is not that of the release")
    return version, meta["source"]["sha256"]


if __name__ == "__main__":
    runner = {"spack": run_spack, "easybuild": run_easybuild, "conda": run_conda}[sys.argv[1]]
    print(*runner(*sys.argv[2:]))
