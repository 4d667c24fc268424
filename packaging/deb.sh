#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# deb.sh [OPTION...]: builds a Debian source and binary package of this tree in build/deb. Options such as -b are passed on to
# dpkg-buildpackage.
set -eu -o pipefail
cd "$(dirname "$0")/.."
. packaging/common.sh
need "make deb" dpkg-buildpackage:dpkg-dev dh:debhelper gcc:build-essential make:make pkg-config:pkg-config
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
find "$out" -maxdepth 1 -name '*.deb' -printf 'built %p\n'
