#!/usr/bin/env bash
# rpm.sh [OPTION...]: makes RPM source and binary packages of this tree in build/rpm with rpmbuild, whose options are passed on.
set -eu -o pipefail
cd "$(dirname "$0")/.."
. packaging/common.sh
out=$PWD/build/rpm
rm -rf "$out"
mkdir -p "$out"
make_tarball "$out/memtrace-$version.tar.gz"
fill DATE="$(LC_ALL=C date -u +'%a %b %d %Y' -d "${released:-@$SOURCE_DATE_EPOCH}")" <packaging/memtrace.spec.in >"$out/memtrace.spec"
rpmbuild --define "_topdir $out" --define "_sourcedir $out" --define "_rpmdir $out" --define "_srcrpmdir $out" "$@" -ba "$out/memtrace.spec"
