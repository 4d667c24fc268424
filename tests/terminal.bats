#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Plots in the terminal: as plain text, and in a real terminal (tmux).
# shellcheck disable=SC2154

load cli_helpers

setup() {
    setup_scratch
    unset NO_COLOR COLORTERM COLUMNS LINES
    print_log 10 1048576 1048576 >alfa-mem.log
    print_log 10 2097152 524288 >beta-mem.log
}
teardown() {
    [ -z "${tmux-}" ] || $tmux kill-server 2>/dev/null || :
    # shellcheck disable=SC2046 # process ids
    kill $(jobs -p) 2>/dev/null || :
    teardown_scratch
}

escape=$'\033'

@test "into a pipe, the plot is plain text of 80x24 in the characters of the locale" {
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

@test "colours: as many as the terminal supports, none if disabled" {
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

@test "a closed pipe is not an error" {
    set -o pipefail
    first=$("$memtrace" -s 2 alfa-mem.log --size 900x900 2>err | head -n 1)
    is "first line" "$first" "Used memory of alfa"
    is stderr "$(cat err)" ""
    status=0
    "$memtrace" -s 2 alfa-mem.log >/dev/full 2>err || status=$?
    is "status and stderr" "$status $(cat err)" "1 memtrace: cannot write to standard output: No space left on device"
}

@test "any size, any view, any data: exactly the requested rows and columns" {
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

# ---- in a real terminal ----

# Starts a shell in a terminal of WIDTHxHEIGHT; `at KEYS...` types into it.
open_terminal() { # WIDTH HEIGHT LOCALE
    export TMUX_TMPDIR=$scratch
    unset TMUX
    tmux="tmux -L $1x$2-$3 -f /dev/null" # a separate server each, because the previous one may still be ending
    LC_ALL=$3 $tmux -u new-session -d -x "$1" -y "$2" "LC_ALL=$3 PS1='\$ ' bash --norc --noprofile"
    at "PATH=$(dirname "$memtrace"):\$PATH; cd $scratch; clear" Enter
    sees '^\$ *$'
}
close_terminal() { $tmux kill-server; }
at() { $tmux send-keys "$@"; }
screen() { $tmux capture-pane -p; }
modes() { $tmux display-message -p '#{alternate_on} #{cursor_flag}'; }

# Waits until a line on the screen matches; shows the screen if none ever does.
sees() { # PATTERN
    local i
    for ((i = 0; i < 600; i++)); do
        screen | grep -q -e "$1" && return
        sleep 0.1
    done
    echo "no '$1' in:"
    screen
    return 1
}

# Waits until the alternate screen and the cursor have the state $1.
modes_become() {
    local i
    for ((i = 0; i < 600; i++)); do
        [ "$(modes)" = "$1" ] && return
        sleep 0.1
    done
    is "alternate screen and cursor" "$(modes)" "$1"
}

# Appends COUNT records of USED GiB to a log.
more() { # LOG COUNT USED
    { print_log "$2" $(($3 * 1048576)) 0; echo; } >>"$1"
}

@test "the plot fills terminals of any size, in UTF-8 and in C" {
    for locale in C.UTF-8 C; do
        for size in 80x24 200x60 20x5; do
            open_terminal "${size%x*}" "${size#*x}" $locale
            at "memtrace -s 2 alfa-mem.log beta-mem.log; echo do''ne" Enter
            sees '^done$'
            LC_ALL=$locale "$memtrace" -s 2 alfa-mem.log beta-mem.log --color=always --size "${size%x*}x$((${size#*x} - 1))" |
                sed "s/$escape\[[0-9;]*m//g" >wanted
            # The prompt is on the last line, so the first rows have scrolled off.
            screen | sed '/^done$/,$d' >got
            diff <(tail -n "$(wc -l <got)" wanted) got
            [ "$(wc -l <got)" -ge $((${size#*x} - 3)) ]
            close_terminal
        done
    done
}

@test "a dumb terminal gets no escape sequences; a capable one gets its colours" {
    : >typescript
    SHELL=/bin/sh script -qefc "TERM=dumb '$memtrace' -s 2 alfa-mem.log --follow=0.1" typescript </dev/null >/dev/null &
    writer=$!
    for ((i = 0; i < 600; i++)); do # until it has been drawn
        ! grep -q "Used memory of alfa" typescript || break
        sleep 0.1
    done
    echo '# memtrace end=1' >>alfa-mem.log
    wait $writer
    is "escapes" "$(sed '1d;$d' typescript | grep -c "$escape")" 0
    grep -q "Used memory of alfa" typescript
    SHELL=/bin/sh script -qec "TERM=xterm-256color '$memtrace' -s 2 alfa-mem.log" typescript </dev/null >/dev/null
    grep -q "$escape\[0;38;5;" typescript
    SHELL=/bin/sh script -qec "NO_COLOR=1 TERM=xterm-256color '$memtrace' -s 2 alfa-mem.log" typescript </dev/null >/dev/null
    is "escapes with NO_COLOR" "$(sed '1d;$d' typescript | grep -c "$escape")" 0
}

@test "--follow: growing, new, rotated and truncated logs, a resize, and the end" {
    mkdir logs
    open_terminal 80 24 C.UTF-8
    at "memtrace -s 2 --follow=0.1 logs" Enter
    sees 'waiting for the first record'
    modes_become "1 0"
    more logs/a-mem.log 3 5
    sees 'a · 4 s at 2 s · peak 5 of 32 GiB'
    more logs/a-mem.log 1 7
    sees 'a · 6 s at 2 s · peak 7 of 32 GiB'
    more logs/b-mem.log 4 9
    sees '2 nodes · .*b peaked 9 of 32 GiB'
    $tmux resize-window -x 60 -y 16
    sees '^live · q ends$'
    is rows "$(screen | wc -l)" 16
    mv logs/a-mem.log logs/a-mem.log.1
    more logs/a-mem.log 1 11 # continues the moved log
    sees '2 nodes · 8 s at 2 s'
    sees 'a peaked 11 of 32 GiB'
    print_log 2 $((12 * 1048576)) 0 >logs/a-mem.log # truncated and rewritten: the old samples are dropped
    sees '2 nodes · 6 s at 2 s'
    sees 'a peaked 12 of 32 GiB'
    echo '# memtrace end=1' >>logs/a-mem.log
    echo '# memtrace end=1' >>logs/b-mem.log
    modes_become "0 1"
    sees 'a peaked 12 of 32 GiB'
    sees '^\$ *$'
    close_terminal
}

@test "a q within the escape sequence of a key does not end --follow" {
    open_terminal 80 24 C.UTF-8
    at "memtrace -s 2 --follow alfa-mem.log; echo status \$?" Enter
    modes_become "1 0"
    $tmux send-keys -H 1b 4f 71 # End of a keypad in application mode: ESC O q
    sleep 0.5
    is "alternate screen and cursor" "$(modes)" "1 0"
    at q
    sees '^status 0$'
    close_terminal
}

@test "q, Ctrl-C, Ctrl-Z and SIGTERM restore the terminal" {
    open_terminal 80 24 C.UTF-8
    at "stty -a >before; memtrace -s 2 --follow alfa-mem.log; echo status \$?; stty -a >after" Enter
    modes_become "1 0"
    at q
    sees '^status 0$'
    is "alternate screen and cursor" "$(modes)" "0 1"
    sees 'alfa · 18 s at 2 s · peak 10 of 32 GiB'
    at "clear; memtrace -s 2 --follow alfa-mem.log; echo status \$?" Enter
    modes_become "1 0"
    at C-c
    sees '^status 0$'
    at "clear; memtrace -s 2 --follow alfa-mem.log; echo status \$?" Enter
    modes_become "1 0"
    at C-z
    modes_become "0 1"
    sees 'Stopped'
    at fg Enter
    modes_become "1 0"
    sees '^live · q ends$'
    at q
    sees '^\$ *$'
    at "clear; memtrace -s 2 --follow alfa-mem.log; echo status \$?" Enter
    modes_become "1 0"
    kill -TERM "$(pgrep -f "memtrace -s 2 --follow alfa-mem.log" -P "$($tmux display-message -p '#{pane_pid}')")"
    sees '^status 143$'
    is "alternate screen and cursor" "$(modes)" "0 1"
    diff before after
    close_terminal
}

@test "a pipe is followed automatically, and the last plot stays" {
    open_terminal 80 24 C.UTF-8
    mkfifo pipe
    at "memtrace -s 2 - <pipe; echo status \$?" Enter
    exec 5>pipe
    print_log 3 $((6 * 1048576)) 0 >&5
    sees 'stdin · 4 s at 2 s · peak 6 of 32 GiB'
    modes_become "1 0"
    { echo; print_log 2 $((8 * 1048576)) 0; } >&5
    sees 'stdin · 8 s at 2 s · peak 8 of 32 GiB'
    exec 5>&-
    sees '^status 0$'
    is "alternate screen and cursor" "$(modes)" "0 1"
    sees 'stdin · 8 s at 2 s · peak 8 of 32 GiB'
    close_terminal
    # A pipe that ends at once is drawn without an alternate screen.
    SHELL=/bin/sh script -qec "cat alfa-mem.log | TERM=xterm '$memtrace' -s 2 -" typescript </dev/null >/dev/null
    is "screens entered" "$(grep -c "$escape\[?1049h" typescript)" 0
    grep -q "Used memory of stdin" typescript
}

@test "--follow --save rewrites the plot atomically and ends with the logs" {
    : >live-mem.log
    more live-mem.log 2 5
    "$memtrace" -s 2 --follow=0.1 live-mem.log --save live.png >out </dev/null &
    : >stamps
    for ((i = 6; i < 600 && $(sort -u stamps | wc -l) < 4; i++)); do
        more live-mem.log 1 $((i % 20))
        sleep 0.1
        [ ! -e live.png ] || [ "$(tail -c 8 live.png | head -c 4)" = IEND ]
        [ ! -e live.png ] || stat -c '%i %y' live.png >>stamps
    done
    [ "$(sort -u stamps | wc -l)" -ge 4 ]
    echo '# memtrace end=1' >>live-mem.log
    wait $!
    is "summary at the end" "$(cat out)" "$("$memtrace" -s 2 live-mem.log --save whole.png)"
    cmp live.png whole.png
    is "files left" "$(find . -name '.live*' | wc -l)" 0
}

@test "--follow reads only new data" {
    print_log 2000 1048576 100 >live-mem.log
    size=$(stat -c %s live-mem.log)
    ASAN_OPTIONS=detect_leaks=0 strace -f -qq -y -e trace=pread64 -o trace "$memtrace" -s 2 --follow=0.1 live-mem.log --save live.svg >/dev/null </dev/null &
    : >trace
    for ((i = 0; i < 600 && $(grep -c live-mem.log trace) < 5; i++)); do
        more live-mem.log 1 2
        sleep 0.1
    done
    echo '# memtrace end=1' >>live-mem.log
    wait $!
    grown=$(stat -c %s live-mem.log)
    bytes=$(awk '/live-mem.log/ && $NF > 0 { sum += $NF; n++ } END { print sum - 64 - 256 * (n - 2) }' trace) # 64 bytes are read once to detect the format, 256 again each time
    [ "$(grep -c live-mem.log trace)" -ge 4 ]
    [ "$bytes" -ge $((grown - 256)) ] && [ "$bytes" -le "$grown" ] || { echo "$bytes read of $size to $grown"; false; }
}

# ---- images in the terminal ----

on() { # KIND ARGUMENT...
    python3 "$root/tests/fake_terminal.py" "$1" sent "$memtrace" -s 2 alfa-mem.log "${@:2}"
}
# Print the PNG that was sent, decoded.
kitty_png() { tr -d '\n' <sent | grep -oaP '\033_G[^;]*;\K[A-Za-z0-9+/=]*' | tail -n +2 | tr -d '\n' | base64 -d; }
iterm_png() { grep -oaP '\033\]1337;File=[^:]*:\K[A-Za-z0-9+/=]*' sent | base64 -d; }

@test "--graphics: a terminal that reports support gets an image" {
    "$memtrace" -s 2 alfa-mem.log --size 640x368 --theme light --save wanted.png >/dev/null # 80x23 cells of 8x16
    for choice in auto kitty; do
        on kitty --graphics=$choice
        kitty_png >got.png
        cmp got.png wanted.png
    done
    for choice in auto iterm; do
        on iterm --graphics=$choice
        iterm_png >got.png
        cmp got.png wanted.png
    done
    "$memtrace" -s 2 alfa-mem.log --size 640x368 --theme dark --save dark.png >/dev/null
    on kitty --graphics=kitty --theme dark # instead of the background that the terminal reports
    kitty_png >got.png
    cmp got.png dark.png
    on sixel --graphics=auto
    python3 - sent >got.six <<'END'
import sys
data = open(sys.argv[1], "rb").read()
start = data.index(b"\033P0;1q")
sys.stdout.buffer.write(data[start:data.index(b"\033\\", start) + 2])
END
    is size "$(identify -format '%wx%h' six:got.six)" 640x368
    # Colours of a PNG with a palette differ by at most 24 of 255 (see png_write.h), those of sixels by one percent; ImageMagick's maximum
    # is 65535.
    convert six:got.six -alpha off got.png
    worst=$(compare -metric PAE got.png wanted.png null: 2>&1 | sed -E 's/[. ].*//')
    [ "$worst" -le 6900 ] || { echo "worst difference $worst"; false; }
}

@test "--graphics: a terminal without support gets text and no stray characters" {
    for kind in xterm linux silent; do
        for choice in auto kitty iterm sixel; do
            on $kind --graphics=$choice
            grep -q "Used memory of alfa" sent
            if LC_ALL=C grep -qaE "$escape(_Ga=T|\]1337;File|P0;1q)" sent; then false; fi
        done
        grep -q "terminal reports no graphics support" sent
    done
    on linux --graphics=auto
    is "strings for a VT102" "$(grep -c "${escape}_G" sent)" 0
    # Into a file, the named format is written without asking the terminal.
    "$memtrace" -s 2 alfa-mem.log --graphics=kitty --theme light --size 80x23 >sent
    "$memtrace" -s 2 alfa-mem.log --size 640x368 --theme light --save wanted.png >/dev/null
    tr -d '\n' <sent | grep -oaP '\033_G[^;]*;\K[A-Za-z0-9+/=]*' | tr -d '\n' | base64 -d >got.png
    cmp got.png wanted.png
    is "auto into a pipe" "$("$memtrace" -s 2 alfa-mem.log --graphics=auto)" "$("$memtrace" -s 2 alfa-mem.log)"
}

@test "Ctrl-C while a followed folder has no log yet: a message, status 1" {
    mkdir none
    run python3 - "$memtrace" <<'END'
import signal, subprocess, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
# blocked until memtrace waits for it, so that it cannot come too early
run = subprocess.Popen([sys.argv[1], "--follow", "none", "--save", "a.png"], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                       preexec_fn=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT]))
run.send_signal(signal.SIGINT)
print(run.communicate()[1], run.returncode, sep="", end="")
END
    [ "$output" = "memtrace: nothing to plot: no log contains a usable record
1" ]
}
