# SPDX-License-Identifier: MIT
# Helpers of the tests of run.sh and slurm.sh.
# shellcheck shell=bash disable=SC2034,SC2013 # used by the tests; one path per line, no spaces

root=$(cd -- "$BATS_TEST_DIRNAME/.." && pwd -P)

# Sleeps for $1 seconds without a process: waits for input that never comes.
nap() {
    local pipe=${LAB:-$BATS_FILE_TMPDIR}/never
    [[ -p $pipe ]] || mkfifo "$pipe" 2>/dev/null || :
    read -rt "$1" <>"$pipe" || :
}

# Repeats "${@:2}" until it succeeds. $1 is the maximum number of seconds on an idle machine; fails two minutes after four times as long,
# because a busy machine may take long for anything.
wait_until() {
    local deadline=$((SECONDS + 120 + 4 * $1)) pause=0.1
    shift
    until "$@"; do
        ((SECONDS <= deadline)) || return 1
        nap "$pause"
        pause=0.25
    done
}

# Prints the ids and names of processes called $1 or $2... that this test started, whatever their current parent.
list_left() {
    local id name IFS='|'
    while IFS=' ' read -r id name; do
        ! grep -qsz "^MEMTRACE_TEST=$MEMTRACE_TEST\$" "/proc/$id/environ" || echo "$id $name"
    done <<<"$(pgrep -lx "$*")"
}

none_left() { [[ ! $(list_left "$@") ]]; }

# Returns true if the logs $2..., or those in the folders $2..., contain at least $1 records in total. Logs are read without a process,
# because this is called again and again.
has_records() {
    local -i records=0
    local log text rest
    for log in "${@:2}"; do
        if [[ -d $log ]]; then
            records+=$(grep -rh --include='*.log' '^Mem:' -- "$log" 2>/dev/null | wc -l)
        elif [[ -r $log ]]; then
            text=$'\n'$(<"$log")
            rest=${text//$'\n'Mem:/}
            records+=(${#text}-${#rest})/5
        fi
    done
    ((records >= $1))
}

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
