#!/usr/bin/env bats
# The picture in the terminal: as plain text, and in a real terminal (tmux).
# shellcheck disable=SC2154

load cli_helpers

setup() {
    setup_scratch
    unset NO_COLOR COLORTERM COLUMNS LINES
    print_log 10 1048576 1048576 >alfa-mem.log
    print_log 10 2097152 524288 >beta-mem.log
}
teardown() { teardown_scratch; }

escape=$'\033'

@test "into a pipe it is plain text of 80x24, in the characters of the locale" {
    expect 0 "$("$memtrace" -s 2 alfa-mem.log --size 80x24 --ascii)" "" -s 2 alfa-mem.log
    [[ $out != *$escape* ]]
    is rows "$(wc -l <<<"$out")" 24
    [ "$(wc -L <<<"$out")" -le 80 ]
    if LC_ALL=C grep -q $'[^\t -~]' <<<"$out"; then false; fi
    LC_ALL=C.UTF-8 run_memtrace -s 2 alfa-mem.log
    [[ $out == *⣀* && $out != *$escape* ]]
    LC_ALL=xx_YY.UTF-8 run_memtrace -s 2 alfa-mem.log # a locale that is not installed
    [[ $out == *⣀* ]]
    COLUMNS=100 LINES=30 run_memtrace -s 2 alfa-mem.log
    is rows "$(wc -l <<<"$out")" 30
}

@test "colours: as many as the terminal has, none where they are not wanted" {
    colours() { "$memtrace" -s 2 ./*.log "$@" | grep -c "$escape\[0;.*38;$kind;" || true; }
    kind=2 COLORTERM=truecolor
    export COLORTERM
    [ "$(colours --color=always)" -gt 4 ]
    is "colours in a pipe" "$(colours)" 0
    is "with --color never" "$(colours --colour never)" 0
    kind=5 COLORTERM='' TERM=xterm-256color
    export TERM
    [ "$(colours --color=always)" -gt 4 ]
    TERM=xterm
    is "256 colours of 16" "$(colours --color=always)" 0
    "$memtrace" -s 2 ./*.log --color=always | grep -q "$escape\[0;9[0-9]m"
}

@test "a reader that has seen enough is no error" {
    set -o pipefail
    first=$("$memtrace" -s 2 alfa-mem.log --size 900x900 2>err | head -n 1)
    is "first line" "$first" "Used memory of alfa"
    is stderr "$(cat err)" ""
    status=0
    "$memtrace" -s 2 alfa-mem.log >/dev/full 2>err || status=$?
    is "status and stderr" "$status $(cat err)" "1 memtrace: cannot write to standard output: No space left on device"
}

@test "any size, any view, any data: as many rows and columns as asked for" {
    print_log 1 0 0 >one-mem.log
    print_log 50 4096 0 >flat-mem.log
    for size in 1x1 3x2 2x9 12x3 20x5 79x23 500x200; do
        for view in lines overview panels; do
            for extra in --ascii --color=always --swap '--limit=20G' --percentage; do
                run_memtrace -s 2 ./*.log --size $size --view $view "$extra"
                is "status of $size $view $extra" "$status$err" 0
                is "rows of $size $view $extra" "$(wc -l <.out)" "${size#*x}"
            done
            LC_ALL=C.UTF-8 run_memtrace -s 2 one-mem.log --size $size --view $view
            is "status and rows of one sample" "$status $(wc -l <.out)" "0 ${size#*x}"
            [ "$(LC_ALL=C.UTF-8 wc -L <.out)" -le "${size%x*}" ]
        done
    done
}
