#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# A short, deterministic pass of the fuzz targets over the corpus of our own samples and inputs derived from it.

setup() {
    cd "$BATS_TEST_DIRNAME/.." || exit 1
}

@test "the readers survive our samples with 2000 random changes each" {
    make -s -j2 fuzzers
    run tests/fuzz/fuzz.sh build/fuzz "$BATS_TEST_TMPDIR" 0
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(grep -c 'without a fault: [1-9]' <<<"$output")" -eq 5 ]
}
