#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Logs as people have them: times in every form, missing units, nodes named in other ways, foreign lines.
# shellcheck disable=SC2154

load cli_helpers

setup() { setup_scratch; }
teardown() { teardown_scratch; }

# Prints one record of procps 4: USED KiB of 8 GB; all numbers are multiples of the page size.
record() { # USED
    printf '               total        used        free      shared  buff/cache   available\n'
    printf 'Mem:         8000000 %11d %11d        1000      500000 %11d\n' "$1" $((7500000 - $1)) $((7999000 - $1))
    printf 'Swap:        2097148           0     2097148\n'
}

# Prints three records at intervals of a minute. The line before each is TEMPLATE with %d replaced by 0, 1, 2.
log_of() { # TEMPLATE
    for i in 0 1 2; do
        # shellcheck disable=SC2059
        printf -- "$1\n" "$i"
        record $((1000000 + i * 40000))
    done
}

# Prints the number of samples, the duration and the time of the peak of the first node.
figures() { # LOG OPTION...
    run_memtrace "$@" --stats=tsv
    awk -F'\t' 'NR == 2 { print $2, $3, $5 }' <<<"$out"
}

# Prints the first node's peak in the last table.
peak() { awk -F'\t' 'NR == 2 { print $4 }' <<<"$out"; }

@test "rounded sums and multiples of pages decide the unit" {
    check() { # NAME TOTAL-IN-BYTES NOTE; rows of total used free cache available on standard input
        while read -r total used free cache available; do
            printf '               total        used        free      shared  buff/cache   available\n'
            printf 'Mem: %d %d %d 0 %d %d\nSwap: 0 0 0\n' "$total" "$used" "$free" "$cache" "$available"
        done >a.log
        run_memtrace a.log -s 2 --stats=tsv --column total
        is "$1" "$(peak) $err" "$2 ${3:+memtrace: a.log: the numbers are read as $3}"
    }
    check "-m, the total is a multiple of 4" $((1031800 * 1048576)) "MiB: in KiB the total would be 1008 MiB; --input_units overrides" <<'END'
1031800 100001 900003 31795 931798
1031800 100102 900001 31697 931698
END
    check "by hand, exact sums" $((8123457 * 1024)) "KiB, although many are not whole pages; --input_units overrides" <<'END'
8123457 1000001 7000001 123455 7123456
8123457 1001002 6999000 123455 7122455
8123457 1002003 6997999 123455 7121454
8123457 1003005 6996997 123455 7120452
END
    check "--kilo" 8185364000 "kB: in KiB the total would be 7.8 GiB; --input_units overrides" <<'END'
8185364 1055477 6630096 499789 7129886
8185364 1049550 6626050 509763 7135813
END
    check "-m, exact sums" $((1031765 * 1048576)) "MiB: in KiB the total would be 1008 MiB; --input_units overrides" <<'END'
1031765 100001 900003 31761 931758
1031765 100102 899902 31761 931657
1031765 100203 899801 31761 931556
1031765 100305 899699 31761 931454
END
    check "by hand, two records" $((8123457 * 1024)) "KiB, although many are not whole pages; --input_units overrides" <<'END'
8123457 1000001 7000001 123455 7123456
8123457 1001002 6999000 123455 7122455
END
    check "a router" $((60968 * 1024)) <<'END'
60968 24352 28128 8488 33364
60968 24364 28116 8488 33352
END
    check "whole pages" $((8000000 * 1024)) <<'END'
8000000 1000000 6000000 1000000 7000000
8000000 1000004 5999996 1000000 6999996
END
}

@test "a log with the newest record first is refused with a remedy that works" {
    for i in 3 2 1; do echo "2026-03-02 10:0$i:00"; record 1000; done >a.log
    run_memtrace a.log --stats
    local refused="the newest record is first, skipped; reverse the log, for a table: { head -n 1 FILE; tail -n +2 FILE | tac; } | memtrace -"
    [[ $status == 1 && $err == *"memtrace: a.log:7: $refused
"* ]]
    { echo time,used_kib; for i in 3 2 2 1; do echo "10:0$i:00,${i}000"; done; } >a.csv
    run_memtrace a.csv --stats
    [[ $status == 1 && $err == *"$refused
"* ]]
    { head -n 1 a.csv; tail -n +2 a.csv | tac; } >b.csv
    is reversed "$(figures b.csv)" "4 120 120"
    for i in 1 3 2; do echo "2026-03-02 10:0$i:00"; record 1000; done >c.log
    is "a clock that was set" "$(figures c.log | cut -d' ' -f1)" 3
}

@test "records without a time are drawn at the interval of the others, which is reported" {
    check() { # NAME LINES-BEFORE-RECORDS FIGURES NOTE
        local number=0
        while IFS= read -r line; do
            [[ $line == - ]] || echo "$line"
            record $((1000000 + number++ * 40000))
        done <<<"$2" >a.log
        is "$1" "$(figures a.log) $(err_of a.log)" "$3 $4"
    }
    err_of() { run_memtrace "$@" --stats=tsv && echo "$err"; }
    local note="memtrace: a.log: 1 of 4 records has no time, drawn at the usual interval"
    check "the first" $'-\n2026-03-02 10:01:00\n2026-03-02 10:02:00\n2026-03-02 10:03:00' "4 180 180" "$note"
    check "the second" $'2026-03-02 10:00:00\n-\n2026-03-02 10:02:00\n2026-03-02 10:03:00' "4 180 180" "$note"
    check "the last" $'2026-03-02 10:00:00\n2026-03-02 10:01:00\n2026-03-02 10:02:00\n-' "4 180 180" "$note"
    check "no date at first" $'10:00:00\n2026-03-02 10:01:00\n2026-03-02 10:02:00\n2026-03-02 10:03:00' "4 180 180" ""
    check "no date later" $'2026-03-02 23:59:00\n2026-03-03 00:00:00\n00:01:00\n2026-03-03 00:02:00' "4 180 180" ""
    run_memtrace a.log --stats=json
    is epoch "$(jq .start_epoch_s <<<"$out")" 1772495940
}

@test "a total that goes up and down is reported" {
    for i in 0 1 2 3; do echo "10:0$i:00"; record 1000000; echo "10:0$i:01"; record 1000000 | sed 's/ 8000000 / 16000000 /'; done >a.log
    run_memtrace a.log --stats
    is total "$err" "memtrace: a.log: the total changes 7 times in 8 records: do several machines write to this log?"
}

@test "a time is found in any form, whatever else is on its line" {
    touch -d 2026-03-04 stamp
    while IFS= read -r template; do
        log_of "$template" >a.log
        touch -r stamp a.log
        is "$template" "$(figures a.log)" "3 120 120"
    done <<'END'
=== MEM 10:0%d:00 ===
[MEM] 10:0%d:00
10:0%d:00:123
[3/2/26 10:0%d:00:123 UTC] 00000001 SystemOut O
T100%d00
T10:0%d:00
PT%dM
03/02 10:0%d
Memory at 10:0%d:00
>>> free @ 10:0%d:00 <<<
-- 10:0%d:00 --
#7 10:0%d:00 ok
Sample 1: 2026-03-02 10:0%d:00
Run 12 of 99: 2026-03-02 10:0%d:00
(3/100) 2026-03-02 10:0%d:00
iteration=5 2026-03-02T10:0%d:00
[17] 02.03.2026 10:0%d:00
2026-03-02 10:0%d:00 - INFO - memory
2026-03-02 10:0%d:00,123 - root - INFO - checking
[2026-03-02 10:0%d:00.123] [info] memory
I0302 10:0%d:00.123456 12345 mem.go:12] free
INFO:root:2026-03-02 10:0%d:00 memory
{"time": "2026-03-02T10:0%d:00Z", "msg": "memory"}
<13>1 2026-03-02T10:0%d:00Z host app - - - memory
time=2026-03-02T10:0%d:00Z
level=info ts=2026-03-02T10:0%d:00.5Z msg=free
date=2026-03-02 time=10:0%d:00
Date: 03/02/2026 Time: 10:0%d:00
timestamp: 2026/03/02 10:0%d:00
2026-03-02_10-0%d-00
mem_20260302_100%d00.log
2026-03-02-10.0%d.00
2026-03-02T100%d00Z
2026.03.02-10:0%d:00
20260302100%d00
run 20260302100%d00 done
20260302-100%d
260302-100%d00
03/02/26 10:0%d:00
3/2/26 10:0%d PM
26-03-02 10:0%d:00
02.03.26 10:0%d:00
02-Mar-2026 10:0%d:00
02-MAR-26 10:0%d:00
02Mar2026 10:0%d
[02/Mar/2026:10:0%d:00 +0100] GET
MY DAILY NODE CHECK: Mon Mar  2 10:0%d:00 IST 2026
Mon Mar  2 10:0%d:00 UTC 2026: Running all hooks for the nightly suspend.
Monday, March 2nd, 2026 10:0%d:00 AM
Mo 2. Mär 10:0%d:00 CET 2026
lun. 02 mars 2026 10:0%d:00 CET
2026年03月02日 10时0%d分00秒
2026年3月2日 上午10:0%d:00
Date/Time: 2026-03-02 10:0%d:00
2026-03-02 & 10:0%d:00
2026-03-02 / 10:0%d:00
Generated: 2026-03-02 10:0%d:00
maybe 2026-03-02 10:0%d:00
decay 10:0%d:00
Mark: 2026-03-02 10:0%d:00
 10:0%d:00 up 3 days,  1:41,  2 users,  load average: 0.10, 0.05, 0.01
top - 10:0%d:00 up 3 days, 12:41,  2 users,  load average: 0.10, 0.05, 0.01
2.3.2026 klo 10.0%d.00
10-0%d-00
=== 10_0%d_00 ===
man. 2. marts 2026 kl. 10.0%d
2.3.2026, 10.0%d.00
2 mars 2026 10h0%dm00s
le 02/03/2026 à 10h0%d
10h0%d
Lundi 2 mars 2026, 10 h 0%d min
2026-061T10:0%d:00Z
2026-061 10:0%d:00
2026-W10-1T10:0%d:00Z
2026W101T100%d00Z
2026-03-02--10-0%d-00
/var/log/mem/2026/03/02/10-0%d-00.log
2026Mar02-100%d00
02-03-26 10:0%d:00
2mar26 10:0%d
pid=1234 date=20260302 time=100%d00
StartTime=2026-03-01T00:00:00 Now=2026-03-02T10:0%d:00
started 09:00:00, now 10:0%d:00
ETA 12:00:00 elapsed 00:0%d:00
2026-03-02 09:00:00 2026-03-02 10:0%d:00
[pid=7] <165>1 2026-03-02T10:0%d:00.003Z cn01 free - ID47 - started
Mon 2026-03-02 10:0%d:00.123456 CET cn01 free[12]:
W, [2026-03-02T10:0%d:00.123456 #12345]  WARN -- : free
2026-03-02T10:0%d:00.123456789Z stdout F free
user@cn01 2026-03-02 10:0%d:00 ~$ free
free.out.2026.03.02.10.0%d.00
free.02.03.2026.10.0%d.00.log
/var/log/mem/2026/03/02/10/0%d/00.log
2026-03-02__10-0%d-00
cn01_2026-03-02_100%d00_free
20260302:100%d00
20260302.100%d00
03172026 10:0%d:00
17/Mar/26 10:0%d:00
17 Mar 26 10:0%d:00
Tue 17 Mar 26 10:0%d:00
03-17-26 10:0%d:00
17.3.26 10:0%d:00
03/17-10:0%d:00.123456 free
260302 10:0%d:00 [Note] free
10:0%d:00_17-03-2026
10-0%d-00_2026-03-17
100%d00_20260317
Mar_17_2026_10_0%d_00
Mar17_10-0%d-00
DEBUG:17-Mar-2026 10:0%d:00
%d min
%d minutes elapsed
elapsed: %d min
0h%dm0s
END
}

@test "seconds since the start or the boot are times if they advance like them, in any unit, before and behind records and rows" {
    while IFS= read -r template; do
        for place in before behind row suffix; do
            for i in 0 1 2; do
                # shellcheck disable=SC2059
                time=$(printf -- "$template" $((1234 + 60 * i)))
                case $place in
                before) echo "$time" && record $((1000000 + i * 40000)) ;;
                behind) record $((1000000 + i * 40000)) && echo "$time" ;;
                row) record $((1000000 + i * 40000)) | sed "s/^/$time /" ;;
                suffix) record $((1000000 + i * 40000)) | sed "2s/\$/ $time/" ;;
                esac
            done >a.log
            is "$template $place" "$(figures a.log)" "3 120 1354"
        done
    done <<'END'
uptime %d
uptime=%d
up %d s
up %d seconds
running for %d s
elapsed: %d000 ms
elapsed_time=%d
seconds since start: %d
%d s since boot
[ %d.000000] free
END
}

@test "seconds since 1970 are found after a key or alone, and only if they advance like a clock" {
    for line in 'ts=%d' '@%d' 'epoch: %d' '[%d] sample' '%d' '--- %d ---' 'sample at %d' '{"ts":%d}' T%d log%d free.%d free_%d.txt \
        1,%d 3/%d %ds; do
        for i in 0 1 2; do
            # shellcheck disable=SC2059
            printf -- "$line\n" $((1772445600 + 60 * i))
            record $((1000000 + i * 40000))
        done >a.log
        is "$line" "$(figures a.log)" "3 120 120"
    done
    # A recording that paused for two weeks.
    for i in {0..29}; do printf '%d\n' $((1772445600 + 60 * i + (i > 19 ? 1209600 : 0))); record $((1000000 + i * 40000)); done >a.log
    is "after a pause" "$(figures a.log)" "30 1211340 1211340"
    # A counter of bytes, with and without a date at each record.
    for i in 0 1 2; do
        echo "--- Mon Mar  2 10:0$i:00 UTC 2026 ---"; echo 'RX bytes:'; echo $((1310000000 + i * 5000000))
        record $((1000000 + i * 40000))
    done >a.log
    is "a counter next to dates" "$(figures a.log)" "3 120 120"
    grep -v Mon a.log >b.log
    expect 2 "" "memtrace: b.log:1: 6 lines not in free(1) format, skipped
memtrace: b.log: a time like '1310000000' in line 2 was not understood; specify the interval with --samp SECONDS" b.log --save x.svg
}

@test "a date after each record belongs to that record, from the first one on" {
    for i in 0 1 2; do record $((1000000 + i * 40000)); echo "2026-03-02 10:0$i:00"; done >a.log
    is "behind" "$(figures a.log)" "3 120 120"
    for i in 0 1 2; do record $((1000000 + i * 40000)); echo "done at 10:0$i:00"; echo; done >a.log
    is "behind, with words" "$(figures a.log)" "3 120 120"
    for form in '%s' 'sample at %s' '=== %s ===' 'cn01 %s'; do
        for i in 0 1 2; do
            # shellcheck disable=SC2059
            record $((1000000 + i * 40000)) && printf -- "$form\n" $((1772445600 + 60 * i))
        done >a.log
        run_memtrace a.log --stats=json
        is "a number, $form" "$(jq -c '[.start_epoch_s, .nodes[0].peak_at_s, .nodes[0].node]' <<<"$out")$err" '[1772445600,120,"a"]'
    done
    for i in 0 1 2; do record $((1000000 + i * 40000)) | sed "2s/\$/ 17 Mar 2026 10:0$i:00/"; done >a.log
    is "a number first, behind a row" "$(figures a.log)" "3 120 120"
    for i in 0 1 2; do record $((1000000 + i * 40000)) | sed "3s/\$/ - Mon Mar  2 10:0$i:00 AM CET 2026/"; done >a.log
    is "behind a row" "$(figures a.log)" "3 120 120"
    for i in 0 1 2; do record $((1000000 + i * 40000)) | sed "2s/^/2026-03-02 10:0$i:00 - root - INFO - /;1d;3d"; done >a.log
    is "before a row" "$(figures a.log)" "3 120 120"
}

@test "the order of day, month and year is learned from every date of a log, on rows, too" {
    check() { # DATE DATE DATE; a day apart
        for place in before row behind; do
            for day in "$@"; do
                case $place in
                before) echo "$day" && record 1000000 ;;
                row) record 1000000 | sed "s,^,$day ," ;;
                behind) record 1000000 && echo "memory at $day" ;;
                esac
            done >a.log
            touch -d 2026-03-03 a.log
            run_memtrace a.log --stats=json
            is "$1 $place" "$(jq -c '[.start_epoch_s, .nodes[0].duration_s]' <<<"$out")" "[1772236800,172800]"
        done
    }
    check "28-02-26 00:00:00" "01-03-26 00:00:00" "02-03-26 00:00:00"
    check "26-02-28 00:00:00" "26-03-01 00:00:00" "26-03-02 00:00:00"
    check "28/02/26 00:00:00" "01/03/26 00:00:00" "02/03/26 00:00:00"
    check "26/02/28 00:00:00" "26/03/01 00:00:00" "26/03/02 00:00:00"
    check "02/28/2026 00:00:00" "03/01/2026 00:00:00" "03/02/2026 00:00:00"
    check "02/28/2026 12:00:00 AM" "03/01/2026 12:00:00 AM" "03/02/2026 12:00:00 AM"
    check "280226_000000" "010326_000000" "020326_000000"
    check "28022026 00:00:00" "01032026 00:00:00" "02032026 00:00:00"
}

@test "dates in other languages: months, weekdays that are no nodes, halves of the day" {
    while IFS='|' read -r first second; do
        for place in before row; do
            for time in "$first" "$second"; do
                if [[ $place == before ]]; then echo "$time" && record 1000000; else record 1000000 | sed "s|^|$time |"; fi
            done >a.log
            touch -d 2026-03-02 a.log
            run_memtrace a.log --stats=json
            is "$first $place" "$(jq -c '[.start_epoch_s, [.nodes[] | [.node, .duration_s]]]' <<<"$out")" '[1772323080,[["a",180]]]'
        done
    done <<'END'
lør 28 feb 23:58:00 UTC 2026|søn  1 mar 00:01:00 UTC 2026
Sa 28. Feb 2026 23:58:00|So 1. Mär 2026 00:01:00
Сб 28 фев 2026 23:58:00 UTC|Вс 01 мар 2026 00:01:00 UTC
So 28. února 2026, 23:58:00|Ne 1. března 2026, 00:01:00
szombat 28 február 2026 23:58:00|vasárnap 01 március 2026 00:01:00
la 28. helmikuuta 2026 23.58.00|su 1. maaliskuuta 2026 0.01.00
dissabte, 28 de febrer de 2026, 23:58:00 UTC|diumenge, 1 de març de 2026, 00:01:00 UTC
Cmt 28 Şub 2026 23:58:00 UTC|Paz 01 Mar 2026 00:01:00 UTC
Σάβ 28 Φεβ 2026 11:58:00 μμ UTC|Κυρ 01 Μαρ 2026 12:01:00 πμ UTC
28/02/26 11:58:00 PM UTC|01/03/26 12:01:00 AM UTC
2/28/2026, 11:58:00 PM|3/1/2026, 12:01:00 AM
END
}

@test "numbers on rows that do not advance are no times, and counters no nodes" {
    pids=(4321 20499 4360 31512 4377)
    for i in {0..4}; do record $((1000000 + i * 40000)) | sed "s/^/[${pids[i]}] /"; done >a.log
    expect 2 "" "memtrace: a.log: a time like '4321' in line 1 was not understood; specify the interval with --samp SECONDS" a.log --save x.svg
    sed 's/^.[0-9]*. \(.*total\|Swap\)/\1/' a.log >b.log
    run_memtrace b.log --save x.svg
    [[ $status == 2 && $err == *"a time like '4321' in line 2 was not understood"* ]]
    for i in {0..4}; do echo "real 0:0${pids[i]:3:1}.5$i"; record $((1000000 + i * 40000)); done >c.log
    run_memtrace c.log --save x.svg
    [[ $status == 2 && $err == *"--samp"* ]]
    for i in {0..4}; do record $((1000000 + i * 40000)) | sed "s/^/$i: $((1772445600 + 60 * i)) /"; done >d.log
    is counter "$(figures d.log)" "5 240 240"
}

@test "hours and minutes after midnight are not minutes and seconds if the log was written then" {
    for i in 0 1 2; do echo "0$i:58"; record $((1000000 + i * 40000)); done >a.log
    touch -d 2026-03-02T03:00:00Z a.log
    is hours "$(figures a.log) $(run_memtrace a.log --stats && echo "$err")" "3 7200 7200 "
    touch -d 2026-03-02T13:00:00Z a.log
    is minutes "$(figures a.log)" "3 120 178"
}

@test "the date of a start before the first record is not its time, but the date of times of day" {
    check() { # START-EPOCH-OR-NULL BANNER TIME TIME TIME
        for place in before row; do
            { echo "$2"; for time in "${@:3}"; do
                if [[ $place == before ]]; then echo "$time" && record 1000000; else record 1000000 | sed "s/^/$time /"; fi
            done; } >a.log
            run_memtrace a.log --stats=json
            is "$2 $3 $place" "$(jq -c '[.start_epoch_s, .nodes[0].duration_s]' <<<"$out")$err" "[$1,120]"
        done
    }
    check 1773741600 "Job started at 2026-03-17 09:00:00" 10:00:00 10:01:00 10:02:00
    check 1773705660 "Started 2026-03-16 23:59:00" 00:01:00 00:02:00 00:03:00
    check 1773741600 "Started 2026-03-17 09:00:00" "Mar 17 10:00:00" "Mar 17 10:01:00" "Mar 17 10:02:00"
    check 1773741600 "Started 2026-03-17 09:00:00" 1773741600 1773741660 1773741720
    check null "Started 2026-03-17 09:00:00" "elapsed 0 s" "elapsed 60 s" "elapsed 120 s"
}

@test "29 February without a year is in a leap year" {
    for day in 'Feb 28' 'Feb 29' 'Mar  1'; do echo "$day 10:00:00"; record 1000000; done >a.log
    touch -d 2026-03-17 a.log
    run_memtrace a.log --stats=json
    is "year" "$(jq -c '[.start_epoch_s, .nodes[0].duration_s]' <<<"$out")" "[1709114400,172800]"
    { echo 'Nov  1 10:00:00'; record 1000000; cat a.log; } >b.log
    touch -d 2024-03-02 b.log
    run_memtrace b.log --stats=json
    is "the year before" "$(jq .start_epoch_s <<<"$out")" 1698832800
}

@test "text that merely resembles a time is quoted in the message" {
    log_of '[ 0%d.00.00 ]' >a.log
    expect 2 "" "memtrace: a.log:1: 3 lines not in free(1) format, skipped
memtrace: a.log: a time like '00.00.00' in line 1 was not understood; specify the interval with --samp SECONDS" a.log --save x.svg
    for form in '10.0%d' '0302-100%d00' '260302100%d00' '2461102.91%d'; do
        log_of "$form" >a.log
        run_memtrace a.log --save x.svg
        # shellcheck disable=SC2059
        [[ $status == 2 && $err == *"a time like '$(printf "$form" 0)' in line 1 was not understood"* ]]
    done
}

@test "times without a year get the most plausible year, which is reported" {
    log_of 'Feb 28 23:5%d:00' >a.log
    touch -d 2025-03-01T12:00:00Z a.log
    run_memtrace a.log --stats=json
    is "reported" "$err" "memtrace: a.log:1: times without a year, assuming 2025"
    is "start" "$(jq .start_epoch_s <<<"$out")" "$(date -ud '2025-02-28 23:50' +%s)"
    said=$("$memtrace" - --stats <a.log 2>&1 >/dev/null)
    [[ $said == *': times without a year, assuming 20'[0-9][0-9] ]] # a pipe is no file with a date
    echo 'use time -v (Maximum resident set size)' >words.txt
    said=$("$memtrace" words.txt --stats 2>&1) || [[ $said != *'output of time'* ]] # words about it are not its output
    touch -d '+3 years' a.log
    run_memtrace a.log --stats=json
    is "not in the future" "$(jq '.start_epoch_s > now - 367 * 86400 and .start_epoch_s < now + 172800' <<<"$out")" true
    log_of 'Sun Nov 23 00:0%d:00' >a.log # a Sunday in 2025
    touch -d 2026-11-25T12:00:00Z a.log
    run_memtrace a.log --stats=json
    is "by the weekday" "$(jq .start_epoch_s <<<"$out")" "$(date -ud '2025-11-23 00:00' +%s)"
    for day in 29/02 01/03 02/03; do echo "$day 10:00:00"; record 1000000; done >a.log
    touch -d 2024-03-05T12:00:00Z a.log
    is "29/02 proves that days are first" "$(figures a.log)" "3 172800 0"
    log_of '30-11 10:0%d:00' >a.log
    is "dstat" "$(figures a.log)" "3 120 120"
    for i in 1 2 3; do echo "0$i-03-26"; record 1000000; done >a.log
    run_memtrace a.log --stats
    [[ $err == *"a time like '01-03-26' in line 1 was not understood"* ]]
    log_of '10:0%d:00' >a.log
    run_memtrace a.log --stats=json
    is "no date, none invented" "$(jq .start_epoch_s <<<"$out") $err" "null "
    sed 's/10:0/10:2/' a.log >b.log
    run_memtrace a.log b.log -q --export e.json
    is "nor in an export, which has the nodes' distance" "$(jq -c '[.nodes[] | .start_epoch_s, .offset_s]' e.json)" "[null,0,null,1200]"
    for at in 23:59:00 00:00:00 00:01:00; do echo $at; record 1000000; done >a.log
    { echo 00:29:00; record 2000000; } >>a.log
    run_memtrace a.log --clock --save x.svg
    [[ $out == *" at +1 d 00:29:00"* ]]
}

@test "a host before a date names a node; counters and other words do not" {
    for i in 0 1 2; do for h in cn01 cn02; do echo "$h Mon Mar  2 10:0$i:00 UTC 2026"; record $((1000000 + i * 40000)); done; done >a.log
    run_memtrace a.log --stats=tsv
    is "hosts" "$(cut -f1-3 <<<"$out" | sed -n '2,3p' | sort | xargs)" "cn01 3 120 cn02 3 120"
    sed 's/^cn0\([12]\)/node-\1.example.org:/' a.log >b.log
    run_memtrace b.log --stats=tsv
    is "with colons" "$(cut -f1-3 <<<"$out" | sed -n '2,3p' | sort | xargs)" "node-1.example.org 3 120 node-2.example.org 3 120"
    log_of 'run%d 2026-03-02 10:00:00' | awk '/^run/ { sub(/:00$/, ":0" n++) } 1' >c.log
    run_memtrace c.log --stats=tsv
    is "counters" "$(cut -f1-2 <<<"$out" | sed -n 2p)" $'c\t3'
}

@test "a heading between dashes is a node only if rows of free follow; lists of nodes are expanded" {
    for i in 0 1 2; do
        echo "Mon Mar  2 10:0$i:00 UTC 2026"
        printf '%s\n' ---- MEMORY ----; record $((1000000 + i * 40000))
        printf '%s\n' ---- DISK ---- '/dev/vda1  50G  10G  40G  20% /'
    done >a.log
    is "headings" "$(figures a.log)" "3 120 120"
    printf 'clush: 0/2\r           \rclush: 2/2\r%s\n' ---- >b.log
    { echo node01; echo ----; record 1; record 2; printf '%s\n' ---- 'node[02-03,7] (3)' ----; record 1; record 2; } >>b.log
    run_memtrace -s 2 b.log --stats=tsv
    is "nodes" "$(cut -f1-2 <<<"$out" | sed 1d | grep -v '^all' | sort | xargs)" "node01 2 node02 2 node03 2 node7 2"
}

@test "rows of other programs are not taken for rows of free" {
    for i in 0 1 2; do
        echo "2026-03-02 10:0$i:00"
        echo 'Mem: 82280K used, 170820K free, 0K shrd, 0K buff, 39332K cached'
        record $((1000000 + i * 40000))
        printf '%s\n' 'Total: 12.0 s' 'Total: 3 input files' 'Swap: 12% used' 'Mem: 1024MiB / 8192MiB' 'Mem:  8072136k total,  7954644k used'
    done >a.log
    is "figures" "$(figures a.log)" "3 120 120"
    run_memtrace a.log --stats
    is "reported" "$err" "memtrace: a.log:2: 18 lines not in free(1) format, skipped"
    { log_of '10:0%d:00' | sed '/^Swap/a Swap: 0K\nHigh: 3 Low: 1'; } >a.log
    run_memtrace a.log --stats
    is "short rows" "$err" "memtrace: a.log:5: 6 lines not in free(1) format, skipped"
    { record 1000000; record 1000000 | sed '/^Swap/s/ 0 / x /'; } >a.log
    run_memtrace a.log --stats -s 2
    is "swap" "$err" "memtrace: a.log:6: 1 bad swap number, skipped (first 'x')"
    printf '               total        used        free      shared  buff/cache   available\nMem: 100 -1 300 1 2 3\n' >a.log
    run_memtrace a.log --stats
    [[ $err == *"a.log:2: 1 record with an impossible value, skipped"*"no record of free(1) found, skipped
"* ]]
    { record 1000000; record 1004000 | sed 's/ 8000000 / 800000 /'; } >a.log
    run_memtrace a.log --stats -s 2
    is "above the total" "$err" "memtrace: a.log: the peak, 0.96 GiB, is above the total, 0.76 GiB: a record is damaged"
}

@test "a time that never changes, beside others that advance, is not the time of the records" {
    check() { # NAME WANTED LINES; the lines before each record, with the minute as @
        for minute in 0 1 2 3; do
            # shellcheck disable=SC2059 # the format is an argument
            printf "$3" | sed "s/@/$minute/g"
            printf '               total        used        free      shared  buff/cache   available\n'
            printf 'Mem:         8000000     %d     5000000        1000     1000000     6000000\n' $((1000000 + minute * 4))
        done >a.log
        run_memtrace -q a.log --stats=json
        is "$1" "$(jq -r '"\(.start_epoch_s) \(.nodes[0].duration_s)"' <<<"$out")$err" "$2"
    }
    check "of the boot" "1772445600 180" 'Mon Mar  2 10:0@:00 UTC 2026\n         system boot  2026-02-20 08:12\n'
    check "in the same form" "1772445600 180" 'Now:  2026-03-02 10:0@:00\nBoot: 2026-02-20 08:12:33\n'
    check "two of them" "1772445600 180" 'Now: 2026-03-02 10:0@:00\nBoot: 2026-02-20 08:12:33\nLogin: 2026-02-27 09:00:01\n'
    check "before a clock" "null 180" 'Job started Mon Mar  2 09:00:00 2026\nnow 10:0@:00\n'
    for i in {0..299}; do
        printf 'Now: 2026-03-02 %02d:%02d:00\nBoot: 2026-02-20 08:12:33\n' $((10 + i / 60)) $((i % 60))
        printf '               total        used        free      shared  buff/cache   available\n'
        printf 'Mem:         8000000     1000000     5000000        1000     1000000     6000000\n%3000s\n' x
    done >a.log
    run_memtrace -q a.log --stats=json
    is "in a long log with few records at its beginning" "$(jq '.nodes[0].duration_s' <<<"$out")" 17940
    check "nothing advances" "memtrace: a.log:1: the times in the log never advance; specify the interval with --samp SECONDS" \
        'Boot: 2026-02-20 08:12:33\nLogin: 2026-02-27 09:00:01\n'
}

@test "times in lists of processes and progress bars are not those of the records" {
    while read -r row; do
        for i in 1 2 3 4; do
            printf '               total        used        free      shared  buff/cache   available\n'
            printf 'Mem:         8000000     %d     5000000        1000     1000000     6000000\n' $((1000000 + i * 4))
            echo "${row//@/$i}"
        done >a.log
        run_memtrace -q a.log --stats
        is "$row" "$err" "memtrace: a.log: the log contains no times; specify the interval with --samp SECONDS"
    done <<'END'
me  23457 99.0  1.2 168140 12288 pts/0 Rl+ 08:12 0:0@ ./solver
root    1  0.0  0.1 168140 12288 ?     Ss  Feb27 1@:23 /sbin/init
me  23457 1200 12 08:12 pts/0 00:0@:05 ./solver
root    1    0  0 Feb27 ?     00:0@:05 /sbin/init
root  812    1  0 08:12 tty1  00:0@:05 /sbin/agetty
23457 me 20 0 168140 12288 8000 R 99.0 1.2 0:0@.23 ./solver
 1@%|#.        | 13/100 [0@:13<09:30,  1.52it/s]
END
}

@test "units are inferred from the numbers: MiB on a large node, KiB on a small one, a change within the log" {
    for i in 1 2 3; do
        printf '               total        used        free      shared  buff/cache   available\n'
        printf 'Mem:          257659 %11d %11d           3       16103 %11d\n' $((20001 + i * 7)) $((221555 - i * 7)) $((237653 - i * 7))
    done >a.log
    run_memtrace -s 2 a.log --stats=tsv
    is "MiB" "$(cut -f4 <<<"$out" | sed -n 2p) $err" "$((20022 * 1048576)) memtrace: a.log: the numbers are read as MiB: in KiB the total would be 251.6 MiB; --input_units overrides"
    for i in 1 2 3; do printf 'SwapUse           0 CachUse        9003  MemUse %11d MemFree %11d\n' $((5001 + i * 7)) $((17555 - i * 7)); done >a.log
    run_memtrace -s 2 a.log --stats=tsv
    is "MiB of -L, which has no total" "$(cut -f4 <<<"$out" | sed -n 2p) $err" "$((5022 * 1048576)) memtrace: a.log: the numbers are read as MiB, because in KiB some would not be whole pages; --input_units overrides"
    { echo '               total        used        free      shared  buff/cache   available'
      echo 'Mem:          486432      120004      200000        4096      166428      350000'; } >b.log
    run_memtrace b.log --stats=tsv
    is "KiB" "$(cut -f4 <<<"$out" | sed -n 2p) $err" "$((120004 * 1024)) "
    { record 1000000; record 1100000
      printf '               total        used        free      shared  buff/cache   available\n'
      printf 'Mem:            7812        1171        6153           3         488        6636\nSwap:              0           0           0\n'; } >c.log
    run_memtrace -s 2 c.log --stats=tsv
    is "change" "$(cut -f2,4 <<<"$out" | sed -n 2p) $err" $'3\t'"$((1171 * 1048576)) memtrace: c.log:8: from here on, the unit is MiB"
}

@test "free -L in another language, German words, a bad swap number, numbers out of range" {
    for i in 1 2 3; do printf 'SwapNutz        3072 CachNutz   195031620 SpeichNutz    47841744 SpeichFrei   318827348 \n'; done >a.log
    is "-L" "$(figures a.log -s 2)" "3 4 0"
    record 1000000 | sed 's/Mem:     /Speicher:/;s/^Swap:    /Auslager:/;s/2097148           0     2097148/2097148      500000     1597148/' >b.log
    run_memtrace b.log --stats=json
    is "Auslager" "$(jq '.nodes[0].swap_peak_bytes' <<<"$out") $err" "512000000 "
    { record 1000000; record 2000000 | sed 's/     0     2097148/    3.     2097148/'; } >c.log
    run_memtrace -s 2 c.log --stats=tsv
    is "bad swap" "$(cut -f2,4 <<<"$out" | sed -n 2p) $err" $'2\t2048000000 '"memtrace: c.log:6: 1 bad swap number, skipped (first '3.')"
    for key in interval=1e308 start=-1.7e308 end=1e300 interval=0 start=nan interval=nan end=-inf start=1e400; do
        { echo "# memtrace 1 host=x $key"; record 1000000; record 1000000; } >d.log
        run_memtrace -s 2 d.log --stats=tsv
        is "$key" "$err" "memtrace: d.log:1: '$key' is out of range, ignored"
    done
    { record 1000000; record 1000000 | sed 's/Mem:         8000000     1000000/Mem:     8000000 18446744073709551611/'; } >e.log
    run_memtrace -s 2 e.log --stats=tsv
    is "wrapped" "$(cut -f2 <<<"$out" | sed -n 2p) $err" "1 memtrace: e.log:5: 1 record with an impossible value, skipped"
}

@test "headers of different hosts in one file are different nodes" {
    for h in nid001 nid002; do echo "# memtrace 1 host=$h start=1795424278 interval=2"; record 1000000; record 2000000; done >a.log
    run_memtrace a.log --stats=tsv
    is "nodes" "$(cut -f1-3 <<<"$out" | sed -n '2,3p' | sort | xargs)" "nid001 2 2 nid002 2 2"
}

@test "gzip is read through pipes; data after a member is read, damage is reported" {
    for i in 1 2 3; do for k in $(seq 40); do record $((1000000 + (k * 7919 + i) % 4001 * 4)); done | gzip >$i.gz; done
    cat 1.gz 2.gz 3.gz >all.log.gz
    is "pipe" "$("$memtrace" -s 2 - --stats=tsv <all.log.gz | awk -F'\t' 'NR == 2 { print $2 }')" 120
    is "substitution" "$("$memtrace" -s 2 <(cat all.log.gz) --stats=tsv | awk -F'\t' 'NR == 2 { print $2 }')" 120
    { cat 1.gz; record 1000000; } >plain.log.gz
    is "plain behind" "$(figures plain.log.gz -s 2 | cut -d' ' -f1)" 41
    { cat 1.gz; head -c 512 /dev/zero; } >zeros.log.gz
    is "zeros behind" "$(figures zeros.log.gz -s 2 | cut -d' ' -f1)" 40
    { cat 1.gz; head -c $(($(stat -c %s 2.gz) / 2)) 2.gz; cat 3.gz; } >damaged.log.gz
    run_memtrace -s 2 damaged.log.gz --stats=tsv
    [[ $err == *"damaged.log.gz: damaged gzip file: some of it cannot be decompressed"* && $err != *"<fd"* ]]
    [ "$(awk -F'\t' 'NR == 2 { print $2 }' <<<"$out")" -ge 80 ]
    run_memtrace -s 2 damaged.log.gz --stats=tsv --jobs 4
    [[ $err == *"damaged.log.gz: damaged gzip file: some of it cannot be decompressed"* ]]
}

@test "the parts of a rotated log are joined by time, in whatever order they are given; other logs are not joined" {
    part() { for i in 0 1 2; do echo "2026-03-02 $1:0$i:00"; record $(($2 + i * 40000)); done; }
    part 10 1000000 | gzip >mem.log.2.gz
    { part 11 2000000; echo 'Mem: 1 2 3'; } >mem.log.1
    part 12 500000 >mem.log
    for files in 'mem.log.2.gz mem.log.1 mem.log' 'mem.log mem.log.2.gz mem.log.1' 'mem.log.1 mem.log mem.log.2.gz'; do
        # shellcheck disable=SC2086 # several names
        is "$files" "$(figures $files)" "9 7320 3720"
        # shellcheck disable=SC2086 # several names
        run_memtrace $files --stats=tsv
        is "names and notes of $files" "$(cut -f1 <<<"$out" | xargs) $err" "node mem all memtrace: mem.log.1:13: 1 truncated row, skipped"
    done
    cp mem.log.1 mem.log-20260302
    for suffix in -20260302 -2026-03-02 .2026-03-02_11 -20260302-110000 .2026-03-02T11-00 _202603021100 .1772449200 .old; do
        cp mem.log.1 "mem.log$suffix"
        is "mem.log$suffix" "$(figures mem.log "mem.log$suffix")" "6 3720 120"
    done
    part 11 1000000 >run-2026-13-40
    part 12 1000000 >run
    run_memtrace run run-2026-13-40 -q --stats=tsv
    is "no date" "$(cut -f2 <<<"$out" | xargs)" "samples 3 3 6"
    for i in 1 2; do part 10 1000000 >task.$i; done
    run_memtrace task.1 task.2 -q --stats=tsv
    is "tasks" "$(cut -f2,3 <<<"$out" | xargs)" "samples duration_s 3 120 3 120 6 120"
    part 11 1000000 >mem.log
    is "at the same time" "$(figures mem.log mem.log.1 -q)" "3 120 120"
    is "without times" "$(record 1000000 >a.log; record 2000000 >a.log.1; figures a.log a.log.1 -s 5)" "2 5 0"
    mkdir folder
    for name in 11/n5-mem.log 10/n5-mem.log.1 09/n5-mem.log-20260301 08/n5-mem.log-20260228.gz 10/n6-mem.log.old 10/n7-mem.log.bak; do
        part "${name%/*}" 1000000 | if [[ $name == *.gz ]]; then gzip; else cat; fi >"folder/${name#*/}"
    done
    run_memtrace folder --stats=tsv
    is "in a folder" "$(cut -f1-3 <<<"$out" | xargs) $err" "node samples duration_s n5 12 10920 n6 3 120 all 15 10920 "
}

@test "prefixes of docker compose and hosts before times separate nodes" {
    local template
    while IFS= read -r template; do
        for i in 0 1 2; do for h in cn01 cn02; do
            # shellcheck disable=SC2059
            record $((1000000 + i * 40000)) | sed "s~^~$(printf -- "$template" $h $i)~"
        done; done >a.log
        run_memtrace -s 60 a.log --stats=tsv
        is "$template" "$(cut -f1-3 <<<"$out" | sed -n '2,3p' | sort | xargs)" "cn01 3 120 cn02 3 120"
    done <<'END'
%s  | 10:0%d:00 
%s 2026-03-02T10:0%d:00Z 
[%s] 2026-03-02 10:0%d:00 
%s: [10:0%d:00] 
END
    log_of 'W0302 10:0%d:00.123456 1 mem.cc:1] free' >a.log
    run_memtrace a.log --stats=tsv
    is "glog names no node" "$(cut -f1 <<<"$out" | sed -n 2p)" a
}

# Prints three records of each of two nodes, at intervals of a minute. Each line begins with PREFIX: %h is the node, %T the time.
rows_of() { # PREFIX
    local i h text
    for i in 0 1 2; do
        for h in 1 2; do
            text=${1//%h/$h}
            record $((h * 1000000 + i * 40000)) | while IFS= read -r line; do printf '%s %s\n' "${text//%T/2026-03-02T10:0$i:00Z}" "$line"; done
        done
    done
}

nodes() { # LOG OPTION...
    run_memtrace "$@" --stats=json
    jq -r '.nodes | sort_by(.node)[] | "\(.node) \(.samples) \(.duration_s) \(.peak_bytes / 1024)"' <<<"$out" | paste -sd, -
}

@test "names before rows are nodes in any form: the part that differs between recurring prefixes" {
    while read -r name prefix; do
        rows_of "$prefix" >a.log
        is "$prefix" "$(nodes a.log -s 60)" "${name//%h/1} 3 120 1080000,${name//%h/2} 3 120 2080000"
    done <<'END'
cn0%h cn0%h>
cn0%h <cn0%h>
cn0%h [cn0%h] out:
cn0%h host=cn0%h
cn0%h %T [cn0%h]
cn0%h %T INFO cn0%h
cn0%h (cn0%h, pid=1234)
10.0.0.%h (raylet pid=12, ip=10.0.0.%h)
pod/mem-%h/app [pod/mem-%h/app] %T
mem-%h mem-%h app
%h rank %h:
%h [1,%h]<stdout>:
%h [%h] out:
END
    { rows_of '[cn01.org] %T' | head -n 9; rows_of '[db.org] %T' | head -n 9; } >a.log
    is "one without a number" "$(nodes a.log | tr , '\n' | cut -d' ' -f1,2 | xargs)" "cn01.org 3 db.org 3"
    rows_of 'INFO' | awk '{ printf "2026-03-02T10:00:%02dZ ", NR }; { if (NR % 6 > 3) sub("INFO", "WARN"); print }' >a.log
    is "levels are none" "$(nodes a.log | tr , '\n' | cut -d' ' -f1,2)" "a 6"
}

@test "lines that name a host before its records make nodes" {
    while IFS='|' read -r name line; do
        for i in 0 1 2; do
            for h in 1 2; do
                printf '%b\n' "${line//%h/$h}" | sed "s/%T/10:0$i:00/"
                record $((h * 1000000 + i * 40000))
            done
        done >a.log
        is "$line" "$(nodes a.log -s 60)" "${name//%h/1} 3 120 1080000,${name//%h/2} 3 120 2080000"
    done <<'END'
cn0%h|cn0%h
cn0%h|cn0%h:
cn0%h|=== cn0%h ===
cn0%h|Host: cn0%h\n%T
cn0%h|%T\ncn0%h
cn0%h|cn0%h\nMon Mar  2 %T UTC 2026
cn0%h|cn0%h | CHANGED | rc=0 >>
cn0%h|[1] %T [SUCCESS] cn0%h
cn0%h.log|==> cn0%h.log <==
END
    for i in 0 1 2; do for step in 1 2; do echo "phase $step"; record 1000000; echo "=== before ==="; record 1000000; done; done >a.log
    is "other words are none" "$(nodes a.log -s 60 | cut -d' ' -f1,2)" "a 12"
}

@test "the unit may change within a log; --input_units applies to squeezed rows" {
    for i in 0 1 2 3; do
        echo "10:0$i:00"
        record $((1000000 + i * 4000)) | awk -v k=$((i < 2 ? 1024 : 1)) '{ for (f = 2; f <= NF && NR > 1; f++) $f = sprintf("%.0f", $f * k); print }'
    done >a.log
    is "bytes, then KiB" "$(nodes a.log)" "a 4 180 1012000"
    run_memtrace a.log --stats
    is "reported" "$err" "memtrace: a.log:11: from here on, the unit is KiB
memtrace: a.log: the numbers are read as B: in KiB the total would be 7.6 TiB; --input_units overrides"
    # free -h --si without the blanks that distinguish it from older versions, whose G is binary
    head='total used free shared buff/cache available'
    for i in 0 1 2; do echo "10:0$i:00 $head Mem: 114G ${i}00M 113G 38M 2.0G 24G Swap: 0B 0B 0B"; done >a.log
    is "binary" "$(nodes a.log)" "a 3 120 204800"
    is "GB" "$(nodes a.log --input_units GB)" "a 3 120 195312.5"
    is "GiB" "$(nodes a.log --input_units GiB)" "a 3 120 204800"
}

@test "line numbers are not nodes; no-break spaces of web pages are blanks" {
    log_of '10:0%d:00' | cat -n | sed -E 's/^ *([0-9]+)\t/\1: /' >a.log
    is "numbers of lines" "$(nodes a.log)" "a 3 120 1080000"
    log_of '10:0%d:00' | sed $'s/   / \xc2\xa0 /g' >a.log
    is "blanks" "$(nodes a.log)" "a 3 120 1080000"
}

@test "a time in any form that never advances does not count" {
    for line in 'started 2026-03-02 10:00:00' '10:00:00' 'ts=1772445600' 'elapsed 00:00:00'; do
        for i in 0 1 2 3; do echo "$line"; record $((1000000 + i * 40000)); done >a.log
        expect 2 "" "memtrace: a.log:1: the times in the log never advance; specify the interval with --samp SECONDS" a.log --save x.svg
        is "$line with --samp" "$(figures a.log --samp 5)" "4 15 15"
    done
    for i in 0 1 2 3; do record $((1000000 + i * 40000)) | sed 's/^/2026-03-02 10:00:00 /'; done >a.log
    expect 2 "" "memtrace: a.log:1: the times in the log never advance; specify the interval with --samp SECONDS" a.log --save x.svg
    # This log is longer than the part examined in advance, and its times have only minutes.
    for i in {0..399}; do echo "2026-03-02 10:00"; record $((1000000 + i * 4)); done >a.log
    expect 2 "" "memtrace: a.log: the times in the log never advance; specify the interval with --samp SECONDS" a.log --save x.svg
    for h in cn01 cn02 cn03; do echo "$h 2026-03-02 10:00:00"; record 1000000; done >a.log # one record per node
    run_memtrace a.log --stats=tsv
    is "nodes" "$(cut -f1-3 <<<"$out" | sort | xargs)" "all 3 0 cn01 1 0 cn02 1 0 cn03 1 0 node samples duration_s"
}

@test "record numbers are not milliseconds since 1970; seconds since 1970 may go back once" {
    for i in 0 1 2 3; do echo "request $((1772445600000 + i))"; record $((1000000 + i * 40000)); done >a.log
    expect 2 "" "memtrace: a.log:1: 4 lines not in free(1) format, skipped
memtrace: a.log: a time like '1772445600000' in line 1 was not understood; specify the interval with --samp SECONDS" a.log --save x.svg
    for i in 0 1 2 1 2 3; do echo $((1772445600 + 60 * i)); record $((1000000 + i * 40000)); done >a.log
    run_memtrace a.log --stats=tsv
    is "a second run" "$(awk -F'\t' 'NR == 2 { print $2, $3, $5 }' <<<"$out") $err" "6 300 300 memtrace: a.log:15: 1 backward clock jump, starting a new run"
}

@test "digits in groups of three are whole numbers, whatever separates the groups" {
    for mark in ',' . "'" _ $'\xe2\x80\xaf' $'\xc2\xa0' $'\xe2\x80\x99'; do
        log_of '2026-03-02 10:0%d:00' | perl -pe 'BEGIN { $mark = shift } if (/^(Mem|Swap)/) { 1 while s/(\d)(\d{3})(?!\d)/$1$mark$2/ }' "$mark" >a.log
        is "groups with $mark" "$(figures a.log) $err" "3 120 120 "
        run_memtrace a.log --stats=tsv
        is "peak with $mark" "$(peak)" $((1080000 * 1024))
        run_memtrace a.log --column swap-total --stats=tsv
        is "swap with $mark" "$(peak)" 2147479552
    done
    # In MiB, only some of the numbers have groups.
    for i in 0 1 2; do echo "2026-03-02 10:0$i:00"; record 1000000 | sed -n 1p; echo "Mem:    64,000   $((1 + i)),000   60,000      10     500   62,000"; done >a.log
    run_memtrace a.log --stats=tsv
    is "in MiB" "$(peak)" 3145728000
    # Three decimals after a comma are not a group.
    for i in 0 1 2; do echo "2026-03-02 10:0$i:00"; record 1000000 | sed -n 1p; echo "Mem:    64,125   $((1 + i)),250   60,000   0,010   0,500   62,125"; done >a.log
    run_memtrace a.log --stats=tsv
    is "decimals" "$(peak)" 3489660928
}

@test "logs are read in any wrapping: quotes, JSON, UTF-16, old line ends, context of grep" {
    log_of '2026-03-02 10:0%d:00' >plain.log
    # shellcheck disable=SC2016
    local forms=('sed "s/.*/\"&\"/"' "sed \"s/.*/'&'/\"" 'tr "\n" "\r"' 'iconv -f UTF-8 -t UTF-16LE' 'iconv -f UTF-8 -t UTF-16BE'
        'sed "s/^/| /;s/\$/ |/"' 'sed "s/\$/\\\\n/" | tr -d "\n"' 'sed "s/^/mem.log-/;s/^mem.log-Mem/mem.log:Mem/;s/^mem.log-2026/--\n&/"'
        'jq -Rc "{log: (. + \"\\n\"), stream: \"stdout\"}"')
    for form in "${forms[@]}"; do
        eval "$form" <plain.log >a.log
        is "$form" "$(figures a.log) $err" "3 120 120 "
    done
    for i in 0 1 2; do record $((1000000 + i * 40000)) | jq -Rsc "{time: \"2026-03-02T10:0$i:00Z\", out: .}"; done >a.log
    is "records in JSON" "$(figures a.log) $err" "3 120 120 "
    for i in 0 1 2; do record $((1000000 + i * 40000)) | jq -Rc "{log: (. + \"\\n\"), stream: \"stdout\", time: \"2026-03-02T10:0$i:00.5Z\"}"; done >a.log
    is "docker" "$(figures a.log) $err" "3 120 120 "
    iconv -f UTF-8 -t UTF-32LE plain.log >a.log
    run_memtrace a.log
    [[ $status == 1 && $err == *"UTF-32, not supported; convert it: iconv"* ]]
    # Two files, and context of one line before and after each match.
    for h in cn-01 cn-02; do for i in 0 1 2; do echo --; record $((1000000 + i * 40000)) | sed "s/^/logs\/$h.log-$i-/;2s/-$i-/:$i:/"; done; done >a.log
    run_memtrace a.log --samp 5 --stats=tsv
    is "grep" "$(cut -f1-3 <<<"$out" | sed -n 2,3p | sort | xargs) $err" "logs/cn-01.log 3 10 logs/cn-02.log 3 10 "
}

# Prints the number of samples and the duration of a log of COUNT records at intervals of STEP seconds. The line before each record is
# FORMAT with minutes and seconds.
stopwatch() { # FORMAT STEP COUNT
    for ((i = 0; i < $3; i++)); do
        # shellcheck disable=SC2059
        printf -- "$1\n" $((i * $2 / 60)) $((i * $2 % 60))
        record $((1000000 + i * 4000))
    done >a.log
    run_memtrace a.log --stats=tsv
    awk -F'\t' -v ORS= 'NR == 2 { print $2, $3 }' <<<"$out"
    [ -z "$err" ] || echo " $err"
}

@test "times of two numbers are minutes and seconds if they exceed 24, have decimals or begin near 0" {
    is "past 24 minutes" "$(stopwatch %02d:%02d 30 60)" "60 1770"
    is "past an hour" "$(stopwatch 'elapsed %d:%02d' 60 130)" "130 7740"
    is "with decimals" "$(stopwatch %02d:%02d.5 5 8)" "8 35"
    is "begin near 0" "$(stopwatch %02d:%02d 5 8)" "8 35 memtrace: a.log:1: two-part times that start near 0:00, read as minutes and seconds"
    is "a clock" "$(stopwatch 1%d:%02d 5 24)" "24 6900"
    for at in 23:50 23:55 00:00 00:05; do echo $at; record 1000000; done >a.log
    is "past midnight" "$(figures a.log)" "4 900 0"
    for at in 00:10 00:10 00:10 00:11 00:11 00:11; do echo $at; record 1000000; done >a.log
    is "a clock that repeats its minutes" "$(figures a.log)" "6 60 0"
}

@test "seconds before records are times if they grow like times; otherwise they are quoted" {
    for line in '%d' 't=%d' 'elapsed: %d seconds' 'elapsed %d.0 s' 'T+%ds' '[%d]'; do
        for i in 0 1 2 3; do
            # shellcheck disable=SC2059
            printf -- "$line\n" $((i * 5))
            record $((1000000 + i * 40000))
        done >a.log
        is "$line" "$(figures a.log)" "4 15 15"
    done
    for line in %d %d.0 %ds; do
        for i in 0 1 2 3; do
            # shellcheck disable=SC2059
            printf -- "$line " $((i * 5))
            record $((1000000 + i * 40000)) | sed -n 2p
        done >a.log
        is "before rows: $line" "$(figures a.log)" "4 15 15"
    done
    for i in 1 2 3; do printf '%d ' $i; record 1000000 | sed -n 2p; done >a.log
    expect 2 "" "memtrace: a.log: a time like '1' in line 1 was not understood; specify the interval with --samp SECONDS" a.log --save x.svg
}

@test "free -L in another language may follow times and labels" {
    for before in '2026-03-02 10:0%d:00 ' 'Mon Mar  2 10:0%d:00 UTC 2026: ' '[10:0%d:00] ' '10:0%d:00 cn01: '; do
        # shellcheck disable=SC2059
        for i in 0 1 2; do printf "${before}SwapNutz        3072 CachNutz   195031620 SpeichNutz    4784174$i SpeichFrei   318827348 \n" "$i"; done >a.log
        is "$before" "$(figures a.log)" "3 120 120"
    done
    # echo $(free -L): the words show it.
    local words='SwapNutz 3072 CachNutz 195031620 SpeichNutz 4784174%d SpeichFrei 318827348'
    for form in "2026-03-02 10:0%d:00 $words" "2026-03-02 10:0%d:00\n$words" "cn01: 10:0%d:00 ${words//Nutz/使用}"; do
        # shellcheck disable=SC2059
        for i in 0 4 8; do printf "$form\n" "$i" "$i"; done >a.log
        is "$form" "$(figures a.log)" "3 480 480"
    done
    # shellcheck disable=SC2059
    { record 1000000; printf "$words\n" 0; record 1000000; } >a.log
    is "a message in a log of rows" "$(figures a.log -s 2)" "2 2 0"
    for words in 'epoch 1200 batch 2400 loss 3600 lossless 4800' 'readUse 1 cacheUse 2 memUse 3 memFree 4'; do
        echo "$words" >a.log
        run_memtrace a.log
        is "$words" "$status" 1
    done
    for i in 0 1 2; do printf '{"time":"2026-03-02T10:0%d:00Z","mem":{"used":1000}}\n' "$i"; done >a.log
    run_memtrace a.log
    [[ $err == *"no record of free(1) found, skipped: JSON, not supported; convert it to a table: (echo time,used_bytes; jq -r"* ]]
}

@test "the total shows whether G comes from free -h --si if blanks were squeezed" {
    for total in '540G 48G' '8.2G 4.0G' '67G 60G'; do
        for i in 0 1; do echo "2026-03-02 10:0$i:00 total used free shared buff/cache available Mem: $total 2.0G 20M 1.0G 3.0G Swap: 34G 0B 34G"; done >a.log
        run_memtrace a.log --stats=tsv
        is "$total" "$(peak) $err" "$(numfmt --from=si "${total#* }") memtrace: a.log:1: K, M and G are read as powers of 1000, because no machine has ${total% *} otherwise; --input_units overrides"
    done
    for total in '503G 48G' '7.6G 4.0G' '62G 60G' '1.0T 60G'; do
        for i in 0 1; do echo "2026-03-02 10:0$i:00 total used free shared buff/cache available Mem: $total 2.0G 20M 1.0G 3.0G Swap: 34G 0B 34G"; done >a.log
        run_memtrace a.log --stats=tsv
        is "$total" "$(peak) $err" "$(numfmt --from=iec "${total#* }") "
    done
}

@test "a host after a time names the node of the next record; a single value does not make a row Mem" {
    for form in '%s %s' '%s %s:' '[%s] %s' '%s (%s)' '%s - %s'; do
        # shellcheck disable=SC2059
        for i in 0 1 2; do for h in cn01 cn02; do printf -- "$form\n" "2026-03-02 10:0$i:00" $h; record $((1000000 + i * 40000)); done; done >a.log
        run_memtrace a.log --stats=tsv
        is "$form" "$(cut -f1-3 <<<"$out" | sed -n 2,3p | sort | xargs) $err" "cn01 3 120 cn02 3 120 "
    done
    for word in before after UTC step1; do log_of "2026-03-02 10:0%d:00 $word"; done | sed 's/^2026-03-02 1/2026-03-02 1/' >a.log
    run_memtrace a.log --stats=tsv
    is "other words" "$(cut -f1,2 <<<"$out" | sed -n 2p)" "a	12"
    log_of '2026-03-02 10:0%d:00\nMem:  16G' >a.log
    is "one value" "$(figures a.log)" "3 120 120"
}

@test "decoration around the name of a node, and times next to it, do not merge nodes" {
    for form in '=====\n%s\n=====' '%s\n=====' '*****\n%s\n*****' '#####\n# %s #\n#####' '=== %s ===' '>>> %s' 'Host: %s' '<<< %s >>>' '[INFO] %s' 'node %s'; do
        for i in 0 1 2; do
            # shellcheck disable=SC2059
            for h in cn01 cn02; do printf -- "$form\n" $h; echo "Mon Mar  2 10:0$i:00 UTC 2026"; record $((1000000 + i * 40000)); done
        done >a.log
        run_memtrace a.log -q --stats=tsv
        is "$form" "$(cut -f1-3 <<<"$out" | sed -n 2,3p | sort | xargs)" "cn01 3 120 cn02 3 120"
        [[ $form != *\\n* ]] || continue
        sed -i '/cn0/ { N; s/\n/ / }' a.log # on one line
        run_memtrace a.log -q --stats=tsv
        is "$form DATE" "$(cut -f1-3 <<<"$out" | sed -n 2,3p | sort | xargs)" "cn01 3 120 cn02 3 120"
    done
    # Messages of several threads with times do not name nodes.
    for form in '2026-03-02 10:0%d:00 worker%d is ready' '10:0%d:00 gpu%d: 41 C' '[2026-03-02 10:0%d:00] INFO rank%d: loss 0.31'; do
        for i in 0 1 2 3; do
            # shellcheck disable=SC2059
            printf "$form\n" "$i" $((i % 2)) && record $((1000000 + i * 40000))
        done >a.log
        run_memtrace a.log -q --stats=tsv
        is "$form" "$(sed -n 2p <<<"$out" | cut -f2,3 | xargs)" "4 180"
    done
}

@test "a time before the blocks of clush -b or dshbak applies to all of them, a time in a block to that block" {
    block() { printf -- '----------------\n%s\n----------------\n' "$1"; }
    at() { echo "Mon Mar  2 10:0$1:0$2 UTC 2026"; }
    for i in 0 1 2 3; do
        at $i 0 | tee -a first.log >>blank.log
        echo >>blank.log
        for h in 1 2 3; do
            { block cn0$h && record $((1000000 + i * 40000)); } | tee -a first.log | tee -a end.log >>blank.log
            { block cn0$h && at $i $h && record $((1000000 + i * 40000)); } >>before.log
            { block cn0$h && record $((1000000 + i * 40000)) && at $i $h; } >>after.log
        done
        at $i 5 >>end.log
    done
    for log in first blank end before after; do
        run_memtrace $log.log -q --stats=tsv
        is "$log" "$(cut -f1-3 <<<"$out" | sed -n 2,4p | xargs)" "cn01 4 180 cn02 4 180 cn03 4 180"
    done
    is "peaks" "$(cut -f5 <<<"$out" | sed -n 2,4p | xargs)" "180 181 182"
}

# Three rounds over two nodes, a minute apart, with a line of each form before each record.
rounds() { # FORM HOST HOST; %h is replaced by the node, %T by the time, and \n by a line feed
    local i h used=0
    for i in 0 1 2; do
        for h in "${@:2}"; do
            printf '%b\n' "$1" | sed "s,%h,$h,; s/%T/Mon Mar  2 10:0$i:00 UTC 2026/"
            record $((1000000 + i * 40000 + used))
            used=$((1000000 - used))
        done
    done >a.log
}

@test "names without a number and addresses are nodes, too; a time at the end of a round applies to the whole round" {
    while IFS='|' read -r first second form; do
        rounds "$form" "$first" "$second"
        is "$form" "$(nodes a.log -s 60)" "$first 3 120 1080000,$second 3 120 2080000"
    done <<'END'
alpha|beta|---- %h ----\n%T
10.0.0.1|10.0.0.2|=== %h ===\n%T
login-a|login-b|---%h---\n%T
cn01|cn02|----------\n%h\n%T
alpha|beta|----------\n%h
db|web|%h:\n%T
alpha|beta|%T\nOutput from %h:
alpha|beta|%h | CHANGED =>\n%T
alpha|beta|%h %T
alpha|beta|%T %h
alpha|beta|[%h] %T
alpha|beta|[%h] Executing task\n%T
cn01|cn02|%h at %T
cn01|cn02|%h, %T
cn01|cn02|Host: %h Date: %T
alpha|beta|%T on %h
10.0.0.1|10.0.0.2|%T - %h
END
    for form in '--- %h ---' '%h:' '[%h]'; do
        rounds "$form" alpha beta
        awk '/Swap/ && n++ % 2 { print $0 "\n2026-03-02 10:0" int(n / 2 - 1) ":00"; next } 1' a.log >b.log
        is "$form, time at the end" "$(nodes b.log)" "alpha 3 120 1080000,beta 3 120 2080000"
    done
    for form in '[%s] ' '%s| ' '%s: '; do
        for i in 0 1 2; do
            for h in cn01 cn02; do record $((1000000 + i * 40000)) | sed "s/^/${form/\%s/$h}/"; done
            echo "2026-03-02 10:0$i:00"
        done >a.log
        run_memtrace a.log --stats=json
        is "$form, start and notes" "$(jq .start_epoch_s <<<"$out")$err" 1772445600
    done
}

@test "nodes: addresses, pods, words after container, lines of uname, rules of colons, dots; words under one time per round" {
    while IFS='|' read -r first second form; do
        rounds "$form" "$first" "$second"
        is "$form" "$(nodes a.log -s 60)" "$first 3 120 1080000,$second 3 120 2080000"
    done <<'END'
fe80::1:2|fe80::1:3|---- %h ----\n%T
fe80::1:2|fe80::1:3|%h: %T
cn01|cn02|Checking %h...\n%T
cn01.log|cn02.log|::::::::::::::\n%h\n::::::::::::::
alpha|beta|Container: %h\n%T
alpha|beta|Linux %h 5.14.0-362.el9.x86_64 #1 SMP x86_64 x86_64 x86_64 GNU/Linux with a long text up to the end of the line\n%T
pod/mem-1|pod/mem-2|=== %h ===\n%T
END
    for form in '%h:' '--- %h ---' '%h'; do
        for i in 0 1 2; do
            echo "Mon Mar  2 10:0$i:00 UTC 2026"
            echo "${form/\%h/alpha}"; record $((1000000 + i * 40000)); echo "${form/\%h/beta}"; record $((2000000 + i * 40000))
        done >a.log
        is "$form" "$(nodes a.log)" "alpha 3 120 1080000,beta 3 120 2080000"
    done
    for prefix in '2026-03-02T10:00:00+00:00 %h free[12]: ' '[%h]:'; do
        for i in 0 1 2; do for h in alpha beta; do record $((1000000 + i * 40000)) | sed "s/^/${prefix/\%h/$h}/"; done; done >a.log
        is "$prefix" "$(nodes a.log -s 60 -q | tr , '\n' | cut -d' ' -f1 | xargs)" "alpha beta"
    done
    for word in fold thread- file; do
        for i in 0 1 2 3 4 5; do echo "=== $word$((i % 2)) ==="; echo "10:0$i:00"; record $((1000000 + i * 4000)); done >a.log
        is "$word" "$(nodes a.log)" "a 6 300 1020000"
    done
}

@test "seconds since 1970 after each record belong to it; records before late times are not drawn at a made-up interval" {
    for i in 0 1 10 11 12; do record $((1000000 + i * 4000)); echo $((1772445600 + 60 * i)); done >a.log
    is "behind" "$(figures a.log) $err" "5 720 720 "
    run_memtrace a.log --export a.csv
    is "first step" "$(awk -F, '$2 == "used" { printf "%s ", $3 }' a.csv)" "0 60 600 660 720 "
    for i in {0..9}; do [ "$i" -lt 5 ] || echo "10:0$i:00"; record $((1000000 + i * 4000)); done >a.log
    run_memtrace a.log --stats
    [[ $status == 2 && $err == *"only 5 of 10 records have a time; specify the interval with --samp SECONDS"* ]]
    is "with --samp" "$(figures a.log -s 60)" "10 540 540"
}

@test "words between evenly spaced records, and words for parts of a run, are no nodes" {
    while read -r first second; do
        for form in '=== %s ===' '%s:' '%s' 'at 10:00 %s'; do
            for i in 0 1 2 3 4 5; do
                # shellcheck disable=SC2059
                printf "$form\n" "$([ $((i % 2)) = 0 ] && echo "$first" || echo "$second")"
                echo "Mon Mar  2 10:0$((i * 3 / 2)):00 UTC 2026"; record $((1000000 + i * 4000))
            done >a.log
            is "$form $first" "$(nodes a.log)" "a 6 420 1020000"
        done
    done <<'END'
before after
loading saving
train eval
idle load
END
    for i in 0 1 2 3 4 5; do echo "=== $([ $((i % 2)) = 0 ] && echo serial || echo threaded) ==="; echo "10:0$i:00"; record $((1000000 + i * 4000)); done >a.log
    is "even" "$(nodes a.log)" "a 6 300 1020000"
}

@test "times without leading zeros, as six digits, and with units; numbers with one blank between groups of digits" {
    while IFS='|' read -r wanted template; do
        log_of "$template" >a.log
        is "$template" "$(figures a.log)" "$wanted"
    done <<'END'
3 120 120|10:%d:0
3 120 120|2026-3-2 10:%d:0
3 120 120|100%d00
3 120 120|10.0%d Uhr
3 120 120|03-02 10:0%d:00.123
3 120 120|02.03. 10:0%d:00
3 120 120|==> free-2026-03-02T10:0%d:00.log <==
3 20 20|+%d0 s
3 20 20|[+%d0s]
3 20 20|%d0 seconds elapsed
3 20 20|walltime: %d0 s
3 120 120|0h %dm 0s
3 120 120|%d min 0 s
END
    for form in '# %d' '%d -'; do
        # shellcheck disable=SC2059
        for i in 0 1 2; do record $((1000000 + i * 40000)) | sed "s/^/$(printf -- "$form" $((1772445600 + 60 * i))) /"; done >a.log
        is "$form" "$(figures a.log)" "3 120 120"
    done
    for stamp in 202603021000 1772445600; do
        for i in 0 1 2; do record $((1000000 + i * 40000)) | sed "1d;2s/\$/ $stamp$i$([ ${#stamp} = 12 ] && echo 0 || echo 00)/;3d"; done >a.log
        run_memtrace a.log --stats=tsv
        is "$stamp" "$(cut -f2 <<<"$out" | sed -n 2p) $err" "3 "
    done
    for i in 0 1 2; do
        echo "2026-03-02 10:0$i:00"; record 1 | sed -n 1p
        echo "Mem:    8 000 000   1 0${i}0 000   5 500 000       1 000     500 000   6 999 000"
        echo "Swap:   2 097 148           0   2 097 148"
    done >a.log
    run_memtrace a.log --stats=tsv
    is "groups" "$(peak) $err" "$((1020000 * 1024)) "
}

@test "the first record without its row -/+; rows of others that begin like it; a last line without its end" {
    for i in 0 1 2; do
        echo '             total       used       free     shared    buffers     cached'
        echo "Mem:       8000000    150000$i    649999$i          0     100000     400000"
        [ $i = 0 ] || echo "-/+ buffers/cache:    100000$i    699999$((10 - i))"
        echo 'Swap:            0          0          0'
        echo '-/+ 5 %: 1 2'
    done >a.log
    run_memtrace -s 2 a.log --stats=tsv
    is "used" "$(awk -F'\t' 'NR == 2 { print $2, $4 }' <<<"$out")" "3 $((1000002 * 1024))"
    # Any number of first records, also where records are read by the layout of the one before.
    for prefix in '' 'cn01: ' '2026-03-02 10:00:%02d '; do
        awk -v prefix="$prefix" 'BEGIN {
            for (i = 0; i < 60; i++) {
                p = index(prefix, "%") ? sprintf(prefix, i) : prefix
                print p "             total       used       free     shared    buffers     cached"
                print p "Mem:       8000000    15000" 10 + i "    64999" 90 - i "          0     100000     400000"
                if (i > 19) print p "-/+ buffers/cache:    10000" 10 + i "    69999" 90 - i
                print p "Swap:            0          0          0"
            }
        }' >many.log
        run_memtrace -s 1 many.log --stats=tsv
        is "used after '$prefix'" "$(awk -F'\t' 'NR == 2 { print $2, $4 }' <<<"$out")$err" "60 $((1000069 * 1024))"
    done
    for line in 'Mem: 45%' 'total 48' 'Total: 12' 'Mem: 82280K used' 'CPU(s): 64'; do
        { record 1; printf '%s' "$line"; } >b.log
        run_memtrace b.log --stats=tsv
        is "$line" "$err" "memtrace: b.log:4: 1 line not in free(1) format, skipped"
    done
    { record 1; printf 'Mem:         8000000     10'; } >b.log
    run_memtrace b.log --stats=tsv
    is "cut" "$err" "memtrace: b.log:4: 1 truncated row at the end of the log, skipped"
}

@test "units: bytes of a small machine, GiB by the swap, MiB of 3 TB, GiB within the log, toybox" {
    units() { # WANTED FACTOR TOTAL USED SHARED CACHE SWAP
        for i in 0 1 2; do
            echo "2026-03-02 10:0$i:00"; record 1 | sed -n 1p
            echo "Mem: $3 $4 $(($3 - $4 - $6)) $5 $6 $(($3 - $4))"; echo "Swap: $7 0 $7"
        done >a.log
        is "$1" "$(figures a.log | cut -d' ' -f1) $(run_memtrace a.log --stats=tsv; peak)" "3 $(($4 * $2))"
    }
    units "B" 1 507768832 104857600 40960 31735808 0
    units "GiB" 1073741824 503 20 3 31 7
    units "MiB" 1048576 3095187 99999 3 193449 0
    units "KiB" 1024 1005048 200000 4096 62816 0
    for i in 0 1; do echo "2026-03-02 10:0$i:00"; record 1 | sed -n 1p; echo 'Mem: 7 1 6 0 0 6'; done >a.log
    for i in 2 3; do echo "2026-03-02 10:0$i:00"; record 1200000; done >>a.log
    run_memtrace a.log --stats=tsv
    is "change" "$(peak)" $((1200000 * 1024))
    printf '\t\ttotal        used        free      shared     buffers\nMem:  982  491 491 0 3\n-/+ buffers/cache: 488 494\nSwap: 0 0 0\n' >a.log
    run_memtrace a.log --stats=tsv
    is "toybox" "$(peak)" $((488 * 1048576))
}

@test "units: changes of all kinds, the smallest unit decides; -h shows it; nodes of one log; --kilo -w; routers; toybox" {
    local row=0
    add() { # UNIT-IN-BYTES or h, TOTAL USED in KiB: the next record
        printf '2026-03-02 10:%02d:00\n%12s%12s%12s%12s%12s%12s\n' "$row" total used free shared buff/cache available
        row=$((row + 1))
        awk -v unit="$1" -v total="$2" -v used="$3" 'function f(kib) {
            return unit == "h" ? sprintf("%.1fGi", kib / 1048576) : sprintf("%.0f", int(kib * 1024 / unit)) }
        BEGIN { printf "Mem:    %11s %11s %11s %11s %11s %11s\nSwap:   %11s %11s %11s\n", f(total), f(used), f(total - used - 30012), f(1052), f(30012),
                f(total - used - 8), 0, 0, 0 }'
    }
    while IFS=: read -r total used want units; do
        row=0
        for unit in $units; do add "$unit" "$total" "$((used + 4 * row))"; done >a.log
        run_memtrace a.log --export a.csv
        is "$total $units" "$(awk -F, '$2 == "used" { printf "%.0f ", $4 / 1048576 }' a.csv)" "$want "
    done <<'END'
2035532:1600012:1024 1563 1563:1073741824 1024 1024
2035532:1600012:1563 1562 1024:1024 1048576 1073741824
2035532:1600012:1024 1563 1563 1562:1073741824 1 1024 1048576
2113445292:1600000012:1562500 1562500 1562500:1048576 1024 1
2113445292:1600000012:1561600 1562500 1561600:1073741824 1048576 1073741824
2113445292:1600000012:1562522 1561600 1562500:h 1073741824 1048576
1013832:600012:614 586 586:h 1 1024
25363775488:1600000012:1562500 1562500:1048576 1024
60492:20012:20 20:1 1
END
    # Nodes: of the same size, and of other sizes.
    while read -r first second; do
        for i in 0 1 2; do
            row=$i; add "$first" 65806128 32000112 | sed 's/^/cn01: /'
            row=$i; add "${second% *}" "${second#* }" 1200112 | sed 's/^/cn02: /'
        done >b.log
        run_memtrace b.log --stats=tsv
        is "$first, $second" "$(awk -F'\t' '/^cn/ { printf "%s %d ", $1, $4 / 1048576 }' <<<"$out")" "cn01 $((32000112 / 1024)) cn02 $((1200112 / 1024)) "
    done <<'END'
1024 1048576 65806128
1048576 1024 65806128
1024 1048576 2035532
1048576 1024 1056494824
END
    # Two machines: their totals differ by about 1024, but not as those of one machine.
    { add 1024 1013832 600012; add 1024 1056494824 600012; } >c.log
    run_memtrace c.log --stats=tsv
    is "two machines" "$(peak)" $((600012 * 1024))
    # The sum of buffers and cache is not rounded as a number is.
    for i in 0 1 2; do echo "2026-03-02 10:0$i:00"; printf ' total used free shared buffers cache available\nMem: 8185364 1055477 6630096 1052 249901 249905 7129886\n'; done >d.log
    run_memtrace d.log --stats=tsv
    is "--kilo -w" "$(peak)" 1055477000
    printf '\t\ttotal        used        free      shared     buffers\nMem: 2063912 1491031 572881 0 3001\n-/+ buffers/cache: 1488030 575882\nSwap: 0 0 0\n' >e.log
    run_memtrace e.log --stats=tsv
    is "toybox -m of 2 TiB" "$(peak)" $((1488030 * 1048576))
    # Digits without blanks are cut into numbers of whole pages.
    printf '%s\n' '             total       used       free     shared    buffers     cached' 'Mem:   540661796864183921176576356740620288 6013120512 7675088896148897411072' \
        '-/+ buffers/cache:27348676608513313120256' 'Swap:            0          0          0' >f.log
    run_memtrace f.log --stats=tsv
    is "glued" "$(peak)" 27348676608
    # Small machines in MiB and large ones in GiB have the same numbers: the note says which other unit it may be.
    for total in 251 488; do
        { head -n 2 c.log; echo "Mem: $total 60 150 2 41 191"; echo "Swap: 0 0 0"; } >g.log
        run_memtrace g.log --stats=tsv
        is "$total" "$(($(peak) / 60 / 1048576)) ${err##*;}" "$([ $total = 251 ] && echo "1024  --input_units MiB overrides" || echo "1  --input_units GiB overrides")"
    done
}

@test "rows and headings of other programs between the rows of free are noise wherever they stand" {
    while IFS= read -r text; do
        for line in 0 1 2 3; do
            for i in 0 1 2; do
                { echo "2026-03-02 10:0$i:00"; record $((1000000 + i * 40000)); } | awk -v text="$text" -v line="$line" -v i="$i" \
                    '{ print } NR == line + 1 { sub("@", i, text); print text }'
            done >a.log
            is "$text after line $line" "$(figures a.log) $(grep -c "truncated\|bad\|change" <<<"$err")" "3 120 120 0"
        done
    done <<'END'
10:0@:01     all    0.71    0.00    0.30    0.10    0.00    0.00    0.00    0.00    0.00   98.89
10:0@:01  9216204  12800913  3072102     18.84    215044   1843201   4000000     20.00   2000000   1000000       120
Mem: 12.3G used
Swap: 100 used
Total:   4   5   6   7
Total: 12 (3 failed)
root  1234 99.0 10.1 9876543 1654321 pts/0 R+ 1:02 grep total used free
END
}

@test "a second reader agrees on times in all places, nodes in all forms and units; it says what it does not cover" {
    local number=0
    while IFS= read -r template; do
        number=$((number + 1))
        log_of "$template" >"t$number.log"
    done <<'END'
2026-03-02_10-0%d-00
2026-03-02 / 10:0%d:00
Sample 1: 2026-03-02 10:0%d:00
Run at 2026/03/02 10:0%d:00, pid 12
02-Mar-2026 10:0%d:00 done
generated 3/2/26 10:0%d:00
=== MEM 10:0%d:00 ===
 10:0%d:00 up 3 days,  1:41,  2 users,  load average: 0.10, 0.05, 0.01
ts=17724456%d0
7 10:0%d:00\n1310000000
free.17724456%d0
10-0%d-00_2026-03-02
uptime 12%d4
elapsed: 1%d min
[ 12%d4.123456] free
END
    for i in 0 1 2; do record $((1000000 + i * 40000)); echo "2026-03-02 10:0$i:00"; done >behind.log
    for i in 2 1 0; do echo "2026-03-02 10:0$i:00"; record 1000000; done >reversed.log
    { echo 10:00:00; record 1000000; record 1000000; record 1000000; } >few.log
    for i in 0 1 2; do for host in cn01 cn02; do echo "$host Mon Mar  2 10:0$i:00 UTC 2026"; record $((1000000 + i * 40000)); done; done >hosts.log
    for i in 0 1 2; do for host in alpha beta; do printf '>>> %s\n10:0%d:00\n' $host "$i"; record $((1000000 + i * 40000)); done; done >names.log
    for form in '%h ' '%h: ' '[%h] ' '2026-03-02 10:0%i:00 %h '; do
        for i in 0 1 2; do
            for host in 10.0.0.1 10.0.0.2; do
                prefix=${form/\%h/$host}
                record $((1000000 + i * 40000)) | sed "s/^/${prefix/\%i/$i}/"
            done
        done >"address${#form}.log"
    done
    printf 'SwapNutz        3072 CachNutz   195031620 SpeichNutz    4784174%d SpeichFrei   318827348 \n' 0 4 8 >line.log
    for i in 1 2; do
        printf ' total used free shared buff/cache available\nMem: 257659 2000%d 22155%d 3 16103 23765%d\nSwap: 0 0 0\n' "$i" $((5 - i)) $((4 - i))
    done >unit.log
    record 1000000 >change.log
    printf ' total used free shared buff/cache available\nMem: 7812 1171 6153 3 488 6636\nSwap: 2047 0 2047\n' >>change.log
    run python3 "$root/tests/reference_read.py" "$memtrace" ./*.log
    is agreement "$status $output" "0 27 logs compared"
    printf '{"time":"10:00:00","used":1}\n' >a.json
    run python3 "$root/tests/reference_read.py" "$memtrace" a.json
    is "not covered" "$status $output" "2 a.json: this reader does not cover logs of this kind
1 logs compared"
}
