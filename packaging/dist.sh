#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# dist.sh: builds a release in build/dist: source archive, static binaries with their licences, filled-in recipes and SHA256SUMS.
# Prints each point it checks, and stops at the first that fails. With MEMTRACE_DRAFT=1 it only warns about points that a draft may lack:
# the release date, the publisher, a clean tree, the cross compiler. MEMTRACE_QUICK contains arguments for tests/quick.sh.
set -eu -o pipefail
unset MAKEFLAGS MFLAGS MAKELEVEL
cd "$(dirname "$0")/.."
. packaging/common.sh
top=$PWD
out=$top/build/dist
name=memtrace-$version
machine=$(uname -m)

point() { printf '%s\n' "- $1"; }
fail() {
    printf 'dist: %s\n' "$1" >&2
    [ "${MEMTRACE_DRAFT-}" ] || exit 1
}

# Packs a static binary with the scripts, man pages, completions and the licences of everything in it (packaging/static/NOTICE.md).
pack_binary() { # BINARY MACHINE COMPILER DOC-FOLDER GLIBC-PACKAGE [EMULATOR]
    local package=$name-linux-$2 doc=$out/check/$name-linux-$2/share/doc/memtrace library
    make -s install BINARY="$1" DESTDIR="$out/check/$package" PREFIX= >/dev/null
    mkdir -p "$doc/licenses"
    cp README.md CHANGELOG.md packaging/static/NOTICE.md "$doc"
    cp LICENSE "$doc/licenses/memtrace"
    cp src/draw/fonts/LICENSE "$doc/licenses/dejavu"
    for library in cairo:libcairo2-dev pixman:libpixman-1-dev fontconfig:libfontconfig-dev expat:libexpat1-dev \
        freetype:libfreetype-dev libpng:libpng-dev zlib:zlib1g-dev; do
        cp -L "$4/${library#*:}/copyright" "$doc/licenses/${library%:*}" ||
            fail "the licence of ${library%:*} is missing: on Debian it is part of ${library#*:}"
    done
    cp -L "/usr/share/doc/$5/copyright" "$doc/licenses/glibc" || fail "the licence of glibc is missing: on Debian it is part of $5"
    cp /usr/share/common-licenses/LGPL-2.1 "$doc/licenses/" || fail "the text of the LGPL 2.1 is missing"
    {
        sed -n 's/^PRETTY_NAME=//p' /etc/os-release
        "$3" --version | head -n 1
        getconf GNU_LIBC_VERSION
        ${6+"$6"} "$1" --version
    } >"$doc/BUILT-ON"
    tar -C "$out/check" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$package" |
        gzip -9n >"$out/$package.tar.gz"
}

mkdir -p build
exec 9<build
flock 9 # one at a time
rm -rf "$out"
mkdir "$out"

point "packaging/identity.sh names the publisher"
! is_placeholder || fail "fill in the homepage and the maintainer in packaging/identity.sh first: $homepage and $maintainer are placeholders"

point "$version has a dated heading in CHANGELOG.md, and nothing newer is above it; CITATION.cff has the same version and date"
[ "$released" ] || fail "the first heading of CHANGELOG.md must be '## $version - YYYY-MM-DD'"
grep -qx "version: $version" CITATION.cff || fail "CITATION.cff must contain 'version: $version'"
[ ! "$released" ] || grep -qx "date-released: $released" CITATION.cff || fail "CITATION.cff must contain 'date-released: $released'"
if in_git; then
    point "everything is committed"
    [ -z "$(git status --porcelain)" ] || fail "commit first: $(git status --porcelain | head -n 3)"
    point "the tag v$version does not name another commit"
    tag=$(git rev-parse -q --verify "refs/tags/v$version^{commit}" || :)
    [ -z "$tag" ] || [ "$tag" = "$(git rev-parse HEAD)" ] || fail "v$version is another commit: raise VERSION in the Makefile"
fi

point "the unpacked source archive reproduces the archive"
make_tarball "$out/$name.tar.gz"
mkdir "$out/check"
tar -C "$out/check" -xf "$out/$name.tar.gz"
# shellcheck disable=SC2016 # expanded by the inner shell
(cd "$out/check/$name" && env -u SOURCE_DATE_EPOCH bash -euc '. packaging/common.sh; make_tarball "$1"' bash "$out/check/again.tar.gz")
cmp "$out/$name.tar.gz" "$out/check/again.tar.gz"

point "the unpacked source builds and passes the quick tests"
# shellcheck disable=SC2086 # words
(cd "$out/check/$name" && tests/quick.sh ${MEMTRACE_QUICK-} >"$out/check/quick.log" 2>&1) || {
    tail -n 20 "$out/check/quick.log" >&2
    exit 1
}

point "the static binary built from it is identical to the one built here, and prints this version"
make -s -j "$(nproc)" static
CCACHE_DISABLE=1 make -s -j "$(nproc)" -C "$out/check/$name" static # compiled anew, without a cache
cmp build/static/memtrace "$out/check/$name/build/static/memtrace"
build/static/memtrace --version | grep -qx "memtrace $version"

point "the static binary for $machine is packed with all licences (packaging/static/NOTICE.md)"
pack_binary build/static/memtrace "$machine" "${CC:-cc}" /usr/share/doc libc6-dev

if [ "$machine" != aarch64 ]; then
    point "so is the one for aarch64, cross-built and tried in an emulator"
    if command -v aarch64-linux-gnu-gcc >/dev/null && command -v qemu-aarch64-static >/dev/null; then
        make -s -j "$(nproc)" static-aarch64 >"$out/check/aarch64.log" 2>&1 || {
            tail -n 20 "$out/check/aarch64.log" >&2
            exit 1
        }
        build/static/memtrace --quiet examples/nid*-mem.log --total --save "$out/check/here.png"
        qemu-aarch64-static build/static-aarch64/memtrace --quiet examples/nid*-mem.log --total --save "$out/check/emulated.png"
        cmp "$out/check/here.png" "$out/check/emulated.png"
        pack_binary build/static-aarch64/memtrace aarch64 aarch64-linux-gnu-gcc build/arm64/usr/share/doc libc6-dev-arm64-cross \
            qemu-aarch64-static
    else
        fail "no binary for aarch64: that needs gcc-aarch64-linux-gnu, libc6-dev-arm64-cross and qemu-user-static"
    fi
fi

point "the recipes are filled in with the version and the checksum"
sha256=$(sha256sum "$out/$name.tar.gz" | cut -d ' ' -f 1)
mkdir -p "$out/spack/memtrace" "$out/conda"
fill SHA256="$sha256" <packaging/spack/package.py >"$out/spack/memtrace/package.py"
fill SHA256="$sha256" <packaging/conda/meta.yaml >"$out/conda/meta.yaml"
fill SHA256="$sha256" <packaging/easybuild/memtrace.eb.in >"$out/memtrace-$version-GCCcore-12.3.0.eb"
fill DATE="$(LC_ALL=C date -u +'%a %b %d %Y' -d "${released:-@$SOURCE_DATE_EPOCH}")" <packaging/memtrace.spec.in >"$out/memtrace.spec"

rm -rf "$out/check"
(cd "$out" && sha256sum -- *.tar.gz >SHA256SUMS)
cat <<END

$out is ready. What remains to be done by hand:
- run tests/run.sh, tests/bare-debian.sh all, and make bench on a quiet machine; look at the plots in the README
- git tag -a v$version -m 'memtrace $version', and push the tag: .github/workflows/release.yml publishes the same files
- submit the recipes (spack/, conda/, the .eb file, memtrace.spec) to their collections
END
