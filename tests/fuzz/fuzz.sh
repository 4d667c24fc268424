#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# fuzz.sh TARGETS WORK SECONDS: runs each fuzz target of folder TARGETS for that many seconds. The corpus, made of our own samples,
# is in WORK and grows there from run to run. SECONDS 0 reads it once and then 2000 inputs made from it, always the same.
# FUZZ_TARGETS names some targets. Exit status 1 when one found something; the input is then in WORK/found.
set -u
cd "$(dirname "$0")/../.." || exit 1
targets=$1 folder=$2 seconds=$3 failed=0 target=

# One input per line, skipping those already present.
each_line() { # FOLDER
    local line n=0
    while IFS= read -r line; do
        n=$((n + 1))
        printf '%s' "$line" >"$1/line-$n"
    done
}

# Logs of other programs, of a few rows each.
make_others() { # FOLDER
    local i title='Linux 6.1.0-18-amd64 (cn01) 	03/02/26 	_x86_64_	(4 CPU)'
    mkdir -p "$1"
    for i in 0 1 2; do
        printf '2026-03-02 10:0%s:00\nMemTotal:  8000000 kB\nMemFree:  %s000 kB\nMemAvailable: 7%s00000 kB\n' "$i" "$i" "$i" >>"$1/meminfo"
        printf 'n%s: MemTotal:  8000000 kB\nn%s: MemAvailable: 7%s00000 kB\nn%s: SwapTotal: 0 kB\n' $((i / 2)) $((i / 2)) "$i" $((i / 2)) >>"$1/meminfo-nodes"
        printf 'top - 10:0%s:00 up  3:31\nMiB Mem :  24105.1 total,  21550.0 free,   131%s.5 used,   1551.4 buff/cache\nMiB Swap:   2048.0 total,   2000.0 free,     48.0 used.  22791.1 avail Mem\n\n  PID USER\n' "$i" "$i" >>"$1/top"
        printf 'Mem:  16000000k total, 1%s000000k used,  9000000k free,   100000k buffers\nSwap:  2000000k total,        0k used,  2000000k free,  4900000k cached\n' "$i" >>"$1/top-old"
        printf 'Mem: 8228%sK used, 170820K free, 0K shrd, 0K buff, 39332K cached\n' "$i" >>"$1/top-busybox"
    done
    # shellcheck disable=SC2028
    printf '{"time":"2026-03-02T10:0%s:00Z","out":" total used free shared buff/cache available\\nMem: 8,000,000 1,000 5 6 7 8\\nSwap: 0 0 0\\n"}\n' 0 1 2 >"$1/json"
    printf '0%s:30\n" total used free shared buff/cache available"\n"Mem: 8.000.000 1.000 5 6 7 8"\r' 0 1 2 >"$1/quotes"
    printf 'elapsed %s s\r total used free shared buff/cache available\rMem: 540G 48G 326G 20M 199G 491G\r' 0 5 10 >"$1/returns"
    printf 'cn01.log-%s- total used free shared buff/cache available\ncn01.log:%s:Mem: 540 48 326 20 199 491\n--\n' 1 2 3 4 >"$1/grep"
    { printf ' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC\n'
      printf ' 1  0   1000 500%s000 100000 2500000    0    0   532  1205  434  919 53 37 10  0  0 2026-03-02 10:00:00\n' 1 2 3; } >"$1/vmstat"
    { printf '%s\n\n11:50:01 AM kbmemfree   kbavail kbmemused  %%memused kbbuffers  kbcached  kbcommit   %%commit\n' "$title"
      printf '12:%s0:01 PM   6600000   7400000    600000      7.50    100000   1500000   3000000     35.00\n' 0 1 2
      printf 'Average:      6600000   7400000    600000      7.50    100000   1500000   3000000     35.00\n\n'
      printf '11:50:01    kbswpfree kbswpused  %%swpused  kbswpcad   %%swpcad\n12:00:01      1000000    500000     33.33         0      0.00\n'; } >"$1/sar"
    { printf '# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%%memused;kbbuffers;kbcached\n'
      printf 'cn%s;60;2026-03-02 10:00:00 UTC;5000000;7000000;2000000;25.00;100000;1500000\n' 1 2 1 2; } >"$1/sadf"
    printf '%s\n' 'time,used_kib,"total (KiB)",host' '2026-03-02 10:00:00,1000,8000,n1' '10:01:00,1.5e3,8000,n2' >"$1/commas"
    printf '%s\n' 'Date;Time;Used (GiB);swap' '02.03.2026;10:00;1,5;0' '02.03.2026;10:01;"2,5";-' >"$1/semicolons"
    printf '%s\n' '# elapsed_s  mem_mb   free' '0 100 1e3' '1.5 200 2G' >"$1/blanks"
    printf '%s\n' '| when | used |' '|------|------|' '| 1772445600 | 1 GiB |' '| 1772445660 | 2048 MiB |' >"$1/bars"
}

make_corpus() {
    local samples=$folder/samples file record
    [ ! -d "$samples" ] || return 0
    mkdir -p "$folder"/corpus/{parser,others,numbers,export,marks} "$folder/found"
    python3 tests/samples/print_free.py "$samples" || return
    make_others "$folder/corpus/others"
    # Two records of a log are enough to begin with.
    for file in "$samples"/*.log; do
        head -c 1200 "$file" >"$folder/corpus/parser/$(basename "$file")"
    done
    # Several nodes' lines, and records with times, are read fast from the third or so on.
    file=$samples/procps-4.0.4.log
    for record in 1 2 3 4 5 6; do
        head -n 4 "$file" | sed 's/^/ 0: /'
        head -n 4 "$file" | sed 's/^/11: /'
    done >"$folder/corpus/parser/labelled"
    for record in 1 2 3 4 5 6; do
        head -n 4 "$file" | sed "s/^/Nov 23 00:35:0$record /"
    done >"$folder/corpus/parser/stamped"
    for record in 1 2 3 4 5 6; do
        printf 'Mon Nov 23 00:35:0%s UTC 2026\n' "$record"
        head -n 4 "$file"
    done >"$folder/corpus/parser/dated"
    for record in 1 2 3; do
        head -n 4 "$file" | sed 's/^/[cn01] out /'
        head -n 4 "$file" | sed 's/^/[cn02] out /'
    done >"$folder/corpus/parser/named"
    for record in 1 2 3; do
        printf '=== cn0%s ===\nuntil 11:00:00, now 10:00:0%s\n' $((record % 2)) "$record"
        head -n 4 "$file"
    done >"$folder/corpus/parser/headed"
    head -qn 4 "$samples"/*.log | LC_ALL=C sort -u | each_line "$folder/corpus/numbers"
    for file in 32G '29.5 GiB' 500MB 90% '99.5 %' 1:30 1:30:00 15m 2h 1.5d -1e300 0x10 1e999 total-available swap_used \
        10995116277762560652737208320 1.2.3.4 2026-11-23T00:35:08.5+01:00 'Nov 23 12:00:00 AM' 'May 3'; do
        printf '%s' "$file" >"$folder/corpus/numbers/written-${file//\//_}"
    done
    printf '%s\n' '# memtrace-export 1 column=used unit=bytes' \
        '# memtrace host=a%20b start=1732320000.5 interval=2 limit_bytes=1e9 used_meaning=4 job=4711 name=my%25job' \
        '# memtrace mark_s=12.5 text=out%20of%20memory' \
        'node,quantity,first_s,first,min,min_after_s,max,max_after_s,last,last_after_s,mean,count,gap_before' \
        'a b,used,0,1000,1000,0,3000,4,2000,6,2000,4,0' 'a b,total,0,1000,1000,0,3000,4,2000,6,2000,4,0' \
        '"c ""d"", e",used,8,1,1,0,1,0,1,0,1,1,1' >"$folder/corpus/export/one"
    printf '%s\n' '# marks' '90 solve' '1:30:00 write it' '1732320000 a clock' '' '15m	a tab' >"$folder/corpus/marks/file"
    printf '%s\n' '90:solve' '1:30:00:write: it' '2h:x' >"$folder/corpus/marks/options"
}

make_corpus || exit 1
export ASAN_OPTIONS=detect_leaks=1:allocator_may_return_null=0 UBSAN_OPTIONS=print_stacktrace=1
for name in ${FUZZ_TARGETS:-parser others numbers export marks}; do
    if [ "$seconds" -eq 0 ]; then
        amount=(-seed=1 "-runs=$((2000 + $(find "$folder/corpus/$name" -type f | wc -l)))")
    else
        amount=("-max_total_time=$seconds")
    fi
    target=${name/others/parser} # other programs' logs go to the same reader, and have a corpus of their own
    "$targets/fuzz_$target" "${amount[@]}" -timeout=20 -rss_limit_mb=1024 -max_len=4096 -print_final_stats=1 \
        -artifact_prefix="$folder/found/$name-" "$folder/corpus/$name" >"$folder/$name.log" 2>&1 || failed=1
    if [ "$failed" -ne 0 ]; then
        tail -n 40 "$folder/$name.log"
        break
    fi
    sed -nE 's/^stat::number_of_executed_units: *//p' "$folder/$name.log" | sed "s/^/$name: inputs read without a fault: /"
done
exit "$failed"
