#!/usr/bin/env bats
# The release and the packages: what can be built here is built.
# shellcheck disable=SC2154,SC2016

load cli_helpers
bats_require_minimum_version 1.5.0

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    cd "$root" || return 1
    MEMTRACE_DRAFT=1 make -s dist >"$BATS_FILE_TMPDIR/dist.out" 2>"$BATS_FILE_TMPDIR/dist.err" || {
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

@test "make dist goes through its check list, from an archive that makes itself to recipes filled in" {
    is "points" "$(grep -c '^- .*' "$BATS_FILE_TMPDIR/dist.out" || :)" "$([ -e "$root/.git" ] && echo 11 || echo 9)"
    (cd "$dist" && sha256sum --quiet -c SHA256SUMS)
    tar -xf "$dist/memtrace-$version-linux-$(uname -m).tar.gz"
    cd memtrace-"$version"-linux-*
    bin/memtrace --version | grep -q "^memtrace $version"
    for name in memtrace dejavu cairo pixman fontconfig expat freetype libpng zlib glibc LGPL-2.1; do
        [ -s "share/doc/memtrace/licenses/$name" ] || { echo "no licence of $name"; false; }
    done
    if grep -rq '@[A-Z0-9]*@' "$dist"/*.spec "$dist"/*.eb "$dist/spack"; then
        echo "a recipe is not filled in"
        false
    fi
}

@test "the release stops where the changes are not dated or the version is taken" {
    tar -xf "$dist/memtrace-$version.tar.gz"
    cd memtrace-"$version"
    sed -i "0,/^## .*/s//## Unreleased/" CHANGELOG.md
    run -1 packaging/dist.sh
    [[ $output == *"dist: the first heading of CHANGELOG.md must be '## $version - YYYY-MM-DD'" ]]
    sed -i "0,/^## .*/s//## $version - 2026-11-24/" CHANGELOG.md
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

@test "the Debian package builds, lintian finds nothing, and it holds what is to be installed" {
    DEB_BUILD_OPTIONS='nocheck noopt parallel=2' make -s -C "$root" deb >log 2>&1 || {
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

@test "the RPM package builds and holds the same" {
    # The packages that it asks for have other names here.
    "$root/packaging/rpm.sh" --nodeps --without check --define 'optflags -O0' --define 'debug_package %{nil}' >log 2>&1 || {
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

@test "the recipes of Spack and EasyBuild build and install the source of the release" {
    tar -xf "$dist/memtrace-$version.tar.gz"
    sum=$(sha256sum <"$dist/memtrace-$version.tar.gz" | cut -d ' ' -f 1)
    export CFLAGS=-O0
    is spack "$(python3 "$root/tests/recipes.py" spack "$dist/spack/memtrace/package.py" "memtrace-$version" "$scratch/spack")" "$version $sum"
    is easybuild "$(python3 "$root/tests/recipes.py" easybuild "$dist"/*.eb "memtrace-$version" "$scratch/easybuild")" "$version $sum"
    diff -r spack easybuild
    [ -x spack/bin/memtrace-slurm ]
}

@test "the environment module adds memtrace and takes it away again" {
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
