#!/usr/bin/env bash
# Static checks: cppcheck, clang-tidy, shellcheck, headers that compile alone, and the directions between the rooms. Prints what it finds;
# exit status 1 if there is anything.
set -u
cd "$(dirname "$0")/.." || exit 1
found=0
flags="-std=c11 -D_GNU_SOURCE -Iinclude $(pkg-config --cflags cairo freetype2 libpng zlib)"

complain() {
    found=1
    printf '%s\n' "$1"
}

# ---- what must never be: see CONTRIBUTING.md ----
for file in $(grep -l '<cairo' src/*.c include/*.h); do
    case ${file##*/} in
    draw*|font.*|output.*|picture.*) ;;
    *) complain "$file includes cairo.h, which only draw*, font, output and picture may" ;;
    esac
done
for file in $(grep -l '"options.h"' src/*.c include/*.h); do
    case ${file##*/} in
    main.c|options.c) ;;
    *) complain "$file includes options.h, which only main and options may" ;;
    esac
done
for file in $(grep -lE '\b(exit|abort|perror)\(|fprintf\(stderr|\bputs\(|[^n]printf\("' src/*.c); do
    case ${file##*/} in
    main.c) ;;
    *) complain "$file prints or exits, which only main may" ;;
    esac
done
for file in $(grep -lE '"(trace|layout|load|input|output|draw|font)\.h"' src/series.c src/scale.c src/units.c src/free_*.c include/series.h include/scale.h include/units.h include/free_*.h 2>/dev/null); do
    complain "$file knows a room that it must not"
done

# ---- headers compile alone ----
for header in include/*.h; do
    # shellcheck disable=SC2086
    ${CC:-cc} $flags -Wall -Wextra -Werror -fsyntax-only -x c "$header" || complain "$header does not compile alone"
done

# ---- tools ----
if command -v cppcheck >/dev/null; then
    cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr --suppress=missingIncludeSystem \
        --error-exitcode=1 -D_GNU_SOURCE -Iinclude src || complain "cppcheck found something"
fi
if command -v clang-tidy >/dev/null; then
    # shellcheck disable=SC2086
    printf '%s\n' src/*.c | xargs -P "$(nproc)" -n 2 sh -c 'clang-tidy --quiet "$@" -- '"$flags"' 2>/dev/null' sh ||
        complain "clang-tidy found something"
fi
if command -v shellcheck >/dev/null; then
    mapfile -t scripts < <(git ls-files '*.sh' '*.bash' '*.bats' .ci/run 2>/dev/null)
    [ "${#scripts[@]}" -eq 0 ] || shellcheck -S warning "${scripts[@]}" || complain "shellcheck found something"
fi
exit "$found"
