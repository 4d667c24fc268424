#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/arm64.sh: builds the unit tests for 64-bit Arm, where NEON parses numbers, and runs them under QEMU. Needs Debian with
# gcc-aarch64-linux-gnu and qemu-user-static, and downloads Debian's arm64 packages into build/arm64-tests. Takes some minutes.
set -eu
cd "$(dirname "$0")/.."
root=$PWD/build/arm64-tests
[ -e "$root/complete" ] || packaging/static/fetch.sh arm64 "$root" \
    lib{cairo2,expat1,fontconfig,freetype,pixman-1,png,cmocka}-dev zlib1g-dev zlib1g libcairo2 libcmocka0 libexpat1 libfontconfig1 \
    libfreetype6 libpixman-1-0 libpng16-16 libbrotli1 libxcb1 libxcb-render0 libxcb-shm0 libx11-6 libxrender1 libxext6 libxau6 \
    libxdmcp6 libbsd0 libmd0
libraries=$root/usr/lib/aarch64-linux-gnu
make -s -j "$(nproc)" all units BUILD=build/arm64-units BINARY=build/arm64-units/memtrace \
    CC=aarch64-linux-gnu-gcc AR=aarch64-linux-gnu-ar \
    PACKAGE_CFLAGS="-I$root/usr/include/cairo -I$root/usr/include/freetype2 -I$root/usr/include/libpng16 -isystem $root/usr/include" \
    PACKAGE_LIBS="-L$libraries -Wl,-rpath-link,$libraries:$root/lib/aarch64-linux-gnu -lcairo -lfreetype -lpng16 -lz"
emulate() {
    qemu-aarch64-static -L /usr/aarch64-linux-gnu -E "LD_LIBRARY_PATH=$libraries:$root/lib/aarch64-linux-gnu" "$@"
}
failed=0
for source in tests/*/test_*.c; do
    echo "== $source"
    emulate "build/arm64-units/${source%.c}" >build/arm64-units/out 2>&1 || {
        failed=$((failed + 1))
        tail -n 20 build/arm64-units/out
    }
done
emulate build/arm64-units/memtrace --version
echo "$failed failed"
[ "$failed" -eq 0 ]
