# SPDX-License-Identifier: MIT
# Helpers of the bats files that call memtrace. They are called thousands of times, so they start no process except memtrace.
shopt -s extglob

# Call it before each test. Makes a scratch folder the working directory and sets $memtrace.
setup_scratch() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    memtrace=${MEMTRACE:-$root/memtrace}
    scratch=$(mktemp -d)
    cd "$scratch" || return 1
    export LC_ALL=C TZ=UTC
}

teardown_scratch() {
    cd / && rm -rf "$scratch"
}

# Prints COUNT records like `free -s` of procps 4. Used grows from FIRST KiB by STEP; the total is 32 GiB.
print_log() { # COUNT FIRST STEP
    local format='%s               total        used        free      shared  buff/cache   available
Mem:        33554432 %11d %11d          10        1000 %11d
Swap:              0           0           0
' between='' values=()
    local -i used=$2
    if (($1 > 60)); then # faster then, although it is a process
        awk -v count="$1" -v first="$2" -v step="$3" -v format="${format//$'\n'/\\n}" 'BEGIN {
            for (i = 0; i < count; i++) {
                used = first + i * step
                printf format, i ? "\n" : "", used, 33553432 - used, 33554432 - used
            }
        }'
        return
    fi
    while ((${#values[@]} < 4 * $1)); do
        values+=("$between" "$used" $((33553432 - used)) $((33554432 - used)))
        used+=$3 between=$'\n'
    done
    # shellcheck disable=SC2059 # that is what it is for
    printf "$format" "${values[@]}"
}

# Runs memtrace; sets $status, $out and $err.
run_memtrace() {
    status=0
    "$memtrace" "$@" >"$scratch/.out" 2>"$scratch/.err" </dev/null || status=$?
    out=$(<"$scratch/.out")
    err=$(<"$scratch/.err")
}

# Fails and shows both texts if they differ.
is() { # WHAT GOT WANTED
    [ "$2" = "$3" ] && return
    printf '%s\n   is: %s\n not: %s\n' "$1" "$2" "$3"
    return 1
}

# Checks one row of the command-line table: exact status, stdout and stderr.
expect() { # STATUS STDOUT STDERR ARGUMENT...
    run_memtrace "${@:4}"
    is "status of $*" "$status" "$1"
    is "stdout of $*" "$out" "$2"
    is "stderr of $*" "$err" "$3"
}

# Checks a wrong call: exit status 2, one line with the reason, the hint, and nothing written.
refuses() { # REASON ARGUMENT...
    expect 2 "" "memtrace: $1
Try 'memtrace --help' for more." "${@:2}"
    shopt -s dotglob nullglob
    local left=(!(.|..|.out|.err|*.log))
    shopt -u dotglob nullglob
    is "files left" "${left[*]}" ""
}

# Fails if two files are identical or one is missing.
differ() {
    [ -s "$1" ] && [ -s "$2" ] || return
    if cmp -s "$1" "$2"; then
        echo "$1 and $2 are the same"
        return 1
    fi
}

# Returns true if the command fails: bats ignores the status of a bare "!".
fails() { ! "$@"; }
