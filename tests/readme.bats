#!/usr/bin/env bats
# Every command that the README shows is run, in a scratch copy with the folders that its recipes speak of.
# shellcheck disable=SC2154,SC2016

load cli_helpers

setup() {
    setup_scratch
    cp -r "$root/examples" "$root/run.sh" .
    mkdir bin logs new old heap
    ln -s "$memtrace" bin/memtrace
    ln -s "$memtrace" memtrace
    ln -s "$root/tests" tests
    PATH=$scratch/bin:$PATH
    export root HOME=$scratch/home
    cp examples/nid*.log logs
    cp examples/nid*.log new
    cp examples/nid*.log old
    cp examples/bravo-mem.log heap/mem-bravo.txt
}
teardown() { teardown_scratch; }

# The blocks of shell commands, each in a file block.N.
blocks() {
    awk '/^```sh$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print > ("block." n) }' "$root/README.md"
}

@test "every command of the README works and leaves what it promises" {
    blocks
    set -- block.*
    [ $# -ge 8 ]
    for block in block.*; do
        # The tests' own run would be endless; run.sh gets a shorter program and its own test.
        # make works in the real folder, one at a time with tests/ship.bats.
        sed -i 's|^\./tests/run\.sh.*|:|; s|sleep 10|sleep 2|; s|^make |flock "$root/build" make -s -C "$root" |' "$block"
        grep -q slurm "$block" && continue
        echo "== $block"; cat "$block"
        bash -eu "$block"
        for file in $(grep -oE '(--save|--export|>) [a-z]+\.(png|svg|pdf|csv|json)' "$block" | awk '{print $2}'); do
            [ -s "$file" ]
        done
    done
    [ -s "$(hostname)-mem.png" ]
    [ -x "$root/build/static/memtrace" ]
    [ -s home/.local/share/man/man1/memtrace.1 ]
}

@test "the picture in the terminal that the README shows is the one that is drawn" {
    awk '/^```$/ { on = 0 } on { print } last == "```" && /^Used memory per node$/ { on = 1; print } { last = $0 }' "$root/README.md" >shown
    [ "$(wc -l <shown)" -eq 24 ]
    unset COLUMNS LINES
    LC_ALL=C.UTF-8 memtrace -s 2 --total examples/nid*.log >drawn
    diff shown drawn
}

@test "the verdict that the README shows is the one that is printed" {
    run_memtrace --files examples/nid*.log --samp 2 --total --save nodes.png
    grep -qxF "$out" "$root/README.md"
}

@test "the README's table has every option of --help" {
    for option in $("$memtrace" --help | grep -oE -- '--[a-z_-]+' | sort -u); do
        grep -E '^\| `' "$root/README.md" | grep -q -e "\`$option\`" || { echo "$option is missing"; false; }
    done
}

@test "examples/pictures.sh draws every picture of the README" {
    mkdir drawn
    MEMTRACE=$memtrace "$root/examples/pictures.sh" drawn
    for file in $(grep -oE '\]\(examples/[^)]+\.png\)' "$root/README.md" | tr -d '()]'); do
        is "size of $file" "$(identify -format '%wx%h' "drawn/${file##*/}")" "$(identify -format '%wx%h' "$root/$file")"
    done
}

@test "pictures and links of the README exist" {
    for file in $(grep -oE '\]\([^)#]+\)' "$root/README.md" | tr -d '()]' | grep -v '^http'); do
        [ -e "$root/$file" ] || { echo "$file is missing"; false; }
    done
}
