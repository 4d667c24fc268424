#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# rpm.sh [OPTION...]: builds RPM source and binary packages of this tree in build/rpm. Options are passed on to rpmbuild.
set -eu -o pipefail
cd "$(dirname "$0")/.."
. packaging/common.sh
need "make rpm" rpmbuild:rpm
out=$PWD/build/rpm
rm -rf "$out"
mkdir -p "$out"
make_tarball "$out/memtrace-$version.tar.gz"
fill DATE="$(LC_ALL=C date -u +'%a %b %d %Y' -d "${released:-@$SOURCE_DATE_EPOCH}")" <packaging/memtrace.spec.in >"$out/memtrace.spec"
rpmbuild --define "_topdir $out" --define "_sourcedir $out" --define "_rpmdir $out" --define "_srcrpmdir $out" "$@" -ba "$out/memtrace.spec"
find "$out" -name '*.rpm' -printf 'built %p\n'
