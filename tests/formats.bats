#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Logs of every free, in every language, with labels, times and damage: which records are read, and which notes are printed.
# shellcheck disable=SC2154

load cli_helpers

setup_file() {
    export samples=$BATS_FILE_TMPDIR/samples
    python3 "$BATS_TEST_DIRNAME/samples/print_free.py" "$samples"
    make -s -C "$BATS_TEST_DIRNAME/.." build/tests/freelog_dump
}
setup() {
    setup_scratch
    dump=$root/build/tests/freelog_dump
}
teardown() { teardown_scratch; }

# Prints one record of procps 4: GIB of 32 GiB used.
record() { # GIB
    print_log 1 $(($1 * 1048576)) 0
}

# Draws a plot; checks the summary and the notes.
draws() { # SUMMARY NOTES ARGUMENT...
    expect 0 "$@" --save x.svg
}

# Sets words to what freelog_dump needs to print all samples in pieces of $1 bytes, except those that match the pattern $2.
all_samples() { # PIECE_BYTES [PATTERN]
    local log unit
    words=()
    for log in "$samples"/*.log; do
        # shellcheck disable=SC2053 # a pattern
        [[ ${2-} && ${log##*/} == $2 ]] && continue
        case $log in
        *@b.log) unit=1 ;;
        *@m.log) unit=1048576 ;;
        *@g.log) unit=1073741824 ;;
        *) unit=0 ;;
        esac
        words+=("$log" "$1" "$unit")
    done
}

# ---- records ----

@test "every version, language, label, time and damage gives the records that were printed" {
    all_samples 65536
    [ ${#words[@]} -ge $((3 * 200)) ]
    "$dump" "${words[@]}" >dumped
    awk -f "$root/tests/samples/compare.awk" dumped | sort >got
    for log in "$samples"/*.log; do [ -e "${log%.log}.want" ]; done
    awk 'FNR == 1 { name = FILENAME; sub(/.*\//, "", name); sub(/\.want$/, "", name) } { print name "\t" $0 }' "$samples"/*.want | sort | diff - got
}

@test "pieces of 1, 2, 7 and 4096 bytes give the same records, notes and lines as the whole" {
    all_samples 10000000
    "$dump" "${words[@]}" >whole
    for piece in 1 2 7 4096; do
        all_samples "$piece"
        "$dump" "${words[@]}" >pieces
        cmp pieces whole || {
            awk -v piece="$piece" 'NR == FNR { whole[NR] = $0; next } /^file/ { name = $0 }
                $0 != whole[FNR] { print "pieces of " piece " bytes: " name ": " $0; exit }' whole pieces
            false
        }
    done
}

@test "the reference reader agrees on nodes, counts, lengths, peaks and their times of all samples" {
    run python3 "$root/tests/reference_read.py" "$memtrace" "$samples"/*.log
    echo "$output"
    [ "$status" -eq 0 ]
    [[ ${lines[-1]} =~ ^2[0-9][0-9]\ logs\ compared$ ]]
}

@test "undamaged samples are read completely, without notes" {
    # These samples rightly produce notes.
    noted=' two-writers swap-wrapped nul-hole grep-killed grep-killed-digit disk-full slurm-noise '
    all_samples 65536 '@(*unknown*|*-iso-8859-*|*-koi8-*|*-cp1251.log|*-gb18030.log|*-euc-kr.log)'
    [ ${#words[@]} -ge $((3 * 150)) ]
    "$dump" "${words[@]}" >whole
    awk -F'\t' -v noted="$noted" '
        function finish() {
            if (name != "" && (index(noted, " " name " ") > 0) != (notes > 0)) { print name ": " notes " notes " first; bad = 1 }
        }
        $1 == "file" { finish(); name = $2; sub(/.*\//, "", name); sub(/\.log$/, "", name); notes = 0; first = "" }
        $1 == "note" && ++notes == 1 { first = $0 }
        $1 == "lines" && $2 != $3 && index(noted, " " name " ") == 0 { print name ": " $0; bad = 1 }
        END { finish(); exit bad }' whole
}

@test "columns are found by name: all of them in wide logs, also old ones" {
    for column in total used free shared buffers cached available swap-total swap-used swap-free total-available; do
        run_memtrace -s 2 "$samples/procps-4.0.4-w.log" --stats=tsv --column "$column"
        is "status and notes of $column" "$status$err" 0
        echo "$column $(awk -F'\t' 'NR == 2 { print $4 }' <<<"$out")"
    done >got
    # The expected values, from the program that printed the log.
    (cd "$root/tests/samples" && python3 -B -c '
from print_free import N, machine
m = [machine(i) for i in range(N)]
columns = {
    "total": lambda m: m["total"], "used": lambda m: m["total"] - m["available"], "free": lambda m: m["free"],
    "shared": lambda m: m["shared"], "buffers": lambda m: m["buffers"], "cached": lambda m: m["cached"] + m["reclaim"],
    "available": lambda m: m["available"], "swap-total": lambda m: m["swap_total"],
    "swap-used": lambda m: m["swap_total"] - m["swap_free"], "swap-free": lambda m: m["swap_free"]}
columns["total-available"] = columns["used"]
for name, of in columns.items():
    print(name, max(of(one) for one in m) * 1024)') >want
    diff want got
    # buff/cache of the old format is the sum of its two columns.
    run_memtrace -s 2 "$samples/procps-3.2.8.log" --stats=tsv --column buff/cache
    is "buffers + cached" "$(awk -F'\t' 'NR == 2 { print $4 }' <<<"$out")" $(((215044 + 3 * 23 + 1843201 + 57 * 23) * 1024))
    run_memtrace -s 2 "$samples/procps-3.2.8.log" --save x.svg --column available
    is "an absent column" "$status $err" "1 memtrace: $samples/procps-3.2.8.log: no record contains the plotted column, skipped
memtrace: nothing to plot: no log contains a usable record"
}

@test "numbers in any unit, with and without decimals" {
    record 1 | sed 's/33554432/    1000/; s/ 1048576/     500/' >a.log
    while read -r unit peak; do
        run_memtrace -s 2 a.log --stats=tsv --input_units "$unit"
        is "peak in $unit" "$(awk -F'\t' 'NR == 2 { print $4 }' <<<"$out") $err" "$peak "
    done <<'END'
B 500
kB 500000
MB 500000000
GB 500000000000
KiB 512000
MiB 524288000
GiB 536870912000
TiB 549755813888000
END
    # toybox prints bytes by default.
    run_memtrace -s 2 "$samples/toybox.log" --stats=tsv
    bytes=$(awk -F'\t' 'NR == 2 { print $4 }' <<<"$out")
    run_memtrace -s 2 "$samples/toybox.log" --stats=tsv --input_units KiB
    is "toybox as KiB" "$(awk -F'\t' 'NR == 2 { printf "%.0f", $4 }' <<<"$out")" $((bytes * 1024))
}

# ---- notes ----

@test "the definition of used is inferred, shown in --stats, and in the summary if logs differ" {
    while read -r name means; do
        run_memtrace -s 2 "$samples/$name.log" --stats=tsv
        is "used of $name" "$(awk -F'\t' 'NR == 2 { print $NF }' <<<"$out")" "$means"
    done <<'END'
procps-3.2.8 total-free-cache
procps-3.2.8-o total-free
procps-3.3.9 total-free-cache
procps-3.3.12 total-free-cache
procps-4.0.0-w total-free-cache
procps-4.0.4 total-available
language-zh_CN-gb18030 total-available
END
    run_memtrace -s 2 "$samples/procps-3.3.12.log" "$samples/procps-4.0.4.log" --save x.svg
    is "two meanings" "${out%% · *}" "warning: \"used\" is total-available on procps-4.0.4, total-free-cache on procps-3.3.12"
    run_memtrace -s 2 "$samples/procps-4.0.4.log" --against "$samples/procps-3.3.12.log" --save x.svg
    [[ $out == *' · warning: "used" is total-available, but total-free-cache on procps-3.3.12 of the baseline'* ]]
    cat "$samples/procps-3.3.12.log" "$samples/procps-4.0.4.log" >both.log
    run_memtrace -s 2 both.log --save x.svg
    is "one log" "${out%% · *}" "warning: the definition of \"used\" changes within both"
    run_memtrace -s 2 "$samples/procps-3.3.12.log" "$samples/procps-3.3.9.log" --save x.svg
    [[ $out != *warning* ]]
    run_memtrace -s 2 both.log --save x.svg --column total-available
    [[ $out != *warning* ]]
}

@test "a missing unit is inferred from the numbers and reported once" {
    while read -r name unit bytes total; do
        run_memtrace -s 2 "$samples/$name.log" --stats=tsv
        is "reported of $name" "$err" "memtrace: $samples/$name.log: the numbers are read as $unit: in KiB the total would be ${total/_/ }; --input_units overrides"
        run_memtrace -s 2 "$samples/$name.log" --stats=tsv --input_units "$unit"
        is "the same as given" "$err $(awk -F'\t' 'NR == 2 { print $4 }' <<<"$out")" " $(awk -F'\t' 'NR == 2 { print $4 }' <("$memtrace" -q -s 2 "$samples/$name.log" --stats=tsv))"
        run_memtrace -s 2 "$samples/$name.log" --stats -q
        is "not wanted" "$err" ""
        run_memtrace -s 2 "$samples/$name.log" --stats=tsv --input_units KiB
        is "overridden" "$err $(awk -F'\t' -v b="$bytes" 'NR == 2 { printf "%.0f", $4 / 1024 * b }' <<<"$out")" " $("$memtrace" -q -s 2 "$samples/$name.log" --stats=tsv | awk -F'\t' 'NR == 2 { printf "%.0f", $4 }')"
    done <<'END'
procps-4.0.4-m@m MiB 1048576 50.3_MiB
procps-4.0.4-g@g GiB 1073741824 50_KiB
procps-4.0.4-b@b B 1 50.3_TiB
huge-b@b B 1 2014_PiB
END
    run_memtrace -s 2 "$samples"/procps-{3.3.12,4.0.0,4.0.4}-m@m.log --stats
    is "once for all" "$err" "memtrace: $samples/procps-3.3.12-m@m.log: the numbers are read as MiB: in KiB the total would be 50.3 MiB; --input_units overrides (also 2 more nodes)"
    # No note: numbers with their own units, even round ones, and numbers in the usual unit.
    { record 1 | sed -n 1p; echo 'Mem:             2.0Ti       1.0Ti       512Gi          0B       512Gi       1.0Ti'; } >round.log
    run_memtrace -s 2 round.log --stats
    is "nothing reported of round numbers" "$err" ""
    for name in procps-4.0.4 procps-4.0.4-h procps-3.3.12-h busybox-1.35-h toybox; do
        run_memtrace -s 2 "$samples/$name.log" --stats
        is "nothing reported of $name" "$err" ""
    done
}

@test "each kind of damage is reported once, with its first line and count" {
    record 2 >good
    cut=$(head -n 2 good | tail -n 1 | cut -c 1-40)
    while IFS='|' read -r text records reported; do
        { cat good; printf '%b' "$text"; cat good; } >a.log
        run_memtrace -s 2 a.log --stats=tsv
        is "records with $text" "$(awk -F'\t' 'NR == 2 { print $2 }' <<<"$out")" "$records"
        is "reported of $text" "$err" "${reported:+memtrace: a.log:4: $reported}"
    done <<END
$cut\n|2|1 truncated row, skipped
$cut\n\n$cut\n$cut\n|2|3 truncated rows, skipped
Mem:     33554432 12x4 5 5 5 5\n|2|bad number '12x4', record skipped
Mem:     33554432 12x4 5 5 5 5\nMem:     33554432 1.2.3 5 5 5 5\n|2|2 bad numbers, records skipped (first '12x4')
\000\000\000\000|2|1 hole of NUL bytes
\000\000\n\000\n|2|2 holes of NUL bytes
hello world\n|2|1 line not in free(1) format, skipped
\n\n   \n|2|
Swap: 5 5 5\n|2|
END
    # Half a header after a full disk, and a log that ends within a number.
    { cat good; sed -n 2p good | cut -c 1-30 | tr -d '\n'; sed -n 1p good | cut -c 40-; sed 1d good; } >a.log
    draws "a · 4 s at 2 s · peak 2 of 32 GiB (6 %) at 0:00" "memtrace: a.log:4: 1 truncated row, skipped" -s 2 a.log
    { cat good; head -c -12 good; } >a.log
    draws "a · 2 s at 2 s · peak 2 of 32 GiB (6 %) at 0:00" "memtrace: a.log:6: 1 truncated row at the end of the log, skipped" -s 2 a.log
    { cat good; sed -n 1p good; sed -n 2p good | head -c 70; } >a.log
    draws "a · one sample · peak 2 of 32 GiB (6 %) at 0:00" "memtrace: a.log:5: 1 truncated row at the end of the log, skipped" -s 2 a.log
    # --stats counts what was skipped.
    printf '%s\n%s\n' "$cut" "$cut" | cat good - good >a.log
    run_memtrace -s 2 a.log --stats=json -q
    is "left out" "$(jq '.nodes[0].left_out' <<<"$out")" 2
}

@test "swap that wrapped around or is negative counts as 0 and is reported" {
    for swap in 18014398509480984 -1000; do
        { record 1; record 2 | sed "s/Swap: *0 *0/Swap:        8388604 $swap/"; } >a.log
        run_memtrace -s 2 a.log --stats=json
        is "swap of $swap" "$(jq '.nodes[0].swap_peak_bytes' <<<"$out")" 0
        is "reported" "$err" "memtrace: a.log:6: 1 impossible swap value, shown as 0"
    done
}

@test "-q silences notes, not errors" {
    { record 1; echo hello; echo world; record 2; } >a.log
    draws "a · 2 s at 2 s · peak 2 of 32 GiB (6 %) at 0:02" "memtrace: a.log:4: 2 lines not in free(1) format, skipped" -s 2 a.log
    expect 0 "" "" -q -s 2 a.log --save x.svg
    echo hello >b.log
    expect 1 "" "memtrace: b.log: no record of free(1) found, skipped
memtrace: incomplete: 1 log or node is missing, see above" -q -s 2 a.log b.log --save x.svg
}

@test "a file of which less than half is understood is reported, an intact one is not" {
    { record 1; seq -f 'line %.0f of a program' 1 4; echo 'Mem:    12x4 5'; } >a.log
    run_memtrace -s 2 a.log --save x.svg
    is "reported" "$err" "memtrace: a.log:8: bad number '12x4', record skipped
memtrace: a.log:4: 4 lines not in free(1) format, skipped"
    { record 1; seq -f 'line %.0f of a program' 1 9; echo 'Mem:    12x4 5'; } >a.log
    run_memtrace -s 2 a.log --save x.svg
    is "reported" "$err" "memtrace: a.log:13: bad number '12x4', record skipped
memtrace: a.log:4: 9 lines not in free(1) format, skipped
memtrace: a.log: only 4 of 13 lines were understood; is this a log of free?"
    { record 1; seq -f 'line %.0f of a program' 1 9; } >a.log
    run_memtrace -s 2 a.log --save x.svg
    is "every record was read" "$err" "memtrace: a.log:4: 9 lines not in free(1) format, skipped"
}

@test "a header in an unknown language is read by position, reported once" {
    run_memtrace -s 2 "$samples/language-unknown.log" --stats=tsv
    is "reported" "$err" "memtrace: $samples/language-unknown.log:1: 1 header in an unknown language, read by position"
}

@test "output of watch is refused with the reason" {
    printf '\033[?1049h\033[22;0;0t\033[1;24r\033(B\033[m\033[H\033[2JEvery 2.0s: free\033[1;50Hhost: x\033[3;1H' >a.log
    record 1 >>a.log
    expect 1 "" "memtrace: a.log:1: 1 watch(1) screen
memtrace: a.log: watch(1) output is not supported; use free -s
memtrace: nothing to plot: no log contains a usable record" -s 2 a.log --save x.svg
}

@test "colours and clear(1) between records are not taken for watch" {
    { printf '\033[H\033[2J'; record 1; printf '\033[H\033[2J'; record 2; } >a.log
    draws "a · 2 s at 2 s · peak 2 of 32 GiB (6 %) at 0:02" "" -s 2 a.log
}

@test "gzip, CRLF, byte-order marks and stdin give the same" {
    { record 1; record 2; record 1; } >a.log
    run_memtrace -s 2 a.log --stats=tsv
    want=$out
    mkdir gz crlf utf8 utf16
    gzip -c a.log >gz/a.log.gz
    sed 's/$/\r/' a.log >crlf/a.log
    { printf '\357\273\277'; cat a.log; } >utf8/a.log
    { printf '\377\376'; iconv -f UTF-8 -t UTF-16LE a.log; } >utf16/a.log
    for log in gz/a.log.gz crlf/a.log utf8/a.log utf16/a.log; do
        expect 0 "$want" "" -s 2 "$log" --stats=tsv
    done
    is "stdin" "$("$memtrace" -s 2 - --stats=tsv <a.log 2>&1)" "${want//$'\na\t'/$'\nstdin\t'}"
    # A log of several gzip members, as logrotate makes it, and a truncated one.
    cat gz/a.log.gz gz/a.log.gz >twice.log.gz
    run_memtrace -s 2 twice.log.gz --stats=tsv
    is "samples" "$(awk -F'\t' 'NR == 2 { print $2 }' <<<"$out")" 6
    head -c -9 gz/a.log.gz >cut.log.gz
    run_memtrace -s 2 cut.log.gz --stats=tsv
    [[ $err == *"cut.log.gz: damaged gzip file"* ]]
}

@test "messages of Slurm become events of their node; others are noise" {
    {
        record 1; record 2
        echo 'slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some of the step tasks have been OOM Killed.'
        record 3
        echo 'srun: Job step aborted: Waiting up to 32 seconds for job step to finish.'
        record 4
        echo 'slurmstepd: error: *** STEP 7.0 ON n1 CANCELLED AT 2024-05-04T12:00:02 DUE TO TIME LIMIT ***'
    } >a.log
    run_memtrace -s 2 a.log --save x.svg --export x.csv
    is "noise" "$err" "memtrace: a.log:11: 1 line not in free(1) format, skipped"
    is "marks" "$(grep -E '(mark|kill)_s' x.csv)" "# memtrace kill_s=2 text=out%20of%20memory%20StepId=7.0
# memtrace mark_s=6 text=cancelled:%20TIME%20LIMIT"
    grep -q 'out of memory' <(tr -d '\n' <x.svg) || xmllint --noout x.svg
    # With labels, the event belongs to the labelled node.
    { sed 's/^/0: /' <(record 1; record 2); sed 's/^/1: /' <(record 1; record 2); } >b.log
    echo '0: slurmstepd: error: Detected 1 oom_kill event in StepId=7.0.' >>b.log
    run_memtrace -s 2 b.log --export x.csv --save x.svg
    is "mark of node 0" "$(awk '/host=/ { sub(/.*host=/, ""); node = $1 } /kill_s/ { print node, $3 }' x.csv)" "0 kill_s=2"
}

@test "kills reported by the kernel, PBS, LSF and older Slurm versions are events; their dates are not times of records" {
    local line text
    while IFS='|' read -r line text; do
        { record 1; record 2; echo "$line"; record 3; } >a.log
        run_memtrace -s 2 a.log --export x.csv
        is "kill of: $line" "$(grep -E '(mark|kill)_s' x.csv)" "${text:+# memtrace kill_s=2 text=$text}"
        run_memtrace -s 2 a.log --stats=json
        is "end after: $line" "$(jq -c '[.nodes[0].duration_s, ([.findings[].kind] | index("killed") != null)]' <<<"$out")" "[4,$([ "$text" ] && echo true || echo false)]"
    done <<'END'
Nov 26 03:10:00 cn01 kernel: [12345.678] Memory cgroup out of memory: Killed process 4242 (solver) total-vm:123kB|out%20of%20memory%20solver%20on%20cn01
[12345.678901] Out of memory: Kill process 4242 (python3) score 900 or sacrifice child|out%20of%20memory%20python3
2026-11-26T03:10:00 slurmstepd: error: Exceeded job memory limit|out%20of%20memory
slurmstepd: error: Job 4711 exceeded memory limit (2100000 > 2048000), being killed|out%20of%20memory
=>> PBS: job killed: mem 2100000kb exceeded limit 2048000kb|out%20of%20memory
TERM_MEMLIMIT: job killed after reaching LSF memory usage limit.|out%20of%20memory
slurmstepd: error: Exceeded step memory limit at some point.|
=>> PBS: job killed: walltime 3610 exceeded limit 3600|
Nov 26 03:10:00 cn01 kernel: solver invoked oom-killer: gfp_mask=0x100cca, order=0|
Nov 26 03:10:00 cn01 kernel: Killed process 4242 (solver) total-vm:123kB, anon-rss:1kB|
END
}

# ---- times ----

@test "--samp is required only without time stamps" {
    { record 1; record 2; } >a.log
    expect 2 "" "memtrace: a.log: the log contains no times; specify the interval with --samp SECONDS" a.log --save x.svg
    for i in 1 2 3; do date -ud "2026-05-27 12:00:00 $i seconds"; record "$i"; done >a.log
    draws "a · 2 s at 1 s · peak 3 of 32 GiB (9 %) at 0:02" "" a.log
}

# Prints records with an ISO time before each: SECONDS:GIB...
stamped() {
    for at in "$@"; do
        date -ud "2026-05-27 12:00:00 ${at%:*} seconds" +%FT%T
        record "${at#*:}"
    done
}

# Prints the number of gaps in the drawn line.
gaps() { awk -F, '$2 == "used" && $NF == 1' x.csv | wc -l; }

@test "a gap longer than 2.5 intervals breaks the line, a shorter one does not" {
    stamped 0:1 10:1 20:1 50:1 60:1 >a.log
    draws "a has no samples for 30 s from 0:20 on · used memory of a · 1 min at 10 s · peak 1 of 32 GiB (3 %) at 0:00" "" a.log --export x.csv
    is "gaps" "$(gaps)" 1
    stamped 0:1 10:1 20:1 45:1 55:1 >a.log
    draws "a · 55 s at 10 s · peak 1 of 32 GiB (3 %) at 0:00" "" a.log --export x.csv
    is "gaps" "$(gaps)" 0
}

@test "a backward clock jump is reported and starts a new run after the last" {
    stamped 100:1 110:2 120:3 50:4 60:5 >a.log
    draws "a · 40 s at 10 s · peak 5 of 32 GiB (16 %) at 0:40" "memtrace: a.log:15: 1 backward clock jump, starting a new run" a.log --export x.csv
    is "gaps" "$(gaps)" 1
    is "times" "$(awk -F, '$2 == "used" { print $3 }' x.csv | xargs)" "0 10 20 30 40"
}

@test "several runs in one file are one line with gaps: headers of run.sh, a change of total" {
    {
        echo '# memtrace 1 host=n1 start=1000 interval=2'; record 1; record 2
        echo '# memtrace 1 host=n1 start=1060 interval=2'; record 3; record 4
    } >a.log
    draws "n1 has no samples for 58 s from 0:02 on · used memory of n1 · 1 min 2 s at 2 s · peak 4 of 32 GiB (12 %) at 1:02" "" a.log --export x.csv
    is "times" "$(awk -F, '$2 == "used" { print $3 }' x.csv | xargs)" "0 2 60 62"
    is "gaps" "$(gaps)" 1
    { record 1; record 2 | sed 's/33554432/16777216/'; } >b.log
    run_memtrace -s 2 b.log --stats=json
    is "no note" "$err" ""
    is "of total" "$(jq '.nodes[0].peak_percent_of_total' <<<"$out")" 12.5
}

@test "--clock labels the axis with the time of day" {
    stamped 0:1 10:1 20:1 >a.log
    run_memtrace a.log --save x.svg --clock
    is "status and notes" "$status$err" 0
    [[ $out == *" at 12:00:00" ]]
    stamped 0:1 10:1 20:1 | grep -v 2026 >b.log
    expect 2 "" "memtrace: --clock requires the start time of every log" -s 10 b.log --save x.svg --clock
}

# ---- bounds ----

@test "endless lines, numbers and labels take bounded memory and time" {
    record 1 >good
    # A line of 60 MB, a number of a million digits, a name of a million letters, and 20000 labels.
    { cat good; head -c 60000000 /dev/zero | tr '\0' x; echo; cat good; } >line.log
    { cat good; printf 'Mem: '; head -c 1000000 /dev/zero | tr '\0' 7; echo; head -c 1000000 /dev/zero | tr '\0' n; echo ': 1'; cat good; } >number.log
    { head -c 65000 /dev/zero | tr '\0' ':'; echo; head -c 65000 /dev/zero | tr '\0' ' '; echo 'Mem: 1'; cat good; } >colons.log
    ulimit -v 400000
    draws "line · 2 s at 2 s · peak 1 of 32 GiB (3 %) at 0:00" "memtrace: line.log:4: 1 overlong line, skipped" -s 2 line.log
    run_memtrace -s 2 number.log --stats=tsv
    is "records" "$(awk -F'\t' 'NR == 2 { print $2 }' <<<"$out") $err" "2 memtrace: number.log:4: 2 overlong lines, skipped"
    run bash -c 'ulimit -t 10 && exec "$1" -s 2 colons.log --stats' bash "$memtrace" # 10 s of processor time
    [ "$status" -eq 0 ]
}
