#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Logs of other programs than free: loops over /proc/meminfo, top -b, vmstat, sar, sadf, tables.
# shellcheck disable=SC2154

load cli_helpers

setup() { setup_scratch; }
teardown() { teardown_scratch; }

# Prints the samples, duration, peak and time of the peak of each node, and the messages.
figures() { # LOG OPTION...
    run_memtrace "$@" --stats=json
    jq -r '.nodes[] | "\(.node) \(.samples) \(.duration_s) \(.peak_bytes) \(.peak_at_s)"' <<<"$out"
    echo -n "$err"
}

# Prints columns (total, used, free ...) of each record in KiB, as the parser reads them.
values() { # LOG COLUMN...
    "$root/build/tests/freelog_dump" "$1" | awk -F'\t' -v names="${*:2}" '$1 == "record" {
        split("", value)
        for (i = 6; i <= NF; i++) { split($i, part, "="); value[part[1]] = sprintf("%.10g", part[2] / 1024) }
        count = split(names, name, " ")
        for (i = 1; i <= count; i++) printf "%s%s", (name[i] in value) ? value[name[i]] : "-", i < count ? " " : "\n"
    }'
}

setup_file() { make -s -C "$BATS_TEST_DIRNAME/.." build/tests/freelog_dump; }

# Prints /proc/meminfo with USED KiB of 8 GB in the kernel's format.
meminfo() { # USED
    cat <<END
MemTotal:        8000000 kB
MemFree:         $(printf %7d $((5000000 - $1))) kB
MemAvailable:    $(printf %7d $((8000000 - $1))) kB
Buffers:          100000 kB
Cached:          2500000 kB
SwapCached:            0 kB
Active(anon):    1000000 kB
Shmem:             40000 kB
SReclaimable:     200000 kB
SwapTotal:       2000000 kB
SwapFree:        1500000 kB
HugePages_Total:       0
DirectMap4k:      200000 kB
END
}

@test "loops over /proc/meminfo: whole or partial, with dates before or after blocks or before rows, of many nodes" {
    for i in 0 1 2; do echo "Mon Mar  2 10:0$i:00 UTC 2026"; meminfo $((1000000 + i * 4000)); done >a.log
    is "dates before" "$(figures a.log)" "a 3 120 $((1008000 * 1024)) 120"
    is "columns" "$(values a.log total used free buffers cached buff/cache shared available swap-total swap-used swap-free | head -n 1)" \
        "8000000 1000000 4000000 100000 2700000 2800000 40000 7000000 2000000 500000 1500000"
    for i in 0 1 2; do meminfo $((1000000 + i * 4000)); echo "2026-03-02 10:0$i:00"; echo; done >b.log
    is "dates behind" "$(figures b.log)" "b 3 120 $((1008000 * 1024)) 120"
    for i in 0 1 2; do meminfo $((1000000 + i * 4000)) | head -n 3; done >c.log
    is "without dates" "$(figures c.log -s 5)" "c 3 10 $((1008000 * 1024)) 10"
    is "one of the job of many" "$(figures c.log)" "memtrace: c.log: the log contains no times; specify the interval with --samp SECONDS"
    for i in 0 1 2; do meminfo $((1000000 + i * 4000)) | grep -E 'Mem|Swap' | sed "s/^/2026-03-02T10:0$i:00+0100 /"; done >d.log
    is "stamped rows" "$(figures d.log)" "d 3 120 $((1008000 * 1024)) 120"
    for i in 0 1 2; do for h in n1 n2; do meminfo $((1000000 + i * 4000)) | grep -E 'MemTotal|MemAvail' | sed "s/^/$h: /"; done; done >e.log
    is "pdsh" "$(figures e.log -s 5)" "n1 3 10 $((1008000 * 1024)) 10
n2 3 10 $((1008000 * 1024)) 10"
    for h in n1 n2; do printf '%s\n' ---- $h ----; for i in 0 1 2; do meminfo $((1000000 + i * 4000)); done; done >f.log
    is "clush -b" "$(figures f.log -s 5)" "n1 3 10 $((1008000 * 1024)) 10
n2 3 10 $((1008000 * 1024)) 10"
    # shellcheck disable=SC2046 # one line
    for i in 0 1 2; do echo $((1772445600 + 60 * i)) $(meminfo $((1000000 + i * 4000)) | head -n 3); done >g.log
    is "one line each" "$(figures g.log)" "g 3 120 $((1008000 * 1024)) 120"
    for i in 0 1 2; do echo "10:0$i:00"; meminfo $((1000000 + i * 4000)) | grep -vE 'MemAvail|^S'; done >h.log
    is "an old kernel" "$(figures h.log)" "h 3 120 $(((8000000 - 5000000 + 1008000 - 2600000) * 1024)) 120"
    meminfo 1000000 | head -n 1 >i.log
    for i in 0 1 2; do echo "10:0$i:00"; meminfo $((1000000 + i * 4000)) | grep MemAvail; done >>i.log
    is "the total once" "$(figures i.log)" "i 3 120 $((1008000 * 1024)) 120"
    sed -i 1d i.log
    is "available alone" "$(figures i.log)" "i 3 120 $((7000000 * 1024)) 0
memtrace: i.log: no used memory and no total: plotting available memory"
}

@test "the head of top -b: all versions, lost digits, German, busybox" {
    for i in 0 1 2; do
        cat <<END
top - 10:0$i:00 up  3:31,  1 user,  load average: 6.23, 8.13, 6.90
Tasks: 268 total,  10 running, 258 sleeping,   0 stopped,   0 zombie
%Cpu(s): 34.8 us, 34.8 sy, 30.4 ni,  0.0 id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st
MiB Mem :  24105.1 total,  21550.0 free,   131$i.5 used,   1551.4 buff/cache
MiB Swap:   2048.0 total,   2000.0 free,     48.0 used.  22791.1 avail Mem

    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
      1 root      20   0  168140  12288   9216 S   0.0   0.1  11:23.45 systemd
   2291 root      20   0 1684140  52288   9216 R  90.0   0.2  23:59:59 free: 10:30:00
END
    done >a.log
    is "MiB" "$(figures a.log)" "a 3 120 $((13125 * 1048576 / 10)) 120"
    is "columns" "$(values a.log total swap-used available | head -n 1)" "24683622.4 49152 23338086.4"
    grep -v '^top' a.log | awk '/MiB Mem/ { print "2026-03-02 10:0" n++ ":00" } /Mem|Swap/' >b.log
    is "picked out" "$(figures b.log)" "b 3 120 $((13125 * 1048576 / 10)) 120"
    for i in 0 1 2; do
        printf 'Mem:  16000000k total, 1%d000000k used,  %d000000k free,   100000k buffers\n' $i $((6 - i))
        printf 'Swap:  2000000k total,        0k used,  2000000k free,  4900000k cached\n'
    done >c.log
    is "of procps 3.2, without caches as in a log of free" "$(values c.log total used)" "16000000 5000000
16000000 6000000
16000000 7000000"
    for i in 0 1 2; do
        printf 'KiB Mem : 13195620+total, 12000000+free,  1%d56200 used, 10800000 buff/cache\n' $i
        printf 'KiB Swap:  2000000 total,  2000000 free,        0 used. 12900000+avail Mem\n'
    done >d.log
    is "digits lost" "$(values d.log total used free)" "131956200 1056200 120000000
131956200 1156200 120000000
131956200 1256200 120000000"
    printf 'MiB Spch:  15884,6 gesamt,   1234,5 frei,   8765,4 belegt,   5884,7 Puff/Cache\nMiB Swap:   2048,0 gesamt,   2048,0 frei,      0,0 belegt.   6543,2 verfü Spch\n' >e.log
    is "German" "$(values e.log total used available)" "16265830.4 8975769.6 6700236.8"
    printf 'Mem: 82280K used, 170820K free, 0K shrd, 0K buff, 39332K cached\n' >f.log
    is "busybox" "$(values f.log total used)" "253100 42948"
}

@test "vmstat: free memory is drawn because there is no total; dates, units, averages of swap" {
    head='procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----'
    words=' r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC'
    { echo "$head"; echo "$words"
      for i in 0 1 2; do echo " 1  0   1000 $((5000000 - i * 4000)) 100000 2500000    0    0   532  1205  434  919 53 37 10  0  0 2026-03-02 10:0$i:00"
          [ $i = 1 ] && echo "$head" && echo "$words"; done; } >a.log
    is "free" "$(figures a.log)" "a 3 120 $((5000000 * 1024)) 0
memtrace: a.log: no used memory and no total: plotting free memory"
    is "columns" "$(values a.log free buffers cached swap-used used | head -n 1)" "5000000 100000 2500000 1000 -"
    is "cache" "$(figures a.log --column cached)" "a 3 120 $((2500000 * 1024)) 0"
    sed -E 's/ 2026.*//; s/ -----timestamp-----//; s/ +UTC//; s/^/3: /' a.log >b.log
    is "srun --label, no times" "$(figures b.log -s 5 | head -n 1)" "3 3 10 $((5000000 * 1024)) 0"
    { echo "$words" | sed 's/ *UTC//'; for i in 1 2 3; do echo " 1  0      0  2154$i     18   1533    0    0   532  1205  434  919 53 37 10  0  0"; done; } >c.log
    is "-S M" "$(figures c.log -s 5)" "c 3 10 $((21543 * 1048576)) 10
memtrace: c.log: no used memory and no total: plotting free memory
memtrace: c.log: the numbers are read as MiB, because in KiB some would not be whole pages; --input_units overrides"
    is "-S m" "$(figures c.log -s 5 --input_units MB | head -n 1)" "c 3 10 21543000000 10"
    is "with a log of free" "$(print_log 3 1000 8 >d.log; figures a.log d.log -s 5)" "d 3 10 $((1016 * 1024)) 10
memtrace: a.log: no used memory and no total, skipped: use --column free
memtrace: incomplete: 1 log or node is missing, see above"
}

@test "sar -r: 12-hour clock, restarts, averages, several days, swap in another section, old columns" {
    row() { # TIME USED
        printf '%s   %9d %9d %9d %9s    100000   1500000   3000000     35.00   1000000   1000000         0\n' \
            "$1" $((7000000 - $2)) $((7800000 - $2)) $((200000 + $2)) "$(awk -v u="$2" 'BEGIN { printf "%.2f", (200000 + u) / 80000 }')"
    }
    words='kbmemfree   kbavail kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit  kbactive   kbinact   kbdirty'
    title='Linux 6.1.0-18-amd64 (cn01) 	03/02/26 	_x86_64_	(4 CPU)'
    { echo "$title"; echo; echo "11:50:01 AM $words"; row '12:00:01 PM' 400000; row '12:10:01 PM' 1200000
      echo; echo '12:15:00 PM       LINUX RESTART	(4 CPU)'; echo; echo "12:20:01 PM $words"; row '12:30:01 PM' 2800000
      row 'Average:   ' 1466666; echo "${title/02/03}"; echo; echo "12:00:01 AM $words"; row '12:10:01 AM' 600000; } >a.log
    is "figures" "$(figures a.log)" "cn01 4 43800 $((3000000 * 1024)) 1800"
    is "columns" "$(values a.log total used free available | sed -n 2p)" "8000000 1400000 5800000 6600000"
    run_memtrace a.log --stats=json
    is "start" "$(jq .start_epoch_s <<<"$out")" "$(date -ud '2026-03-02 12:00:01' +%s)"
    is "restart" "$("$root/build/tests/freelog_dump" a.log | grep ^mark)" $'mark\tcn01\t7\trestart of the machine'
    { echo "$title"; echo; echo "11:50:01   $words"; row '12:00:01  ' 400000; row '12:10:01  ' 1200000; row 'Average:  ' 800000; echo
      echo '11:50:01    kbswpfree kbswpused  %swpused  kbswpcad   %swpcad'
      echo '12:00:01      1000000    500000     33.33         0      0.00'; echo '12:10:01       900000    600000     40.00         0      0.00'
      echo 'Average:       950000    550000     36.67         0      0.00'; } >b.log
    is "sections" "$(values b.log used swap-total swap-used)" "600000 1500000 500000
1400000 1500000 600000"
    { echo "$title"; for i in 0 1 2; do
        echo; echo "12:00:0$i   $words"; row "12:00:1$i  " $((i * 400000)); echo
        echo "12:00:0$i    kbswpfree kbswpused  %swpused  kbswpcad   %swpcad"
        echo "12:00:1$i      1000000    ${i}00000     33.33         0      0.00"; done; } >c.log
    is "live" "$(values c.log used swap-used)" "200000 0
600000 100000
1000000 200000"
    { echo 'Linux 2.6.32-754.el6.x86_64 (old01) 	02.03.2026 	_x86_64_	(4 CPU)'; echo
      echo '10:00:01    kbmemfree kbmemused  %memused kbbuffers  kbcached  kbcommit   %commit'
      for i in 0 1 2; do echo "10:0$i:01      $((4000000 - i * 400000))   $((4000000 + i * 400000))     $((50 + i * 5)),00    100000   2000000   3000000     35,00"; done
      echo 'Durchschn.:    3600000   4400000     55,00    100000   2000000   3000000     35,00'; } >d.log
    is "of sysstat 9, without caches as in a log of free" "$(figures d.log)" "old01 3 120 $((2700000 * 1024)) 120"
    is "total" "$(values d.log total | uniq)" 8000000
    run_memtrace d.log --stats=json
    is "start" "$(jq .start_epoch_s <<<"$out")" "$(date -ud '2026-03-02 10:00:01' +%s)"
    { echo '# hostname;interval;timestamp;kbmemfree;kbavail;kbmemused;%memused;kbbuffers;kbcached;kbcommit;%commit;kbactive;kbinact;kbdirty'
      for i in 0 1 2; do for h in cn01 cn02; do echo "$h;60;2026-03-02 10:0$i:00 UTC;5000000;7000000;$((2000000 + i * 800));$(awk -v i=$i 'BEGIN { printf "%.2f", 25 + i / 100 }');100000;1500000;1;1;1;1;1"; done; done
      echo 'cn01;-1;2026-03-02 10:05:00 UTC;LINUX-RESTART	(4 CPU)'
      echo '# hostname;interval;timestamp;kbswpfree;kbswpused;%swpused;kbswpcad;%swpcad'
      for i in 0 1 2; do echo "cn01;60;2026-03-02 10:0$i:00 UTC;1000000;${i}00000;0.00;0;0.00"; done; } >e.log
    is "sadf -d" "$(values e.log total used swap-used | sort | uniq -c | xargs)" "3 8000000 1000000 - 1 8000000 1000000 0 1 8000000 1000000 100000 1 8000000 1000000 200000"
    is "hosts" "$(figures e.log | cut -d' ' -f1-3)" "cn01 3 120
cn02 3 120"
    cp e.log g.log
    printf '# hostname;interval;timestamp;kbhugfree;kbhugused;%%hugused;kbhugrsvd;kbhugsurp\ncn01;60;2026-03-02 10:01:00 UTC;9;9;50.00;0;9\n' >>g.log
    is "sadf -d, huge pages after swap" "$(values g.log swap-used)" "$(values e.log swap-used)"
    { for i in $(seq 99); do echo "cn01;60;2026-03-02 10:00:00 UTC;all;1.00;$i"; done; cat e.log; } >f.log
    is "sadf -d -- -A, whose memory is a small part" "$(figures f.log | head -n 2)" "$(figures e.log)"
}

@test "tables: commas, semicolons, tabs, bars, blanks; all kinds of times and units; a chosen column" {
    check() { # NAME WANTED OPTION...; the table on standard input
        cat >t.csv
        is "$1" "$(figures t.csv "${@:3}")" "$2"
    }
    check bytes "t 2 60 2000 60" <<<'time,used_bytes,total_bytes
2026-03-02T10:00:00Z,1000,8000000
2026-03-02T10:01:00Z,2000,8000000'
    check "KiB in parentheses, epochs" "t 2 60 $((2000 * 1024)) 60" <<<'timestamp;"Mem Used (KiB)";Mem Free (KiB)
1772445600;1000;7000
1772445660;2000;6000'
    check "MiB, tabs, date and time apart" "t 2 60 2621440 60" < <(printf 'Date\tTime\tused_mib\tfree_mib\n2026-03-02\t10:00:00\t1.5\t3\n2026-03-02\t10:01:00\t2.5\t3\n')
    check "blanks, a time of two words, GiB" "t 2 60 $((2 * 1073741824)) 60" <<<'# time total_gib used_gib
2026-03-02 10:00:00 8 1
2026-03-02 10:01:00 8 2'
    check "elapsed, available alone with the total" "t 3 2 $((6000 * 1024)) 2" <<<'elapsed_ms,MemTotal_kb,MemAvailable_kb
0,8000,7000
1000,8000,6000
2000,8000,2000'
    check "hosts, bars, values with units" "n2 2 60 $((3 * 1073741824)) 60
n1 2 60 $((2 * 1073741824)) 60" <<<'host | when | used
n1 | 2026-03-02 10:00:00 | 1 GiB
n2 | 2026-03-02 10:00:00 | 1 GiB
n1 | 2026-03-02 10:01:00 | 2048 MiB
n2 | 2026-03-02 10:01:00 | 3G'
    check "MB" "t 2 60 $((2000 * 1048576)) 60
memtrace: t.csv:1: 1 heading with MB or GB, read as MiB or GiB; --input_units overrides" <<<'time,used_mb,total_mb
10:00:00,1000,8000
10:01:00,2000,8000'
    check "MB as given" "t 2 60 2000000000 60" --input_units MB <<<'time,used_mb,total_mb
10:00:00,1000,8000
10:01:00,2000,8000'
    check "decimal commas, American dates" "t 2 86400 $((25 * 1073741824 / 10)) 86400" <<<'Date/Time;Used (GiB);Total (GiB)
02/27/2026 10:00;1,5;8
02/28/2026 10:00;2,5;8'
    check "a process, among others" "t 2 1 $((200 * 1024)) 1" <<<'time,cpu_percent,rss_kib,threads
0.0,99.5,100,4
1.0,80.0,200,4'
    check "a chosen column" "t 2 1 $((300 * 1024)) 1" --column pss_kib <<<'time,cpu_percent,rss_kib,pss_kib
0.0,99.5,100,150
1.0,80.0,200,300'
    mb='
memtrace: t.csv:1: 1 heading with MB or GB, read as MiB or GiB; --input_units overrides'
    check psrecord "t 2 60 2097152 60$mb" <<<'# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)
       0.000        0.000        1.000       90.000
      60.000       10.000        2.000       90.000'
    is "psrecord, by the whole heading" "$(figures t.csv --column "Real (MB)")" "t 2 60 2097152 60$mb"
    check "dstat" "t 2 60 $((2 * 1073741824)) 60" <<<'--epoch--- ------memory-usage----- ----swap---
   epoch  | used  buff  cach  free| used  free
1772445600|1.0G  100M  400M 9000M|   0  2048M
1772445660|2.0G  100M  400M 9000M|   0  2048M'
    check "dstat --output, in bytes" "t 2 60 $((2 * 1073741824)) 60
memtrace: t.csv:1: 2 unrelated lines, skipped
memtrace: t.csv: the numbers are read as B, because they are whole pages; --input_units overrides" <<<'"pcp-dstat 5 CSV Output"
"Host:","n1",,,,"User:","u"
"system","memory usage",,,
"epoch","used","free","buff","cach"
1772445600.123,1073741824,9437184000,104857600,419430400
1772445660.123,2147483648.000,9437184000,104857600,419430400'
    check "collectl, with caches in used" "t 2 60 $((3000000 * 1024)) 60" <<<'#Date Time [MEM]Tot [MEM]Used [MEM]Free [MEM]Buf [MEM]Cached
20260302 10:00:00 8000000 3000000 5000000 100000 900000
20260302 10:01:00 8000000 4000000 4000000 100000 900000'
    check nmon "t 2 60 $((2000 * 1048576)) 60" <<<'AAA,progname,nmon
AAA,date,02-MAR-2026
MEM,Memory n1,memtotal,swaptotal,memfree,memshared,cached,buffers
BBBP,000,/etc/release,"free, used, 10:30:00"
ZZZZ,T0001,10:00:00,02-MAR-2026
CPU01,T0001,1,2,3,4,5,6
MEM,T0001,8000.0,0.0,6000.0,-0.0,900.0,100.0
ZZZZ,T0002,10:01:00,02-MAR-2026
NET,T0002,1,2,3,4,5,6
MEM,T0002,8000.0,0.0,5000.0,-0.0,900.0,100.0'
    check "numbered rows of R" "t 2 60 2097152 60$mb" <<<'"time" "used_mb"
"1" "2026-03-02 10:00:00" 1
"2" "2026-03-02 10:01:00" 2'
    check "numbered rows of pandas, dates of six words" "t 2 60 2097152 60$mb" < <(printf '\ttime\tused_mb\n0\tMon Mar  2 10:00:00 UTC 2026\t1\n1\tMon Mar  2 10:01:00 UTC 2026\t2\n')
    check "dates of six words between blanks" "t 2 60 2097152 60$mb" <<<'time used_mb
Mon Mar  2 10:00:00 UTC 2026 1
Mon Mar  2 10:01:00 UTC 2026 2'
    check "Windows" "t 2 60 2097152 60$mb
memtrace: t.csv: no used memory and no total: plotting available memory" <<<'"(PDH-CSV 4.0) (UTC)(0)","\\N1\Memory\Available MBytes"
"03/02/2026 10:00:00.123","1"
"03/02/2026 10:01:00.123","2"'
    check "French" "t 2 60 2097152 60$mb" <<<'Horodatage;Mémoire utilisée (Mo)
2026-03-02 10:00:00;1
2026-03-02 10:01:00;2'
    check "values that are missing" "t 2 120 $((200 * 1024)) 120
memtrace: t.csv: 1 records lack the plotted column, skipped" <<<'time,used_kib,swap_used_kib
10:00:00,100,0
10:01:00,,0
10:02:00,200,0'
}

@test "tables as tools and scripts write them: dstat -s, psrecord with I/O, nmon's own files, rows without headings" {
    check() { # NAME WANTED OPTION...; the table on standard input
        cat >t.csv
        is "$1" "$(figures t.csv "${@:3}")" "$2"
    }
    check "dstat with swap before memory" "t 2 60 $((2 * 1073741824)) 60" <<<'--epoch--- ----swap--- ------memory-usage-----
   epoch  | used  free| used  free  buff  cach
1772445600|   0  2048M|1.0G  9000M  100M  400M
1772445660|   0  2048M|2.0G  9000M  100M  400M'
    is "its swap" "$(values t.csv used swap-used swap-total | tail -n 1)" "2097152 0 2097152"
    mb='
memtrace: t.csv:1: 1 heading with MB or GB, read as MiB or GiB; --input_units overrides'
    check "psrecord --include-io" "t 2 60 2097152 60$mb" <<<'# Elapsed time   CPU (%)     Real (MB)   Virtual (MB)   Read count   Write count   Read bytes   Write bytes 
       0.000        0.000        1.000       90.000        1            2            3            4
      60.000       10.000        2.000       90.000        1            2            3            4'
    check "nmon, which quotes /proc/meminfo" "t 2 60 $((2000 * 1048576)) 60" <<<'AAA,progname,nmon
AAA,date,02-MAR-2026
MEM,Memory n1,memtotal,swaptotal,memfree,memshared,cached,buffers
BBBP,099,/proc/meminfo,"MemTotal:        8192000 kB"
BBBP,100,/proc/meminfo,"MemFree:         6144000 kB"
ZZZZ,T0001,10:00:00,02-MAR-2026
MEM,T0001,8000.0,0.0,6000.0,-0.0,900.0,100.0
ZZZZ,T0002,10:01:00,02-MAR-2026
MEM,T0002,8000.0,0.0,5000.0,-0.0,900.0,100.0'
    check "glances, whose used memory excludes caches" "t 2 60 2000000 60" --input_units B <<<'timestamp,processcount_total,fs_/_used,percpu_0_total,memswap_total,memswap_used,mem_total,mem_available,mem_used,mem_free,mem_buffers,mem_cached,load
2026-03-02 10:00:00,7,9,5.0,900000,0,8000000,7000000,1000000,7000000,100,3000000,1
2026-03-02 10:01:00,7,9,5.0,900000,0,8000000,6000000,2000000,6000000,100,3000000,1'
    check "a time with any name" "t 2 60 2000000 60" --input_units B <<<'now,mem.used,mem.total
2026-03-02 10:00:00,1000000,80000000
2026-03-02 10:01:00,2000000,80000000'
    check "an index of pandas is a time" "t 2 60 2048000 60" <<<',used_kib
2026-03-02 10:00:00,1000
2026-03-02 10:01:00,2000'
    check "or it is not" "memtrace: t.csv: the log contains no times; specify the interval with --samp SECONDS" <<<',used_kib
0,1000
1,2000'
    check "times without a heading (collectl --verbose)" "t 2 60 2097152000 60" <<<'#           Total    Used    Free    Buff  Cached   Total  Used  Free
10:00:00    8000M   1000M   7000M       0       0   1953M     0 1953M
10:01:00    8000M   2000M   6000M       0       0   1953M     0 1953M'
    rows() { # FORMAT; prints three rows of a time, total, used, free and available memory
        local i
        for i in 0 1 2; do
            # shellcheck disable=SC2059 # the format is an argument
            printf "$1\n" "2026-03-02 10:0$i:00" 8000000 $((1000000 + i * 4000)) $((5000000 - i * 4000)) $((7000000 - i * 4000))
        done
    }
    said="t 3 120 $((1008000 * 1024)) 120
memtrace: t.csv:1: 3 rows without headings, read like those of free: total, used, free"
    check "awk, commas" "$said" < <(rows '%s,%d,%d,%d,%d')
    check "awk, blanks" "$said" < <(rows '%s %d %d %d %d' | cut -d ' ' -f 1-5)
    check "grep, tr" "$said" < <(rows '%s,Mem:,%d,%d,%d,40000,2000000,%d')
    check "names of nodes" "${said/#t/n1}" < <(rows 'n1 %s %d %d %d 40000 2000000 %d')
    check "numbers without such evidence" \
        "memtrace: t.csv:1: no record of free(1) found, skipped: rows of numbers without headings; add a first line such as time,total_kib,used_kib,free_kib
memtrace: nothing to plot: no log contains a usable record" < <(rows '%s %d1 %d2 %d3 %d')
    printf '10:0%d:00 70000 1000 %d\n' 0 100 1 400 2 500 | sed '3s/70000/80000/' >t.log
    run_memtrace t.log
    is "the total differs" "$status" 1
    rows '%s,%d,%d,%d,%d' | head -n 2 >t.log
    run_memtrace t.log
    is "only two rows" "$status" 1
    for i in 0 1 2 3; do echo "10:0$i:00 8000000 $((3000000 - i * 400000)) $((4500000 - i * 400000))"; done >t.log
    run_memtrace t.log
    is "free and available memory, which move together" "$status" 1
    {
        echo "time,$(meminfo 0 | sed 's/:.*//' | paste -sd,),VmallocTotal,VmallocUsed,HugePages_Total,HugePages_Free"
        for i in 0 1 2; do
            echo "2026-03-02 10:0$i:00,$(meminfo $((1000000 + i * 4000)) | awk '{ print $2 }' | paste -sd,),34359738367,60000,0,0"
        done
    } >t.log
    is "all of /proc/meminfo as headings" "$(figures t.log)" "t 3 120 $((1008000 * 1024)) 120"
}

@test "tables: times with any name, columns of nodes, missing values, marks in numbers, units" {
    check() { # NAME WANTED OPTION...; the table on standard input
        cat >t.csv
        is "$1" "$(figures t.csv "${@:3}")" "$2"
    }
    for name in sampled_at x Zeitstempel UTC eventTime; do
        check "time $name" "t 2 60 2048000 60" < <(printf '%s,used_kib\n2026-03-02 10:00:00,1000\n2026-03-02 10:01:00,2000\n' "$name")
    done
    for name in pod pod_name container vm exported_instance InstanceId name; do
        check "node $name" "n2 2 60 4096000 60
n1 2 60 2048000 60" < <(printf 'time,%s,used_kib\n10:00:00,n1,1000\n10:00:00,n2,3000\n10:01:00,n1,2000\n10:01:00,n2,4000\n' "$name")
    done
    check "a node's column without a known name" "t 4 60 4096000 60
memtrace: t.csv:3: 2 rows have the same time as the one before: of several nodes? name their column host" \
        < <(printf 'time,device,used_kib\n10:00:00,n1,1000\n10:00:00,n2,3000\n10:01:00,n1,2000\n10:01:00,n2,4000\n')
    for value in '' - NaN null '?' '*'; do
        check "missing '$value' keeps its time" "t 3 180 2048000 60" < <(printf 'time,used_kib\n10:00:00,1000\n10:01:00,2000\n10:02:00,%s\n10:03:00,1500\n' "$value")
        check "missing '$value' at the beginning" "t 2 60 2048000 60" < <(printf 'time,used_kib\n10:00:00,%s\n10:02:00,1000\n10:03:00,2000\n' "$value")
    done
    check "an average below" "t 2 60 2048000 60
memtrace: t.csv:4: 1 unrelated line, skipped" <<<'time,used_kib
10:00:00,1000
10:01:00,2000
Average,1500'
    for row in '10:01:00' '10:01:00,30000' '"10:01:00","30000"' '10:01:00,INFO' '10:01'; do
        check "a cut row, '$row'" "t 3 240 2048000 120
memtrace: t.csv:3: 1 truncated row, skipped" < <(printf 'time,used_kib,x\n10:00:00,1000,5\n%s\n10:02:00,2000,5\n10:04:00,1500,5\n' "$row")
    done
    for row in '10:01:00,12%,5' '10:01:00,30000,5,6'; do
        check "no row, '$row'" "t 3 240 2048000 120
memtrace: t.csv:3: 1 unrelated line, skipped" < <(printf 'time,used_kib,x\n10:00:00,1000,5\n%s\n10:02:00,2000,5\n10:04:00,1500,5\n' "$row")
    done
    check "text is no number" "t 3 240 2048000 120
memtrace: t.csv:3: bad number 'abc', record skipped" < <(printf 'time,used_kib,total_kib\n10:00:00,1000,8000\n10:01:00,"abc",8000\n10:02:00,2000,8000\n10:03:00,N/A,8000\n10:04:00,1500,8000\n')
    check "one host in quotes, with a comma" "x, y 2 60 2048000 60" < <(printf 'time,host,used_kib\n10:00:00,"x, y",1000\n10:01:00,"x, y",2000\n')
    check "a row cut at the end" "t 2 120 2048000 120
memtrace: t.csv:4: 1 truncated row at the end of the log, skipped" < <(printf 'time,used_kib,x\n10:00:00,1000,5\n10:02:00,2000,5\n10:04:00,15')
    while IFS='|' read -r name unit first second bytes; do
        check "$name" "t 2 60 $bytes 60" < <(printf 'time;used_%s\n10:00:00;%s\n10:01:00;%s\n' "$unit" "$first" "$second")
    done <<'END'
dots between groups|kib|1.800.568|3.258.636|3336843264
commas between groups|kib|1,800,568|3,258,636|3336843264
one group, as others show|kib|800,568|3,258,636|3336843264
blanks|kib|1 800 568|3 258 636|3336843264
non-breaking blanks|kib|1 800 568|3 258 636|3336843264
apostrophes|kib|1'800'568|3'258'636|3336843264
underscores|kib|1_800_568|3_258_636|3336843264
three decimals behind a comma|mib|4473,500|5473,625|5739511808
three decimals, between semicolons|mib|173,500|473,625|496631808
single quotes|kib|'1800568'|'3258636'|3336843264
END
    check "three digits in a CSV" "t 2 60 $((473625 * 1024)) 60" <<<'time,used_kib
10:00:00,"173,500"
10:01:00,"473,625"'
    check "docker stats, a limit after the value" "t 2 60 $((3 * 1048576)) 60" <<<'time,mem_usage
10:00:00,1.5MiB / 15.5GiB
10:01:00,3MiB / 15.5GiB'
    check "kubectl top, dates between" "n1 2 60 $((3456 * 1048576)) 60
n2 2 60 $((2456 * 1048576)) 60" < <(for i in 0 1; do printf '2026-03-02 10:0%d:00\nNAME   CPU(cores)   CPU%%   MEMORY(bytes)   MEMORY%%\nn1   250m   12%%    345%dMi   45%%\nn2   150m   7%%   245%dMi   35%%\n' $i $((5 + i)) $((5 + i)); done)
    check "German typeperf" "t 2 60 2097152 60
memtrace: t.csv:1: 1 heading with MB or GB, read as MiB or GiB; --input_units overrides
memtrace: t.csv: no used memory and no total: plotting available memory" <<<'"(PDH-CSV 4.0) (Mitteleuropäische Zeit)(-60)","\\N1\Arbeitsspeicher\Verfügbare MB"
"03/02/2026 10:00:00.123","1"
"03/02/2026 10:01:00.123","2"'
    {
        printf 'free, used, total\nin versions, 5.0.2, 5.0.1\n'
        yes 'void f(void);' | head -n 30
        printf '    memset(used, 0, sizeof *used);\n'
    } >t.csv
    run_memtrace t.csv
    is "source code" "$status" 1
    printf 'time,used\n10:00:00,5472\n10:01:00,6121\n' >t.csv
    expect 1 "" "memtrace: t.csv:2: no record of free(1) found, skipped: the numbers have no unit and are no whole pages; specify the unit with --input_units
memtrace: nothing to plot: no log contains a usable record" -q t.csv --save a.png
    is "with the unit" "$(figures t.csv --input_units MiB)" "t 2 60 $((6121 * 1048576)) 60"
}

@test "lines of JSON; processes in bytes; dates after /proc/meminfo on one line; a truncated block" {
    check() { # NAME WANTED OPTION...; the table on standard input
        cat >t.csv
        is "$1" "$(figures t.csv "${@:3}")" "$2"
    }
    check "JSON" "n1 2 60 $((2000 * 1024)) 60" <<<'{"time": "2026-03-02 10:00:00", "host": "n1", "used_kib": 1000, "ok": true}
{"host": "n1", "used_kib": 2000, "time": "2026-03-02 10:01:00", "note": "a, b: c"}'
    check "its units, a missing value" "t 2 60 $((2000 * 1048576)) 60" <<<'{"timestamp":1772445600,"mem_used_mib":1000}
{"timestamp":1772445630,"mem_used_mib":null}
{"timestamp":1772445660,"mem_used_mib":2000}'
    check "an array, a chosen name" "t 2 60 $((4000 * 1024)) 60
memtrace: t.csv:1: 2 unrelated lines, skipped" --column foo_kib <<<'[
{"t":0,"used_kib":1000,"foo_kib":3000},
{"t":60,"used_kib":2000,"foo_kib":4000}
]'
    check "nested JSON is refused" "memtrace: t.csv: no record of free(1) found, skipped: JSON, not supported; convert it to a table: (echo time,used_bytes; jq -r '[.time, .used] | @csv' FILE) | memtrace -
memtrace: nothing to plot: no log contains a usable record" <<<'{"time":1772445600,"mem":{"used":1000},"disk":{"used":3}}'
    { echo time,rss; for i in 0 1 2 3; do echo "10:0$i:00,$((52428800 + i * i * 28672))"; done; } >b.csv
    is "a process in bytes" "$(figures b.csv)" "b 4 180 52686848 180
memtrace: b.csv: the numbers are read as B, because they are whole pages; --input_units overrides"
    for i in 0 1 2; do echo "MemTotal: 8000 kB MemFree: 100 kB MemAvailable: $((7000 - i)) kB 2026-03-02 10:0$i:00"; done >c.log
    is "a date behind" "$(figures c.log)" "c 3 120 $((1002 * 1024)) 120"
    { for i in 0 1 2; do printf '10:0%d:00\nMemTotal: 8000 kB\nMemFree: 100 kB\nMemAvailable: 7000 kB\n' $i; done
      printf '10:03:00\nMemTotal: 8000 kB\nMemFree: 100 kB\nMemAvailable: 7'; } >d.log
    is "a truncated block" "$(figures d.log)" "d 3 120 $((1000 * 1024)) 0
memtrace: d.log:16: 1 truncated row at the end of the log, skipped"
    printf '%s used=1000 total=8000\n' 10:00:00 10:01:00 >e.log
    expect 1 "" "memtrace: e.log:1: no record of free(1) found, skipped: memory among words; extract it into rows below a first line such as time,used_mib
memtrace: nothing to plot: no log contains a usable record" -q e.log --save a.png
}

@test "vmstat and top in other languages are read by position" {
    vmstat() { # HEADINGS NUMBERS
        printf '%s\n' "procs ----------m-------- -echange- -----io---- -systeme- ------cpu----- -----horodatage----" "$1"
        printf ' 1  0   1000 50%d000 100000 2500000    0    0   532  1205  434  919 53 37 10  0  0 %s2026-03-02 10:0%d:00\n' 2 "$2" 0 1 "$2" 1
    }
    while IFS='|' read -r name words cached numbers; do
        vmstat "$words" "$numbers" >a.log
        is "$name" "$(figures a.log)" "a 2 60 $((502000 * 1024)) 0
memtrace: a.log: no used memory and no total: plotting free memory"
        is "$name, caches" "$(values a.log free swap-used cached | head -n 1)" "502000 1000 $cached"
    done <<'END'
French| r  b   swpd  libre tampon  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC|2500000|
French, active| r  b   swpd  libre  inact  actif   si   so    bi    bo   in   cs us sy id wa st                 UTC|-|
Polish, wide|dz bl   swap  wolna  bufor  cache   si   so    bi    bo   in   cs uż sy be io sk go              UTC|2500000|0 
Chinese| r  b 交换 空闲 缓冲 缓存   si   so    bi    bo   in   cs us sy id wa st                 UTC|2500000|
END
    while IFS='|' read -r name mem swap; do
        for i in 1 2; do
            printf 'top - 10:0%d:00 up 14 min,  0 user,  load average: 10,19, 4,42, 1,81\n' $i
            # shellcheck disable=SC2059 # the format is read
            printf "$mem\n$swap\n" $i
        done >a.log
        is "$name" "$(figures a.log)" "a 2 60 $((2050 * 1048576)) 60"
        is "$name, swap" "$(values a.log total swap-used available | tail -n 1)" "16384000 1024 8192000"
    done <<'END'
French|MiB Mem :  16000,0 total,   7812,5 libr,   %d050,0 util,   3710,9 tamp/cache|MiB Éch :   1953,0 total,   1952,0 libr,      1,0 util.   8000,0 dispo Mem
Portuguese|MB mem :  16000,0 total,   7812,5 free,   %d050,0 used,   3710,9 buff/cache|MB swap:   1953,0 total,   1952,0 free,      1,0 used.   8000,0 avail mem
Korean|MiB 메모리 :  16000.0 총계,   7812.5 잔여,   %d050.0 사용,   3710.9 버퍼/캐시|MiB 스  왑:   1953.0 총계,   1952.0 잔여,      1.0 사용.   8000.0 가용  메모리
Ukrainian|МіБ Пам :  16000,0 загал,   7812,5 вільн,   %d050,0 вик,   3710,9 буф/кеш|МіБ Своп:   1953,0 загал,   1952,0 віль,      1,0 вико.   8000,0 дост. Пам
Romanian|Mio Mem :  16000,0 total,   7812,5 liberă,   %d050,0 utilizată,   3710,9 buff/cache|Mio Swap:   1953,0 total,   1952,0 liberă,      1,0 utilizată.   8000,0 dispo Mem
Swedish|MiB Minn:  16000,0 totalt,   7812,5 fritt,   %d050,0 anv.,   3710,9 buff/cache|MiB Växl:   1953,0 totalt,   1952,0 fritt,      1,0 anv..   8000,0 tillg Minn
END
}

@test "sar: sections about anything but memory end those of memory and swap" {
    { printf 'Linux 6.1.0 (cn01) \t03/02/26 \t_x86_64_\t(4 CPU)\n'
      for i in 1 2; do
          printf '\n10:0%d:00    kbmemfree   kbavail kbmemused  %%memused kbbuffers  kbcached\n' $((i - 1))
          printf '10:0%d:00      5000000   7000000   1000000     12.50    100000   1500000\n' $i
          printf '\n10:0%d:00    kbswpfree kbswpused  %%swpused  kbswpcad   %%swpcad\n10:0%d:00      1000000    100000      9.09         0      0.00\n' $((i - 1)) $i
          printf '\n10:0%d:00    kbhugfree kbhugused  %%hugused  kbhugrsvd  kbhugsurp\n10:0%d:00         7000      7000     50.00         0      0\n' $((i - 1)) $i
          printf '\n10:0%d:00    pgpgin/s pgpgout/s   fault/s  majflt/s  pgfree/s pgscank/s\n10:0%d:00       1.00      2.00     50.00      3.00      0.00      7.00\n' $((i - 1)) $i
      done; } >a.log
    is "figures" "$(figures a.log)" "cn01 2 60 $((1000000 * 1024)) 0"
    is "swap" "$(values a.log swap-used swap-total | xargs)" "100000 1100000 100000 1100000"
}

@test "the real tools and free read the same /proc/meminfo: their curves agree within rounding" {
    unshare -m mount --bind /proc/meminfo /proc/meminfo 2>/dev/null || skip "this sandbox lets nobody mount"
    command -v sar >/dev/null || skip "no sysstat"
    cat >record <<'END'
set -e
for i in 0 1 2 3; do
    cat "meminfo.$i" >now # in place, because it is mounted
    [ "$i" -gt 0 ] || mount --bind now /proc/meminfo
    date -d "2026-03-02 10:0$i:00" >>free.log; free >>free.log
    date -d "2026-03-02 10:0$i:00" >>meminfo.log; cat /proc/meminfo >>meminfo.log
    date -d "2026-03-02 10:0$i:00" >>top.log; top -bn1 | grep -E 'Mem|Swap' >>top.log
    vmstat -n | tail -n +$((i == 0 ? 1 : 3)) >>vmstat.log
    sar -o sa -r ALL 1 1 >>sar.log
done
sadf -d sa -- -r >sadf.log
END
    for i in 0 1 2 3; do
        meminfo $((1000000 + i * 400000)) | sed 's/^Shmem:.*/&\nSlab:             400000 kB/'
        echo "Committed_AS:    1000000 kB"
    done | split -l 15 -d -a 1 - meminfo.
    unshare -m bash record
    values free.log total used free available >wanted
    is "of free" "$(sed -n 4p wanted)" "8000000 2200000 2800000 5800000"
    values sadf.log total used free available | uniq >sadf.values # sadc also writes the first sample of an interval
    is sadf "$(cat sadf.values)" "$(cat wanted)"
    for log in meminfo sar; do
        is "$log" "$(values $log.log total used free available)" "$(cat wanted)"
    done
    values top.log total used free available | paste -d' ' - wanted | awk '{
        for (i = 1; i <= 4; i++) if (($i - $(i + 4)) ^ 2 > 52 ^ 2) print "top, in tenths of MiB:", $0 }' >off
    is top "$(cat off; wc -l <top.log)" 12
    is "vmstat" "$(values vmstat.log free)" "$(cut -d' ' -f3 wanted)"
}

@test "rows that name their values: with commas, bars or blanks, any unit; not those of processes, disks or heaps" {
    check() { # NAME WANTED ROW; @ is the number of the row from 0
        for i in 0 1 2 3; do sed "s/@/$i/g" <<<"$3"; done >n.log
        is "$1" "$(figures n.log -q)" "$2"
    }
    local peak="n 4 180 $((1503 * 1048576)) 180"
    check "commas" "$peak" "Timestamp: 2026-03-02 10:0@:00, Total: 8000 MiB, Available: 6000 MiB, Used: 150@ MiB, Percent: 18.8%"
    check "MB are MiB" "$peak" "2026-03-02 10:0@:00 used=150@MB free=5000MB"
    check "a level" "$peak" "2026-03-02 10:0@:00 INFO mem_used=150@M cpu=5%"
    check "date" "$peak" "Mon Mar  2 10:0@:00 UTC 2026 mem_used_mb=150@ mem_total_mb=8000"
    check "bars" "$peak" "10:0@:00 | Used: 150@ MB | Free: 5.1 GB | CPU: 12%"
    check "a share" "$peak" "2026-03-02 10:0@:00 Memory Usage: 150@/8000MB (18.8%)"
    check "a share after its time" "$peak" "10:0@:00
Memory Usage: 150@/8000MB (18.8%)
Disk Usage: 2@/50GB (42%)"
    check "of" "$peak" "[10:0@:00] RAM: 150@ MiB of 7.8 GiB, swap: 0 of 0 MiB"
    for i in "512 MB" "1.5 GB" "1024 MB"; do echo "2026-03-02 10:0$((n++)):00, Memory used: $i, Memory total: 8 GB"; done >n.log
    is "units change" "$(figures n.log)" "n 3 120 1610612736 60
memtrace: n.log:1: 1 heading with MB or GB, read as MiB or GiB; --input_units overrides"
    for row in "10:0@:00, PID: 7@, RSS: 5@ MB" "10:0@:00, Disk used: 5@ GB, Disk total: 99 GB" "10:0@:00, Heap used: 5@ MB, Heap total: 99 MB" \
        "epoch=@ loss=0.5 mem=5.@GB" "10:0@:00 GPU mem: 1@/80GB" "10:0@:00 copying memory.bin 1@MB/80MB" "10:0@:00 member @/4 of 5MB" "10:0@:00, downloaded: 5@ MB, total: 99 MB" "Total: 8 GB, Used: 1.@ GB"; do
        for i in 0 1 2 3; do sed "s/@/$i/g" <<<"$row"; done >n.log
        run_memtrace -q n.log --stats
        is "$row" "$status" 1
    done
}

@test "similar logs that cannot be read are refused with their name and a remedy" {
    refused() { # HINT; the file on standard input
        cat >a.log
        expect 1 "" "memtrace: a.log${2:+:$2}: no record of free(1) found, skipped: $1
memtrace: nothing to plot: no log contains a usable record" -q a.log --save a.png "${@:3}"
    }
    printf '\226\325u!\014\006\001\000' | refused "binary data of sar, not supported; convert it with sadf -d FILE -- -r"
    printf '\xfd7zXZ\0' | refused "a file compressed by xz, not supported; decompress it: xz -dc FILE | memtrace -"
    head -c 300 "$memtrace" | refused "binary data, not text"
    while IFS='|' read -r hint text; do refused "$hint; use free -s N" <<<"$(printf '%b' "$text")"; done <<'END'
output of iostat, without memory|Linux 6.1 (cn01)  03/02/26  _x86_64_ (8 CPU)\n\navg-cpu:  %user   %nice %system %iowait  %steal   %idle\n     0.71    0.00    0.30    0.10    0.00   98.89
output of mpstat, without memory|10:00:01     CPU    %usr   %nice    %sys %iowait   %idle\n10:00:01     all    0.71    0.00    0.30    0.10   98.89
output of time -v, a single peak|\tMaximum resident set size (kbytes): 1654321
peaks from sstat or sacct|JobID     MaxRSS    AveRSS\n4711.0  1654321K  1600000K
output of df, which is about disks|Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        50G   20G   28G  42% /
output of uptime or w, without memory| 10:00:00 up 3 days,  1:41,  2 users,  load average: 0.10, 0.05, 0.01
END
    refused "output of docker stats, not supported; record the node with free -s N" <<<'CONTAINER ID   NAME      CPU %     MEM USAGE / LIMIT
3f1e2d4c5b6a   web       0.05%     123.4MiB / 15.55GiB'
    refused "output of sadf -p, not supported; use sadf -d FILE -- -r" <<<$'vm\t1\t2026-11-26 00:21:47 UTC\t-\tkbmemused\t264688'
    refused "JSON of sadf, not supported; convert the data with sadf -d FILE -- -r" <<<'{"sysstat": {"hosts": []}}'
    refused "sar without memory statistics; use sar -r" <<'END'
Linux 6.1.0-18-amd64 (cn01) 	03/02/26 	_x86_64_	(4 CPU)

12:00:01        CPU     %user     %nice   %system   %iowait    %steal     %idle
12:10:01        all      1.00      0.00      1.00      0.00      0.00     98.00
END
    refused "output of vmstat -s, not supported; use vmstat N, or free -s N" <<<'     24683620 K total memory
       264688 K used memory'
    refused "top with bars instead of numbers; press m in top until it shows numbers, then W" <<<'MiB Mem : 37.3/15884.6  [|||||||||             ]
MiB Swap:  0.0/2048.0   [                      ]'
    refused "a process list of ps, without the memory of the node; use free -s N" <<<'USER       PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND
root         1  0.0  0.1 168140 12288 ?        Ss   10:00   0:01 init'
    refused "a table without a memory column; name one with --column HEADING" 2 <<<'# by me
time,cpu
2026-03-02 10:00:00,5'
    refused "a table of percentages without a column of sizes; use free -s N" 1 <<<'time,mem_percent
10:00:00,25.5'
    refused "a table of percentages without a column of sizes; use free -s N" 1 --column mem_percent <<<'time,mem_percent
10:00:00,25.5'
    refused "a table of percentages without a column of sizes; use free -s N" 1 <<<'time mem(%)
10:00:00 25'
    refused "the memory has no unit and may be in percent; specify the unit with --input_units" 2 <<<'time,memory_usage
10:00:00,25.5'
    refused "a field under a heading of memory is not a number with or without a unit; choose a column with --column HEADING" 2 <<<'time,used
10:00:00,25%'
    refused "the row has not as many fields as the line of headings; quote fields that contain separators" 2 <<<'time,used_gib
10:00:00,1,5'
    refused "rows of numbers without headings; add a first line such as time,total_kib,used_kib,free_kib" 1 <<<'10:00:00,1500'
    local words="memory among words; extract it into rows below a first line such as time,used_mib" line
    for line in "2026-03-02 10:00:00 used=1500 free=6500" "Memory: 1500MB (18.75%)" "time=1772445600 mem_used=1500 mem_total=8000" \
        "svmem(total=8192000000, available=6656000000, percent=18.8, used=1536000000)" "[10:00:00] RAM: 18.8% (1.5GB)" \
        "10:00:00 INFO RSS of all: 120.5 MB" "mem,host=n1 used=1536000000i 1772445600000000000" "GPU mem avail: 6500 of 8000 MiB"; do
        refused "$words" 1 <<<"$line"
    done
    refused "a table of percentages without a column of sizes; use free -s N" 1 <<<"10:00:00 Memory usage: 18.8%"
    refused "rows of numbers without headings; add a first line such as time,total_kib,used_kib,free_kib" 1 <<<"Mon Mar  2 10:00:00 UTC 2026 1500"
    refused "data of mprof, not supported; convert it: awk 'BEGIN { print \"time used_mib\" } /^MEM/ { print \$3, \$2 }' FILE" <<<'CMDLINE ./a.py
MEM 12.5 1772445600.1'
}

@test "a second reader agrees on /proc/meminfo, top, vmstat, sar, sadf and tables" {
    for i in 0 1 2 3; do
        printf '2026-03-02 10:0%d:00\nMemTotal:        8000000 kB\nMemFree:         %d kB\nMemAvailable:    %d kB\nBuffers:             100 kB\n' "$i" $((6000000 - i * 5000)) $((7000000 - i % 3 * 9000))
    done >meminfo.log
    for i in 0 1 2 3; do printf 'MemTotal:  8000000 kB\nMemFree:  %d kB\nBuffers:  100 kB\nCached:  9000 kB\nSReclaimable:  70 kB\n' $((6000000 - i % 3 * 5000)); done >old.log
    for i in 0 1 2 3; do printf 'top - 10:0%d:00 up  3:31,  1 user,  load average: 0.00, 0.01, 0.05\nMiB Mem :  24105.1 total,  21550.0 free,   %d.5 used,   1551.4 buff/cache\n' "$i" $((1310 + i % 3)); done >top.log
    { printf 'procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----\n r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC\n'
      printf ' 1  0   1000 500%s000 100000 2500000    0    0   532  1205  434  919 53 37 10  0  0 2026-03-02 10:0%s:00\n' 1 0 3 1 2 2; } >vmstat.log
    printf '%s\n' time,host,used_kib '2026-03-02 10:00:00,n1,1000' '2026-03-02 10:00:00,n2,1e3' '2026-03-02 10:01:00,n1,1500.5' '2026-03-02 10:01:00,n2,700' >table.log
    local seconds='2026-03-02 10:00:' i
    { echo '"time" "used_mib"'; for i in 1 2 3; do echo "\"$i\" \"${seconds}0$i\" $((500 + i % 3))"; done; } >R.log
    { printf '\ttime\tMem Used (KiB)\tcpu_used\n'; for i in 1 2 3; do printf '%d\t%s\t%d\t7\n' $i "${seconds}0$i" $((5000 + i % 3)); done; } >pandas.log
    { printf 'AAA,progname,nmon\nMEM,Memory n1,memtotal,memfree,cached,buffers\n'
      for i in 1 2 3; do printf 'ZZZZ,T000%d,10:00:0%d,02-MAR-2026\nMEM,T000%d,8000.0,%d.5,900.0,100.0\n' $i $i $i $((6000 - i % 3)); done; } >nmon.log
    { printf '"(PDH-CSV 4.0) (UTC)(0)","\\\\N1\\Memory\\Available Bytes"\n'; for i in 1 2 3; do printf '"03/02/2026 10:00:0%d.123","%d"\n' $i $((6000000 - i % 3)); done; } >typeperf.log
    printf 'time;pod;used\n%s01;a;1,5 GiB\n%s01;b;900 MiB\n%s02;a;-\n%s02;b;950 MiB\n%s03;a;2,5 GiB\n' "$seconds" "$seconds" "$seconds" "$seconds" "$seconds" >pods.log
    printf '{"time":"%s01","mem_used_kib":%d,"host":"a"}\n{"time":"%s03","mem_used_kib":%d,"host":"a"}\n' "$seconds" 1000 "$seconds" 900 >json.log
    printf 'timestamp,mem_total_bytes,mem_available_bytes,mem_used_bytes,mem_free_bytes,mem_cached_bytes\n%s01,8000,5000,3000,5000,2000\n%s02,8000,4000,4000,4000,2000\n' "$seconds" "$seconds" >glances.log
    python3 "$root/tests/reference_read.py" "$memtrace" R.log pandas.log nmon.log typeperf.log pods.log glances.log json.log
    python3 "$root/tests/samples/print_tools.py" tools # 60 logs of many versions, clocks and hosts
    python3 "$root/tests/reference_read.py" "$memtrace" meminfo.log old.log top.log vmstat.log table.log tools/*.log
}

@test "sar: rows after midnight are on the next day, each section of a day begins at its first time" {
    { printf 'Linux 6.1.0 (cn01) \t03/02/26 \t_x86_64_\t(4 CPU)\n\n23:58:30    kbmemfree   kbavail kbmemused  %%memused kbbuffers  kbcached\n'
      printf '00:0%d:30      5000000   7000000   1000000     12.50    100000   1500000\n' 0 1
      printf '\n23:58:30    kbswpfree kbswpused  %%swpused\n00:00:30      1000000    100000      9.09\n00:01:30      1000000    200000     16.67\n'; } >a.log
    run_memtrace a.log --stats=json
    is "start" "$(jq .start_epoch_s <<<"$out")" "$(date -ud '2026-03-03 00:00:30' +%s)"
    is "figures" "$(figures a.log)" "cn01 2 60 $((1000000 * 1024)) 0"
    is "swap" "$(values a.log swap-used | xargs)" "100000 200000"
}
