#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fetch.sh ARCHITECTURE FOLDER [PACKAGE...]: downloads and unpacks into FOLDER the libraries of a Debian ARCHITECTURE (such as
# arm64) that a static binary is linked with, or the packages named. Uses this machine's package sources and keys, but its own
# package lists, so neither root nor `dpkg --add-architecture` is needed. FOLDER/complete marks success.
set -eu -o pipefail
cd "$(dirname "$0")/../.."
. packaging/common.sh
need "make static-aarch64" apt-get:apt dpkg-deb:dpkg aarch64-linux-gnu-gcc:gcc-aarch64-linux-gnu
architecture=$1 folder=$2
shift 2
[ $# -gt 0 ] || set -- libcairo2-dev libexpat1-dev libfontconfig-dev libfreetype-dev libpixman-1-dev libpng-dev zlib1g-dev

rm -rf "$folder"
mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
folder=$(cd "$folder" && pwd)
options=(-q -o "APT::Architecture=$architecture" -o "APT::Architectures::=$architecture" -o "Dir::State=$folder/apt"
    -o "Dir::State::status=/dev/null" -o "Dir::Cache=$folder/apt/cache" -o "APT::Sandbox::User=" -o "Acquire::Languages=none")
apt-get "${options[@]}" update
cd "$folder/apt"
apt-get "${options[@]}" download "$@"
for file in *.deb; do
    dpkg-deb -x "$file" "$folder"
done
rm -rf "$folder/apt"
: >"$folder/complete"
