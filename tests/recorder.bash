# SPDX-License-Identifier: MIT
# Helpers of the tests of run.sh and slurm.sh.
# shellcheck shell=bash disable=SC2034,SC2013 # used by the tests; one path per line, no spaces

root=$(cd -- "$BATS_TEST_DIRNAME/.." && pwd -P)

# Repeats "${@:2}" until it succeeds. $1 is the maximum number of seconds on an idle machine; fails after four times as long, to
# tolerate other load.
wait_until() {
    local deadline=$((SECONDS + 4 * $1))
    shift
    until "$@"; do
        ((SECONDS <= deadline)) || return 1
        sleep 0.2
    done
}

# Prints the ids and names of processes called $1 or $2... that this test started, whatever their current parent.
list_left() {
    local file name
    for file in $(grep -lsz "^MEMTRACE_TEST=$MEMTRACE_TEST\$" /proc/[0-9]*/environ); do
        read -r name 2>/dev/null <"${file%/environ}/comm" || continue
        [[ " $* " != *" $name "* ]] || echo "${file//[^0-9]/} $name"
    done
}

none_left() { [[ ! $(list_left "$@") ]]; }

# Returns true if the logs $2..., or those in the folders $2..., contain at least $1 records in total.
has_records() { (($(grep -rh --include='*.log' '^Mem:' -- "${@:2}" 2>/dev/null | wc -l) >= $1)); }

# Prints the value of key $1 in the header line of log $2.
header() { sed -nE "1s/^# memtrace 1 (.* )?$1=([^ ]*).*/\2/p" "$2"; }

is_png() { [[ $(head -c 8 -- "$1" | od -An -tx1 | tr -d ' \n') == 89504e470d0a1a0a && $(tail -c 8 -- "$1" | head -c 4) == IEND ]]; }

# Makes a folder of links to the usual tools, except the given ones.
make_path_without() {
    local name hidden=" $* " file
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    for name in bash sh uname readlink dirname date mv rm grep sed cat tail head env sleep free make mkdir chmod ls awk printf false true id; do
        [[ $hidden != *" $name "* ]] || continue
        file=$(type -P "$name") && ln -sf "$file" "$BATS_TEST_TMPDIR/bin/$name"
    done
    echo "$BATS_TEST_TMPDIR/bin"
}
