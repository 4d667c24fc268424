# SPDX-License-Identifier: MIT
# run.sh: what the command sees and returns, and what remains afterwards.
# shellcheck disable=SC2016,SC2154,SC2030,SC2031,SC2015 # commands for other shells; variables of recorder.bash and bats
bats_require_minimum_version 1.5.0
load recorder

setup() {
    export MEMTRACE_TEST=$BATS_TEST_TMPDIR
    unset MEMTRACE MEMTRACE_MARKS SLURM_JOB_ID
    host=$(uname -n)
    log=$host-mem.log
    mkdir "$BATS_TEST_TMPDIR/work"
    cd "$BATS_TEST_TMPDIR/work" || return
    run_sh=$root/run.sh
    # recorded COUNT LOG: waits until the log of its own recording has COUNT records, however busy the machine is.
    recorded=$BATS_TEST_TMPDIR/recorded
    printf '%s\n' '#!/bin/sh' 'try=0' 'while [ "$(grep -c Mem: "$2")" -lt "$1" ]; do' '    try=$((try + 1))' \
        '    [ "$try" -lt 3000 ] || exit 99' '    sleep 0.1' 'done' >"$recorded"
    chmod +x "$recorded"
    export recorded log
}

# After each test, none of its free processes may remain.
teardown() {
    wait_until 5 none_left free
    cd /
    [[ ! -d $BATS_TEST_TMPDIR/disk ]] || umount "$BATS_TEST_TMPDIR/disk" 2>/dev/null || :
}

# A command that creates the file `started` when it runs, and appends the signals it gets to `got`.
cat_of_signals='
    for s in TERM HUP USR1 USR2 INT; do trap "echo $s >>got" "$s"; done
    : >started
    for i in {1..3000}; do [ ! -e stop ] || exit 7; sleep 0.1; done'

mount_small_disk() {
    ((EUID == 0)) || skip "mounting a small disk needs root"
    mkdir "$BATS_TEST_TMPDIR/disk"
    mount -t tmpfs -o "$1" none "$BATS_TEST_TMPDIR/disk" || skip "this sandbox cannot mount"
    cd "$BATS_TEST_TMPDIR/disk" || return
}

@test "a message of the recorder whose time runs out while it is read is not lost" {
    flock "$root/build" make -s -C "$root" build/tests/slow_read.so
    LD_PRELOAD=$root/build/tests/slow_read.so run --separate-stderr "$run_sh" -s 0.2 bash -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $stderr == *"the plot is"* ]]
    [[ $stderr != *"without recording"* ]]
    grep -q '^# memtrace end=.* status=3 wall=' "$log"
}

@test "a log with header and trailer, a plot, the summary on stderr" {
    before=$(date +%s.%N)
    run --separate-stderr "$run_sh" -s 0.1 bash -c 'echo out; echo err >&2; $recorded 3 $log'
    after=$(date +%s.%N)
    [ "$status" -eq 0 ]
    [ "$output" = out ]
    grep -qx err <<<"$stderr"
    is_png "$host-mem.png"
    [ "$(header host "$log")" = "$host" ]
    [ "$(header interval "$log")" = 0.1 ]
    [[ $(header start "$log") =~ ^[0-9]{10}\.[0-9]+$ ]]
    [ "$(header command "$log")" = bash%20-c%20echo%20out%3B%20echo%20err%20%3E%262%3B%20%24recorded%203%20%24log ]
    [[ $(tail -n 1 "$log") =~ ^'# memtrace end='([0-9]{10}\.[0-9]+)' status=0 wall='([0-9]+\.[0-9]{2})$ ]]
    # the end is the time of the last record, and they are not closer than asked for
    awk -v start="$(header start "$log")" -v end="${BASH_REMATCH[1]}" -v wall="${BASH_REMATCH[2]}" -v before="$before" -v after="$after" \
        -v records="$(grep -c '^Mem:' "$log")" 'BEGIN {
            if (wall <= 0 || wall > after - before || start < before - 0.1 || end <= start || end > after) exit 1
            exit !(records >= 3 && records < (end - start) / 0.1 + 3)
        }'
    [[ $stderr == *peak* && $stderr == *"the plot is $host-mem.png"* ]]
}

@test "the exit status is the command's: 0, 3, 126, 127, 139, 143" {
    touch plain
    for status_wanted in '0 true' '3 exit 3' '139 kill -SEGV $$' '143 kill -TERM $$'; do
        run "$run_sh" bash -c "${status_wanted#* }"
        [ "$status" -eq "${status_wanted%% *}" ]
        is_png "$host-mem.png"
    done
    [[ $output == *"bash ended with status 143: signal TERM"* ]]
    [[ $output != *"line "* ]]
    run -127 "$run_sh" no-such-command
    [ "$output" = "run.sh: no-such-command: command not found" ]
    run -126 "$run_sh" ./plain
    [ "$output" = "run.sh: ./plain: cannot be executed" ]
}

@test "standard input and output go through, arguments arrive as they are" {
    run --separate-stderr bash -c "printf 'a\nb\n' | $run_sh cat - | tr ab xy"
    [ "$output" = $'x\ny' ]
    run --separate-stderr "$run_sh" -- printf '<%s>' 'a  b' '' '*' -s
    [ "$output" = '<a  b><><*><-s>' ]
}

@test "a short command still has a record" {
    "$run_sh" true
    [ "$(grep -c '^Mem:' "$log")" -ge 1 ]
    is_png "$host-mem.png"
}

# Puts a stand-in for the program $1 into $path. It creates the file `asked`, waits for the file `go`, then runs the real program.
make_slow() {
    printf '%s\n' '#!/bin/sh' ": >$PWD/asked" "for i in \$(seq 6000); do [ ! -e $PWD/go ] || break; sleep 0.05; done" \
        "exec $(type -P "$1") \"\$@\"" >"$path/slow"
    mv "$path/slow" "$path/$1"
    chmod +x "$path/$1"
}

@test "a short command still has a record if free is slow to start" {
    path=$(make_path_without free)
    make_slow free
    PATH=$path:$PATH "$run_sh" bash -c ': >ran' 3>&- & recorder=$!
    wait_until 20 test -e ran
    : >go
    wait "$recorder"
    [ "$(grep -c '^Mem:' "$log")" -ge 1 ]
    is_png "$host-mem.png"
}

@test "TERM while the sampler starts: one record, at the right time, also where SIGPIPE is ignored, as in services of systemd" {
    path=$(make_path_without date)
    make_slow date
    body=$(sed -n "/^memtrace_sampler='/,/^'/p" "$run_sh" | sed "1s/.*//; \$d")
    for shell in dash bash "dash ignoring" "bash ignoring"; do
        rm -f asked go
        (
            [ "$shell" = "${shell% *}" ] || trap '' PIPE
            PATH=$path:$PATH exec setsid "${shell% *}" -c "$body" memtrace-sampler 0.2 host=x </dev/null >log 3>&-
        ) & pid=$!
        wait_until 20 test -e asked
        kill -TERM -- "-$pid"
        : >go
        wait "$pid" || :
        is_now "$(header start log)"
        [ "$(grep -c '^Mem:' log)" -eq 1 ]
        is_now "$(sed -n 's/^# memtrace end=//p' log)"
    done
}

# Returns true if $1 is a time within this test.
is_now() { awk -v now="$(date +%s)" -v time="$1" 'BEGIN { exit !(time > now - 600 && time < now + 2) }'; }

@test "the command gets none of our file descriptors" {
    run --separate-stderr bash -c "exec 3>&-; ls /proc/self/fd | sort -n | tr '\n' ' '; $run_sh ls /proc/self/fd | sort -n | tr '\n' ' '"
    half=$((${#output} / 2))
    [ "${output:0:half}" = "${output:half}" ]
}

@test "free ends with the command even if a child process lives on" {
    "$run_sh" bash -c 'sleep 300 >/dev/null 2>&1 3>&- & echo $! >child' 3>&-
    none_left free
    kill "$(cat child)"
}

@test "TERM, HUP, USR1 and USR2 are forwarded once each, and there is a plot" {
    env --default-signal=HUP "$run_sh" -s 0.1 bash -c "$cat_of_signals" 3>&- & recorder=$!
    wait_until 10 test -e started
    for name in TERM HUP USR1 USR2; do
        kill -s "$name" "$recorder"
        wait_until 5 grep -qsx "$name" got
    done
    : >stop
    wait "$recorder" || status=$?
    [ "$status" -eq 7 ]
    [ "$(cat got)" = $'TERM\nHUP\nUSR1\nUSR2' ]
    is_png "$host-mem.png"
    grep -q '^# memtrace end=' "$log"
}

@test "the command inherits its signal dispositions: default, or ignored" {
    for how in --default-signal=INT,QUIT,HUP,TERM '--default-signal=INT,QUIT --ignore-signal=HUP,USR1' --ignore-signal=INT,QUIT,TERM; do
        # shellcheck disable=SC2086 # words
        bare=$(env $how grep -E '^Sig(Ign|Blk)' /proc/self/status)
        # shellcheck disable=SC2086 # words
        [ "$(env $how "$run_sh" grep -E '^Sig(Ign|Blk)' /proc/self/status)" = "$bare" ]
    done
}

@test "the command inherits its signal dispositions under bash before 4.3, too" {
    type -P perl >/dev/null || skip "perl is not here"
    # such a bash cannot reset INT and QUIT if they are ignored
    sed 's/ < 403))/ < 9900))/; s/^            trap - .*/trap - TERM HUP USR1 USR2/' "$run_sh" >old.sh
    chmod +x old.sh
    path=$(make_path_without env)
    ln -s "$(type -P perl)" "$path/"
    for how in --default-signal --ignore-signal; do
        bare=$(env $how=INT,QUIT grep -E '^Sig(Ign|Blk)' /proc/self/status)
        [ "$(env $how=INT,QUIT bash old.sh grep -E '^Sig(Ign|Blk)' /proc/self/status)" = "$bare" ]
        [ "$(env $how=INT,QUIT PATH="$path" bash old.sh grep -E '^Sig(Ign|Blk)' /proc/self/status)" = "$bare" ]
    done
    rm "$path/perl"
    run env --default-signal=INT PATH="$path" bash old.sh true
    [ "$status" -eq 0 ]
    [[ $output == *"without perl: Ctrl-C will not reach true"* ]]
}

has_ended() { ! kill -0 "$1" 2>/dev/null; }

# Interrupts run.sh and its command at the same time, as a terminal does; the command ends immediately. Sets `status`.
interrupt_both() {
    rm -f started
    env --default-signal=INT,QUIT setsid "$run_sh" -s 0.1 sh -c 'echo $PPID >started; exec sleep 300' 3>&- & recorder=$!
    wait_until 10 test -s started
    kill -s INT -- "-$recorder"
    wait_until 20 has_ended "$recorder"
    status=0
    wait "$recorder" || status=$?
}

@test "Ctrl-C that ends the command at once: status 130, a plot, no hang" {
    for _ in {1..10}; do
        interrupt_both
        [ "$status" -eq 130 ]
        is_png "$host-mem.png"
        grep -q '^# memtrace end=' "$log"
    done
}

@test "a signal before the command runs: nothing is started, nothing remains" {
    path=$(make_path_without free)
    # Without a record, the command is not started yet; so free itself sends the signal.
    printf '#!/bin/sh\n[ $1 != --help ] || exec echo " -s"\nkill "$(cat recorder)"\nexec sleep 300\n' >"$path/free"
    chmod +x "$path/free"
    for _ in {1..9}; do
        rm -f ran
        PATH=$path:$PATH bash -c 'echo $$ >recorder; exec "$@"' bash "$run_sh" touch ran 3>&- 2>err & recorder=$!
        status=0
        wait "$recorder" || status=$?
        wait_until 5 none_left free sleep
        ! grep 'starting touch anyway' err || continue # the machine was too busy: the signal came too late
        [ "$status" -eq 143 ]
        break
    done
    [ ! -e ran ]
}

@test "INT and QUIT are not passed on: the terminal gives them to the command itself" {
    # env, because bash makes background commands ignore both signals, and they could not reset that
    env --default-signal=INT,QUIT "$run_sh" -s 0.1 bash -c "$cat_of_signals" 3>&- & recorder=$!
    wait_until 10 test -e started
    kill -s INT "$recorder"
    kill -s QUIT "$recorder"
    kill -s USR1 "$recorder"
    wait_until 5 grep -qsx USR1 got
    : >stop
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 7 ]
    [ "$(cat got)" = USR1 ]
}

@test "TERM ends a command without a handler: 143 and the plot" {
    "$run_sh" -s 0.1 bash -c ': >started; exec sleep 300' 3>&- & recorder=$!
    wait_until 10 test -e started
    kill "$recorder"
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 143 ]
    is_png "$host-mem.png"
}

@test "a second TERM while plotting does not lose the plot" {
    printf '#!/bin/sh\n: >plotting\nfor i in $(seq 6000); do [ -e go ] && break; sleep 0.05; done\necho done >plotted\n' >slow
    chmod +x slow
    MEMTRACE=./slow env --default-signal=INT,QUIT "$run_sh" -s 0.1 bash -c ': >started; exec sleep 300' 3>&- & recorder=$!
    wait_until 10 test -e started
    kill "$recorder"
    wait_until 10 test -e plotting
    kill "$recorder"
    kill -QUIT "$recorder"
    kill -HUP "$recorder"
    kill -INT "$recorder"
    : >go
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 143 ]
    [ -e plotted ]
}

@test "KILL of run.sh: free ends and the log is complete" {
    "$run_sh" -s 0.1 bash -c 'echo $$ >started; exec sleep 300' 3>&- & recorder=$!
    wait_until 10 test -s started
    wait_until 10 has_records 1 "$log"
    [ "$(list_left free | wc -l)" -eq 1 ]
    kill -KILL "$recorder"
    wait_until 5 none_left free
    wait_until 5 grep -q '^# memtrace end=' "$log"
    kill "$(cat started)"
}

@test "Ctrl-C at a real terminal: the command gets one INT, reads the terminal, the plot comes" {
    mkfifo keys
    cat >./command <<'END'
#!/bin/bash
trap 'echo INT >>got' INT
test -t 0 && read -r line && echo "$line" >typed
: >started
for i in {1..3000}; do [ ! -e stop ] || exit 9; sleep 0.1; done
END
    chmod +x command
    {
        printf 'hello\n'
        wait_until 10 test -e started && printf '\003'
        wait_until 5 test -s got
        : >stop
        wait_until 10 test -e ended
    } >keys 3>&- &
    status=0
    # exec, because the INT would kill a shell between the terminal and run.sh
    env --default-signal=INT,QUIT script -qec "exec $run_sh -s 0.1 ./command" /dev/null <keys >screen 2>&1 3>&- || status=$?
    : >ended
    [ "$status" -eq 9 ]
    [ "$(cat typed)" = hello ]
    [ "$(cat got)" = INT ]
    is_png "$host-mem.png"
    grep -q 'the plot is' screen
}

@test "ignored signals stay ignored: nohup" {
    nohup "$run_sh" -s 0.1 bash -c ': >started; for i in {1..3000}; do [ ! -e stop ] || exit 0; sleep 0.1; done' >/dev/null 2>&1 3>&- & recorder=$!
    wait_until 10 test -e started
    kill -HUP "$recorder"
    : >stop
    wait "$recorder"
    is_png "$host-mem.png"
}

@test "without free the same table comes from /proc/meminfo, and the message names the package" {
    path=$(make_path_without free)
    PATH=$path run "$run_sh" -s 0.2 bash -c 'echo ran; $recorded 2 $log; exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *ran* && $output == *"no 'free' in PATH (package procps); reading /proc/meminfo instead"* ]]
    [ "$(header source "$log")" = meminfo ]
    has_records 2 "$log"
    [[ $output == *"the plot is $host-mem.png"* ]]
}

@test "a free without -s (busybox) is called repeatedly" {
    type -P busybox >/dev/null || skip "busybox is not here"
    path=$(make_path_without free)
    printf '#!/bin/sh\nexec %s free "$@"\n' "$(type -P busybox)" >"$path/free"
    chmod +x "$path/free"
    PATH=$path run "$run_sh" -s 0.1 "$recorded" 3 "$log"
    [ "$status" -eq 0 ]
    awk -v start="$(header start "$log")" '/Mem:/ { n++ } /^# memtrace end=/ { sub(/.*end=/, ""); end = $1 }
        END { exit !(end > start && n < (end - start) / 0.1 + 3) }' "$log"
    is_png "$host-mem.png"
}

@test "an old free, without --help, is recognised by its usage text" {
    path=$(make_path_without free)
    cat >"$path/free" <<'END'
#!/bin/sh
case $1 in
--help) echo "usage: free [-b|-k|-m|-g] [-l] [-o] [-t] [-s delay] [-c count] [-V]" >&2; exit 1 ;;
-s) echo "$*" >>asked; exec env PATH=/usr/bin:/bin free "$@" ;;
esac
exit 1
END
    chmod +x "$path/free"
    PATH=$path run "$run_sh" -s 0.1 "$recorded" 1 "$log"
    [ "$status" -eq 0 ]
    [ "$(cat asked)" = "-s 0.1" ]
    is_png "$host-mem.png"
}

@test "a failing free: the command runs anyway" {
    path=$(make_path_without free)
    printf '#!/bin/sh\nexit 1\n' >"$path/free"
    chmod +x "$path/free"
    PATH=$path run "$run_sh" -s 0.1 bash -c '$recorded 1 $log; exit 3'
    [ "$status" -eq 3 ]
    grep -q '^# memtrace 1 .*source=meminfo' "$host-mem.log" # the same table, from the kernel's own figures
    is_png "$host-mem.png"
}

@test "a full disk: the command runs, its status is returned" {
    mount_small_disk size=4k
    head -c 100000 /dev/zero >filler 2>/dev/null || :
    run "$run_sh" bash -c 'echo ran; exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *ran* && $output == *"cannot write $log (No space left on device); running bash without recording; use -l LOG for another place"* ]]
}

@test "a disk that fills up during the run: the status is kept, the log has the samples before that" {
    mount_small_disk size=12k
    run "$run_sh" -s 0.05 -o "$BATS_TEST_TMPDIR/work/out.png" bash -c '$recorded 3 $log; head -c 100000 /dev/zero >filler; sleep 0.4; exit 3' 2>/dev/null
    [ "$status" -eq 3 ]
    has_records 3 "$log"
    is_png "$BATS_TEST_TMPDIR/work/out.png"
}

@test "a read-only folder: the command runs, its status is returned" {
    mount_small_disk size=12k
    mount -o remount,ro "$BATS_TEST_TMPDIR/disk"
    run "$run_sh" bash -c 'echo ran; exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *ran* && $output == *"cannot write $log (Read-only file system)"* ]]
}

@test "if plotting fails, only a warning is printed, with the command to try again" {
    MEMTRACE=false run "$run_sh" -s 0.5 bash -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *"no plot; the log is $log; to try again: $(type -P false) --files $log --samp 0.5 --save $host-mem.png"* ]]
}

@test "MEMTRACE names the plotter, which gets the log, the interval and the name of the plot" {
    printf '#!/bin/sh\nprintf "%%s\\n" "$@" >arguments\n' >other
    chmod +x other
    MEMTRACE=./other "$run_sh" -s 2 -l a.log -o b.svg true
    [ "$(paste -sd' ' arguments)" = "--files a.log --samp 2 --save b.svg" ]
    MEMTRACE=./other "$run_sh" -l a.log bash -c 'echo "$(date +%s) solve" >>"$MEMTRACE_MARKS"'
    [ "$(paste -sd' ' arguments)" = "--files a.log --samp 1 --save a.png --marks $PWD/a.marks" ]
    MEMTRACE=./other "$run_sh" -l a.log true
    [ "$(paste -sd' ' arguments)" = "--files a.log --samp 1 --save a.png" ]
    MEMTRACE=./nothing run "$run_sh" true
    [ "$status" -eq 0 ]
    [[ $output == *"MEMTRACE=./nothing is not a program; looking for another"*"the plot is"* ]]
}

@test "the command's events are drawn" {
    MEMTRACE_MARKS=$PWD/events run "$run_sh" -s 0.1 -o m.svg bash -c 'echo "$(date +%s.%N) assemble" >>"$MEMTRACE_MARKS"; $recorded 2 $log'
    [ "$status" -eq 0 ]
    [ -s events ]
    [[ $output == *"the plot is m.svg"* ]]
    MEMTRACE_MARKS=$PWD/bad run "$run_sh" -s 0.1 bash -c 'echo no time >"$MEMTRACE_MARKS"' # costs the events, not the plot
    [[ $output == *"bad:1: expected an event"*"drawing without the events of $PWD/bad"*"the plot is $host-mem.png"* ]]
    MEMTRACE_MARKS=$PWD run "$run_sh" -s 0.1 true
    [[ $output == *"the plot is $host-mem.png"* && $output != *events* ]]
}

@test "an existing log is kept as .old; one in use is not touched" {
    "$run_sh" true
    sum=$(cksum <"$log")
    "$run_sh" true
    [ "$(cksum <"$log.old")" = "$sum" ]
    "$run_sh" -s 0.1 bash -c ': >started; for i in {1..3000}; do [ ! -e stop ] || exit 0; sleep 0.1; done' 3>&- & recorder=$!
    wait_until 10 test -e started
    run "$run_sh" -s 0.1 sleep 0.2
    [ "$status" -eq 0 ]
    [[ $output == *"$log is being written by another run; using $host-"*"-mem.log"* ]]
    : >stop
    wait "$recorder"
    set -- ./*-mem.log
    [ $# -eq 2 ]
    for file in ./*-mem.log; do
        [ "$(grep '^# memtrace 1 ' "$file" | grep -vc ' gap=')" -eq 1 ] # a busy machine may make gaps
        [ "$(grep -c '^# memtrace end=' "$file")" -eq 1 ]
    done
}

@test "in a Slurm job the header carries its id, name and memory" {
    SLURM_JOB_ID=47 SLURM_JOB_NAME='two words' SLURM_MEM_PER_NODE=4000 "$run_sh" true
    [ "$(header job "$log")" = 47 ]
    [ "$(header name "$log")" = two%20words ]
    [ "$(header limit "$log")" = 4000M ]
    SLURM_JOB_ID=47 SLURM_MEM_PER_CPU=100 SLURM_CPUS_ON_NODE=4 "$run_sh" true
    [ "$(header limit "$log")" = 400M ]
}

@test "wrong usage: status 2, one line, nothing written" {
    for arguments in '' '-s' '-s 0 true' '-s nan true' '-s 1e3 true' '-s -1 true' '-x true' '-o' '-s 100000000 true' '-s .0000001 true' \
        '-s 0.0000000 true' '-s . true' '-s 1.2.3 true'; do
        # shellcheck disable=SC2086 # words
        run "$run_sh" $arguments
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
        [[ $output == run.sh:*"see 'run.sh --help'" ]]
    done
    for how in BASH_COMPAT=3.1 BASHOPTS=compat31; do # quotes in patterns had another meaning
        run -2 env "$how" "$run_sh" -s -1 true
        run -2 env "$how" "$root/slurm.sh" -s -1 4711
        [[ $output != *squeue* ]]
    done
    [ ! "$(ls)" ]
    run -0 --separate-stderr "$run_sh" --help
    [[ $output == Usage:* && ! $stderr ]]
}

@test "installed under another name and called through links, it finds memtrace" {
    mkdir -p usr/bin links "odd name"
    cp "$run_sh" usr/bin/memtrace-run
    cp "$root/memtrace" usr/bin/
    ln -s ../usr/bin/memtrace-run links/one
    ln -s ../links/one "odd name/two"
    run "odd name/two" true
    [ "$status" -eq 0 ]
    [[ $output == *"two: the plot is $host-mem.png"* ]]
    mkdir path
    mv usr/bin/memtrace path/
    PATH=$PWD/path:$PATH run usr/bin/memtrace-run --setup
    [ "$output" = "memtrace-run: ready: $PWD/path/memtrace" ]
    run usr/bin/memtrace-run bash -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *"no memtrace in $PWD/usr/bin or PATH; set MEMTRACE=/path/to/memtrace"*"memtrace not found, no plot; the log is $log"* ]]
}

@test "--setup names missing packages if it is not permitted to install them" {
    mkdir tree
    cp "$run_sh" tree/
    touch tree/Makefile
    path=$(make_path_without make free)
    printf '#!/bin/sh\nexit 1\n' | tee "$path/sudo" "$path/apt-get" >"$path/dnf"
    chmod +x "$path"/{sudo,apt-get,dnf}
    if ((EUID == 0)); then
        chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
        as=(setpriv --reuid=65534 --regid=65534 --clear-groups)
    else
        as=()
    fi
    run "${as[@]}" env PATH="$path" "$PWD/tree/run.sh" --setup
    [ "$status" -eq 1 ]
    [ "$output" = "run.sh: missing: a C compiler, make, pkg-config, cairo, freetype2, libpng, zlib, free; ask an administrator to run: apt-get install -y --no-install-recommends gcc libc6-dev make pkg-config libcairo2-dev libpng-dev zlib1g-dev procps; without root, put a static memtrace into $PWD/tree or set MEMTRACE=/path/to/memtrace" ]
    chmod 777 .
    run "${as[@]}" env PATH="$path" "$PWD/tree/run.sh" true # free is installed along with what the plot needs
    [[ ${lines[0]} == *" libpng, zlib, free; ask "*" zlib1g-dev procps; without root, "* ]]
    rm "$path/apt-get" "$path/dnf"
    run "${as[@]}" env PATH="$path" "$PWD/tree/run.sh" --setup
    [ "$status" -eq 1 ]
    [[ $output == *"install them with the package manager; without root, "* ]]
}

@test "--setup builds a missing memtrace, once" {
    mkdir tree
    cp "$run_sh" tree/
    printf 'memtrace:\n\techo made >>count; printf "#!/bin/sh\\n" >memtrace; chmod +x memtrace\n' >tree/Makefile
    tree/run.sh --setup 3>&- & first=$!
    run tree/run.sh --setup
    [ "$status" -eq 0 ]
    [[ $output == *"ready: $PWD/tree/memtrace" ]]
    wait "$first"
    [ "$(cat tree/count)" = made ]
}

# ---- what the command sees ----

@test "the command inherits its environment unchanged, even variables named like ours" {
    local -a names=(log=L out=O host=H name=N interval=I command=C home=HM memtrace=M rest=RR signals=S program=P status=ST REPLY=R stage=G)
    env "${names[@]}" env | grep -vE '^(_|MEMTRACE_MARKS)=' | sort >before
    env "${names[@]}" "a.b=1" "SHELLOPTS=nounset:errexit" "$run_sh" env >after
    grep -qx 'a.b=1' after
    grep -qx 'SHELLOPTS=nounset:errexit' after
    grep -vE '^(_|MEMTRACE_MARKS|SHELLOPTS|a.b)=' after | sort | cmp - before
    printf '#!/bin/sh\necho "$0"\n' >script
    chmod +x script
    [ "$("$run_sh" ./script)" = ./script ]
}

@test "variables and functions of the environment do not disturb the recorder" {
    for how in SHELLOPTS=errexit POSIXLY_CORRECT=1 CDPATH=/tmp:/; do
        run env "$how" "$run_sh" -s 0.1 bash -c 'exit 3'
        [ "$status" -eq 3 ]
        [[ $output == *"the plot is $host-mem.png"* ]]
    done
    run bash -e "$run_sh" -s 0.1 bash -c 'exit 3'
    [ "$status" -eq 3 ]
    run bash -c 'cd() { echo moved; }; read() { false; }; printf() { false; }; kill() { false; }; export -f cd read printf kill
        "$1" -s 0.1 bash -c "declare -F cd kill; exit 3"' bash "$run_sh"
    [ "$status" -eq 3 ]
    [[ $output == *$'cd\nkill'*"the plot is $host-mem.png"* ]]
    run env 'BASH_FUNC_unset%%=() { : >called; }' 'BASH_FUNC_set%%=() { : >called; }' 'BASH_FUNC_echo%%=() { : >called; }' "$run_sh" -s 0.1 true
    [[ $status == 0 && ! -e called && $output == *"the plot is $host-mem.png"* ]]
    run env 'BASH_FUNC_unset%%=() { : >called; }' 'BASH_FUNC_set%%=() { : >called; }' "$root/slurm.sh" --version
    [[ $status == 0 && ! -e called ]]
}

@test "exported options of bash do not reach the recorder, whose processes then would not end with it" {
    mkdir bin
    printf '#!/bin/sh\nenv >free.env\nexec %s "$@"\n' "$(type -P free)" >bin/free && chmod +x bin/free
    run env PATH="$PWD/bin:$PATH" SHELLOPTS=errexit BASHOPTS=nullglob "$run_sh" -s 0.1 sh -c 'env >command.env; exit 3'
    [ "$status" -eq 3 ]
    [ "$(grep -cE '^(SHELL|BASH)OPTS=' free.env)" -eq 0 ]
    [ "$(grep -cxE 'SHELLOPTS=errexit|BASHOPTS=nullglob' command.env)" -eq 2 ]
    grep -q '^# memtrace end=.* status=3 ' "$log"
}

@test "a locale that is not installed: at most bash itself warns, once, when it starts" {
    for tool in squeue scontrol srun; do
        printf '#!/bin/sh\necho busy >&2\nexit 1\n' >"$tool" && chmod +x "$tool"
    done
    LC_ALL=xx_XX.UTF-8 PATH=$PWD:$PATH "$root/slurm.sh" 4711 2>err || :
    grep -q 'squeue failed: busy' err
    LC_ALL=xx_XX.UTF-8 "$run_sh" -s 0.1 true 2>>err
    [ "$(grep -c 'setlocale' err)" -le 2 ]
    [ "$(grep -c ': line [0-9]*: ' err)" -eq 0 ]
}

@test "an exported TMOUT does not end the recording" {
    TMOUT=1 "$run_sh" -s 1.4 "$recorded" 3 "$log"
}

@test "another shell or an old bash is refused at once" {
    for shell in dash zsh 'busybox sh'; do
        type -P "${shell%% *}" >/dev/null || continue
        # shellcheck disable=SC2086 # words
        run $shell "$run_sh" true
        [ "$status" -eq 2 ]
        [[ $output == "run.sh: needs bash 4.2 or later, not this shell"* ]]
    done
    sed 's/BASH_VERSION/OLD_VERSION/g' "$run_sh" >old.sh
    OLD_VERSION='3.2.57(1)-release' run bash old.sh true
    [ "$status" -eq 2 ]
    [[ $output == "old.sh: needs bash 4.2 or later, not 3.2.57(1)-release"* ]]
}

@test "closed standard streams affect neither the command nor its status" {
    run bash -c '"$1" bash -c "exit 3" <&- >&- 2>&-' bash "$run_sh"
    [ "$status" -eq 3 ]
    { "$run_sh" bash -c 'sleep 0.3; exit 3' || echo $? >status; } 2>&1 >/dev/null | true
    [ "$(cat status)" = 3 ]
    is_png "$host-mem.png"
}

@test "a command whose name begins with -" {
    mkdir bin
    printf '#!/bin/sh\necho zero "$@"\n' >bin/-zero
    chmod +x bin/-zero
    PATH=$PWD/bin:$PATH run --separate-stderr "$run_sh" -- -zero 1
    [ "$status" -eq 0 ]
    [ "$output" = "zero 1" ]
}

@test "a file size limit: the command runs, its status is returned" {
    run bash -c 'ulimit -f 0; "$1" bash -c "exit 3" 2>&1 | cat; echo "${PIPESTATUS[0]}"' bash "$run_sh"
    [[ $output == *"cannot write $log (File too large); running bash without recording"*3 ]]
}

@test "if no process can be created, the command replaces run.sh" {
    ((EUID == 0)) || skip "another user needs root"
    chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
    chmod a+rwx .
    cp "$run_sh" .
    run setpriv --reuid=65533 --regid=65533 --clear-groups bash -c "ulimit -u 1; MEMTRACE=/bin/true exec ./run.sh sh -c 'echo ran; exit 3'"
    [[ $output == *"cannot start processes; running sh without recording"*ran* ]]
    [ "$status" -eq 3 ]
}

# ---- signals ----

@test "a signal to the process group reaches the command once; ALRM, XCPU and others are forwarded" {
    cat >command.py <<'END'
import os, signal, time
got = open("got", "a", 1)
for name in "TERM HUP USR1 USR2 INT ALRM XCPU VTALRM PWR".split():
    signal.signal(getattr(signal, "SIG" + name), lambda n, f: got.write(signal.Signals(n).name[3:] + "\n"))
open("started", "w")
end = time.time() + 300
while not os.path.exists("stop") and time.time() < end:
    time.sleep(0.05)
raise SystemExit(7)
END
    env --default-signal setsid "$run_sh" -s 0.5 python3 command.py 3>&- & recorder=$!
    wait_until 20 test -e started
    for name in ALRM XCPU VTALRM PWR; do
        kill -s "$name" "$recorder"
        wait_until 5 grep -qsx "$name" got
    done
    : >got
    for name in USR1 TERM INT HUP USR2; do
        kill -s "$name" -- "-$recorder"
        wait_until 5 grep -qsx "$name" got
    done
    sleep 1 # a second one would come now
    : >stop
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 7 ]
    [ "$(cat got)" = $'USR1\nTERM\nINT\nHUP\nUSR2' ]
    is_png "$host-mem.png"
}

@test "a signal to the process group reaches the command once, even if the witness reports it late" {
    env --default-signal setsid "$run_sh" -s 0.1 bash -c "$cat_of_signals" 3>&- & recorder=$!
    wait_until 20 test -e started
    witness=$(pgrep -o -P "$recorder")
    kill -STOP "$witness"
    kill -s USR1 -- "-$recorder"
    wait_until 5 grep -qsx USR1 got
    sleep 1 # a second one would come now
    kill -CONT "$witness"
    kill -s USR2 "$recorder" # run.sh handles it after the witness's report
    wait_until 5 grep -qsx USR2 got
    : >stop
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 7 ]
    [ "$(cat got)" = $'USR1\nUSR2' ]
}

@test "signals that arrive while another is being forwarded are forwarded, too, and nothing hangs" {
    for delay in 0 0.1; do
        rm -f started got stop
        "$run_sh" -s 0.1 bash -c "$cat_of_signals" 3>&- & recorder=$!
        wait_until 20 test -e started
        for name in USR1 USR2 HUP; do
            kill -s "$name" "$recorder"
            sleep "$delay"
        done
        for name in USR1 USR2 HUP; do
            wait_until 5 grep -qsx "$name" got
        done
        : >stop
        status=0
        wait_until 20 has_ended "$recorder"
        wait "$recorder" || status=$?
        [ "$status" -eq 7 ]
        [ "$(sort got | xargs)" = "HUP USR1 USR2" ]
    done
}

@test "a plotter that hangs ends after TERM" {
    printf '#!/bin/sh\ntrap "" TERM INT\n: >plotting\nexec sleep 300\n' >hang
    chmod +x hang
    MEMTRACE=./hang "$run_sh" bash -c 'exit 4' 3>&- & recorder=$!
    wait_until 20 test -e plotting
    kill "$recorder"
    status=0
    wait_until 20 has_ended "$recorder"
    wait "$recorder" || status=$?
    [ "$status" -eq 4 ]
    none_left sleep
}

@test "a memtrace that hangs on --version is not used; one that writes no file counts as a failed plot" {
    printf '#!/bin/sh\nexec sleep 300\n' >memtrace
    chmod +x memtrace
    cp "$run_sh" .
    PATH=$(make_path_without) run ./run.sh bash -c 'exit 4'
    [ "$status" -eq 4 ]
    [[ $output == *"memtrace not found, no plot"* ]]
    printf '#!/bin/sh\n' >memtrace
    run ./run.sh bash -c 'exit 4'
    [ "$status" -eq 4 ]
    [[ $output != *"the plot is"* && $output == *"no plot; the log is $log"* ]]
}

# ---- logs and plots ----

@test "eight recorders started together in one folder write eight complete logs" {
    for _ in {1..8}; do # none ends before all have started
        MEMTRACE=true "$run_sh" -s 0.2 bash -c 'for i in {1..1500}; do [ $(ls *.log | wc -l) -lt 8 ] || exit 0; sleep 0.2; done' 2>/dev/null 3>&- &
    done
    wait
    set -- ./*-mem.log
    [ $# -eq 8 ]
    [ ! -e "$log.old" ]
    for file in ./*-mem.log; do
        [ "$(grep '^# memtrace 1 ' "$file" | grep -vc ' gap=')" -eq 1 ] # a busy machine may make gaps
        [ "$(grep -c '^# memtrace end=' "$file")" -eq 1 ]
        [ "$(grep -c 'Mem:' "$file")" -eq "$(grep -c 'Swap:' "$file")" ]
    done
}

@test "a killed free: the log ends there, with a warning" {
    run "$run_sh" -s 0.2 bash -c '$recorded 2 $log
        for p in $(pgrep -x free); do grep -qz "^MEMTRACE_TEST=$MEMTRACE_TEST\$" /proc/$p/environ && kill -KILL $p; done
        for i in {1..3000}; do ! grep -q "^# memtrace end=" $log || exit 0; sleep 0.05; done; exit 99'
    [ "$status" -eq 0 ] # the log ended before the command
    [[ $output == *"free ended before bash; $log ends early"* ]]
}

@test "a suspension of the recording appears as a gap, with a warning" {
    run "$run_sh" -s 0.2 bash -c '$recorded 2 $log
        for p in $(pgrep -x free); do grep -qz "^MEMTRACE_TEST=$MEMTRACE_TEST\$" /proc/$p/environ && group=$(ps -o pgid= -p $p); done
        kill -STOP -- -$((group)); sleep 2; kill -CONT -- -$((group)); $recorded $(($(grep -c Mem: $log) + 2)) $log'
    [[ $output == *"the recording paused for "*" s in total"* ]]
    grep -qE '^# memtrace 1 .* gap=[1-9]' "$log"
}

@test "a free that prints without pausing does not fill the disk" {
    path=$(make_path_without free)
    cat >"$path/free" <<'END'
#!/usr/bin/env bash
while echo "               total        used        free      shared  buff/cache   available
Mem:        24683620      523388    23331676        8952     1135464    24160232
Swap:              0           0           0
"; do :; done
END
    chmod +x "$path/free"
    PATH=$path:$PATH MEMTRACE=true run "$run_sh" bash -c 'for i in {1..3000}; do ! grep -q "^# memtrace end=" $log || exit 0; sleep 0.1; done; exit 99'
    [ "$status" -eq 0 ] # the recording stopped by itself
    [[ $output == *"free prints without pausing; $log ends early"* ]]
    [ "$(stat -c %s "$log")" -lt 1000000 ]
}

@test "an interval longer than free accepts" {
    "$run_sh" -s 4295 true
    [ "$(grep -c '^Mem:' "$log")" -eq 1 ]
    [ "$(header interval "$log")" = 4295 ]
    none_left sleep
}

@test "-l gives the label; an earlier plot is kept; names may begin with -" {
    run "$run_sh" -l before.log -o a.svg true
    [[ $output == *"before · "*"the plot is a.svg, the log is before.log"* ]]
    [ "$(header host before.log)" = before ]
    [ "$(header node before.log)" = "$host" ]
    sum=$(cksum <a.svg)
    "$run_sh" -l before.log -o a.svg true
    [ "$(cksum <a.svg.old)" = "$sum" ]
    run "$run_sh" -l -x-mem.log -o -y.svg true
    [[ $output == *"-x · "*"the plot is ./-y.svg, the log is ./-x-mem.log"* ]]
}

@test "an -o that cannot be written to is refused before the command runs" {
    for out in x.foo nowhere/x.png . - work.png/; do
        run "$run_sh" -o "$out" touch ran
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
        [[ $output == "run.sh: -o"* ]]
    done
    [ ! "$(ls)" ]
    "$run_sh" -o plain touch ran
    is_png plain.png
}

@test "--version names the release" {
    run -0 "$run_sh" --version
    [ "$output" = "run.sh of $("$root/memtrace" -V | head -n 1)" ]
}

# ---- the memory of the job ----

has_rows() { (($(grep -c '^Mem:' log) >= $1)); }

# sampler SHELL RECORDS ARGUMENT...: runs only the sampler, in SHELL, until ./log has RECORDS records and, if $wanted is set, contains
# that text, which the shell writes some time after free's rows. If the function `midway` exists, calls it then and waits for twelve
# more records.
sampler() {
    local body pid
    body=$(sed -n "/^memtrace_sampler='/,/^'/p" "$run_sh" | sed "1s/.*//; \$d")
    : >log
    # shellcheck disable=SC2086 # words
    setsid $1 -c "$body" memtrace-sampler "${@:3}" </dev/null >log 3>&- & pid=$!
    wait_until 20 has_rows "$2"
    [ -z "${wanted-}" ] || wait_until 20 grep -q "$wanted" log
    if declare -F midway >/dev/null; then
        midway
        wait_until 20 has_rows $(($2 + 12))
    fi
    kill -TERM -- "-$pid"
    wait_until 5 has_ended "$pid" || kill -KILL -- "-$pid"
    wait "$pid" || :
}

each_shell() {
    for shell in dash 'busybox sh' bash; do
        ! type -P "${shell%% *}" >/dev/null || echo "$shell"
    done
}

# Makes the cgroup v2 tree of a Slurm job: limit 1 GiB, current use 500 MiB.
make_v2_tree() {
    export MEMTRACE_TEST_CGROUP=$PWD/cgroup MEMTRACE_TEST_PROC=$PWD/proc
    job=cgroup/system.slice/n1_slurmstepd.scope/job_1
    mkdir -p $job/step_0/user/task_0 proc/self
    echo 0::/system.slice/n1_slurmstepd.scope/job_1/step_0/user/task_0 >proc/self/cgroup
    : >proc/self/mountinfo
    echo max >$job/step_0/memory.max
    echo 1073741824 | tee $job/memory.max >$job/step_0/user/memory.max
    echo 524288000 >$job/memory.current
    printf '%s\n' 'anon 300' 'file 5' 'shmem 1048576' 'inactive_file 104857600' 'active_file 52428800' 'unevictable 0' \
        'slab_reclaimable 1048576' 'slab 99' >$job/memory.stat
    printf '%s\n' 'low 0' 'max 53' 'oom 1' 'oom_kill 2' >$job/memory.events
    echo 1048576 >$job/memory.swap.current
    echo 2097152 >$job/memory.swap.max
}

@test "cgroup v2: the job's rows in the table of free, and its kills, in every shell" {
    make_v2_tree
    midway() { printf 'oom_kill 4\n' >events && mv events "$job/memory.events"; } # atomically, as in a cgroup
    while read -r shell; do
        printf 'oom_kill 2\n' >$job/memory.events
        sampler "$shell" 2 0.1 host=x facts=pid=3 limit=40M top=no
        [[ $(head -n 1 log) =~ ^'# memtrace 1 host=x start='[0-9.]+' interval=0.1 pid=3 cgroup=v2 limit=1073741824'$ ]]
        [ "$(grep -m 1 Job: log)" = 'Job:         1048576      357376      536576        1024      154624      691200' ]
        [ "$(grep -m 1 Jobswap: log)" = 'Jobswap:        2048        1024        1024' ]
        [ "$(grep -c oom_kill log)" -eq 1 ]
        grep -qx '# memtrace oom_kill=2' log
    done < <(each_shell)
}

@test "a suspension while a record is written is a gap, output that is only blocked is none" {
    make_v2_tree
    rm $job/memory.swap.current
    mkfifo $job/memory.swap.current # read once a record, after its time has been taken
    path=$(make_path_without free)
    cat >"$path/free" <<'END'
#!/usr/bin/env bash
exec 7</proc/self/fd/1
for record in 1 2 3 4 5; do
    until [ -e "record.$record" ]; do sleep 0.05; done
    echo "               total        used        free      shared  buff/cache   available
Mem:        24683620      523388    23331676        8952     1135464    24160232
Swap:              0           0           0
"
    while read -rt 0 -u 7; do sleep 0.05; done # the sampler reads the blank line when it has written the record
    : >"written.$record"
done
exec sleep 1000
END
    chmod +x "$path/free"
    body=$(sed -n "/^memtrace_sampler='/,/^'/p" "$run_sh" | sed "1s/.*//; \$d")
    while read -r shell; do
        rm -f record.* written.*
        echo 100.00 1 >proc/uptime
        # shellcheck disable=SC2086 # words
        PATH=$path:$PATH setsid $shell -c "$body" memtrace-sampler 0.2 host=x top=no </dev/null >log 3>&- & pid=$!
        # For each record, the time when free prints it and the time when it has been written.
        record=0
        for times in '100.00 100.01' '100.20 103.20' '103.40 103.41' '103.60 105.60' '105.60 105.60'; do
            echo "${times% *} 1" >proc/uptime
            record=$((record + 1))
            : >"record.$record"
            exec {swap}>$job/memory.swap.current # waits until it is read
            echo "${times#* } 1" >proc/uptime
            echo 1048576 >&"$swap"
            exec {swap}>&-
            wait_until 20 test -e "written.$record"
        done
        kill -TERM -- "-$pid"
        wait_until 5 has_ended "$pid" || kill -KILL -- "-$pid"
        wait "$pid" || :
        [ "$(grep -c '^# memtrace 1 ' log)" -eq 2 ]
        grep -q '^# memtrace 1 .* gap=3\.00' log
        [ "$(grep -n 'gap=' log | cut -d : -f 1)" -lt "$(grep -n '^Mem:' log | sed -n '3s/:.*//p')" ]
    done < <(each_shell)
}

@test "page cache that memory.stat does not contain yet does not count as used; a jump that lasts does" {
    make_v2_tree
    mkdir bin
    printf '%s\n' '#!/bin/sh' "[ \"\$1\" != 0.05 ] || [ ! -e new.stat ] || mv new.stat $job/memory.stat" "exec $(type -P sleep) \"\$@\"" >bin/sleep
    chmod +x bin/sleep
    midway() { # 500 MB of page cache, then of used memory
        sed 's/^inactive_file .*/inactive_file 604857600/' $job/memory.stat >new.stat
        echo 1024288000 >current && mv current $job/memory.current
        wait_until 20 test ! -e new.stat
        wait_until 20 has_rows $(($(grep -c '^Mem:' log) + 2))
        sed 's/^inactive_file .*/inactive_file 104857600/' $job/memory.stat >used.stat && mv used.stat $job/memory.stat
        wait_until 20 grep -q '^Job:.* 845657 ' log
    }
    while read -r shell; do
        echo 524288000 >$job/memory.current
        PATH=$PWD/bin:$PATH sampler "$shell" 2 0.1 host=x top=no
        [ "$(awk '/^Job:/ { print $3 }' log | uniq | xargs)" = "357376 845657" ]
    done < <(each_shell)
}

@test "the job's group has the lowest limit and is the topmost of equals; login sessions, daemons and groups without a limit do not count" {
    make_v2_tree
    limit() {
        sampler dash 1 0.1 top=no >/dev/null
        sed -nE '1s/.* limit=([0-9]+)$/\1/p' log
    }
    echo max >$job/memory.max # a step of Slurm has the limit of its job
    [ ! "$(limit)" ]
    mkdir -p cgroup/a.slice/b.scope/c
    echo 0::/a.slice/b.scope/c >proc/self/cgroup
    echo max >cgroup/a.slice/b.scope/c/memory.max
    echo 2000000 >cgroup/a.slice/b.scope/memory.max
    echo 2000000 >cgroup/a.slice/memory.max
    [ "$(limit)" = 2000000 ]
    echo 1000000 >cgroup/a.slice/b.scope/memory.max
    [ "$(limit)" = 1000000 ]
    for name in user.slice user-1000.slice session-3.scope user@1000.service sshd.service; do
        mkdir -p "cgroup/$name"
        echo "0::/$name" >proc/self/cgroup
        echo 3000000 >"cgroup/$name/memory.max"
        [ ! "$(limit)" ]
    done
    echo 0::/../../elsewhere >proc/self/cgroup # as in a cgroup namespace
    echo 4000000 >cgroup/memory.max
    [ "$(limit)" = 4000000 ]
    rm -r proc/self cgroup
    [ ! "$(limit)" ]
    grep -q Mem: log
}

@test "a step of Slurm without a group of its own has no job row" {
    make_v2_tree
    mkdir -p cgroup/memory/system.slice/slurmd.service
    echo 5000000 >cgroup/memory/system.slice/slurmd.service/memory.limit_in_bytes
    echo 4:memory:/system.slice/slurmd.service >proc/self/cgroup
    sampler dash 1 0.1 top=no
    grep -q Mem: log
    run ! grep -qE 'Job:|limit=' log
}

@test "cgroup v1: total_ values, swap within memsw" {
    make_v2_tree
    job=cgroup/memory/slurm_n1/uid_2001/job_1
    mkdir -p $job/step_0/task_0
    echo 4:cpu,memory:/slurm_n1/uid_2001/job_1/step_0/task_0 >proc/self/cgroup
    echo 1073741824 >$job/memory.limit_in_bytes
    echo 1074790400 >$job/memory.memsw.limit_in_bytes
    echo 1 >$job/memory.memsw.usage_in_bytes
    echo 524288000 >$job/memory.usage_in_bytes
    printf '%s\n' 'cache 0' 'inactive_file 0' 'total_cache 1' 'total_shmem 1048576' 'total_swap 524288' 'total_inactive_file 104857600' \
        'total_active_file 52428800' 'total_unevictable 0' >$job/memory.stat
    printf 'oom_kill 0\n' >$job/memory.oom_control
    midway() { printf 'under_oom 0\noom_kill 1\n' >control && mv control $job/step_0/task_0/memory.oom_control; } # atomically
    while read -r shell; do
        rm -f $job/step_0/task_0/memory.oom_control
        sampler "$shell" 2 0.1 host=x top=no
        [[ $(head -n 1 log) == *' cgroup=v1 limit=1073741824' ]]
        [ "$(grep -m 1 Job: log)" = 'Job:         1048576      358400      536576        1024      153600      690176' ]
        [ "$(grep -m 1 Jobswap: log)" = 'Jobswap:        1024         512         512' ]
        grep -qx '# memtrace oom_kill=1' log
    done < <(each_shell)
}

@test "without free the table comes from /proc/meminfo, with used as in procps 4" {
    mkdir -p proc/self
    printf '%s\n' 'MemTotal: 1000000 kB' 'MemFree: 300000 kB' 'MemAvailable: 600000 kB' 'Buffers: 10000 kB' 'Cached: 250000 kB' \
        'Shmem: 5000 kB' 'SwapTotal: 2000 kB' 'SwapFree: 500 kB' 'SReclaimable: 40000 kB' 'Slab: 1 kB' >proc/meminfo
    export MEMTRACE_TEST_PROC=$PWD/proc
    path=$(make_path_without free)
    for shell in dash busybox setsid; do ln -sf "$(type -P $shell)" "$path/"; done
    while read -r shell; do
        PATH=$path sampler "$shell" 2 0.2 host=x top=no
        [[ $(head -n 1 log) == *' source=meminfo' ]]
        [ "$(sed -n '2,4p' log)" = \
            '               total        used        free      shared  buff/cache   available
Mem:         1000000      400000      300000        5000      300000      600000
Swap:           2000        1500         500' ]
    done < <(each_shell)
}

@test "the three largest processes of the job are recorded, with encoded names; --no-top" {
    make_v2_tree
    for number in 11 12 13 14; do
        mkdir "proc/$number"
        echo "9999 $((number * 100)) 1 1 0 1 0" >"proc/$number/statm"
        echo "solver $number:x" >"proc/$number/comm"
    done
    printf '11\n12\n' >$job/step_0/user/task_0/cgroup.procs
    printf '13\n99\n14\n' >$job/step_0/cgroup.procs
    kib=$(($(getconf PAGESIZE) * 100 / 1024))
    while read -r shell; do
        wanted=top= sampler "$shell" 2 0.1 host=x
        [ "$(grep top= log)" = "# memtrace top=solver%2014%3Ax:14:$((14 * kib)),solver%2013%3Ax:13:$((13 * kib)),solver%2012%3Ax:12:$((12 * kib))" ]
    done < <(each_shell)
    unset MEMTRACE_TEST_PROC MEMTRACE_TEST_CGROUP
    "$run_sh" -s 0.2 -l with.log bash -c '$recorded 3 with.log'
    grep -qE '^# memtrace top=[^:]+:[0-9]+:[0-9]+' with.log
    "$run_sh" --no-top -l without.log true
    run ! grep -q top= without.log
}

@test "without a group, the three largest descendants of the command are recorded, orphans included, and no others" {
    make_v2_tree
    echo 0::/ >proc/self/cgroup
    # 50 is run.sh, 51 its keeper, 11 the command; 15 was an orphan before run.sh started; 16 is not a descendant
    while read -r id parent gang began pages; do
        mkdir "proc/$id"
        echo "9999 $pages 1 1 0 1 0" >"proc/$id/statm"
        echo "$id (a) b ($id) S $parent $gang 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 $began 9 9" >"proc/$id/stat"
        echo "p$id" >"proc/$id/comm"
    done <<'END'
1 0 1 1 9000
9 1 9 2 9000
50 9 50 60 900
51 50 50 61 900
11 51 50 62 100
12 11 12 63 200
13 12 50 64 150
14 1 50 65 300
15 1 50 59 900
16 9 16 66 900
END
    kib=$(($(getconf PAGESIZE) / 1024))
    while read -r shell; do
        wanted=top= sampler "$shell" 2 0.1 host=x family=50
        # A second line comes if the memory of this machine grows by 5 %.
        [ "$(grep -m 1 top= log)" = "# memtrace top=p14:14:$((300 * kib)),p12:12:$((200 * kib)),p13:13:$((150 * kib))" ]
        sampler "$shell" 2 0.1 host=x family=16
        run ! grep -q top= log
    done < <(each_shell)
}

make_group() {
    group=/sys/fs/cgroup/memory/memtrace-test-$$-$BATS_TEST_NUMBER
    mkdir "$group" 2>/dev/null && echo 100M >"$group/memory.limit_in_bytes" || skip "no v1 memory cgroup can be made here"
}

@test "a command killed in a real limited cgroup: status 137, the log is complete and contains the kill" {
    make_group
    cat >command.py <<'END'
import sys, time
def wait_for(count):
    while open(sys.argv[1]).read().count("Job:") < count:
        time.sleep(0.05)
wait_for(1)
count = open(sys.argv[1]).read().count("Job:")
a = bytearray(40 << 20)
wait_for(count + 3)
b = bytearray(180 << 20)
END
    run sh -c 'echo $$ >"$1/cgroup.procs"; exec "$2" -s 0.2 python3 command.py "$3"' sh "$group" "$run_sh" "$log"
    wait_until 5 rmdir "$group"
    [ "$status" -eq 137 ]
    [ "$(header limit "$log")" = 104857600 ]
    [ "$(header cgroup "$log")" = v1 ]
    [ "$(grep -c Mem: "$log")" -eq "$(grep -c Job: "$log")" ]
    # the first sample comes before the command allocates memory, a later one has its 40 MiB
    awk '/^Job:/ { if (!n++) first = $3; if ($3 > most) most = $3 } END { exit !(first < 30000 && most - first > 40000) }' "$log"
    grep -qx '# memtrace oom_kill=1' "$log"
    grep -q '^# memtrace top=.*python3:' "$log"
    [[ $(tail -n 1 "$log") == '# memtrace end='*' status=137 wall='* ]]
}

@test "--scope: the command in its own cgroup, which is removed afterwards; a warning if that is impossible" {
    base=/sys/fs/cgroup/memory$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup)
    if mkdir "$base/memtrace-probe-$$" 2>/dev/null; then
        rmdir "$base/memtrace-probe-$$"
        "$run_sh" --scope -s 0.2 bash -c 'grep memory: /proc/self/cgroup; $recorded 3 $log' >where
        grep -q '/memtrace-[0-9]*$' where
        [ "$(header cgroup "$log")" = v1 ]
        awk '/^Job:/ { if ($3 > most) most = $3 } END { exit !(most > 0 && most < 100000) }' "$log"
        [ ! -e "/sys/fs/cgroup/memory$(sed 's/.*:memory://' where)" ]
    fi
    ((EUID == 0)) || skip "another user needs root"
    chmod -R a+rX "$BATS_TEST_TMPDIR" "$BATS_RUN_TMPDIR"
    chmod a+rwx .
    cp "$run_sh" .
    run setpriv --reuid=65534 --regid=65534 --clear-groups env -u XDG_RUNTIME_DIR MEMTRACE=/bin/true ./run.sh --scope -l plain.log sh -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *"cannot create a memory cgroup for sh; recording the whole machine"* ]]
    grep -q Mem: plain.log
}
