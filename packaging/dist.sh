#!/usr/bin/env bash
# dist.sh: the release. Makes in build/dist the source, a static binary with its licences, the filled-in recipes and SHA256SUMS, and goes
# through the check list on the way; stops at the first point that does not hold. MEMTRACE_DRAFT=1 lets work in progress through.
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

mkdir -p build
exec 9<build
flock 9 # one at a time
rm -rf "$out"
mkdir "$out"

point "$version has a dated heading in CHANGELOG.md, and nothing newer stands above it"
[ "$released" ] || fail "the first heading of CHANGELOG.md must be '## $version - YYYY-MM-DD'"
if in_git; then
    point "everything is committed"
    [ -z "$(git status --porcelain)" ] || fail "commit first: $(git status --porcelain | head -n 3)"
    point "no tag v$version stands elsewhere"
    tag=$(git rev-parse -q --verify "refs/tags/v$version^{commit}" || :)
    [ -z "$tag" ] || [ "$tag" = "$(git rev-parse HEAD)" ] || fail "v$version is another commit: raise VERSION in the Makefile"
fi

point "the source makes the same archive from the archive itself"
make_tarball "$out/$name.tar.gz"
mkdir "$out/check"
tar -C "$out/check" -xf "$out/$name.tar.gz"
# shellcheck disable=SC2016 # for the inner shell
(cd "$out/check/$name" && env -u SOURCE_DATE_EPOCH bash -euc '. packaging/common.sh; make_tarball "$1"' bash "$out/check/again.tar.gz")
cmp "$out/$name.tar.gz" "$out/check/again.tar.gz"

point "it builds and tests from itself"
(cd "$out/check/$name" && tests/quick.sh >"$out/check/quick.log" 2>&1) || {
    tail -n 20 "$out/check/quick.log" >&2
    exit 1
}

point "its static binary is the same bytes as the one built here, and tells this version"
make -s -j "$(nproc)" static
make -s -j "$(nproc)" -C "$out/check/$name" static
cmp build/static/memtrace "$out/check/$name/build/static/memtrace"
build/static/memtrace --version | grep -qx "memtrace $version"

point "the static binary goes out with what its licences ask for (packaging/static/NOTICE.md)"
package=$name-linux-$machine
doc=$out/check/$package/share/doc/memtrace
make -s install-static DESTDIR="$out/check/$package" PREFIX=
mkdir -p "$doc/licenses"
cp README.md CHANGELOG.md packaging/static/NOTICE.md "$doc"
cp LICENSE "$doc/licenses/memtrace"
cp src/fonts/LICENSE "$doc/licenses/dejavu"
for library in cairo:libcairo2-dev pixman:libpixman-1-dev fontconfig:libfontconfig-dev expat:libexpat1-dev freetype:libfreetype-dev \
    libpng:libpng-dev zlib:zlib1g-dev glibc:libc6-dev; do
    if [ -e "/usr/share/doc/${library#*:}/copyright" ]; then
        cp -L "/usr/share/doc/${library#*:}/copyright" "$doc/licenses/${library%:*}"
    else
        fail "no licence of ${library%:*} here: take it from its source into the archive (on Debian it is in ${library#*:})"
    fi
done
cp /usr/share/common-licenses/LGPL-2.1 "$doc/licenses/" 2>/dev/null || fail "no text of the LGPL 2.1 here"
{
    sed -n 's/^PRETTY_NAME=//p' /etc/os-release
    "${CC:-cc}" --version | head -n 1
    getconf GNU_LIBC_VERSION
    build/static/memtrace --version
} >"$doc/BUILT-ON"
tar -C "$out/check" --sort=name --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -cf - "$package" |
    gzip -9n >"$out/$package.tar.gz"

point "recipes are filled in with the version and the checksum"
sha256=$(sha256sum "$out/$name.tar.gz" | cut -d ' ' -f 1)
mkdir -p "$out/spack/memtrace"
fill SHA256="$sha256" <packaging/spack/package.py >"$out/spack/memtrace/package.py"
fill SHA256="$sha256" <packaging/easybuild/memtrace.eb.in >"$out/memtrace-$version-GCCcore-12.3.0.eb"
fill DATE="$(LC_ALL=C date -u +'%a %b %d %Y' -d "${released:-@$SOURCE_DATE_EPOCH}")" <packaging/memtrace.spec.in >"$out/memtrace.spec"

rm -rf "$out/check"
(cd "$out" && sha256sum -- *.tar.gz >SHA256SUMS)
cat <<END

$out is ready. By hand remain:
- tests/run.sh, tests/bare-debian.sh and make bench on a quiet machine, and a look at the pictures of the README
- git tag -a v$version -m 'memtrace $version'
- the archives, memtrace.spec, spack/ and the .eb file to where people find them
END
