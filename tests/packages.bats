#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The release and the packages: builds everything that can be built here.
# shellcheck disable=SC2154,SC2016,SC2103

load cli_helpers
bats_require_minimum_version 1.5.0

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    cd "$root" || return 1
    # What tests/run.sh has compiled with its CFLAGS is in its cache; without it, -O0 takes least.
    export CFLAGS=${CFLAGS--O0}
    # The tests of the command line are a separate suite, so one of them is enough here.
    MEMTRACE_QUICK='--filter version' MEMTRACE_DRAFT=1 make -s dist >"$BATS_FILE_TMPDIR/dist.out" 2>"$BATS_FILE_TMPDIR/dist.err" || {
        cat "$BATS_FILE_TMPDIR"/dist.*
        return 1
    }
}
setup() {
    setup_scratch
    dist=$root/build/dist
    version=$(sed -n 's/^VERSION *= *//p' "$root/Makefile")
}
teardown() { teardown_scratch; }

# Prints the messages of the last draft.
drafted() { cat "$BATS_FILE_TMPDIR/dist.out" "$BATS_FILE_TMPDIR/dist.err"; }

@test "make dist checks every point and writes archives, checksums and filled-in recipes" {
    local machine
    is "points" "$(grep -c '^- .*' "$BATS_FILE_TMPDIR/dist.out" || :)" "$([ -e "$root/.git" ] && echo 13 || echo 11)"
    (cd "$dist" && sha256sum --quiet --strict -c SHA256SUMS)
    for machine in x86_64 aarch64; do
        [ -e "$dist/memtrace-$version-linux-$machine.tar.gz" ] || {
            drafted | grep "^dist: no binary for $machine: " # a draft may lack the cross-built one
            continue
        }
        grep -q " memtrace-$version-linux-$machine.tar.gz$" "$dist/SHA256SUMS"
        tar -xf "$dist/memtrace-$version-linux-$machine.tar.gz"
        cd "memtrace-$version-linux-$machine"
        [ "$machine" != "$(uname -m)" ] || bin/memtrace --version | grep -q "^memtrace $version"
        file -b bin/memtrace | grep -q "static.*, stripped"
        file -b bin/memtrace | tr - _ | grep -qi "$machine"
        [ -x bin/memtrace-run ] && [ -x bin/memtrace-slurm ] && [ -s share/man/man1/memtrace.1 ]
        for name in memtrace dejavu cairo pixman fontconfig expat freetype libpng zlib glibc LGPL-2.1; do
            [ -s "share/doc/memtrace/licenses/$name" ] || { echo "no licence of $name"; false; }
        done
        cd ..
    done
    if grep -rq '@[A-Z0-9_]*@' "$dist"/*.spec "$dist"/*.eb "$dist/spack" "$dist/conda"; then
        echo "a recipe is not filled in"
        false
    fi
}

@test "for 64-bit Arm every file compiles with -O2; those that the cross-built binary has with -Os did not once" {
    local file objects=()
    type -P aarch64-linux-gnu-gcc >/dev/null || skip "aarch64-linux-gnu-gcc is not installed"
    # Headers of the libraries, which do not depend on the machine, without those of this machine's C library.
    mkdir include
    for file in /usr/include/{cairo,freetype2,libpng16,png.h,pngconf.h,pnglibconf.h,zlib.h,zconf.h} /usr/include/*/zconf.h; do
        [ ! -e "$file" ] || ln -sf "$file" include/
    done
    for file in "$root"/src/{analysis,base,cli,figure,freelog/other,page,term}/*.c; do
        file=${file#"$root/src/"}
        objects+=("$scratch/objects/${file%.c}.o")
    done
    make -s -j2 -C "$root" BUILD="$scratch/objects" BINARY="$scratch/objects/memtrace" CC=aarch64-linux-gnu-gcc CFLAGS=-O2 \
        PACKAGE_CFLAGS="-I$scratch/include/cairo -I$scratch/include/freetype2 -I$scratch/include/libpng16 -isystem $scratch/include" \
        "${objects[@]}"
}

@test "make dist refuses placeholders for homepage and maintainer, which only packaging/identity.sh contains" {
    # shellcheck disable=SC1091
    homepage=$(. "$root/packaging/identity.sh" && echo "$homepage")
    cp -r "$dist/." .
    tar -xf "memtrace-$version.tar.gz"
    cd "memtrace-$version"
    is "files with the homepage" "$(grep -rlF "${homepage#https://}" . | grep -v '^./build/')" ./packaging/identity.sh
    for line in 'homepage=https://www.example.org/memtrace' 'homepage=' 'maintainer_email=me@example.com' 'maintainer_name='; do
        printf '%s\n' homepage=https://tools.uni.test/memtrace 'maintainer_name="Ada L."' maintainer_email=ada@uni.test "$line" \
            >packaging/identity.sh
        run -1 packaging/dist.sh
        [[ $output == *"dist: fill in the homepage and the maintainer in packaging/identity.sh first: "* ]]
    done
    sed -i '$d' packaging/identity.sh
    bash -euc '. packaging/common.sh; fails() { ! "$@"; }; fails is_placeholder
        is_filled() { fill SHA256=0 <"$1" | grep -qF "$2"; }
        is_filled packaging/spack/package.py "url = \"https://tools.uni.test/memtrace/releases/download/v$version/memtrace-$version.tar.gz\""
        is_filled packaging/debian/control "Maintainer: Ada L. <ada@uni.test>"
        is_filled packaging/conda/meta.yaml "home: https://tools.uni.test/memtrace"'
}

@test "make dist stops if the changes are not dated, the version is taken or CITATION.cff disagrees" {
    tar -xf "$dist/memtrace-$version.tar.gz"
    cd memtrace-"$version"
    printf '%s\n' homepage=https://tools.uni.test/memtrace maintainer_name=Ada maintainer_email=ada@uni.test >packaging/identity.sh
    sed -i "0,/^## .*/s//## Unreleased/" CHANGELOG.md
    run -1 packaging/dist.sh
    [[ $output == *"dist: the first heading of CHANGELOG.md must be '## $version - YYYY-MM-DD'" ]]
    sed -i "0,/^## .*/s//## $version - 2026-11-24/" CHANGELOG.md
    sed -i "s/^date-released: .*/date-released: 2026-11-23/" CITATION.cff
    run -1 packaging/dist.sh
    [[ $output == *"dist: CITATION.cff must contain 'date-released: 2026-11-24'" ]]
    sed -i "s/^date-released: .*/date-released: 2026-11-24/" CITATION.cff
    git init -q .
    git add -A
    git -c user.name=a -c user.email=a@example.org commit -q -m one
    git tag "v$version"
    git -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m two
    run -1 packaging/dist.sh
    [[ $output == *"dist: v$version is another commit: raise VERSION in the Makefile" ]]
    echo more >>README.md
    run -1 packaging/dist.sh
    [[ $output == *"dist: commit first:  M README.md" ]]
}

@test "the Debian package builds, satisfies lintian, and contains every file" {
    DEB_CFLAGS_SET=$CFLAGS DEB_CPPFLAGS_SET='' DEB_BUILD_OPTIONS='nocheck noautodbgsym parallel=2' make -s -C "$root" deb >log 2>&1 || {
        tail -n 20 log
        false
    }
    lintian --allow-root --fail-on error,warning "$root"/build/deb/*.changes 2>&1 | grep -v '^N:' >said || :
    is lintian "$(cat said)" ""
    dpkg-deb -c "$root"/build/deb/memtrace_*.deb | awk '$1 !~ /^d/ { print $6 }' | sort >files
    is files "$(cat files)" "./usr/bin/memtrace
./usr/bin/memtrace-run
./usr/bin/memtrace-slurm
./usr/share/bash-completion/completions/memtrace
./usr/share/bash-completion/completions/memtrace-run
./usr/share/bash-completion/completions/memtrace-slurm
./usr/share/doc/memtrace/README.md.gz
./usr/share/doc/memtrace/changelog.Debian.gz
./usr/share/doc/memtrace/changelog.gz
./usr/share/doc/memtrace/copyright
./usr/share/fish/vendor_completions.d/memtrace-run.fish
./usr/share/fish/vendor_completions.d/memtrace-slurm.fish
./usr/share/fish/vendor_completions.d/memtrace.fish
./usr/share/lintian/overrides/memtrace
./usr/share/man/man1/memtrace-run.1.gz
./usr/share/man/man1/memtrace-slurm.1.gz
./usr/share/man/man1/memtrace.1.gz
./usr/share/zsh/vendor-completions/_memtrace"
    dpkg-deb -x "$root"/build/deb/memtrace_*.deb deb
    deb/usr/bin/memtrace --version | grep -qx "memtrace $version"
}

@test "the RPM package builds and contains the same files" {
    # Debian has other names for its build requirements.
    "$root/packaging/rpm.sh" --nodeps --without check --define "optflags $CFLAGS" --define 'debug_package %{nil}' >log 2>&1 || {
        tail -n 20 log
        false
    }
    rpmspec -P "$root/build/rpm/memtrace.spec" >/dev/null
    package=$(echo "$root"/build/rpm/*/memtrace-"$version"-*.rpm)
    rpm -qp --requires "$package" | grep -qx /usr/bin/free
    rpm -qlp "$package" | sed -n 's|^/usr/||; /^bin\|^share\/[bfmz]/p' | sort >files
    make -s -C "$root" install DESTDIR="$scratch/stage" PREFIX=/usr
    (cd stage/usr && find . -type f -printf '%P\n' | sort) | cmp - files
    rpm2cpio "$package" | (cd "$scratch" && cpio -id --quiet)
    usr/bin/memtrace --version | grep -qx "memtrace $version"
    [ -s "usr/share/licenses/memtrace-$version/LICENSE.fonts" ]
}

@test "the recipes of Spack, EasyBuild and conda build and install the source of the release" {
    tar -xf "$dist/memtrace-$version.tar.gz"
    sum=$(sha256sum <"$dist/memtrace-$version.tar.gz" | cut -d ' ' -f 1)
    is spack "$(python3 "$root/tests/recipes.py" spack "$dist/spack/memtrace/package.py" "memtrace-$version" "$scratch/spack")" "$version $sum"
    is easybuild "$(python3 "$root/tests/recipes.py" easybuild "$dist"/*.eb "memtrace-$version" "$scratch/easybuild")" "$version $sum"
    is conda "$(python3 "$root/tests/recipes.py" conda "$dist"/conda/meta.yaml "memtrace-$version" "$scratch/conda")" "$version $sum"
    diff -r spack easybuild
    diff -r spack conda
    [ -x spack/bin/memtrace-slurm ]
}

@test "the environment module adds and removes memtrace" {
    make -s -C "$root" install modulefile PREFIX="$scratch/apps"
    mkdir -p modulefiles/memtrace
    cp "$root/build/modulefile" "modulefiles/memtrace/$version"
    for init in /usr/share/modules/init/bash /usr/share/lmod/lmod/init/bash; do
        [ ! -e "$init" ] || break
    done
    bash -c '. "$1"
        module use "$2/modulefiles"
        before=$PATH
        set -e
        module load memtrace
        [ "$(command -v memtrace-run)" = "$2/apps/bin/memtrace-run" ]
        man -w memtrace | grep -q "^$2/apps/share/man/"
        module unload memtrace
        [ "$PATH" = "$before" ]' bash "$init" "$scratch"
}

@test "make deb and make rpm name the tools that are missing" {
    mkdir bin
    for tool in bash dirname sed git stat env sh make; do
        ln -s "$(type -P "$tool")" "bin/$tool"
    done
    run -1 env PATH="$scratch/bin" "$root/packaging/deb.sh"
    is deb "$output" "make deb needs: dpkg-buildpackage (Debian package dpkg-dev), dh (Debian package debhelper), gcc (Debian package build-essential), pkg-config (Debian package pkg-config)"
    run -1 env PATH="$scratch/bin" "$root/packaging/rpm.sh"
    is rpm "$output" "make rpm needs: rpmbuild (Debian package rpm)"
}

# Writes the shell commands of a workflow to files run.N, one per step.
steps_of() { # FILE
    python3 - "$1" <<'END'
import re, sys, yaml
with open(sys.argv[1], encoding="utf-8") as text:
    workflow = yaml.safe_load(text)
number = 0
for job in workflow["jobs"].values():
    for step in job["steps"]:
        if ("run" in step) == ("uses" in step):
            sys.exit(f"a step must have either run or uses: {step}")
        if "uses" in step and not re.fullmatch(r"actions/[a-z-]+@v\d+", step["uses"]):
            sys.exit(f"not a pinned action of GitHub's own: {step['uses']}")
        if "run" in step:
            number += 1
            with open(f"run.{number}", "w", encoding="utf-8") as file:
                file.write("#!/bin/sh -e\n" + re.sub(r"\${{.*?}}", "EXPRESSION", step["run"]) + "\n")
END
}

@test "the workflows call .ci/run and make dist, and their commands and files exist" {
    for name in ci release; do
        mkdir "$name"
        cd "$name"
        steps_of "$root/.github/workflows/$name.yml"
        shellcheck run.*
        cat run.* >all
        for file in $(grep -oE '(\.|tests|packaging)/[a-z./-]*[a-z]' all | sort -u); do
            [ -e "$root/$file" ] || { echo "$file is missing"; false; }
        done
        for target in $(sed -nE 's/^make ([a-z-]+)$/\1/p' all); do
            make -n -C "$root" "$target" >/dev/null
        done
        cd ..
    done
    grep -qx '.ci/run' ci/all
    grep -qx 'make dist' release/all
    grep -q 'sha256sum .*SHA256SUMS' release/all
}

@test "the issue form asks for memtrace -V and ten lines of the log; SECURITY.md and CITATION.cff are complete" {
    python3 - "$root" "$version" <<'END'
import sys, yaml
root, version = sys.argv[1:]
def load(name):
    with open(f"{root}/{name}", encoding="utf-8") as text:
        return yaml.safe_load(text)
form = load(".github/ISSUE_TEMPLATE/bug.yml")
required = {part["id"]: part for part in form["body"] if part.get("validations", {}).get("required")}
assert "memtrace -V" in required["version"]["attributes"]["description"]
assert "ten lines" in required["log"]["attributes"]["label"].lower()
load(".github/ISSUE_TEMPLATE/idea.yml")
load(".github/ISSUE_TEMPLATE/config.yml")
citation = load("CITATION.cff")
for key in ("cff-version", "title", "message", "authors", "license", "date-released"):
    assert citation.get(key), key
assert citation["version"] == version
END
    grep -q 'untrusted' "$root/SECURITY.md"
    grep -q 'packaging/identity.sh' "$root/SECURITY.md"
}

@test "the Apptainer definition has its sections, and copies what it installs" {
    definition=$root/packaging/apptainer.def
    for section in files post environment runscript test labels help; do
        grep -qE "^%$section" "$definition"
    done
    # Both %post scripts are valid shell, and the build stage makes the files that the final stage copies.
    awk '/^%/ { on = $1 == "%post"; if (on) { n++; print "#!/bin/sh -e" > ("post." n) } next } on && /^ / { print > ("post." n) }' "$definition"
    [ -s post.1 ] && [ -s post.2 ]
    shellcheck post.1 post.2
    grep -q 'make install-static DESTDIR=/stage PREFIX=/usr/local' post.1
    grep -q '/stage/usr/local /usr' "$definition"
}
