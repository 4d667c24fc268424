# SPDX-License-Identifier: MIT
# run.sh: what the command sees and returns, and what is left behind.
# shellcheck disable=SC2016,SC2154 # commands for other shells; variables of recorder.bash and bats
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
}

# Whatever a test did, no free of its remains.
teardown() {
    wait_until 5 none_left free
    cd /
    [[ ! -d $BATS_TEST_TMPDIR/disk ]] || umount "$BATS_TEST_TMPDIR/disk" 2>/dev/null || :
}

# A command that tells in the file `started` that it runs, and in `got` which signals come.
cat_of_signals='
    for s in TERM HUP USR1 USR2 INT; do trap "echo $s >>got" "$s"; done
    : >started
    for i in {1..600}; do [ ! -e stop ] || exit 7; sleep 0.05; done'

mount_small_disk() {
    ((EUID == 0)) || skip "mounting a small disk needs root"
    mkdir "$BATS_TEST_TMPDIR/disk"
    mount -t tmpfs -o "$1" none "$BATS_TEST_TMPDIR/disk" || skip "this sandbox cannot mount"
    cd "$BATS_TEST_TMPDIR/disk" || return
}

@test "a log with header and trailer, a picture, the verdict on stderr" {
    run --separate-stderr "$run_sh" -s 0.1 bash -c 'echo out; echo err >&2; sleep 0.55'
    [ "$status" -eq 0 ]
    [ "$output" = out ]
    [ "${stderr_lines[0]}" = err ]
    is_png "$host-mem.png"
    [ "$(header host "$log")" = "$host" ]
    [ "$(header interval "$log")" = 0.1 ]
    [[ $(header start "$log") =~ ^[0-9]{10}\.[0-9]+$ ]]
    [ "$(header command "$log")" = bash%20-c%20echo%20out%3B%20echo%20err%20%3E%262%3B%20sleep%200.55 ]
    [[ $(tail -n 1 "$log") =~ ^'# memtrace end='([0-9]{10}\.[0-9]+)' status=0 wall='([0-9]+\.[0-9]{2})$ ]]
    # the end is the time of the last record, not later than that of the command
    awk -v start="$(header start "$log")" -v end="${BASH_REMATCH[1]}" -v wall="${BASH_REMATCH[2]}" \
        'BEGIN { exit !(wall >= 0.55 && end > start && end - start < wall + 1.5) }'
    records=$(grep -c '^Mem:' "$log")
    ((records >= 2 && records <= 20))
    [[ $stderr == *peak* && $stderr == *"the picture is $host-mem.png"* ]]
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

@test "a short program has a record all the same" {
    "$run_sh" true
    [ "$(grep -c '^Mem:' "$log")" -ge 1 ]
    is_png "$host-mem.png"
}

@test "the command gets none of our file descriptors" {
    run --separate-stderr bash -c "exec 3>&-; ls /proc/self/fd | sort -n | tr '\n' ' '; $run_sh ls /proc/self/fd | sort -n | tr '\n' ' '"
    half=$((${#output} / 2))
    [ "${output:0:half}" = "${output:half}" ]
}

@test "free ends with the command even when a child of it lives on" {
    "$run_sh" bash -c 'sleep 20 >/dev/null 2>&1 3>&- & echo $! >child' 3>&-
    none_left free
    kill "$(cat child)"
}

@test "TERM, HUP, USR1 and USR2 are passed on once each, the plot comes" {
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

@test "the command finds its signals as they were: default, or ignored" {
    for how in --default-signal=INT,QUIT,HUP,TERM '--default-signal=INT,QUIT --ignore-signal=HUP,USR1' --ignore-signal=INT,QUIT,TERM; do
        # shellcheck disable=SC2086 # words
        bare=$(env $how grep -E '^Sig(Ign|Blk)' /proc/self/status)
        # shellcheck disable=SC2086 # words
        [ "$(env $how "$run_sh" grep -E '^Sig(Ign|Blk)' /proc/self/status)" = "$bare" ]
    done
}

@test "the command finds its signals as they were under a bash before 4.3 too" {
    type -P perl >/dev/null || skip "perl is not here"
    # such a bash cannot undo that INT and QUIT are ignored
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

# Interrupts run.sh and its command at once, as a terminal does; sets `status`. The command ends in the same moment.
interrupt_both() {
    rm -f started
    env --default-signal=INT,QUIT setsid "$run_sh" -s 0.1 sh -c 'echo $PPID >started; exec sleep 60' 3>&- & recorder=$!
    wait_until 10 test -s started
    kill -s INT -- "-$recorder"
    wait_until 20 has_ended "$recorder"
    status=0
    wait "$recorder" || status=$?
}

@test "Ctrl-C that ends the command at once: 130, the plot, no hanging" {
    for _ in {1..10}; do
        interrupt_both
        [ "$status" -eq 130 ]
        is_png "$host-mem.png"
        grep -q '^# memtrace end=' "$log"
    done
}

@test "a signal before the command runs: nothing is started, nothing left" {
    path=$(make_path_without free)
    printf '#!/bin/sh\n[ $1 != --help ] || exec echo " -s"\n: >asked\nexec sleep 60\n' >"$path/free" # no record: the command waits
    chmod +x "$path/free"
    PATH=$path:$PATH "$run_sh" touch ran 3>&- & recorder=$!
    wait_until 10 test -e asked
    kill "$recorder"
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 143 ]
    wait_until 5 none_left free sleep
    [ ! -e ran ]
}

@test "INT and QUIT are not passed on: the terminal gives them to the command itself" {
    # env: what bash starts in the background ignores both, and could not be told anything else
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

@test "TERM ends a command that does not care: 143 and the plot" {
    "$run_sh" -s 0.1 bash -c ': >started; exec sleep 60' 3>&- & recorder=$!
    wait_until 10 test -e started
    kill "$recorder"
    status=0
    wait "$recorder" || status=$?
    [ "$status" -eq 143 ]
    is_png "$host-mem.png"
}

@test "a second TERM while plotting does not lose the plot" {
    printf '#!/bin/sh\n: >plotting\nfor i in $(seq 600); do [ -e go ] && break; sleep 0.05; done\necho done >plotted\n' >slow
    chmod +x slow
    MEMTRACE=./slow env --default-signal=INT,QUIT "$run_sh" -s 0.1 bash -c ': >started; exec sleep 60' 3>&- & recorder=$!
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

@test "KILL of run.sh: free is gone, the log complete" {
    "$run_sh" -s 0.1 bash -c 'echo $$ >started; exec sleep 60' 3>&- & recorder=$!
    wait_until 10 test -s started
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
for i in {1..600}; do [ ! -e stop ] || exit 9; sleep 0.05; done
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
    # exec: a shell between the terminal and run.sh would die of the INT itself
    env --default-signal=INT,QUIT script -qec "exec $run_sh -s 0.1 ./command" /dev/null <keys >screen 2>&1 3>&- || status=$?
    : >ended
    [ "$status" -eq 9 ]
    [ "$(cat typed)" = hello ]
    [ "$(cat got)" = INT ]
    is_png "$host-mem.png"
    grep -q 'the picture is' screen
}

@test "what was ignored stays ignored: nohup" {
    nohup "$run_sh" -s 0.1 bash -c ': >started; for i in {1..600}; do [ ! -e stop ] || exit 0; sleep 0.05; done' >/dev/null 2>&1 3>&- & recorder=$!
    wait_until 10 test -e started
    kill -HUP "$recorder"
    : >stop
    wait "$recorder"
    is_png "$host-mem.png"
}

@test "no free: the same table comes from /proc/meminfo, and what to install is said" {
    path=$(make_path_without free)
    PATH=$path run "$run_sh" -s 0.2 bash -c 'echo ran; sleep 0.5; exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *ran* && $output == *"no 'free' in PATH (package procps): reading /proc/meminfo instead"* ]]
    [ "$(header source "$log")" = meminfo ]
    has_records 2 "$log"
    [[ $output == *"the picture is $host-mem.png"* ]]
}

@test "a free without -s (busybox) is called again and again" {
    type -P busybox >/dev/null || skip "busybox is not here"
    path=$(make_path_without free)
    printf '#!/bin/sh\nexec %s free "$@"\n' "$(type -P busybox)" >"$path/free"
    chmod +x "$path/free"
    PATH=$path run "$run_sh" -s 0.1 sleep 0.5
    [ "$status" -eq 0 ]
    records=$(grep -c 'Mem:' "$log")
    ((records >= 2 && records <= 20))
    is_png "$host-mem.png"
}

@test "an old free, without --help, is known by its usage" {
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
    PATH=$path run "$run_sh" -s 0.1 sleep 0.3
    [ "$status" -eq 0 ]
    [ "$(cat asked)" = "-s 0.1" ]
    is_png "$host-mem.png"
}

@test "free that fails: the command runs all the same" {
    path=$(make_path_without free)
    printf '#!/bin/sh\nexit 1\n' >"$path/free"
    chmod +x "$path/free"
    PATH=$path run "$run_sh" -s 0.1 bash -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *"no picture"* ]]
}

@test "a full disk: the command runs, its status is returned" {
    mount_small_disk size=4k
    head -c 100000 /dev/zero >filler 2>/dev/null || :
    run "$run_sh" bash -c 'echo ran; exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *ran* && $output == *"cannot write $log (No space left on device): bash runs unrecorded; -l LOG names another place"* ]]
}

@test "a disk that fills up on the way: status kept, what came is in the log" {
    mount_small_disk size=12k
    run "$run_sh" -s 0.05 -o "$BATS_TEST_TMPDIR/work/out.png" bash -c 'sleep 0.4; head -c 100000 /dev/zero >filler; sleep 0.4; exit 3' 2>/dev/null
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

@test "a plot that fails only warns, with the line to try again" {
    MEMTRACE=false run "$run_sh" -s 0.5 bash -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *"no picture; the log is $log; to try again: $(type -P false) --files $log --samp 0.5 --save $host-mem.png"* ]]
}

@test "MEMTRACE names the plotter, which gets the log, the interval and the picture" {
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
    [[ $output == *"MEMTRACE=./nothing is not a program; looking for another"*"the picture is"* ]]
}

@test "the command's events are drawn" {
    MEMTRACE_MARKS=$PWD/events run "$run_sh" -s 0.1 -o m.svg bash -c 'sleep 0.2; echo "$(date +%s.%N) assemble" >>"$MEMTRACE_MARKS"; sleep 0.3'
    [ "$status" -eq 0 ]
    [ -s events ]
    [[ $output == *"the picture is m.svg"* ]]
}

@test "a log that is there is kept as .old; one in use is left alone" {
    "$run_sh" true
    sum=$(cksum <"$log")
    "$run_sh" true
    [ "$(cksum <"$log.old")" = "$sum" ]
    "$run_sh" -s 0.1 bash -c ': >started; for i in {1..600}; do [ ! -e stop ] || exit 0; sleep 0.05; done' 3>&- & recorder=$!
    wait_until 10 test -e started
    run "$run_sh" -s 0.1 sleep 0.2
    [ "$status" -eq 0 ]
    [[ $output == *"$log is being written by another run: using $host-"*"-mem.log"* ]]
    : >stop
    wait "$recorder"
    set -- ./*-mem.log
    [ $# -eq 2 ]
    for file in ./*-mem.log; do
        [ "$(grep -c '^# memtrace 1 ' "$file")" -eq 1 ]
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
    for arguments in '' '-s' '-s 0 true' '-s nan true' '-s 1e3 true' '-s -1 true' '-x true' '-o'; do
        # shellcheck disable=SC2086 # words
        run "$run_sh" $arguments
        [ "$status" -eq 2 ]
        [ "${#lines[@]}" -eq 1 ]
        [[ $output == run.sh:*"see 'run.sh --help'" ]]
    done
    [ ! "$(ls)" ]
    run -0 --separate-stderr "$run_sh" --help
    [[ $output == Usage:* && ! $stderr ]]
}

@test "installed under another name, called through links, it finds memtrace by itself" {
    mkdir -p usr/bin links "odd name"
    cp "$run_sh" usr/bin/memtrace-run
    cp "$root/memtrace" usr/bin/
    ln -s ../usr/bin/memtrace-run links/one
    ln -s ../links/one "odd name/two"
    run "odd name/two" true
    [ "$status" -eq 0 ]
    [[ $output == *"two: the picture is $host-mem.png"* ]]
    mkdir path
    mv usr/bin/memtrace path/
    PATH=$PWD/path:$PATH run usr/bin/memtrace-run --setup
    [ "$output" = "memtrace-run: ready: $PWD/path/memtrace" ]
    run usr/bin/memtrace-run bash -c 'exit 3'
    [ "$status" -eq 3 ]
    [[ $output == *"no memtrace in $PWD/usr/bin nor in PATH; set MEMTRACE=/path/to/memtrace"*"no memtrace, so no picture; the log is $log"* ]]
}

@test "--setup says what is missing where it may not install" {
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
    [ "$output" = "run.sh: missing here: a C compiler, make, pkg-config, cairo, freetype2, libpng, zlib, free; to install it, an administrator runs: apt-get install -y --no-install-recommends gcc libc6-dev make pkg-config libcairo2-dev libpng-dev zlib1g-dev procps; without root: put a static memtrace into $PWD/tree, or set MEMTRACE=/path/to/memtrace" ]
    rm "$path/apt-get" "$path/dnf"
    run "${as[@]}" env PATH="$path" "$PWD/tree/run.sh" --setup
    [ "$status" -eq 1 ]
    [[ $output == *"please install it with this system's packages; without root: "* ]]
}

@test "--setup builds a memtrace that is not there, once" {
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
