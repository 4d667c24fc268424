#!/bin/sh
# SPDX-License-Identifier: MIT
# peer_gnuplot.sh INTERVAL OUT.png LOG...: draws the same plot as memtrace with awk and gnuplot.
interval=$1 out=$2
shift 2
plot=
for log; do
    name=${log##*/}
    plot="$plot${plot:+, }\"< awk '/^Mem:/ {print n++ * $interval / 60, \$3 / 1048576}' $log\" with lines title '${name%-mem.log}'"
done
exec gnuplot <<END
set terminal pngcairo size 1200,675
set output '$out'
set xlabel 'elapsed time [min]'
set ylabel 'GiB'
set yrange [0:*]
set grid ytics
plot $plot
END
