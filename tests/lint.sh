#!/usr/bin/env bash
# tests/lint.sh [CHECK...]: static checks, all of them or those named: rooms headers cppcheck scripts tidy. Prints what they
# find; exit status 1 if there is anything. LINT_JOBS is the number of clang-tidy at once.
set -u
shopt -s extglob
cd "$(dirname "$0")/.." || exit 1
found=0
flags="-std=c11 -D_GNU_SOURCE -Iinclude $(pkg-config --cflags cairo freetype2 libpng zlib)"

complain() {
    found=1
    printf '%s\n' "$1"
}

# Complains ($1) of every file that has pattern $2, unless its name matches the pattern $3.
only_in() {
    local file
    for file in $(grep -lE -- "$2" src/*.c include/*.h); do
        # shellcheck disable=SC2053 # a pattern
        [[ ${file##*/} == $3 ]] || complain "$file $1"
    done
}

# knows_nothing_of HEADERS FILE...: complains of every file that includes one of them.
knows_nothing_of() {
    local line
    while read -r line; do
        complain "$line is what this room must not know"
    done < <(grep -HE "^#include \"($1)\.h\"" "${@:2}")
}

# The directions between the rooms: see CONTRIBUTING.md.
check_rooms() {
    only_in 'includes cairo.h, which only draw*, font, output, picture and version may' '^#include <cairo' '@(draw*|font|output|picture|version).[ch]'
    only_in 'includes options.h, which only main and options may' '^#include "options\.h"' '@(main|options).c'
    only_in 'prints or exits, which only main may' \
        '(^|[^a-z_])(exit|_exit|abort|perror|puts|putchar|printf|vprintf|warnx?|errx?)\(|[(, ]stderr[,)]' 'main.c'
    knows_nothing_of 'trace|layout.*|load|input|output|draw.*|font|picture|free_.*' {src,include}/@(series|scale|units).[ch]
    knows_nothing_of 'load|input|output|draw.*|font|picture|free_.*' {src,include}/layout*.[ch]
    knows_nothing_of 'trace|series|layout.*|load|input|output|draw.*|font|picture' {src,include}/free_*.[ch]
    knows_nothing_of 'load|input|output|free_.*' {src,include}/draw*.[ch]
    knows_nothing_of 'load|input|output|draw.*|font|picture|screen|free_.*' {src,include}/@(cells|terminal*).[ch]
}

check_headers() {
    local header
    for header in include/*.h; do
        # shellcheck disable=SC2086
        ${CC:-cc} $flags -Wall -Wextra -Werror -fsyntax-only -x c "$header" || complain "$header does not compile alone"
    done
}

check_cppcheck() {
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --suppress=missingIncludeSystem \
        --error-exitcode=1 -D_GNU_SOURCE -Iinclude src || complain "cppcheck found something"
}

check_scripts() {
    local scripts
    mapfile -t scripts < <(find . -name build -prune -o \( -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -path ./.ci/run \
        -o -path ./tests/slurmlab \) -type f -print)
    shellcheck "${scripts[@]}" || complain "shellcheck found something"
}

check_tidy() {
    # shellcheck disable=SC2086
    printf '%s\n' src/*.c | xargs -P "${LINT_JOBS:-$(nproc)}" -n 2 sh -c 'clang-tidy --quiet "$@" -- '"$flags"' 2>/dev/null' sh ||
        complain "clang-tidy found something"
}

[ $# -gt 0 ] || set -- rooms headers cppcheck scripts tidy
for check; do
    "check_$check"
done
exit "$found"
