#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The command line as a table: arguments, exit status, stdout, stderr.
# shellcheck disable=SC2030,SC2031 # run_memtrace sets out in the same shell as the test
# shellcheck disable=SC2154 # status, out, err, memtrace and scratch are set by the helpers

load cli_helpers

# Processes cost more than anything else here, so each test starts without any.
setup_file() {
    root=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
    memtrace=${MEMTRACE:-$root/memtrace}
    scratches=$(mktemp -d)
    mkdir "$scratches"/{1..300}
    alfa_log=$(print_log 10 1048576 1048576)
    beta_log=$(print_log 10 2097152 524288)
    export root memtrace scratches alfa_log beta_log LC_ALL=C TZ=UTC
}
teardown_file() { rm -rf "$scratches"; }

setup() {
    scratch=$scratches/$BATS_TEST_NUMBER
    cd "$scratch" || return
    printf '%s\n' "$alfa_log" >alfa-mem.log
    printf '%s\n' "$beta_log" >beta-mem.log
}

alfa='alfa · 18 s at 2 s · peak 10 of 32 GiB (31 %) at 0:18'
both='2 nodes · 18 s at 2 s · alfa peaked 10 of 32 GiB (31 %) at 0:18 · then beta 6.5 GiB'

@test "--help goes to stdout and names every option, --version is short" {
    run_memtrace --help
    is "status and stderr" "$status$err" 0
    for option in files samp file_pattern save swap total percentage legend output_units output_scale input_units \
        column title size zoom theme follow graphics color ascii from to view limit mark marks clock stats export fail-above against quiet help version; do
        grep -q -e "--$option" <<<"$out"
    done
    help=$out
    expect 0 "$help" "" -h
    run_memtrace -V
    is "status and stderr" "$status$err" 0
    [[ $out =~ ^memtrace\ [0-9]+\.[0-9]+\.[0-9]+ ]]
}

# Four logs have equal contents, two of these the same host; one file is given under two names.
# bats test_tags=slow
@test "the order of files changes no output" {
    mkdir n two
    for name in n10 n2 b a; do cp alfa-mem.log "n/$name-mem.log"; done
    ln n/a-mem.log n/aa-mem.log
    sed '1i # memtrace 1 host=n2' alfa-mem.log >two/n2-mem.log
    i=0
    for order in 'n/n10-mem.log n/n2-mem.log n/b-mem.log n/a-mem.log beta-mem.log two/n2-mem.log n/aa-mem.log' \
        'n/aa-mem.log two/n2-mem.log beta-mem.log n/a-mem.log n/b-mem.log n/n2-mem.log n/n10-mem.log' \
        'two beta-mem.log n/n2-mem.log n'; do
        mkdir $((++i))
        for type in png svg pdf html csv json; do
            [[ $type == [cj]* ]] && option=--export || option=--save
            # shellcheck disable=SC2086 # operands
            "$memtrace" -s 2 $option $i/p.$type $order >$i/$type.out 2>$i/$type.err
        done
        for option in '' --stats --stats=tsv --stats=json --view=overview --view=panels; do
            # shellcheck disable=SC2086
            "$memtrace" -s 2 $option $order >"$i/out$option" 2>"$i/err$option"
        done
    done
    diff -r 1 2
    diff -r 1 3
    is "order" "$(cut -f 1 '1/out--stats=tsv' | paste -sd ' ')" 'node a b n2 n2 (2) n10 beta all'
}

@test "equivalent spellings of options give the same plot" {
    expect 0 "$both" "" --files alfa-mem.log beta-mem.log --samp 2 --save one.png
    expect 0 "$both" "" -s 2 alfa-mem.log beta-mem.log --save=two.png
    expect 0 "$both" "" -f '*.log' -s 2 --save three.png
    expect 0 "$both" "" -s2 . --save four
    expect 0 "$both" "" --samp 2 --save five.PNG -- alfa-mem.log beta-mem.log
    cmp one.png two.png && cmp one.png three.png && cmp one.png four.png && cmp one.png five.PNG
}

@test "in long options _ and - are interchangeable and unique prefixes work" {
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save a.svg --output_units GiB --file_pattern '*-mem.log'
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save b.svg --output-units GiB --file-pattern '*-mem.log'
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save c.svg --output_u GiB
    expect 0 "alfa · 18 s at 2 s · peak 31.2 % (10 of 32 GiB) at 0:18" "" -s 2 alfa-mem.log --save d.svg --percentatge
    expect 0 "alfa · 18 s at 2 s · peak 31.2 % (10 of 32 GiB) at 0:18" "" -s 2 alfa-mem.log --save e.svg --perc
    cmp a.svg b.svg && cmp a.svg c.svg && cmp d.svg e.svg
}

@test "the original tool's example" {
    mkdir examples && cp alfa-mem.log examples
    expect 0 "$alfa" "" --samp 2 --files examples/alfa-mem.log --output_units GiB --output_scale 1048576 --save out.png
    [ -s out.png ]
}

@test "scales and units" {
    expect 0 "alfa · 18 s at 2 s · peak 10240 MiB of 32 GiB (31 %) at 0:18" "" -s 2 alfa-mem.log --save a --output_units mib
    expect 0 "alfa · 18 s at 2 s · peak 10.7 of 34.4 GB (31 %) at 0:18" "" -s 2 alfa-mem.log --save a --output_units GB
    expect 0 "alfa · 18 s at 2 s · peak 10486 of 33554 bags (31 %) at 0:18" "" -s 2 alfa-mem.log --save a --output_units bags --output_scale 1000
    expect 0 "alfa · 18 s at 2 s · peak 10 of 32 MiB (31 %) at 0:18" "" -s 2 alfa-mem.log --save a --input_units B
    expect 0 "alfa · 18 s at 2 s · low 22 of 32 GiB (69 %) at 0:18" "" -s 2 alfa-mem.log --save a --column available
    expect 0 "alfa · 18 s at 2 s · peak 10 of 32 GiB (31 %) at 0:18" "" -s 2 alfa-mem.log --save a --column total-available
}

@test "wrong values are refused with the option and the values it takes" {
    refuses "--samp takes a number of seconds from 1e-6 to 1e9, not '0'" --samp 0 alfa-mem.log --save a.png
    refuses "--samp takes a number of seconds from 1e-6 to 1e9, not 'nan'" --samp nan alfa-mem.log --save a.png
    refuses "--samp takes a number of seconds from 1e-6 to 1e9, not '1e400'" --samp 1e400 alfa-mem.log --save a.png
    refuses "--samp takes a number of seconds from 1e-6 to 1e9, not '-1'" --samp -1 alfa-mem.log --save a.png
    refuses "--samp takes a number of seconds from 1e-6 to 1e9, not ''" --samp '' alfa-mem.log --save a.png
    refuses "--samp takes a number of seconds from 1e-6 to 1e9, not '2s'" --samp 2s alfa-mem.log --save a.png
    refuses "--output_units takes B, KiB to PiB or kB to PB, not 'GX' (or any text with --output_scale)" -s 2 alfa-mem.log --output_units GX --save a.png
    refuses "--input_units takes B, KiB to PiB or kB to PB, not 'x'" -s 2 alfa-mem.log --input_units x --save a.png
    refuses "--output_scale takes a number from 1e-6 to 1e18, not '0'" -s 2 alfa-mem.log --output_scale 0 --save a.png
    refuses "--save takes a name that ends in .png, .svg, .pdf or .html, not 'a.gif'" -s 2 alfa-mem.log --save a.gif
    refuses "--save takes a file name, not ''" -s 2 alfa-mem.log --save ''
    refuses "--legend takes auto, on or off, not 'maybe'" -s 2 alfa-mem.log --legend=maybe --save a.png
    refuses "--theme takes light or dark, not 'blue'" -s 2 alfa-mem.log --theme blue --save a.png
    refuses "--view takes auto, lines, overview or panels, not 'x'" -s 2 alfa-mem.log --view x --save a.png
    refuses "--zoom takes a number from 0.1 to 10, not '11'" -s 2 alfa-mem.log --zoom 11 --save a.png
    refuses "--from takes a time such as 90, 1:30, 1:30:00 or 90m, not 'x'" -s 2 alfa-mem.log --from x --save a.png
    refuses "--limit takes a size with its unit such as 32G, or none, not '32'" -s 2 alfa-mem.log --limit 32 --save a.png
    refuses "--fail-above takes a size with its unit such as 30G, or a share such as 90% or 90%limit, not '90'" -s 2 alfa-mem.log --fail-above 90
    refuses "--mark takes TIME:TEXT such as 1:30:00:solve, not 'solve'" -s 2 alfa-mem.log --mark solve --save a.png
    refuses "--stats takes text, tsv or json, not 'xml'" -s 2 alfa-mem.log --stats=xml
    refuses "--export takes a name that ends in .csv or .json, not 'a.xls'" -s 2 alfa-mem.log --export a.xls
    refuses "--size takes WIDTHxHEIGHT in pixels, 200x150 to 20000x20000, not '10x10'" -s 2 alfa-mem.log --size 10x10 --save a.png
    refuses "--size takes WIDTHxHEIGHT in cells, 1x1 to 1000x1000, not '0x24'" -s 2 alfa-mem.log --size 0x24
    refuses "--follow takes a number of seconds from 0.1 to 86400, not '0'" -s 2 alfa-mem.log --follow=0
    refuses "--follow cannot be combined with --stats or --export" -s 2 alfa-mem.log --follow --stats
    refuses "--follow cannot be combined with --from or --to" -s 2 alfa-mem.log --follow --to 5
    refuses "--follow cannot be combined with --save -: it rewrites a file" -s 2 alfa-mem.log --follow --save -
    refuses "--graphics takes none, auto, kitty, iterm or sixel, not 'tek'" -s 2 alfa-mem.log --graphics tek
    refuses "--color takes auto, always or never, not 'yes'" -s 2 alfa-mem.log --color=yes
    refuses "--column takes job-used, job-cache, job-swap, job-total, job-free, job-shared, job-available, job-swap-total, job-swap-free, node-used, total, used, free, shared, buffers, cached, buff/cache, available, swap-total, swap-used, swap-free or total-available, not 'x'" -s 2 alfa-mem.log --column x --save a.png
    refuses "--column takes job-used, job-cache, job-swap, job-total, job-free, job-shared, job-available, job-swap-total, job-swap-free, node-used, total, used, free, shared, buffers, cached, buff/cache, available, swap-total, swap-used, swap-free or total-available, not 'swap'" -s 2 alfa-mem.log --column swap --save a.png
    refuses "--column takes job-used, job-cache, job-swap, job-total, job-free, job-shared, job-available, job-swap-total, job-swap-free, node-used, total, used, free, shared, buffers, cached, buff/cache, available, swap-total, swap-used, swap-free or total-available, not 'buff'" -s 2 alfa-mem.log --column buff --save a.png
    refuses "--file_pattern takes a file name with * for the host, not ''" -s 2 . --file_pattern '' --save a.png
    refuses "--file_pattern takes a file name with * for the host, not 'a/*'" -s 2 . --file_pattern 'a/*' --save a.png
}

@test "unknown options, missing values, missing files" {
    refuses "unknown option '--nonsense'" --nonsense alfa-mem.log
    refuses "unknown option '-x'" -x
    refuses "option --samp needs a value" alfa-mem.log --samp
    refuses "option --swap takes no value" --swap=1 alfa-mem.log
    refuses "no log given; use --files FILE..." -s 2 --save a.png
    refuses "--files needs at least one file" -s 2 --save a.png --files
}

@test "numbers out of range and ambiguous names are refused" {
    refuses "--limit takes a size with its unit such as 32G, or none, not '1e290P'" -s 2 alfa-mem.log --limit 1e290P --save a.png
    refuses "--fail-above takes a size with its unit such as 30G, or a share such as 90% or 90%limit, not '2e6T'" -s 2 alfa-mem.log --fail-above 2e6T
    refuses "--from takes a time such as 90, 1:30, 1:30:00 or 90m, not '1e300'" -s 2 alfa-mem.log --from 1e300
    refuses "--zoom takes a number from 0.1 to 10, not '1e-300'" -s 2 alfa-mem.log --zoom 1e-300 --save a.png
    refuses "--output_scale takes a number from 1e-6 to 1e18, not '1e-300'" -s 2 alfa-mem.log --output_scale 1e-300 --save a.png
    refuses "option '--ma' is ambiguous: it matches --mark and --marks" --ma 1:x alfa-mem.log
    refuses "unknown option '--max'" --max 1 alfa-mem.log
}

@test "a file of events may have any line endings; an endless one is refused" {
    printf '\xef\xbb\xbf2 one\r4 two\r\n6 three\n8 four' >events # begins with a byte-order mark
    expect 0 "$alfa" "" -s 2 alfa-mem.log --marks events --save a.svg
    printf '2 one\n4 two\n6 three\n8 four\n' >plain
    expect 0 "$alfa" "" -s 2 alfa-mem.log --marks plain --save b.svg
    cmp a.svg b.svg
    printf '2 one\r\n4 two\r\nx\n' >events
    expect 1 "" "memtrace: events:3: expected an event as TIME TEXT, not 'x'" -s 2 alfa-mem.log --marks events --save c.svg
    expect 1 "" "memtrace: /dev/zero: not a list of events: it contains NUL bytes or exceeds 4 MiB" -s 2 alfa-mem.log --marks /dev/zero --save c.svg
    [ ! -e c.svg ]
}

@test "messages of one kind are counted after the tenth" {
    # shellcheck disable=SC2046 # words
    run_memtrace -s 2 alfa-mem.log $(seq -f 'no%.0f' 25) $(seq -f '*/%.0f*' 12) --save a.png
    is status "$status" 1
    is stdout "$out" "$alfa"
    is "messages" "$(wc -l <<<"$err")" 23
    is "the last ones" "$(tail -n 3 <<<"$err")" "memtrace: 2 more like this: no file matches
memtrace: 15 more like this: No such file or directory
memtrace: incomplete: 37 logs or nodes are missing, see above"
    for number in {1..14}; do
        mkdir "$number"
        cp alfa-mem.log "$number"
    done
    run_memtrace -s 2 ./*/alfa-mem.log --save b.png
    is "status" "$status" 0
    is "messages" "$(wc -l <<<"$err")" 11
    is "the last one" "$(tail -n 1 <<<"$err")" "memtrace: 3 more like this: another log of the same host, drawn as 'alfa (2)'"
}

@test "a limit on the size of files is reported, and no partial file remains" {
    limited() { # STDOUT-FILE ARGUMENT...
        status=0
        (
            ulimit -f 1
            exec "$memtrace" -q -s 2 alfa-mem.log "${@:2}" >"$1"
        ) 2>.err || status=$?
        is "status of $*" "$status" 1
        [[ $(cat .err) == "memtrace: "*": File too large" ]]
    }
    for name in a.png a.svg a.pdf a.html; do
        limited /dev/null --save "$name"
        [ ! -e "$name" ]
    done
    limited a.out --size 200x100
    limited a.out --save -
}

@test "--follow reads a FIFO to its end" {
    mkfifo pipe-mem.log
    "$memtrace" --follow=0.2 -s 2 pipe-mem.log --save a.svg >out.txt &
    follower=$!
    print_log 5 1048576 1048576 >pipe-mem.log
    wait "$follower"
    is summary "$(cat out.txt)" "pipe · 8 s at 2 s · peak 5 of 32 GiB (16 %) at 0:08"
}

@test "--follow reports read errors, and reads the last records before Ctrl-C ends it" {
    cat >interrupt.py <<'END'
import os, signal, subprocess, sys, time
signal.signal(signal.SIGINT, signal.SIG_DFL)
run = subprocess.Popen([sys.argv[1], "--follow=60", "-s", "2", "alfa-mem.log", "/proc/self/mem", "--save", "a.svg"])
while not os.path.exists("a.svg"):
    time.sleep(0.02)
with open("alfa-mem.log", "a") as log:
    log.write("\n" + open("beta-mem.log").read())
run.send_signal(signal.SIGINT)
sys.exit(run.wait(60))
END
    status=0
    python3 interrupt.py "$memtrace" >out.txt 2>err.txt </dev/null || status=$?
    is status "$status" 1
    is summary "$(cat out.txt)" "alfa · 38 s at 2 s · peak 10 of 32 GiB (31 %) at 0:18"
    is errors "$(cat err.txt)" "memtrace: /proc/self/mem: Input/output error
memtrace: incomplete: 1 log or node is missing, see above"
}

@test "options that contradict each other" {
    refuses "--from must be before --to" -s 2 alfa-mem.log --from 10 --to 5 --save a.png
    refuses "--from must be before --to" -s 2 alfa-mem.log --from 5 --to 5 --save a.png
    refuses "--percentage cannot be combined with --output_units or --output_scale" -s 2 alfa-mem.log --percentage --output_units GiB --save a.png
    refuses "--percentage cannot be combined with --limit" -s 2 alfa-mem.log --percentage --limit 3G --save a.png
    refuses "--against cannot be combined with --clock: both runs begin at 0" -s 2 alfa-mem.log --clock --against beta-mem.log --save a.png
}

@test "without times, --samp must be given" {
    expect 2 "" "memtrace: alfa-mem.log: the log contains no times; specify the interval with --samp SECONDS" alfa-mem.log --save a.png
    [ ! -e a.png ]
    { echo '# memtrace 1 host=gamma start=1732320000.5 interval=2'; cat alfa-mem.log; } >x.log
    expect 0 "gamma · 18 s at 2 s · peak 10 of 32 GiB (31 %) at 0:18" "" x.log --save a.png
}

@test "--from and --to select a time range" {
    expect 0 "alfa · 8 s at 2 s · peak 7 of 32 GiB (22 %) at 0:12" "" -s 2 alfa-mem.log --from 4 --to 12 --save a.png
    expect 1 "" "memtrace: alfa-mem.log: no sample between --from and --to, skipped
memtrace: nothing to plot: no log contains a usable record" -s 2 alfa-mem.log --from 1h --save b.png
    [ ! -e b.png ]
}

@test "missing, empty and foreign files are reported, the others drawn" {
    : >empty-mem.log
    echo hello >text-mem.log
    mkdir folder-mem.log
    expect 1 "$alfa" "memtrace: empty-mem.log: no record of free(1) found, skipped
memtrace: none.log: No such file or directory
memtrace: text-mem.log:1: 1 line not in free(1) format, skipped
memtrace: text-mem.log: no record of free(1) found, skipped
memtrace: incomplete: 3 logs or nodes are missing, see above" -s 2 none.log empty-mem.log text-mem.log alfa-mem.log --save a.png
    expect 1 "" "memtrace: folder-mem.log: no log '*-mem.log' in this directory" -s 2 folder-mem.log --save b.png
    mkdir others && cp alfa-mem.log others/alfa.log && touch others/a.txt others/notes
    expect 1 "" "memtrace: others: no log '*-mem.log' in this directory; --file_pattern '*.log' reads its others" -s 2 others --save b.png
    expect 0 "$alfa" "" -s 2 others --file_pattern '*.log' --save a.png
    expect 1 "" "memtrace: *.none: no file matches" -s 2 '*.none' --save b.png
    expect 1 "" "memtrace: empty-mem.log: no record of free(1) found, skipped
memtrace: nothing to plot: no log contains a usable record" -s 2 empty-mem.log --save b.png
    [ ! -e b.png ]
    expect 1 "$alfa" "memtrace: folder-mem.log: no log '*-mem.log' in this directory
memtrace: *.none: no file matches
memtrace: incomplete: 2 logs or nodes are missing, see above" -s 2 folder-mem.log alfa-mem.log '*.none' --save b.png
}

@test "a missing log is not fatal, but the exit status is 1 for every output" {
    lost="memtrace: none.log: No such file or directory
memtrace: incomplete: 1 log or node is missing, see above"
    expect 1 "" "$lost" -q -s 2 none.log alfa-mem.log --save a.png
    [ -s a.png ]
    for output in --stats=json --stats "--export e.csv" "--size 60x12" "--save a.svg"; do
        # shellcheck disable=SC2086 # two words
        run_memtrace -s 2 none.log alfa-mem.log $output
        is "status of $output" "$status" 1
        is "stderr of $output" "$err" "$lost"
        [ -n "$out" ] || [ -s e.csv ]
    done
    # The missing node may exceed the threshold, so the status must not be 0.
    expect 1 "$alfa" "$lost" -s 2 none.log alfa-mem.log --fail-above 90% --save a.png
    run_memtrace -s 2 none.log alfa-mem.log --fail-above 10% --save a.png
    is "another is above" "$status" 3
    expect 0 "$alfa" "" -s 2 alfa-mem.log --fail-above 90% --save a.png
}

@test "a plot on standard output is written at the file offset and overwrites nothing" {
    "$memtrace" -s 2 alfa-mem.log --save alone.png >/dev/null
    echo before >log
    "$memtrace" -s 2 alfa-mem.log --save - >>log
    echo after >>log
    is "first line" "$(head -n 1 log)" before
    is "last line" "$(tail -c 6 log)" after
    cmp <(cat alone.png) <(tail -c +8 log | head -c "$(stat -c %s alone.png)")
    for name in - /dev/stdout /dev/fd/1 /proc/self/fd/1; do
        { echo a; "$memtrace" -s 2 alfa-mem.log --save "$name"; echo b; } >both
        is "size with $name" "$(stat -c %s both)" $(($(stat -c %s alone.png) + 4))
    done
    # Another name of the same file (same device and inode).
    ln log link.png
    echo before >log
    "$memtrace" -s 2 alfa-mem.log --save link.png >>log
    is "through a link" "$(head -n 1 log)" before
    # --stats can share standard output with the plot.
    "$memtrace" -s 2 alfa-mem.log --save - --stats=json >mixed
    cmp <(head -c "$(stat -c %s alone.png)" mixed) alone.png
    tail -c +$(($(stat -c %s alone.png) + 1)) mixed | jq -e '.nodes | length == 1' >/dev/null
    "$memtrace" -s 2 alfa-mem.log --save - | cmp - alone.png
    # A regular file below /dev is not standard output, so the summary is printed.
    [ -d /dev/shm ] && [ -w /dev/shm ] || return 0
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save "/dev/shm/memtrace-$$.png"
    cmp "/dev/shm/memtrace-$$.png" alone.png
    rm "/dev/shm/memtrace-$$.png"
}

@test "a directory as output is refused; the temporary file of a dead process is removed" {
    for name in there/ . .. there/. ''; do
        refuses "--save takes a file name, not '$name'" -s 2 alfa-mem.log --save "$name"
    done
    mkdir there.png
    expect 1 "" "memtrace: there.png: cannot write: Is a directory" -s 2 alfa-mem.log --save there.png
    sleep 0 & gone=$!
    wait "$gone"
    host=$(uname -n)
    touch ".a.png.memtrace-$host-$gone-0" ".a.png.memtrace-$host-$$-0" ".a.png.memtrace-elsewhere-$gone-0"
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save a.png
    is "left" "$(find . -name '.a.png*' | sort)" "$(printf '%s\n' "./.a.png.memtrace-elsewhere-$gone-0" "./.a.png.memtrace-$host-$$-0" | sort)"
}

@test "control characters in names, paths and logs never reach the terminal" {
    escape=$'\e]0;x\a'
    sed "1i # memtrace 1 host=ev%1b%5d0;il%07%c2%9b%e2%80%aex%0ay start=1000 interval=2" alfa-mem.log >"$escape.log"
    sed 's/^Mem:.*/Mem: 1048576 1040000 8576 0 0 8576/' alfa-mem.log >$'fu\xc2\x9bll\e.log' # has a finding
    for output in "--save a.png" --stats "--stats=tsv" "--size 80x20" "--stats=json" $'--stats --output_scale 3 --output_units x\e'; do
        # shellcheck disable=SC2086 # two words
        "$memtrace" -s 2 "$escape.log" fu*.log "$escape none.log" $output >out 2>&1 || :
        [ -s out ]
        is "control characters of $output" "$(grep -caP '[\x01-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae' out)" 0
    done
    is "rows" "$("$memtrace" "$escape.log" --stats=tsv 2>/dev/null | wc -l)" 3 # heading, node, all
    "$memtrace" -q -s 2 alfa-mem.log --title $'a\xff\xe2\x80\xae<b' --save a.html
    is "title of the page" "$(grep -a '^<title>' a.html)" $'<title>a\xef\xbf\xbd\xef\xbf\xbd&#60;b</title>'
}

@test "an unreadable file" {
    [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null || skip "needs root and setpriv"
    chmod 0 alfa-mem.log && chmod 777 . && chmod 644 beta-mem.log
    status=0
    setpriv --reuid=65534 --regid=65534 --clear-groups "$memtrace" -s 2 alfa-mem.log beta-mem.log --save a.png >.out 2>.err || status=$?
    is status "$status" 1
    is stderr "$(cat .err)" "memtrace: alfa-mem.log: Permission denied
memtrace: incomplete: 1 log or node is missing, see above"
}

@test "two logs of the same host are drawn separately, with a warning" {
    mkdir two && cp beta-mem.log two/alfa-mem.log
    expect 0 "2 nodes · 18 s at 2 s · alfa peaked 10 of 32 GiB (31 %) at 0:18 · then alfa (2) 6.5 GiB" \
        "memtrace: two/alfa-mem.log: another log of the same host, drawn as 'alfa (2)'" -s 2 alfa-mem.log two/alfa-mem.log --save a.png
    expect 0 "$alfa" "" -s 2 alfa-mem.log ./alfa-mem.log --save a.png
}

@test "a bad number is reported with file, line and text; its record is skipped and counted" {
    sed -i '5s/1073741824\|2097152/12x4/' alfa-mem.log
    line=$(sed -n 5p alfa-mem.log)
    [[ $line == Mem:*12x4* ]] || [[ $line == Mem:* ]] || sed -n 1,8p alfa-mem.log
    sed -i '6s/.*/Mem: 33554432 12x4 1 1 1 1/' alfa-mem.log
    run_memtrace -s 2 alfa-mem.log --save a.png
    is status "$status" 0
    grep -q "^memtrace: alfa-mem.log:6: bad number '12x4'" <<<"$err"
    run_memtrace -s 2 alfa-mem.log --stats=tsv
    is samples "$(awk -F'\t' '$1=="alfa"{print $2" "$12}' <<<"$out")" "9 1"
    run_memtrace -q -s 2 alfa-mem.log --save a.png
    is quiet "$status$out$err" 0
}

# bats test_tags=slow
@test "a log truncated at any byte gives its complete records" {
    whole=$(print_log 3 1048576 1)$'\n'
    size=${#whole}
    for ((cut = 1; cut <= size; cut += 7)); do
        printf %s "${whole:0:cut}" >cut.log
        run_memtrace -s 2 cut.log --stats=tsv
        [ "$status" = 0 ] || [ "$status" = 1 ]
        count=0
        while IFS=$'\t' read -r name records _; do
            [ "$name" != cut ] || count=$records
        done <<<"$out"
        [ "$count" -le $((cut * 3 / size + 1)) ]
        if [ "$status" = 1 ]; then [ -n "$err" ]; fi
    done
    is "records of the whole log" "$count" 3
}

# bats test_tags=slow
@test "the result does not depend on the number of threads" {
    for i in $(seq 1 40); do print_log $((i % 7 + 3)) $((i * 100000)) $((i * 1000)) >"n$i-mem.log"; done
    echo noise >>n7-mem.log
    for jobs in 1 2 7 64; do
        "$memtrace" -s 2 . --jobs $jobs --save "a$jobs.png" --stats=tsv >"out$jobs" 2>&1
        cmp a1.png "a$jobs.png"
        cmp out1 "out$jobs"
    done
    expect 2 "" "memtrace: --jobs takes a number of threads from 1 to 256, not '0'
Try 'memtrace --help' for more." --jobs 0 alfa-mem.log
}

@test "the limit comes from the option, the logs or Slurm" {
    run_memtrace -s 2 alfa-mem.log --save a.png --limit 12G
    is out "$out" "$alfa, 2 GiB below the limit"
    SLURM_MEM_PER_NODE=30720 run_memtrace -s 2 alfa-mem.log --save b.png
    is out "$out" "$alfa, 20 GiB below the limit"
    SLURM_MEM_PER_NODE=30720 run_memtrace -s 2 alfa-mem.log --save c.png --limit none
    is out "$out" "$alfa"
    { echo '# memtrace 1 limit=29G'; cat alfa-mem.log; } >x-mem.log
    run_memtrace -s 2 x-mem.log --save d.png
    is out "$out" "x · 18 s at 2 s · peak 10 of 32 GiB (31 %) at 0:18, 19 GiB below the limit"
    differ a.png c.png
    for column in used USED total-available; do
        run_memtrace -s 2 alfa-mem.log --save a.png --limit 9G --column $column
        is "out $column" "${out%% · *}" "alfa exceeded the limit by 1 GiB, first at 0:18"
    done
}

@test "the limit of a job that has only part of a node is not compared with the node's memory" {
    SLURM_MEM_PER_NODE=8192 run_memtrace -s 2 alfa-mem.log --save b.png
    is out "$out" "$alfa · job limit 8 GiB"
    { echo '# memtrace 1 limit=9G'; cat alfa-mem.log; } >x-mem.log
    run_memtrace -s 2 x-mem.log --save d.png
    is out "$out" "x · 18 s at 2 s · peak 10 of 32 GiB (31 %) at 0:18 · job limit 9 GiB"
}

@test "--fail-above exits with 3 after writing the plot, and names the node" {
    expect 3 "$both" "memtrace: 1 of 2 nodes above --fail-above, highest alfa with 10 GiB" -s 2 . --save a.png --fail-above 9G
    [ -s a.png ]
    expect 0 "$both" "" -s 2 . --save a.png --fail-above 10G
    expect 3 "$both" "memtrace: 2 of 2 nodes above --fail-above, highest alfa with 10 GiB" -s 2 . --save a.png --fail-above 20%
}

@test "--fail-above: a share of the limit, the lowest available memory, swap by total swap" {
    run_memtrace -s 2 . --save a.png --limit 12G --fail-above 80%limit
    is "above" "$status $err" "3 memtrace: 1 of 2 nodes above --fail-above, highest alfa with 10 GiB"
    run_memtrace -s 2 . --save a.png --limit 12G --fail-above 84%limit
    is "not above" "$status$err" 0
    rm a.png
    run_memtrace -s 2 . --save a.png --fail-above 80%limit
    is "no limit" "$status $out$err" "2 memtrace: --fail-above needs a limit, but none applies to the plotted values; specify one with --limit"
    [ ! -e a.png ]
    run_memtrace -s 2 . --save a.png --column available --fail-above 23G
    is "low" "$status $err" "3 memtrace: 1 of 2 nodes below --fail-above, lowest alfa with 22 GiB"
    run_memtrace -s 2 . --save a.png --column available --fail-above 60%
    is "low is higher" "$status$err" 0
    run_memtrace -s 2 . --save a.png --column swap-free --fail-above 100%
    is "swap" "$status" 0
    run_memtrace -s 2 . --save a.png --fail-above 80limit
    is "bad" "$status" 2
}

# print_job_log HOST COUNT FIRST STEP: prints a log as the recorders write it. The job's memory grows from FIRST KiB by STEP; its limit
# is 4 GiB.
print_job_log() {
    echo "# memtrace 1 host=$1 start=1732320000 interval=2 cgroup=v2 job=4711 name=solve"
    print_log "$2" 8388608 1024 | awk -v first="$3" -v step="$4" '
        { print }
        /^Swap:/ {
            used = first + step * i++
            printf "Job:     %11d %11d %11d %11d %11d %11d\n", 4194304, used, 4194304 - used - 1024, 0, 1024, 4194304 - used
            printf "Jobswap: %11d %11d %11d\n", 1000, i, 1000 - i
        }'
    printf '\n'
}

@test "rows of the job: its memory is drawn and judged, that of the node on request" {
    { print_job_log gamma 10 1048576 104857; echo '# memtrace oom_kill=2'; echo '# memtrace end=1732320020 state=OUT_OF_MEMORY'; } >gamma-mem.log
    run_memtrace gamma-mem.log --stats=json --save a.png
    is err "$err" ""
    is json "$(jq -c '.all | [.peak_bytes, .job_peak_bytes, .job_limit_bytes, .job_oom_kills, .job_state, .peak_percent_of_total, .samples]' <<<"$out")" \
        '[2040103936,2040103936,4294967296,2,"OUT_OF_MEMORY",47.499871253967285,10]'
    is column "$(jq -r .column <<<"$out")" job-used
    { print_job_log gamma 10 1048576 104857; echo '# memtrace oom_kill=1'; print_job_log gamma 5 2048576 0 | grep -v '^#'; echo '# memtrace oom_kill=2'; } >delta.log
    run_memtrace delta.log --save a.png
    [[ $out == "gamma was OOM-killed at 0:18, 2 times until 0:28, "* ]]
    run_memtrace gamma-mem.log --column node-used --stats=json
    is node "$(jq -c '[.column, .all.peak_bytes, .all.job_peak_bytes]' <<<"$out")" '["used",8599371776,2040103936]'
    for column in job-cache:1048576 job-swap:10240 job-total:4294967296 job-available:3221225472 node-used:8599371776 used:8599371776; do
        run_memtrace gamma-mem.log --column "${column%:*}" --stats=json
        is "$column" "$(jq -c .all.peak_bytes <<<"$out")" "${column#*:}"
    done
    run_memtrace gamma-mem.log --percentage --stats=json
    is percent "$(jq -c .all.peak_percent <<<"$out")" 47.499871253967285
    run_memtrace -s 2 gamma-mem.log alfa-mem.log --save b.png
    is left "$err" "memtrace: alfa-mem.log: no record contains the job's memory, skipped; use --column node-used to plot the node's
memtrace: incomplete: 1 log or node is missing, see above"
    run_memtrace gamma-mem.log --export e.csv --quiet
    run_memtrace e.csv --stats=json
    is exported "$(jq -c '[.column, .all.peak_bytes, .all.job_peak_bytes, .all.job_limit_bytes, .all.job_oom_kills, .all.job_state]' <<<"$out")" \
        '["job-used",2040103936,2040103936,4294967296,2,"OUT_OF_MEMORY"]'
}

@test "a recorded command: title, exit status, memory that it added, largest process" {
    {
        echo '# memtrace 1 host=ws start=1732320000 interval=2 command=./solver%20%1b%0Ainput.dat'
        print_log 10 1048576 1048576
        printf '\n# memtrace top=solver:17:8388608,sh:4:900\n# memtrace end=1732320020 status=137 wall=19.5\n'
    } >ws-mem.log
    run_memtrace ws-mem.log --stats=json
    is json "$(jq -c '.all | [.command, .exit_status]' <<<"$out")" '["./solver � input.dat",137]'
    run_memtrace ws-mem.log --ascii
    grep -q 'solver . input.dat (exit status 137)' <<<"$out"
    run_memtrace ws-mem.log --save a.png
    [[ $out == *" · 9 GiB above the start · mostly solver (8 GiB) · "* ]]
    sed 's/host=ws/host=vm/; s/status=137/status=0/' ws-mem.log >vm-mem.log
    run_memtrace vm-mem.log ws-mem.log --ascii
    grep -q 'input.dat (exit status 137 on ws)' <<<"$out"
    run_memtrace ws-mem.log --from 0:04 --save a.png
    [[ $out != *"above the start"* ]]
    sed -i 's/solver:17:8388608/a%2Cb:17:1000/' ws-mem.log
    run_memtrace ws-mem.log --save a.png
    [[ $out == *" · largest process of the command: a,b (1000 KiB) · "* ]]
    sed -i 's/a%2Cb:17:1000/slurmstepd:17:1000/' ws-mem.log
    run_memtrace ws-mem.log --save a.png
    [[ $out == *" · largest process of the command: sh (900 KiB) · "* ]]
    sed -i 's/ command=[^ ]*//' ws-mem.log
    run_memtrace ws-mem.log --save a.png
    [[ $out == *" · largest process sh (900 KiB) · "* ]]
}

@test "one bad record in a log of three nodes counts once" {
    for n in 1 2 3; do print_log 4 1048576 1024 | sed "s/^/n$n: /"; done >pdsh.log
    sed -i '0,/n2: Mem: *[0-9]*/s//n2: Mem:     335x4432/' pdsh.log
    run_memtrace -s 2 pdsh.log --stats=json
    is left "$(jq -c .all.left_out <<<"$out")" 1
}

# stamp_log SECOND...: adds times to the records of print_log.
stamp_log() {
    for s; do printf '%(%Y-%m-%d %H:%M:%S)T\n' $((1772445600 + s)); print_log 1 $((1048576 + s)) 0; done
}

@test "the interval is the most common step, even if the log begins differently; gaps are judged by it" {
    for steps in "0 1 5 10 15 20 25 30" "0 31 300 600 900 1200 1500" "0 1 2 60 120 180 240 300 360 420" "0 1 2 3 63 123 183 243 303 363 423" \
        "0 5 10 15 16 20 25 30 35"; do
        # shellcheck disable=SC2086
        stamp_log $steps >x-mem.log
        run_memtrace x-mem.log --export x.csv
        want=$(tr ' ' '\n' <<<"$steps" | awk 'NR > 1 { print $1 - last } { last = $1 }' | sort -n | awk '{ s[NR] = $1 } END { print s[int((NR + 1) / 2)] }')
        is "interval of $steps" "$(sed -n 's/.* interval=\([^ ]*\).*/\1/p' x.csv)" "$want"
        is "gaps of $steps" "$(awk -F, '$2 == "used" { gaps += $13 } END { print gaps + 0 }' x.csv)" 0
    done
    stamp_log 0 1 5 10 15 20 60 65 70 >x-mem.log
    run_memtrace x-mem.log --export x.csv
    is gap "$(awk -F, '$2 == "used" && $13 == 1 { print $3 }' x.csv)" 60
}

@test "logs with times on few or no records need --samp; a single record does not" {
    { stamp_log 0; print_log 8 1 1; stamp_log 600; } >x-mem.log
    run_memtrace x-mem.log --save a.png
    is "status and reason" "$status$err" "2memtrace: x-mem.log: only 2 of 10 records have a time; specify the interval with --samp SECONDS"
    run_memtrace x-mem.log --samp 60 --save a.png
    is "with --samp" "$status$out" "0x · 10 min at 1 min · peak 1 of 32 GiB (3 %) at 0:10:00"
    print_log 1 1048576 0 >x-mem.log
    run_memtrace x-mem.log --save a.png
    is "one record" "$status$out$err" "0x · one sample · peak 1 of 32 GiB (3 %) at 0:00"
}

@test "an impossible interval or start in a header is ignored" {
    { echo '# memtrace 1 host=x start=1732320000 interval=1e308'; print_log 4 1048576 1024; } >x-mem.log
    run_memtrace x-mem.log --save a.png
    is "status and reason" "$status$err" "2memtrace: x-mem.log:1: 'interval=1e308' is out of range, ignored
memtrace: x-mem.log: the log contains no times; specify the interval with --samp SECONDS"
    { echo '# memtrace 1 host=x start=1e308 interval=2'; print_log 4 1048576 1024; echo '# memtrace end=1e308'; } >x-mem.log
    run_memtrace x-mem.log --stats=json
    is json "$(jq -c '[.start_epoch_s, .all.duration_s]' <<<"$out")" '[null,6]'
}

@test "a skipped record keeps its time, several skipped records leave a gap" {
    print_log 20 1048576 1024 | awk '/^Mem:/ { n++ } n == 5 && /^Mem:/ { sub(/33554432/, "335x4432") } { print }' >x-mem.log
    run_memtrace -s 2 x-mem.log --stats=json
    is one "$(jq -c '.all | [.samples, .last_at_s, .left_out]' <<<"$out")" '[19,38,1]'
    print_log 20 1048576 1024 | awk '/^Mem:/ { n++ } n >= 5 && n < 9 && /^Mem:/ { sub(/33554432/, "335x4432") } { print }' >x-mem.log
    run_memtrace -s 2 x-mem.log --export x.csv
    is gap "$(awk -F, '$2 == "used" && $13 == 1 { print $3 }' x.csv)" 16
}

@test "--from and --to do not change times or peaks; a log that stopped early is not stretched" {
    { echo '# memtrace 1 host=a start=1000000000 interval=1'; print_log 1000 1048576 1024; echo; echo '# memtrace end=1000000999.9'; } >a-mem.log
    run_memtrace a-mem.log --stats=json
    whole=$(jq .all.peak_at_s <<<"$out")
    for window in "--from 1:00" "--from 10:00" "--from 15:00 --to 17:00"; do
        # shellcheck disable=SC2086
        run_memtrace a-mem.log $window --stats=json
        is "peak with $window" "$(jq .all.peak_at_s <<<"$out")" "$whole"
    done
    { echo '# memtrace 1 host=a start=1000000000 interval=1'; print_log 100 1048576 1024; echo; echo '# memtrace end=1000000999.9'; } >a-mem.log
    run_memtrace a-mem.log --stats=json
    is stopped "$(jq .all.last_at_s <<<"$out")" 99
}

@test "--from and --to refer to the times shown" {
    timed() { echo "# memtrace 1 host=$1 start=$2 interval=2"; print_log 200 1048576 1024; echo; echo "# memtrace end=$3"; }
    # shellcheck disable=SC2086
    window() { run_memtrace $1 -q --stats=json; jq -c "[.nodes[] | [.node, .samples, (.last_at_s - .duration_s, .peak_at_s | . * 100 | round / 100)]] | sort" <<<"$out"; }
    timed a 1000000000 1000000398.0995 >a-mem.log # 2.0005 s each
    is "after the drift" "$(window "a-mem.log --to 200")" '[["a",100,0,198.05]]'
    is "from a pipe, too" "$("$memtrace" - -q --stats=json --from 390 <a-mem.log | jq ".all.last_at_s | floor")" 398
    timed b 1000000360 1000000758 >b-mem.log
    is "later logs" "$(window "a-mem.log b-mem.log --from 500 --to 600")" '[["b",51,500,600]]'
    run_memtrace a-mem.log b-mem.log --from 500 -q --stats=json
    is "clock at 0" "$(jq .start_epoch_s <<<"$out")" 1000000000
    is "each from its start" "$(window "b-mem.log a-mem.log --align start --from 390")" '[["a",5,390.1,398.1],["b",5,390,398]]'
    timed b 1009000000 1009000398 >b-mem.log
    is "far apart" "$(window "b-mem.log a-mem.log --to 200")" '[["a",100,0,198.05],["b",101,0,200]]'
    for i in 0 1 2 3; do for n in 1 2; do [ $((n + i)) -lt 2 ] || print_log 1 $((1048576 + i * 1024)) 0 | sed "s/^/n$n: 10:00:0$i /"; done; done >c.log
    is "two nodes of a log" "$(window "c.log --from 2")" '[["n1",2,2,3],["n2",2,2,3]]'
}

@test "a percentage refers to the total at its time, and is missing where the total is 0" {
    { print_log 3 31457280 0 | sed 's/33554432/32000000/'; echo; print_log 3 31457280 0 | sed 's/33554432/99999999/'; } >x-mem.log
    for options in "" --percentage; do
        # shellcheck disable=SC2086
        run_memtrace -s 1 x-mem.log $options --stats=json --fail-above 90%
        is "status $options" "$status" 3
        is "percent $options" "$(jq '.all.peak_percent_of_total | floor' <<<"$out")" 98
    done
    { print_log 3 31457280 0; echo; print_log 1 31457280 0 | sed 's/33554432/       0/'; echo; print_log 3 31457280 0; } >x-mem.log
    run_memtrace -s 1 x-mem.log --percentage --stats=json
    is "no 0 %" "$(jq -c '.all | [.samples, .mean_percent, .last_at_s]' <<<"$out")" '[6,93.75,6]'
}

@test "--stats: text, TSV and JSON agree" {
    run_memtrace -s 2 . --stats
    is status "$status" 0
    is lines "$(wc -l <<<"$out")" 5
    [[ $out == "used in GiB"* ]]
    run_memtrace -s 2 . --stats=tsv
    is rows "$(awk -F'\t' 'NR>1{print $1, $2, $3, $4, $5}' <<<"$out")" "alfa 10 18 10737418240 18
beta 10 18 6979321856 18
all 20 18 10737418240 18"
    [ "$(awk -F'\t' '{print NF}' <<<"$out" | sort -u)" = 13 ]
    is ends "$(awk -F'\t' 'NR > 1 { print $9 }' <<<"$out" | sort -u)" 18
    run_memtrace -s 2 . --stats=json
    is json "$(jq -c '[.column, .nodes[].peak_bytes, .all.samples]' <<<"$out")" '["used",10737418240,6979321856,20]'
    run_memtrace -s 2 . --stats=json --percentage
    is json "$(jq -c '.nodes[0].peak_percent' <<<"$out")" 31.25
}

@test "--stats: the mean of all nodes counts each sample once" {
    print_log 90 1048576 0 >long-mem.log
    print_log 10 2097152 0 >short-mem.log
    run_memtrace -s 2 long-mem.log short-mem.log --stats=json
    is means "$(jq -c '[.nodes[].mean_bytes, .all.mean_bytes] | map(. / 1048576)' <<<"$out")" "[2048,1024,1126.4]"
}

@test "an overlong line counts as skipped" {
    { head -c 100000 /dev/zero | tr '\0' x && echo && cat alfa-mem.log; } >long-mem.log
    run_memtrace -s 2 long-mem.log --stats=json
    is skipped "$(jq -c .nodes[0].left_out <<<"$out")" 1
    is stderr "$err" "memtrace: long-mem.log:1: 1 overlong line, skipped"
}

@test "a second run in a log interrupts each line" {
    for start in 1000 2000; do
        echo "# memtrace 1 host=alfa start=$start interval=2"
        print_log 3 1048576 1024 | sed 's/^Swap:.*/Swap:        8000000       1000     7999000/'
        echo
    done >runs.log
    run_memtrace runs.log --export e.csv
    is "samples after a gap" "$(awk -F, '/^alfa,/ && $NF == 1 { print $2 }' e.csv | sort | uniq | tr '\n' ' ')" "swap-used used "
}

@test "--export: memtrace reads its own CSV and gives the same plot; JSON is valid" {
    expect 0 "$both" "" -s 2 . --export e.csv --save a.png --total --swap
    expect 0 "$both" "" e.csv --save b.png --total --swap
    cmp a.png b.png
    gzip -k e.csv
    expect 0 "$both" "" e.csv.gz --save c.png --total --swap
    cmp a.png c.png
    expect 0 "$both" "" -s 2 . --export e.json
    is nodes "$(jq -c '[.nodes[].node]' e.json)" '["alfa","beta"]'
    expect 1 "" "memtrace: e.csv:1: this export contains bytes, not percentages; omit --percentage
memtrace: nothing to plot: no log contains a usable record" e.csv --percentage --save d.png
    head -c 700 e.csv >cut.csv
    run_memtrace cut.csv --save d.png
    [[ $status == 1 && $err == *"cut.csv:"*": damaged export: it ends within a line; 1 row skipped; its last line is missing"* ]]
    sed '$d' e.csv >cut.csv
    run_memtrace cut.csv --save d.png
    [[ $status == 1 && $err == *"cut.csv:"*": truncated export: its last line is missing; nodes may be missing, too"* ]]
    cmp a.png <("$memtrace" -q cut.csv --total --swap --save - 2>/dev/null)
}

# bats test_tags=slow
@test "an export of any column can be read again, and its JSON has no duplicate keys" {
    for log in *-mem.log; do sed -i 's/^Swap:.*/Swap:        8000000       1000     7999000/' "$log"; done
    mkdir logs once again
    mv ./*-mem.log logs
    for column in total used free shared buff/cache available swap-total swap-used swap-free total-available; do
        for percent in "" --percentage; do
            name=${column/\//-}$percent
            # shellcheck disable=SC2086 # nothing, or one word
            run_memtrace -q -s 2 logs --column $column $percent --export e.csv --save "once/$name.png" --total --swap
            is "status of $column$percent" "$status$err" 0
            # shellcheck disable=SC2086
            run_memtrace -q e.csv --column $column $percent --save "again/$name.png" --total --swap
            is "status of $column$percent read again" "$status$err" 0
        done
        run_memtrace -q -s 2 logs --column $column --export "${column/\//-}.json"
    done
    diff -r once again
    is "number of plots" "$(echo once/*.png | wc -w)" 20
    # Equal lines in a row come from one key; equal lines further apart from a key that occurs twice.
    is keys "$(jq --stream -c 'select(length == 2 and (.[0] | length == 6)) | [input_filename] + .[0][0:4]' ./*.json | uniq | sort | uniq -d)" ""
    is "number of exports" "$(jq -c .nodes ./*.json | wc -l)" 10
}

@test "an export damaged near its beginning loses only the damaged row, and the message names its node" {
    "$memtrace" -q -s 2 . --export e.csv
    awk -F, '/^beta,used/ && !done { print $1 "," $2 ",x"; done = 1; next } { print }' e.csv >damaged.csv
    run_memtrace damaged.csv --stats=tsv
    is status "$status" 1
    is stderr "$err" "memtrace: damaged.csv:$(grep -n '^beta,used,x' damaged.csv | cut -d: -f1): damaged export: a number is missing; 1 row skipped, of beta
memtrace: incomplete: 1 log or node is missing, see above"
    is nodes "$(cut -f 1 <<<"$out" | tr '\n' ' ')" "node alfa beta all "
}

@test "--against reports the differences in peak and duration" {
    run_memtrace -s 2 alfa-mem.log --save a.png --against beta-mem.log
    is out "$out" "${alfa/ at 2 s ·/ at 2 s · vs baseline: peak 3.5 GiB higher, same duration ·}"
    print_log 5 1048576 1048576 >old.log
    mkdir old && mv old.log old/alfa-mem.log
    run_memtrace -s 2 alfa-mem.log --against old --stats=tsv
    is change "$(awk -F'\t' 'NR==2{print $13, $14}' <<<"$out")" "5368709120 10"
}

@test "several baselines are compared node by node, each with its name" {
    mkdir monday tuesday
    print_log 5 1048576 1048576 >monday/alfa-mem.log
    print_log 12 1048576 524288 >tuesday/alfa-mem.log
    print_log 3 1048576 524288 | tee tuesday/gamma-mem.log >tuesday/delta-mem.log
    run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday --against tuesday/*.log --save a.png
    is status "$status$err" 0
    [[ $out == *" · vs monday: peak 5 GiB higher, 10 s longer, most on alfa +5 GiB · vs tuesday: peak 3.5 GiB higher, 4 s shorter, most on alfa +3.5 GiB · "* ]]
    run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday --against tuesday --stats=json
    is "of alfa" "$(jq -c '.nodes[] | select(.node == "alfa").against' <<<"$out")" \
        '[{"run":"monday","peak_bytes":5368709120,"peak_change_bytes":5368709120,"duration_change_s":10},{"run":"tuesday","peak_bytes":6979321856,"peak_change_bytes":3758096384,"duration_change_s":-4}]'
    is "of beta" "$(jq -c '.nodes[] | select(.node == "beta").against | map(.peak_change_bytes, .duration_change_s)' <<<"$out")" '[null,null,null,null]'
    is "flat keys" "$(jq -c '.nodes[0] | [.peak_change_bytes, .duration_change_s]' <<<"$out")" '[5368709120,10]'
    is "of the runs" "$(jq -c '[.run, .against]' <<<"$out")" \
        '[null,[{"run":"monday","nodes":1,"only_there":[]},{"run":"tuesday","nodes":3,"only_there":["delta","gamma"]}]]'
    run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday --against tuesday --stats
    [[ $out == *"  peak vs monday  duration vs monday  peak vs tuesday  duration vs tuesday  "* ]]
    [[ $out == *$'\nonly in tuesday: delta, gamma'* ]]
    run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday --against tuesday --stats=tsv
    is "keys" "$(head -n 1 <<<"$out" | cut -f 13-)" $'peak_change_bytes\tduration_change_s\tpeak_change_2_bytes\tduration_change_2_s\tused_means'
    is "values" "$(sed -n 2p <<<"$out" | cut -f 13-16)" $'5368709120\t10\t3758096384\t-4'
}

@test "every view shows which line belongs to which run" {
    mkdir monday tuesday
    print_log 5 1048576 1048576 >monday/alfa-mem.log
    print_log 12 1048576 524288 >tuesday/alfa-mem.log
    for view in lines overview panels; do
        run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday --against tuesday --view $view --save $view.svg
        is status "$status$err" 0
        grep -q '>[^<]*monday (\(solid\|dashed\)), tuesday (\(dashed\|dotted\))<' $view.svg
        run_memtrace -s 2 alfa-mem.log beta-mem.log --view $view --save alone.svg
        differ $view.svg alone.svg
        run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday --against tuesday --view $view --size 100x30 --color never
        [[ $view == panels || ($out == *monday* && $out == *tuesday*) ]]
    done
    run_memtrace -s 2 alfa-mem.log beta-mem.log --against monday=before --view overview --size 100x30 --color never
    [[ $out == *"dotted: highest of before"$'\n'* ]]
    # With one node per run, each run has a colour and a name, in the legend and at the end of its line.
    run_memtrace -s 2 alfa-mem.log --against monday --against tuesday --save colours.svg
    is "names" "$(grep -o '>monday<\|>tuesday<' colours.svg | sort | uniq -c | tr -s ' \n' ' ')" " 2 >monday< 2 >tuesday< "
    run_memtrace -s 2 alfa-mem.log --against monday --against tuesday --save page.html
    is status "$status$err" 0
    grep -q '"peak vs tuesday"' page.html
}

@test "files and runs are named by their labels" {
    mkdir old && print_log 5 1048576 1048576 >old/alfa-mem.log
    print_log 5 1048576 1048576 >old/gamma-mem.log
    wanted=() calls=()
    names() { # NAMES ARGUMENT...
        run_memtrace -s 2 "${@:2}" --stats=json
        is "stderr of $*" "$err" ""
        wanted+=("$1") calls+=("${*:2}")
        printf '%s\n' "$out" >>all.json
    }
    names now,beta alfa-mem.log=now beta-mem.log
    names now,later alfa-mem.log beta-mem.log --label now --label later
    names now,later --label now alfa-mem.log --label later beta-mem.log
    names alfa,later alfa-mem.log beta-mem.log --label beta-mem.log=later
    names now,x=y alfa-mem.log=now beta-mem.log=x=y
    names head,beta . --label ./alfa-mem.log=head
    names 'now alfa,now beta' .=now
    names 'w alfa,w beta' '*-mem.log' --label '*-mem.log=w'
    names 'w alfa,w beta' '*-mem.log=w'
    names beta,alfa alfa-mem.log=beta beta-mem.log=alfa
    names 'beta (2),beta' alfa-mem.log=beta beta-mem.log
    names '100%d %s %n,beta' alfa-mem.log='100%d %s %n' beta-mem.log
    names now,now,later alfa-mem.log=now --against old/=later
    names alfa,beta,now,later alfa-mem.log beta-mem.log --against old --label now --label later
    names a,b,later alfa-mem.log beta-mem.log --against old --label a --label b --label later
    names alfa,beta,now,later --against old --label later -f . --label now
    names alfa,baseline alfa-mem.log --against old
    names alfa,old,beta alfa-mem.log --against old --against beta-mem.log
    names 'alfa,baseline 1,baseline 2' alfa-mem.log --against old --against ./old
    # A labelled node is still matched with the node of the same name in another run.
    run_memtrace -s 2 alfa-mem.log=now beta-mem.log --against old/=later --stats=json
    is "found" "$(jq -c '.nodes[0] | [.node, .peak_change_bytes]' <<<"$out")" '["now",5368709120]'
    run_memtrace -s 2 alfa-mem.log=now --against old/alfa-mem.log=later --save a.svg
    [[ $out == "now · "*"vs later: peak 5 GiB higher"* ]]
    grep -q '>pale: later<\|· pale: later<' a.svg
    cp alfa-mem.log a.log=b
    names 'a,beta' 'a.log=b' beta-mem.log
    # Names of files may contain an equals sign; duplicate slashes do not matter.
    mkdir lr && cp alfa-mem.log lr/=0.1-mem.log
    names 'slow,beta' 'lr/=0.1-mem.log=slow' beta-mem.log
    names 'alfa,hey' old/ --label old//gamma-mem.log=hey
    names 'alfa,hey' old// --label old/gamma-mem.log=hey
    names 'hey' old/gamma-mem.log --label old//gamma-mem.log=hey
    mapfile -t got < <(jq -r '[(.nodes[].node), (.run // empty), (.against[]?.run)] | join(",")' all.json)
    is "number of results" "${#got[@]}" "${#calls[@]}"
    for i in "${!calls[@]}"; do
        is "nodes of ${calls[i]}" "${got[i]}" "${wanted[i]}"
    done
}

@test "a wrong --label is refused" {
    long=$(printf 'x%.0s' {1..121})
    cp alfa-mem.log other.log
    refuses "--label: 'no.log' is not one of the given files" -s 2 alfa-mem.log --label no.log=a
    refuses "--label: 'beta-mem.log' is not one of the given files" -s 2 alfa-mem.log --label beta-mem.log=a
    refuses "a label must be 1 to 120 bytes without control characters, not ''" -s 2 alfa-mem.log --label ''
    refuses "a label must be 1 to 120 bytes without control characters, not ''" -s 2 alfa-mem.log=
    refuses "a label must be 1 to 120 bytes without control characters, not ''" -s 2 alfa-mem.log --label alfa-mem.log=
    refuses "a label must be 1 to 120 bytes without control characters, not 'a�b'" -s 2 alfa-mem.log --label $'a\tb'
    refuses "a label must be 1 to 120 bytes without control characters, not '${long:1}'..." -s 2 "alfa-mem.log=$long"
    refuses "label 'a' is used for both alfa-mem.log and beta-mem.log" -s 2 alfa-mem.log=a beta-mem.log=a
    refuses "label 'a' is used for both alfa-mem.log and beta-mem.log" -s 2 alfa-mem.log --against beta-mem.log --label a --label a
    refuses "two labels for alfa-mem.log: 'a' and 'b'" -s 2 alfa-mem.log=a --label alfa-mem.log=b
    refuses "two labels for ./: 'a' and 'b'" -s 2 .=a ./=b
    refuses "--label: './other.log' is not one of the given files" -s 2 . --label ./other.log=a
    refuses "'-' is given for two runs, but standard input can only be read once" -s 2 - --against -
    refuses "unknown option '-='; to label standard input, use - --label -=NAME" -s 2 -=a
    refuses "2 --label for 1 file or run; give one for each, in order, or use --label FILE=NAME" -s 2 alfa-mem.log --label a --label b
    refuses "1 --label for 2 files and runs; give one for each, in order, or use --label FILE=NAME" -s 2 alfa-mem.log beta-mem.log --label a
    refuses "1 --label for 2 files and runs; give one for each, in order, or use --label FILE=NAME" -s 2 alfa-mem.log --against beta-mem.log --label a
    refuses "3 --label for 2 files and runs; give one for each, in order, or use --label FILE=NAME" -s 2 alfa-mem.log beta-mem.log --label a --label b --label c
    # shellcheck disable=SC2046 # words
    refuses "--against may be given at most 8 times" -s 2 alfa-mem.log $(printf -- '--against beta-mem.log %.0s' {1..9})
}

@test "runs on the same nodes one after the other are drawn from their starts" {
    start() { # TIME JOB
        echo "# memtrace 1 host=alfa start=$1 interval=2 job=$2"
        cat alfa-mem.log
    }
    start 1732402500 1 >one.log && start 1732402620 2 >two.log && start 1732402620 1 >same.log && start 1732402510 2 >during.log
    run_memtrace one.log two.log --save a.png
    [[ $out == *" · several runs on the same nodes: each drawn from its start" ]]
    run_memtrace one.log two.log --stats=json -q
    is duration "$(jq .all.duration_s <<<"$out")" 18
    run_memtrace one.log two.log --stats=json -q --align clock
    is duration "$(jq .all.duration_s <<<"$out")" 138
    run_memtrace one.log same.log --stats=json -q
    is "of one job" "$(jq .all.duration_s <<<"$out")" 138
    is "clocks" "$(jq -r '.findings[].kind' <<<"$out")" ""
    run_memtrace one.log during.log --stats=json -q
    is "at the same time" "$(jq .all.duration_s <<<"$out")" 28
}

@test "a baseline without times is refused" {
    { echo '# memtrace 1 host=gamma start=1732320000.5 interval=2' && cat alfa-mem.log; } >x.log
    expect 1 "" "memtrace: beta-mem.log: the log contains no times; specify the interval with --samp SECONDS" x.log --save a.png --against beta-mem.log
    [ ! -e a.png ]
}

@test "--clock shows clock times of the reader's zone in the summary and the plot" {
    { echo "# memtrace 1 host=alfa start=1732402500 interval=2" && cat alfa-mem.log; } >clock.log
    rm alfa-mem.log
    expect 0 "${alfa% at *} at 22:55:18" "" clock.log --save a.svg --clock
    expect 0 "$alfa" "" clock.log --save b.svg
    differ a.svg b.svg
    TZ=XYZ-1:04:50 run_memtrace clock.log --save c.svg --clock
    is out "$out" "${alfa% at *} at Nov 24 00:00:08"
    expect 2 "" "memtrace: --clock requires the start time of every log" -s 2 beta-mem.log --clock --save d.svg
}

@test "a local time in a log is read in the reader's time zone" {
    awk '/^Mem:/ { printf "2024-11-23 22:5%d:00 %s\n", n++, $0 }' alfa-mem.log | head -n 8 >ts.log
    for zone in UTC XYZ-5:30; do
        TZ=$zone run_memtrace ts.log --save a.svg --clock
        is "clock in $zone" "${out##* at }" 22:57:00
        # Together with a log whose start is given since the epoch, two minutes later.
        { echo "# memtrace 1 host=beta interval=30 start=$(TZ=$zone date -d '2024-11-23 22:52' +%s)" && cat beta-mem.log; } >epoch.log
        TZ=$zone run_memtrace ts.log epoch.log --save b.svg
        [[ $out == *" · starts or clocks 2 min apart"* ]]
    done
}

@test "--samp that contradicts the headers is reported once" {
    for host in alfa beta; do
        { echo "# memtrace 1 host=$host interval=10" && cat $host-mem.log; } >new && mv new $host-mem.log
    done
    expect 0 "$both" "memtrace: ./alfa-mem.log: sampled every 10 s according to its header, but drawn with --samp 2 (also 1 more node)" -s 2 . --save a.png
    expect 0 "" "" -s 2 -q . --save a.png
    expect 0 "2 nodes · 1 min 30 s at 10 s · alfa peaked 10 of 32 GiB (31 %) at 1:30 · then beta 6.5 GiB" "" . --save a.png
}

@test "events from options and files" {
    printf '# phases\n8 solve\n' >marks
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save a.svg --mark 4:mesh --marks marks
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save b.svg
    differ a.svg b.svg
    expect 1 "" "memtrace: none: No such file or directory" -s 2 alfa-mem.log --save c.svg --marks none
    expect 1 "" "memtrace: the event 'x' has a clock time, but the logs have no start time" -s 2 alfa-mem.log --save c.svg --mark 1732320000:x
    [ ! -e c.svg ]
}

@test "standard input, gzip, and a plot on standard output" {
    status=0
    out=$("$memtrace" -s 2 - --save a.png <alfa-mem.log) || status=$?
    is out "$status $out" "0 stdin${alfa#alfa}"
    gzip alfa-mem.log
    expect 0 "$alfa" "" -s 2 alfa-mem.log.gz --save b.png
    head -c 120 alfa-mem.log.gz >cut-mem.log.gz
    run_memtrace -s 2 cut-mem.log.gz --save c.png
    [[ $err == *"memtrace: cut-mem.log.gz: damaged gzip file"* ]]
    "$memtrace" -s 2 beta-mem.log --save /dev/stdout >d.png
    "$memtrace" -s 2 beta-mem.log --save e.png >/dev/null
    cmp d.png e.png
    "$memtrace" -s 2 beta-mem.log --save - | cmp - e.png
    [ ! -e - ] && [ ! -e -.png ]
}

@test "the old plot survives a full disk, a directory of the same name and a missing folder" {
    expect 0 "$alfa" "" -s 2 alfa-mem.log --save a.png
    cp a.png before.png
    expect 1 "" "memtrace: /dev/full: cannot write: No space left on device" -s 2 alfa-mem.log --save /dev/full
    for extension in svg pdf; do
        ln -s /dev/full "full.$extension"
        run_memtrace -s 2 alfa-mem.log --save "full.$extension"
        is status "$status" 1
        [[ $err == "memtrace: full.$extension: cannot write: No space left on device" ]]
    done
    mkdir d.png
    expect 1 "" "memtrace: d.png: cannot write: Is a directory" -s 2 alfa-mem.log --save d.png
    expect 1 "" "memtrace: none/a.png: cannot write: No such file or directory" -s 2 alfa-mem.log --save none/a.png
    cmp a.png before.png
    run_memtrace -s 2 alfa-mem.log --save /dev/full --quiet
    is status "$status" 1
}

@test "failing to print the summary is an error" {
    status=0
    "$memtrace" -s 2 alfa-mem.log --save a.png >/dev/full 2>.err || status=$?
    is status "$status $(cat .err)" "1 memtrace: cannot write to standard output: No space left on device"
}

# Writes logs of tasks, one per line of standard input. The job's memory grows to PEAK KiB of 12 GiB in COUNT samples.
write_tasks() { # FILE ARRAY TASK HOST START COUNT PEAK [TRAILER]
    awk '{
        file = $1 "-mem.log"; count = $6
        printf "# memtrace 1 host=%s start=%d interval=2 job=%d array=%s task=%s cgroup=v1 limit=12884901888\n", $4, $5, 9000 + $3, $2, $3 >file
        for (i = 1; i <= count; i++) {
            used = int($7 * i / count)
            printf "               total        used        free      shared  buff/cache   available\n" >file
            printf "Mem:     %11d %11d %11d %11d %11d %11d\n", 268435456, used + 8388608, 251658240 - used, 0, 8388608, 260046848 - used >file
            printf "Swap:    %11d %11d %11d\nJob:     %11d %11d %11d %11d %11d %11d\n\n", 0, 0, 0, 12582912, used, 12582912 - used, 0, 0, 12582912 - used >file
        }
        if ($8 != "") print "# memtrace end=" $5 + 2 * count " " $8 >file
        close(file)
    }'
}

# bats test_tags=slow
@test "array tasks are drawn from their own start and named by task; the summary advises a request" {
    mkdir array && cd array
    for task in {1..100}; do
        echo "$task 4711 $task n$((task % 3)) $((1000000000 + task * 50)) $((10 + task % 7)) $((task == 88 ? 9700000 : 4000000 + task * 1000))" \
            state=COMPLETED
    done | write_tasks
    run_memtrace ./*.log --save a.png
    is "notes" "$err" ""
    [[ $out == *" 100 tasks of array 4711 · 30 s at 2 s ·"* ]] || { echo "$out"; false; }
    [[ $out == *" · --mem=5G fits 99 of 100 tasks; 4711_88 needs 11G" ]] || { echo "$out"; false; }
    [[ $out != *"ended early"* ]]
    run_memtrace ./*.log --stats=json
    is advice "$(jq -c '.advice | [.mem_bytes, .fits, .of, .above, .all_mem_bytes, .all_is_lower_bound, .is_above_node]' <<<"$out")" \
        '[5368709120,99,100,["4711_88"],11811160064,false,false]'
    is "kinds of findings" "$(jq -c '[.findings[].kind] - ["growing", "near_limit"]' <<<"$out")" '["uneven"]'
    is names "$(jq -r '.nodes[].node' <<<"$out" | sort -V | head -n 2 | tr '\n' ' ')" "4711_1 4711_2 "
    run_memtrace ./*.log --align clock --stats=json
    [ "$(jq '.all.duration_s > 4900' <<<"$out")" = true ]
    rm a.png
    refuses "--clock cannot be combined with --align start" ./*.log --align start --clock
}

@test "array tasks: a killed task needs more, a running one is counted, one on two nodes has two names" {
    write_tasks <<'END'
1 7 1 n1 1000000001 20 4000000 state=COMPLETED
2 7 2 n2 1000000002 20 4000000 state=COMPLETED
3 7 3 n3 1000000003 20 4000000 state=COMPLETED
4 7 4 n4 1000000000 20 12000000 state=OUT_OF_MEMORY
5 7 5 n5 1000000000 5 1000000
6a 7 6 a 1000000000 20 4000000 state=COMPLETED
6b 7 6 b 1000000000 20 4000000 state=COMPLETED
END
    rm alfa-mem.log beta-mem.log
    run_memtrace . --stats=json
    is names "$(jq -r '.nodes[].node' <<<"$out" | sort | tr '\n' ,)" "7_1,7_2,7_3,7_4,7_5,7_6 a,7_6 b,"
    is advice "$(jq -r .advice.text <<<"$out")" "--mem=5G fits 4 of 5 tasks; 7_4 needs more than 12G"
    is killed "$(jq -c '.findings[0] | [.kind, .nodes]' <<<"$out")" '["killed",["7_4"]]'
    run_memtrace . --save a.png
    [[ $out == *"6 tasks of array 7 on 7 nodes, 1 still running"* ]] || { echo "$out"; false; }
    run_memtrace . --export e.csv -q
    run_memtrace e.csv --stats=json
    is "advice of an export" "$(jq -r .advice.of <<<"$out")" 5
}

@test "each folder is a run, drawn as its highest node from its own start" {
    mkdir -p runs/old runs/new more/new
    print_log 10 1048576 1048576 >runs/old/a-mem.log
    print_log 10 1048576 2097152 >runs/old/b-mem.log
    print_log 5 1048576 1024 >runs/new/a-mem.log
    run_memtrace -s 2 runs/*/ --stats=tsv
    is stderr "$err" ""
    is rows "$(cut -f 1-2 <<<"$out" | tr '\t\n' ' ,')" "node samples,old 10,new 5,all 15," || is rows "$(cut -f 1-2 <<<"$out" | tr '\t\n' ' ,')" "node samples,new 5,old 10,all 15,"
    is "the highest node" "$(awk -F'\t' '$1 == "old" { print $4 }' <<<"$out")" 20401094656
    run_memtrace -s 2 runs/*/ --stats=json
    is "sizes of the groups" "$(jq -c '[(.nodes | sort_by(.node)[] | [.node, .group_size]), .all.group_size]' <<<"$out")" '[["new",1],["old",2],3]'
    run_memtrace -s 2 runs/old/ --stats=json
    is "no group" "$(jq -c '[.nodes[].group_size, .all.group_size]' <<<"$out")" '[null,null,null]'
    mkdir -p before/old before/new before/gone
    print_log 10 1048576 1048576 >before/old/c-mem.log
    print_log 10 1048576 0 >before/new/c-mem.log
    print_log 10 1048576 0 >before/gone/c-mem.log
    run_memtrace -s 2 runs/*/ --stats=json --against before/*/
    is "groups of the same name" "$(jq -c '[.nodes | sort_by(.node)[] | [.node, .peak_change_bytes]]' <<<"$out")" '[["new",4194304],["old",9663676416]]'
    run_memtrace -s 2 runs/old runs/new --save a.png
    [[ $out == *"2 runs ·"* ]] || { echo "$out"; false; }
    mkdir -p full/one full/two
    print_log 10 32000000 1000 >full/one/a-mem.log
    print_log 10 32000000 2000 >full/two/a-mem.log
    run_memtrace -s 2 full/*/ --save a.svg
    [[ $out == "both runs were nearly full, two reached "* ]] || { echo "$out"; false; }
    grep -q '>run<' a.svg
    run_memtrace -s 2 runs/*/ --stats
    is "what a row is" "$(cut -c 1-5 <<<"$out" | sed -n 2p)" "run  "
    run_memtrace -s 2 runs/*/ --group-by none --stats=tsv
    is "one row per log" "$(cut -f 1 <<<"$out" | sort | tr '\n' ' ')" "a a (2) all b node "
    print_log 5 1048576 1024 >more/new/a-mem.log
    run_memtrace -s 2 runs/new more/new --stats=tsv
    is "two of the same name" "$(cut -f 1 <<<"$out" | sort | tr '\n' ' ')" "all more/new node runs/new "
    run_memtrace -s 2 runs/old/*.log runs/new/*.log --group_by node --stats=tsv
    is "by node" "$(cut -f 1 <<<"$out" | sort | tr '\n' ' ')" "a all b node "
}

@test "nodes with different totals are judged and drawn in percent of their totals, unless bytes are requested" {
    for n in 1 2 3 4; do print_log 40 16000000 1000 | sed "s/33554432/$((n < 4 ? 83554432 : 18000000))/" >"n$n-mem.log"; done
    run_memtrace -s 10 n?-mem.log --save a.svg
    [[ $out == "n4 peaked at 4.6 times the median peak · "* ]]
    [[ $out == *" · in percent of each node's total (17.2 to 79.7 GiB) · "* ]]
    grep -q '>%<' a.svg
    run_memtrace -s 10 n?-mem.log --stats=json
    is "also in data" "$(jq -c '.findings[] | select(.kind == "uneven") | .nodes, (100 * .value_bytes / .of_bytes | round)' <<<"$out")" '["n4"]
464'
    for option in '--output_units GiB' --total '--limit 70G'; do
        # shellcheck disable=SC2086
        run_memtrace -s 10 n?-mem.log $option --save a.svg
        [[ $out != *percent* ]]
        grep -q '>GiB<' a.svg
    done
    sed -i 's/18000000/83500000/' n4-mem.log
    run_memtrace -s 10 n?-mem.log --save a.svg
    [[ $out != *percent* ]]
}

@test "events that do not fit in the list are counted; names are at the ends of their lines" {
    local marks=()
    for i in {1..80}; do marks+=(--mark "$i:event number $i"); done
    for n in 1 2; do
        { print_log 80 20000000 0 && echo && print_log 20 1000000 $((n * 1000)); } >n$n-mem.log
    done
    run_memtrace -s 1 . "${marks[@]}" --save a.svg --legend
    listed=$(grep -o '[0-9]* event number [0-9]*<' a.svg | wc -l)
    grep -q "   and $((80 - listed)) more" a.svg
    # The line falls before its end, so its end and its name are near the axis.
    y=$(grep -o '<text[^>]*bold">n1</text>' a.svg | sed 's/.* y="\([0-9]*\).*/\1/')
    ((y > 450))
}

# bats test_tags=slow
@test "terminal: crowded events are numbered and listed, in every view" {
    local marks=() view
    for i in {1..15}; do marks+=(--mark "$((i * 2)):solver step $i begins"); done
    for n in {1..40}; do print_log 32 20000000 $((n * 1000)) >"n$n-mem.log"; done
    run_memtrace -s 1 n?-mem.log "${marks[@]}" --size 80x24
    grep -q '^ *1 solver step 1 begins  2 solver step 2 begins ' <<<"$out"
    grep -q ' and [0-9]* more$' <<<"$out"
    grep -Eq '^ *GiB +1  *2  *3  *4 ' <<<"$out"
    for view in overview panels; do
        run_memtrace -s 1 n*-mem.log "${marks[@]}" --size 80x24 --view "$view"
        grep -q '1 solver step 1 begins  2 solver step 2 begins' <<<"$out"
        (($(grep -c '[┊:].*[┊:].*[┊:].*[┊:]' <<<"$out") > 2))
    done
    # Consecutive events with the same text share an entry.
    marks=(--mark 1:begin --mark 28:end)
    for i in {2..14}; do marks+=(--mark "$((i * 2 - 1)):checkpoint is written"); done
    run_memtrace -s 1 n?-mem.log "${marks[@]}" --size 80x24
    grep -q '^ *1 begin  2-14 checkpoint is written  15 end *$' <<<"$out"
    run_memtrace -s 1 n?-mem.log "${marks[@]}" --save a.svg
    is "shared entry" "$(grep -oE '>( *[-0-9]+ (begin|checkpoint is written|end))<' a.svg | tr -d '\n')" \
        '>1 begin<>   2-14 checkpoint is written<>   15 end<'
    run_memtrace -s 1 n?-mem.log --mark 2:begin --mark 20:end --size 80x24
    grep -Eq '^ *GiB +begin +end( |$)' <<<"$out"
}

@test "plots cut the common part of long node names, and the summary states it once" {
    local whole=cluster-rack3-node00
    for n in 1 2 3; do print_log 40 $((20000000 + n * 100000)) 0 >$whole$n.hpc.example.org-mem.log; done
    echo "srun: error: ${whole}2.hpc.example.org: task 3: Out Of Memory" >>${whole}3.hpc.example.org-mem.log
    run_memtrace -s 10 cluster*.log --save a.svg
    [[ $out == "node002 was OOM-killed at 6:30 · "*" · names without cluster-rack3- and .hpc.example.org · "* ]]
    grep -q '>node001<' a.svg
    run grep -q '>cluster-rack3-node00.\.hpc\.example\.org<' a.svg
    ((status == 1))
    run_memtrace -s 10 cluster*.log --stats=json
    is data "$(jq -c '.findings[0].nodes' <<<"$out")" '["cluster-rack3-node002.hpc.example.org"]'
    for n in 1 2 3; do mv $whole$n.hpc.example.org-mem.log cluster-rack3-0$n-mem.log; done
    run_memtrace -s 10 cluster*.log --save a.svg
    [[ $out != *"names without"* ]]
}
