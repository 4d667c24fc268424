#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the embedded typefaces anew from Debian's fonts-dejavu-core with python3-fonttools. Only needed to change the
# set of characters: the results are in the repository.
set -eu
cd "$(dirname "$0")"
for face in DejaVuSans DejaVuSans-Bold; do
    /usr/bin/python3 -m fontTools.subset "/usr/share/fonts/truetype/dejavu/$face.ttf" \
        --unicodes='U+0020-007E,U+00A0-017F,U+2010-2015,U+2018-201E,U+2022,U+2026,U+2030,U+20AC,U+2190-2193,U+2212,U+2248,U+2264,U+2265,U+FFFD' \
        --layout-features='' --no-hinting --notdef-outline --name-IDs='0,1,2,5,13,14' \
        --drop-tables+=GDEF,GPOS,GSUB,kern,FFTM,prep,fpgm,cvt --output-file="$face-subset.ttf"
done
