#!/usr/bin/env bash
# deb.sh [OPTION...]: makes a Debian source and binary package of this tree in build/deb with dpkg-buildpackage, whose options
# are passed on (such as -b).
set -eu -o pipefail
cd "$(dirname "$0")/.."
. packaging/common.sh
out=$PWD/build/deb
rm -rf "$out"
mkdir -p "$out"
make_tarball "$out/memtrace_$version.orig.tar.gz"
tar -C "$out" -xf "$out/memtrace_$version.orig.tar.gz"
cp -r packaging/debian "$out/memtrace-$version/debian"
cd "$out/memtrace-$version"
for file in control copyright changelog; do
    fill DATE="$(LC_ALL=C date -u -R -d "${released:-@$SOURCE_DATE_EPOCH}")" <"$OLDPWD/packaging/debian/$file" >"debian/$file"
done
dpkg-buildpackage -us -uc "$@"
