#!/bin/sh
# SPDX-License-Identifier: MIT
# bench.sh: compares memtrace with its peers and prints one table, which it also writes to RESULTS.md.
#
# `make bench` runs it. Each ratio is one of medians of alternating runs, so ratios are comparable between
# machines; times are not. Variables set the sizes:
#   BENCH_MB       size of the long logs in MB (200)
#   BENCH_NODES    logs of the many-node case (1000), BENCH_RECORDS records each (2000)
#   BENCH_MANY     logs of the largest case (10000), BENCH_MANY_RECORDS records each (2000, 4 GB in all)
#   BENCH_ROUNDS   rounds of the short cases (15); long ones take half as many
#   BENCH_ONLY     letters of the sections to run (all: abcdefgh)
set -eu
export LC_ALL=C TZ=UTC0

build=${1:?usage: bench.sh BUILD MEMTRACE} memtrace=${2:?usage: bench.sh BUILD MEMTRACE}
here=$(dirname "$0")
mb=${BENCH_MB:-200} nodes=${BENCH_NODES:-1000} records=${BENCH_RECORDS:-2000} rounds=${BENCH_ROUNDS:-15}
many=${BENCH_MANY:-10000} many_records=${BENCH_MANY_RECORDS:-2000} only=${BENCH_ONLY:-abcdefgh}
few_rounds=$(((rounds + 1) / 2))
python=$(for p in python3 /usr/bin/python3; do
    "$p" -c 'import matplotlib' 2>/dev/null && echo "$p" && break
done || true)
work=$(mktemp -d "${TMPDIR:-/tmp}/memtrace-bench-XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
rows=$work/rows
: >"$rows"

has() {
    command -v "$1" >/dev/null
}

wants() {
    case $only in *"$1"*) true ;; *) false ;; esac
}

# list NAME COMMAND...: adds a line for measure(1).
list() {
    name=$1
    shift
    printf '%s\t%s\n' "$name" "$*" >>"$work/list"
}

# turns ROUNDS: measures the list into $work/times and empties it.
turns() {
    "$build/bench/measure" "$1" <"$work/list" >"$work/times"
    rm "$work/list"
}

# of NAME FIELD: prints a figure of the last turns; field 2 is the time in ms, 3 the largest peak RSS in KiB,
# 4 the processor time in ms, 5 the median of peak RSS in KiB.
of() {
    awk -F '\t' -v name="$1" -v field="$2" '$1 == name {print $field; exit}' "$work/times"
}

calc() {
    awk "BEGIN {printf \"${2:-%.2f}\", $1}"
}

# row WHAT TARGET REACHED [VERDICT-EXPRESSION] [REMARK]
row() {
    verdict=
    if [ -n "${4:-}" ]; then
        verdict=$(awk "BEGIN {print ($4) ? \"yes\" : \"NO\"}")
    fi
    printf '| %s | %s | %s | %s | %s |\n' "$1" "$2" "$3" "$verdict" "${5:-}" >>"$rows"
    printf '%-62s %-18s %-16s %-4s %s\n' "$1" "$2" "$3" "$verdict" "${5:-}"
}

skip() {
    row "$1" "$2" skipped "" "$3 is not installed"
}

ms() {
    calc "$1" '%.1f ms'
}

five_records() {
    "$build/bench/gen_logs" -r 5 "$work/five-mem.log"
    list ours "$memtrace" -q -s 2 "$work/five-mem.log" --save "$work/five.png"
    ! has gnuplot || list gnuplot sh "$here/peer_gnuplot.sh" 2 "$work/gnuplot.png" "$work/five-mem.log"
    ! has rrdtool || list rrdtool sh "$here/peer_rrdtool.sh" 2 "$work/rrdtool.png" "$work/five-mem.log"
    [ -z "$python" ] ||
        list matplotlib "$python" "$here/peer_matplotlib.py" 2 "$work/matplotlib.png" "$work/five-mem.log"
    turns "$rounds"
    ours=$(of ours 2)
    for peer in gnuplot matplotlib rrdtool; do
        theirs=$(of $peer 2) least=0
        [ $peer = gnuplot ] && least=10
        [ $peer = matplotlib ] && least=85
        target="at least $least x"
        [ $least -gt 0 ] || target=-
        if [ -n "$theirs" ]; then
            ratio=$(calc "$theirs / $ours" %.1f)
            verdict=
            [ $least -eq 0 ] || verdict="$ratio >= $least"
            row "five records to PNG, faster than $peer" "$target" "$ratio x" "$verdict" \
                "$(ms "$ours") against $(ms "$theirs")"
        else
            skip "five records to PNG, faster than $peer" "$target" $peer
        fi
    done
    rss=$(calc "$(of ours 3) / 1024" %.1f)
    row "five records to PNG, peak RSS" "at most 11 MiB" "$rss MiB" "$rss <= 11"
}

# parse NAME MOST OPTION...: compares reading a long log, made by gen_logs with these options, with wc -l and other readers. MOST is
# the target as a multiple of the time of wc -l, or - for none.
parse() {
    what=$1 most=$2
    shift 2
    log=$work/long-mem.log
    "$build/bench/gen_logs" "$@" -b "${mb}e6" "$log"
    cat "$log" >/dev/null
    list ours "$build/bench/load_only" 1 "$log"
    list wc wc -l "$log"
    list read "$build/bench/peer_read" "$log"
    list all "$build/bench/load_only" 0 "$log"
    turns "$few_rounds"
    # All but the last use one processor, whose time depends less on the load of the machine.
    ratio=$(calc "$(of ours 4) / $(of wc 4)")
    target="at most $most x" verdict="$ratio <= $most"
    [ "$most" != - ] || target=- verdict=
    row "$mb MB, $what: processor time, of wc -l" "$target" "$ratio x" "$verdict" \
        "$(ms "$(of ours 4)") against $(ms "$(of wc 4)"), $(calc "$(of ours 4) / $(of read 4)") x a read loop; by the clock $(calc "$(of ours 2) / $(of wc 2)") x"
}

# Measures the log of an ordinary node also with other readers and the whole program.
parse_more() {
    parse "512 GB node" 1.1
    verdict=$(calc "$(of all 2) / $(of ours 2)")
    row "$mb MB, 512 GB node: on $(nproc) processors by the clock, of one" "at most 0.65 x" "$verdict x" "$verdict <= 0.65" \
        "$(ms "$(of all 2)") against $(ms "$(of ours 2)")"
    list getline "$build/bench/peer_getline" "$log"
    list whole "$memtrace" -q -s 2 "$log" --save "$work/long.png"
    list ours "$build/bench/load_only" 1 "$log"
    turns "$few_rounds"
    row "$mb MB, 512 GB node: faster than getline and strtoull" - "$(calc "$(of getline 2) / $(of ours 2)" %.1f) x" "" \
        "$(ms "$(of getline 2)")"
    row "$mb MB, 512 GB node: whole process to PNG" - "$(ms "$(of whole 2)")" "" \
        "peak RSS $(calc "$(of whole 3) / 1024" %.1f) MiB"
    "$build/bench/gen_logs" -r 604800 -i 1 "$log"
    list week "$memtrace" -q -s 1 "$log" --save "$work/week.png"
    turns "$few_rounds"
    row "a week of 512 GB node, 1 s samples, whole process to PNG" - "$(ms "$(of week 2)")" "" \
        "$(calc "$(wc -c <"$log") / 1e6" %.0f) MB, peak RSS $(calc "$(of week 3) / 1024" %.1f) MiB"
}

# Compares drawing a noisy line with drawing a smooth one.
noise() {
    "$build/bench/gen_logs" -b "${mb}e6" "$work/long-mem.log"
    "$build/bench/gen_logs" -k smooth -b "${mb}e6" "$work/smooth-mem.log"
    list noisy "$memtrace" -q -s 2 "$work/long-mem.log" --view lines --save "$work/noisy.png"
    list smooth "$memtrace" -q -s 2 "$work/smooth-mem.log" --view lines --save "$work/smooth.png"
    turns "$few_rounds"
    ratio=$(calc "$(of noisy 4) / $(of smooth 4)")
    row "$mb MB, noisy log to --view lines, of a smooth one" "at most 1.3 x" "$ratio x" "$ratio <= 1.3" \
        "$(ms "$(of noisy 4)") against $(ms "$(of smooth 4)") of processor time"
    rm "$work/smooth-mem.log"
}

# Measures how memory depends on the length of the log.
memory() {
    "$build/bench/gen_logs" -b "$(calc "$mb / 8" %.3f)e6" "$work/eighth-mem.log"
    "$build/bench/gen_logs" -b "${mb}e6" "$work/long-mem.log"
    list eighth "$memtrace" -q -s 2 "$work/eighth-mem.log" --save "$work/a.png"
    list long "$memtrace" -q -s 2 "$work/long-mem.log" --save "$work/b.png"
    turns "$rounds"
    growth=$(calc "$(of long 5) - $(of eighth 5)" %.0f)
    row "peak RSS of a $mb MB log, less that of an eighth of it" "0, at most 512 KiB" "$growth KiB" "$growth <= 512" \
        "medians; $(calc "$(of long 5) / 1024" %.1f) MiB"
}

png() {
    "$build/bench/gen_logs" -H -n 5 "$work/png-logs"
    "$build/bench/gen_logs" -H -n 200 "$work/heat-logs"
    "$memtrace" -q "$work/png-logs" --save "$work/typical.png"
    "$memtrace" -q "$work/heat-logs" --view overview --save "$work/overview.png"
    for picture in typical overview; do
        "$build/bench/png" "$rounds" "$work/$picture.png" >"$work/png"
        read -r ours theirs ours_bytes theirs_bytes error <"$work/png"
        ratio=$(calc "$theirs / $ours" %.1f) size=$(calc "$ours_bytes / $theirs_bytes")
        [ $picture = typical ] && what="a typical plot" || what="an overview"
        row "PNG of $what, faster than Cairo's" "at least 5 x" "$ratio x" "$ratio >= 5" \
            "$(ms "$ours") against $(ms "$theirs")"
        row "PNG of $what, bytes of Cairo's" "at most 0.7 x" "$size x" "$size <= 0.7" \
            "$ours_bytes bytes, worst error $error of 255"
    done
}

many_nodes() {
    "$build/bench/gen_logs" -H -n "$nodes" -r "$records" "$work/many"
    cat "$work"/many/*.log >/dev/null
    list wc wc -l "$work"/many/*.log
    list load "$build/bench/load_only" 0 "$work/many"
    list overview "$memtrace" -q "$work/many" --view overview --save "$work/o.png"
    list lines "$memtrace" -q "$work/many" --view lines --save "$work/l.png"
    turns "$few_rounds"
    most=$(calc "1.3 * $(of wc 2) + 300" %.0f) took=$(calc "$(of overview 2)" %.0f)
    row "$nodes nodes of $records samples, overview" "at most $most ms" "$took ms" "$took <= $most" \
        "1.3 x wc -l ($(ms "$(of wc 2)")) + 0.3 s"
    drawing=$(calc "$(of lines 2) - $(of load 2)" %.0f)
    row "$nodes lines drawn, on top of reading" "at most 120 ms" "$drawing ms" "$drawing <= 120" \
        "reading $(ms "$(of load 2)")"
}

largest() {
    "$build/bench/gen_logs" -H -n "$many" -r "$many_records" "$work/largest"
    list most "$memtrace" -q "$work/largest" --save "$work/m.png"
    list load "$build/bench/load_only" 0 "$work/largest"
    list stats "$memtrace" -q "$work/largest" --stats=tsv
    turns 3
    rss=$(calc "$(of most 3) / 1024" %.0f)
    row "$many nodes of $many_records samples, peak RSS" "at most 1200 MiB" "$rss MiB" "$rss <= 1200" "$(ms "$(of most 2)")"
    finding=$(calc "$(of stats 4) - $(of load 4)" %.0f)
    row "$many nodes, findings and statistics on top of reading" "at most 150 ms" "$finding ms" "$finding <= 150" \
        "of processor time; reading $(ms "$(of load 4)")"
    drawing=$(calc "$(of most 4) - $(of stats 4)" %.0f)
    row "$many nodes, overview on top of these" "at most 100 ms" "$drawing ms" "$drawing <= 100" "of processor time"
    rm -rf "$work/largest"
}

svg() {
    "$build/bench/gen_logs" -H -n 6 -r 100000 "$work/svg-logs"
    "$memtrace" -q "$work/svg-logs" --save "$work/six.svg"
    rm "$work"/svg-logs/node0000[3-6]-mem.log
    "$memtrace" -q "$work/svg-logs" --save "$work/two.svg"
    six=$(wc -c <"$work/six.svg") two=$(wc -c <"$work/two.svg")
    bytes=$(calc "($six - $two) / 4000" %.1f)
    row "SVG of logs of 100000 samples, bytes per line" "at most 70 KB" "$bytes KB" "$bytes <= 70" \
        "and $(calc "$two / 1000 - 2 * $bytes" %.0f) KB for frame and text"
}

static_build() {
    static=$build/static/memtrace
    if [ ! -x "$static" ]; then
        row "five records to PNG, static build, of the dynamic one" - skipped "" "make static builds it"
        return
    fi
    "$build/bench/gen_logs" -r 5 "$work/five-mem.log"
    list dynamic "$memtrace" -q -s 2 "$work/five-mem.log" --save "$work/dynamic.png"
    list static "$static" -q -s 2 "$work/five-mem.log" --save "$work/static.png"
    turns "$rounds"
    row "five records to PNG, static build, of the dynamic one" - "$(calc "$(of static 2) / $(of dynamic 2)") x" "" \
        "$(ms "$(of static 2)") against $(ms "$(of dynamic 2)")"
    size=$(calc "$(wc -c <"$static") / 1048576")
    row "static build, size" "at most 4.5 MiB" "$size MiB" "$size <= 4.5"
    same=no
    cmp -s "$work/dynamic.png" "$work/static.png" && same=yes
    row "static build, PNG with the same bytes" yes $same "\"$same\" == \"yes\""
}

machine() {
    cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    echo "$(nproc) x ${cpu:-unknown processor}, $(($(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' \
        /proc/meminfo) / 1048576)) GiB, Linux $(uname -r), $("${CC:-cc}" --version | head -n 1)"
}

write_results() {
    cat <<END
# Last result of \`make bench\`

$(machine), $(date -u +%Y-%m-%d), $("$memtrace" --version | head -n 1), load average
$(cut -d ' ' -f 2 /proc/loadavg). Other work on the machine changes the times; the ratios are of medians of runs that took turns.

| what | target | reached | met | remark |
|---|---|---|---|---|
$(cat "$rows")
END
}

printf '%-62s %-18s %-16s %s\n' what target reached met
! wants a || five_records
! wants b || parse_more
! wants b || parse "256 GB node" - -g 256
! wants b || parse "2 TB node" - -g 2048
! wants b || parse "32 GB node, smooth" - -k smooth -g 32
! wants b || parse "digits changing in every record" 1.7 -k digits
! wants b || parse "rows of the job" 3 -f job
! wants b || parse "ts before each line" 3 -f ts
! wants b || parse "a date before each record" 3 -f date
! wants b || parse "srun --label, 16 nodes" 3 -f srun -n 16
! wants b || parse "pdsh, 16 nodes, lines mixed" 3 -f pdsh -n 16
! wants b || parse "srun --label, 64 nodes" 3 -f srun -n 64
! wants b || noise
! wants c || memory
! wants d || png
! wants e || many_nodes
! wants f || svg
! wants g || static_build
! wants h || largest
# Only complete tables are kept.
[ "$only" != abcdefgh ] || write_results >"$here/RESULTS.md"
