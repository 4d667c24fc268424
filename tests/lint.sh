#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tests/lint.sh [CHECK...]: runs all static checks, or those named: folders private tags headers licence cppcheck scripts page tidy. Prints
# what they find; exits with status 1 if they find anything. LINT_JOBS is the number of clang-tidy processes; LINT_NODES is the maximum
# number of states that its analyzer explores per function (225,000 by default; 30,000 takes a fifth of the time).
set -u
shopt -s extglob globstar
cd "$(dirname "$0")/.." || exit 1
found=0
flags="-std=c11 -D_GNU_SOURCE -DMEMTRACE_VERSION=__FILE__ -Iinclude -Isrc $(pkg-config --cflags cairo freetype2 libpng zlib 2>/dev/null)"

complain() {
    found=1
    printf '%s\n' "$1"
}

# only_in MESSAGE REGEX GLOB: complains about each source file that contains the regular expression, unless its path below src/ or
# include/ matches the glob.
only_in() {
    local file
    for file in $(grep -lE -- "$2" src/**/*.c src/**/*.h include/**/*.h); do
        # shellcheck disable=SC2053 # a pattern
        [[ ${file#*/} == $3 ]] || complain "$file $1"
    done
}

# The order of the folders: a folder may include itself and those with a lower number. See CONTRIBUTING.md.
declare -A level=([main]=9 [cli]=8 [term]=7 [page]=7 [draw]=6 [figure]=5 [load]=4 [analysis]=4 [model]=3 [freelog]=2 [base]=1)

check_folders() {
    local file from to header above
    while IFS=: read -r file header; do
        from=${file#*/} from=${from%%/*} from=${from%.c}
        header=${header#*\"} header=${header%\"*}
        if [ -e "include/$header" ]; then
            to=${header%%/*}
        elif [ -e "${file%/*}/$header" ]; then
            to=$(realpath --relative-to=src "${file%/*}/$header") to=${to%%/*}
            [ "$to" = "$from" ] || complain "$file includes $header, which is private to $to"
        else
            complain "$file includes $header, which is neither in include/ nor next to it"
            continue
        fi
        above=$((${level[$to]-99} >= ${level[$from]-0}))
        [ "$to" = "$from" ] || [ "$above" -eq 0 ] || complain "$file includes $header: $from must not know $to"
    done < <(grep -HE '^#include "' src/**/*.c src/**/*.h include/**/*.h)
    only_in 'includes cairo.h, which only draw/ and cli/version may' '^#include <cairo' '@(draw/*|cli/version.c)'
    only_in 'includes the options, which only main and cli/ may' '^#include "(cli/)?options\.h"' '@(main.c|cli/*)'
    only_in 'prints or exits, which only main and cli/ may' \
        '(^|[^a-z_])(exit|_exit|abort|perror|puts|putchar|printf|vprintf|warnx?|errx?)\(|[(, ]stderr[,)]' '@(main.c|cli/*)'
}

# Headers used by other folders are in include/; all others are next to their sources.
check_private() {
    local header name users
    for header in include/**/*.h; do
        name=${header#include/}
        users=$(grep -lF "#include \"$name\"" src/**/*.[ch] include/**/*.h | sed -E 's#^(src|include)/##; s#/.*##' | sort -u | grep -cvx "${name%%/*}")
        [ "$users" -gt 0 ] || grep -qF "#include \"$name\"" include/**/*.h || complain "$header is used by its own folder only: move it next to its source"
    done
}

# Each struct, enum or union tag has one definition in the whole program.
check_tags() {
    local tag
    for tag in $(grep -hoE '\b(struct|enum|union) [a-z_0-9]+ \{' src/**/*.[ch] include/**/*.h | awk '{print $2}' | sort | uniq -d); do
        complain "$tag is defined twice: $(grep -lE "\b(struct|enum|union) $tag \{" src/**/*.[ch] include/**/*.h | tr '\n' ' ')"
    done
}

check_headers() {
    local header
    for header in include/**/*.h src/**/*.h; do
        # shellcheck disable=SC2086
        ${CC:-cc} $flags -Wall -Wextra -Werror -fsyntax-only -x c "$header" || complain "$header does not compile alone"
    done
}

check_cppcheck() {
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --suppress=missingIncludeSystem \
        --error-exitcode=1 -D_GNU_SOURCE -Iinclude src || complain "cppcheck found something"
}

# Every handwritten file states its licence, except those that become part of the HTML page, to keep it small.
check_licence() {
    local file
    # shellcheck disable=SC2046 # words
    while read -r file; do
        complain "$file does not say 'SPDX-License-Identifier: MIT'"
    done < <(awk 'FNR <= 3 && /SPDX-License-Identifier: MIT/ { stated[FILENAME] } END { for (i = 1; i < ARGC; i++) if (!(ARGV[i] in stated)) print ARGV[i] }' \
        src/**/*.[ch] include/**/*.h tests/**/*.[ch] $(git ls-files -- '*.sh' '*.bats' '*.bash' '*.py' '*.mk' Makefile 2>/dev/null))
}

check_scripts() {
    local scripts
    mapfile -t scripts < <(find . -name build -prune -o \( -name '*.sh' -o -name '*.bash' -o -name '*.bats' -o -path ./.ci/run \
        -o -path ./tests/slurmlab \) -type f -print)
    shellcheck "${scripts[@]}" || complain "shellcheck found something"
}

# Checks the JavaScript of the page: types in its comments, unused names, missing returns.
check_page() {
    tsc --noEmit --allowJs --checkJs --target es2020 --lib es2022,dom --strict --noUnusedLocals --noUnusedParameters --noImplicitReturns \
        --noFallthroughCasesInSwitch src/page/*.js || complain "tsc found something"
}

check_tidy() {
    local nodes="-Xclang -analyzer-config -Xclang max-nodes=${LINT_NODES:-225000}"
    # shellcheck disable=SC2086
    printf '%s\n' src/**/*.c | xargs -P "${LINT_JOBS:-$(nproc)}" -n 2 sh -c 'clang-tidy --quiet "$@" -- '"$flags $nodes"' 2>/dev/null' sh ||
        complain "clang-tidy found something"
}

[ $# -gt 0 ] || set -- folders private tags headers licence cppcheck scripts page tidy
missing=()
for check; do
    case $check in
    headers) tools=(pkg-config "${CC:-cc}") ;;
    cppcheck) tools=(cppcheck) ;;
    scripts) tools=(shellcheck) ;;
    page) tools=(tsc) ;;
    tidy) tools=(clang-tidy pkg-config) ;;
    *) tools=() ;;
    esac
    for tool in "${tools[@]}"; do
        command -v "$tool" >/dev/null || [[ " ${missing[*]} " == *" $tool "* ]] || missing+=("$tool")
    done
done
if [ ${#missing[@]} -gt 0 ]; then
    echo "lint: missing: ${missing[*]} (Debian packages of the same names; cc is part of gcc, tsc of node-typescript)" >&2
    exit 1
fi
for check; do
    "check_$check"
done
exit "$found"
