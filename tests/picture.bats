#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Plots in files: format, size, reproducibility and contents.
# shellcheck disable=SC2154

load cli_helpers

setup() {
    setup_scratch
    for i in 1 2 3; do print_log $((i == 3 ? 20 : 40)) $((i * 1048576)) 200000 >"n$i-mem.log"; done
}
teardown() { teardown_scratch; }

draw() { "$memtrace" -s 2 -q "$@"; }

# Prints the number of SVG elements of a kind.
count() { xmllint --xpath "count(//*[local-name()='$2'])" "$1"; }

@test "PNG files have the requested size times the zoom, and the background of the theme" {
    draw n*.log --save a.png --size 900x500
    is size "$(identify -format '%wx%h %m' a.png)" "900x500 PNG"
    draw n*.log --save b.png --size 900x500 --zoom 2
    is size "$(identify -format '%wx%h' b.png)" 1800x1000
    is light "$(convert a.png -format '%[pixel:p{1,1}]' info:)" "$(convert xc:white -format '%[pixel:p{0,0}]' info:)"
    draw n*.log --save c.png --theme dark
    [ "$(convert c.png -colorspace gray -format '%[fx:mean<0.3]' info:)" = 1 ]
    [ "$(identify -format %k a.png)" -gt 20 ]
}

@test "SVG files are XML of the requested size with one line per node; PDF files have one page" {
    draw n*.log --save a.svg
    xmllint --noout a.svg
    is width "$(xmllint --xpath 'string(/*/@width)' a.svg)" 1200px
    draw n1-mem.log --save one.svg
    [ "$(count a.svg path)" -gt "$(count one.svg path)" ]
    rsvg-convert a.svg -o svg.png
    is size "$(identify -format '%wx%h' svg.png)" 1200x675
    draw n*.log --save a.pdf
    is pages "$(pdfinfo a.pdf | awk '/^Pages/{print $2}')" 1
    pdftoppm -png a.pdf pdf
    [ -s pdf-1.png ]
}

@test "the same log always gives the same bytes, in any locale and time zone and without fonts" {
    for format in png svg pdf; do
        for view in lines overview panels; do
            draw n*.log --save "a.$format" --view $view --total --swap
            LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 TZ=Asia/Tokyo FONTCONFIG_FILE=/dev/null draw n*.log --save "b.$format" --view $view --total --swap
            cmp "a.$format" "b.$format"
        done
    done
}

@test "noise is drawn as a light range with its mean, in every view; teeth stay a line" {
    for kind in noise teeth; do
        awk -v kind=$kind 'BEGIN { seed = 7
            print "               total        used        free      shared  buff/cache   available"
            for (i = 0; i < 400; i++) {
                seed = (seed * 16807) % 2147483647
                printf "Mem: 33554432 %d 0 0 0 0\nSwap: 0 0 0\n\n", 1e7 * (1 + (kind == "noise" ? seed / 2147483647 : i % 40 / 40))
            }
        }' >$kind-mem.log
    done
    for view in lines overview panels; do
        draw noise-mem.log teeth-mem.log --save a.svg --view $view
        is "ranges in $view" "$(grep -cE 'fill-opacity[:=]"?0\.22' a.svg)" 1
    done
    draw teeth-mem.log --save a.svg
    is "ranges of teeth" "$(grep -cE 'fill-opacity[:=]"?0\.22' a.svg || true)" 0
}

@test "lines are drawn at the position of the data" {
    # A constant line at 50 % of the total must be above the axis.
    print_log 10 16777216 0 >half.log
    draw half.log --percentage --save a.png --size 600x400
    row=$(convert a.png -crop 1x400+300+0 +repage -fuzz 10% -fill black -opaque '#0072b2' -fuzz 0 -threshold 1% txt:- |
        awk -F'[,:]' '/#000000|black/{print $2; exit}')
    zero=$(convert a.png -crop 1x400+300+0 +repage -fuzz 4% -fill black -opaque '#a3a8b2' -threshold 1% txt:- | awk -F'[,:]' '/#000000|black/{print $2; exit}')
    echo "row ${row:?} zero ${zero:?}"
    [ "$row" -lt "$zero" ]
}

@test "unusual data: one sample, constant values, zero swap, huge and tiny values, long names, Chinese names" {
    print_log 1 1048576 0 >one.log
    print_log 50 1048576 0 >constant.log
    printf '               total        used        free      shared  buff/cache   available\nMem:  3000000000000 3000000000000 0 0 0 0\nSwap: 0 0 0\n' >huge.log
    printf '               total        used        free      shared  buff/cache   available\nMem:  10 1 9 0 0 9\nSwap: 0 0 0\n' >tiny.log
    cp constant.log "$(printf 'x%.0s' {1..200})-mem.log"
    cp constant.log 节点-mem.log
    for log in one.log constant.log huge.log tiny.log x*-mem.log 节点-mem.log; do
        for format in png svg pdf; do
            draw "$log" --save "a.$format" --total --swap
            draw "$log" n1-mem.log --save "b.$format" --percentage --total --swap --legend
        done
        xmllint --noout a.svg b.svg
        identify a.png b.png >/dev/null
    done
}

@test "a killed run leaves no partial plot, and the next run removes its temporary files" {
    draw n*.log --save a.png
    cp a.png before.png
    for delay in 0 0.001 0.002 0.004 0.008 0.016; do
        draw n*.log --save a.png --zoom 4 --theme dark &
        pid=$!
        sleep $delay
        kill -KILL $pid 2>/dev/null || true
        wait $pid 2>/dev/null || true
        identify a.png >/dev/null
        # The temporary file gets a name only once it is complete, just before it replaces the old one.
        for left in .a.png.memtrace-*; do
            [ ! -e "$left" ] || identify "png:$left" >/dev/null
        done
    done
    draw n*.log --save a.png
    is files "$(find . -mindepth 1 ! -name a.png ! -name before.png ! -name '*-mem.log')" ""
}

@test "a node with one sample is drawn as a dot, even among more than 100 lines" {
    rm n*.log
    for ((i = 1; i <= 120; i++)); do print_log 1 $((i * 200000)) 0 >"n$i-mem.log"; done
    draw n*.log --view lines --legend=off --save a.png
    # Each lighter dot has about twenty pixels in its colour, unless dots overlap.
    [ "$(convert a.png -fill black +opaque '#aebfd2' -fill white -opaque '#aebfd2' -format '%[fx:int(mean*w*h+0.5)]' info:)" -gt 800 ]
}

@test "an event in the second of the start, truncated by date +%s, is drawn; one outside the plot is reported" {
    printf '# memtrace 1 host=n1 start=1732320000.900 interval=2\n' >m-mem.log
    cat n1-mem.log >>m-mem.log
    "$memtrace" m-mem.log --mark 1732320000:begin --mark 1732329999:late --view panels --save a.png >out
    "$memtrace" m-mem.log --save none.svg >/dev/null
    "$memtrace" m-mem.log --mark 1732320000:begin --save with.svg >/dev/null
    "$memtrace" m-mem.log --mark 1732310000:early --save early.svg >/dev/null
    [ "$(count with.svg path)" -gt "$(count none.svg path)" ]
    LC_ALL=C.UTF-8 "$memtrace" m-mem.log --mark 1732310000:early | grep -q "1 event outside the plot's time"
    if LC_ALL=C.UTF-8 "$memtrace" m-mem.log --mark 1732320000:begin | grep -q outside; then return 1; fi
}

@test "text in SVG files is escaped and searchable; each line has a title" {
    cp n1-mem.log '<a>&b-mem.log'
    for view in lines overview panels; do
        draw n2-mem.log '<a>&b-mem.log' --view $view --save a.svg --title 'Tom & <Jerry> surface7'
        xmllint --noout a.svg
        is symbols "$(count a.svg symbol)" 0
        is heading "$(xmllint --xpath "string(//*[local-name()='text'][1])" a.svg)" 'Tom & <Jerry> surface7'
        [ "$(xmllint --xpath "count(//*[local-name()='text'][starts-with(., '<a>')])" a.svg)" -ge 1 ]
        is titles "$(xmllint --xpath "count(//*[local-name()='path']/*[local-name()='title'][contains(., '· peak')])" a.svg)" 2
        grep -q 'font-family="DejaVu Sans,' a.svg
    done
    draw n2-mem.log --save b.svg --zoom 2
    grep -q '<text x="48" y="72.*font-size="36"' b.svg
}
