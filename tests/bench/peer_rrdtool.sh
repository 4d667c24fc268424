#!/bin/sh
# SPDX-License-Identifier: MIT
# peer_rrdtool.sh INTERVAL OUT.png LOG: draws the same plot as memtrace with awk and rrdtool.
interval=$1 out=$2 log=$3 start=1732320000
base=${out%.png}.rrd
count=$(grep -c '^Mem:' "$log")
rrdtool create "$base" --start $start --step "$interval" "DS:used:GAUGE:$((interval * 2)):0:U" \
    "RRA:AVERAGE:0.5:1:$((count + 1))" || exit 1
awk -v i="$interval" -v t=$start '/^Mem:/ {print (t += i) ":" $3 / 1048576}' "$log" |
    xargs rrdtool update "$base" || exit 1
exec rrdtool graph "$out" --width 1100 --height 560 --start $start \
    --end $((start + count * interval)) --lower-limit 0 --vertical-label GiB \
    "DEF:used=$base:used:AVERAGE" "LINE2:used#0072b2:used"
