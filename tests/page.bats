#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The page of --save job.html. tests/page/user.py uses it in a headless Chromium as a person would; its functions run under node.
# shellcheck disable=SC2154 # status, out, err, memtrace and scratch are set by the helpers

bats_require_minimum_version 1.5.0
load cli_helpers

setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    memtrace=${MEMTRACE:-$root/memtrace}
    export LC_ALL=C TZ=UTC
    cd "$BATS_FILE_TMPDIR" || return 1
    for count in 1 2 12 13 500; do
        "$root/tests/gen_job.sh" "$count" 60 "logs$count"
        make_page "job$count" "logs$count" --total
    done
    "$memtrace" logs500 --stats=tsv >job500.tsv
    make_lows
    make_against
    make_hostile
    # One browser for all tests, used sequentially.
    export BATS_NO_PARALLELIZE_WITHIN_FILE=true PYTHONDONTWRITEBYTECODE=1
    python3 "$root/tests/page/browser.py" start browser.json
    export MEMTRACE_BROWSER=$PWD/browser.json
}

teardown_file() { python3 "$BATS_TEST_DIRNAME/page/browser.py" stop "$MEMTRACE_BROWSER"; }

# Makes NAME.html and NAME.json from logs.
make_page() { # NAME ARGUMENT...
    "$memtrace" -q "${@:2}" --save "$1.html" && "$memtrace" -q "${@:2}" --stats=json >"$1.json"
}

# Makes pages of available and free memory, and lists the lowest value of each node in its log, in KiB.
make_lows() {
    local log column
    make_page free2 logs2 --column free
    make_page available13 logs13 --column available
    for log in logs2/* logs13/*; do
        column=7
        [[ $log == logs13/* ]] || column=4
        awk -v column=$column -v name="$(basename "$log" -mem.log)" '/^Mem:/ && (low == "" || $column < low) { low = $column } END { print name, low }' "$log" \
            >>"lows-$(dirname "$log")"
    done
}

# Makes pages with other runs and with long names.
make_against() {
    local n
    "$root/tests/gen_job.sh" 2 80 before2
    for n in 1 2; do awk '/^Mem:/ { $3 = int($3 * 0.8) } { print }' "before2/nid000$n-mem.log" >before2/part && mv before2/part "before2/nid000$n-mem.log"; done
    "$memtrace" -q before2 --stats=json >before2.json
    "$memtrace" -q logs2 --against before2/=before --save against2.html
    "$memtrace" -q logs13 --against logs2/=two --against before2/=before --save against13.html
    mkdir long
    for n in 1 2 3; do print_log 40 $((20000000 + n * 100000)) 0 >long/cluster-rack3-node00$n.hpc.example.org-mem.log; done
    "$memtrace" -q -s 10 long --save long.html
}

# Makes logs whose hosts, jobs and events try to inject code into the page.
make_hostile() {
    mkdir hostile
    local i=0 name
    # shellcheck disable=SC2016 # JavaScript
    local names=('</script><img src=x onerror=window.pwned=1>' '"><svg onload=window.pwned=1>' "';alert(1)//" '<!--<script>'
        $'line\xe2\x80\xa8separator' $'right\xe2\x80\xaeto left' $'\xff\xfe not UTF-8' '${window.pwned=1}' '__proto__' "$(printf 'x%.0s' {1..10000})")
    for name in "${names[@]}"; do
        i=$((i + 1))
        {
            printf '# memtrace 1 host=%s start=1732320000 interval=2\n' "$(percent "$name")"
            print_log 5 $((1048576 * i)) 1024
            printf 'slurmstepd: error: Detected 1 oom_kill event in StepId=1.0 </script><script>window.pwned=3</script>\n'
        } >"hostile/h$i-mem.log"
    done
    "$memtrace" -q hostile --mark $'3:</script><script>window.pwned=4</script>\xe2\x80\xa8' --title '</title><script>window.pwned=5</script>@META@' \
        --save hostile.html
}

# Encodes a value of a "# memtrace" line.
percent() { python3 -c 'import sys, urllib.parse; print(urllib.parse.quote_from_bytes(sys.argv[1].encode("utf-8", "surrogateescape"), safe=""))' "$1"; }

setup() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    memtrace=${MEMTRACE:-$root/memtrace}
    export LC_ALL=C TZ=UTC
    cd "$BATS_FILE_TMPDIR" || return 1
}

user() { python3 "$root/tests/page/user.py" "$1"; }

@test "the functions of the page" { node --test "$root/tests/page/"; }
@test "hovering shows the values of --stats, with 2, 12, 13 and 500 nodes" { user hover; }
@test "the lows of available and free memory are named, sorted and marked" { user lows; }
@test "a page of one node" { user alone; }
@test "the table equals --stats and can be sorted and copied" { user table; }
@test "zooming in and out by mouse and keys" { user zoom; }
@test "search, selection, quantity and unit; a link restores them" { user select; }
@test "each finding of 2,000 nodes can be reached by mouse, and by keyboard alone" {
    "$root/tests/gen_job.sh" 2000 60 logs2000
    make_page job2000 logs2000
    user findings
}
@test "everything works by keyboard" { user keyboard; }
@test "layout at 1200 and 400 px, 1 and 2 device pixels, light and dark" { user looks; }
@test "other runs are drawn, named and shown in the tip" { user against; }
@test "long names are shortened, but the tip, the search and copies use them in full" { user names; }
@test "cells of the heatmap have the colours of their values, or of their distance from the median" { user colours; }
@test "the view is saved as PNG" { user save; }
@test "without JavaScript the page shows a static plot" { user still; }
@test "it prints on one white page" { user print; }
@test "hostile logs remain text, and the page's policy is in force" { user hostile; }

@test "10,000 nodes" {
    "$root/tests/gen_job.sh" 10000 20 logs10000
    make_page job10000 logs10000
    [ "$(stat -c %s job10000.html)" -le 2500000 ]
    user many
}

@test "a page that --follow rewrites reloads itself" {
    mkdir live
    head -n 40 logs2/nid0001-mem.log >live/nid0001-mem.log
    head -n 40 logs2/nid0002-mem.log >live/nid0002-mem.log
    "$memtrace" -q --follow=1 live --save live.html &
    follower=$!
    until [ -s live.html ]; do sleep 0.1; done
    cp live.html first.html
    head -n -1 logs2/nid0001-mem.log >live/nid0001-mem.log # without the trailer, which would end it
    head -n -1 logs2/nid0002-mem.log >live/nid0002-mem.log
    until ! cmp -s live.html first.html; do sleep 0.1; done
    kill "$follower"
    wait "$follower" || true
    # The page sees modification times in whole seconds.
    mv live.html later.html && mv first.html live.html && touch -d '1 minute ago' live.html
    user follow
}

@test "the same logs give the same page, and a page is complete or absent" {
    "$memtrace" -q logs13 --total --save again.html
    cmp again.html job13.html
    run -1 "$memtrace" -q logs13 --save /dev/full
    "$memtrace" -q logs13 --save upper.HTML
    "$memtrace" -q logs13 --save lower.html
    cmp upper.HTML lower.html
    code=$(python3 -c 'import re, sys
text = open("job12.html").read()
print(len(re.sub(r"(base64,|id=\"(meta|data)\">)[^\"<]*", "", text)))')
    [ "$code" -le 60000 ]
}
