#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# Runs every command that the README shows, as typed, in a fresh clone in which only ./memtrace has been built.
# shellcheck disable=SC2154,SC2016

load cli_helpers

setup() {
    setup_scratch
    export root HOME=$scratch/home
}
teardown() { teardown_scratch; }

# Makes the folder `clone` with all files of the source and a memtrace that has been built.
make_clone() {
    mkdir clone
    (cd "$root" && if [ -e .git ]; then git ls-files -z --cached --others --exclude-standard; else
        find . \( -path ./build -o -path ./memtrace -o -path ./debian \) -prune -o -type f -print0
    fi | tar --null -T - -cf -) | tar -C clone -xf -
    cp "$memtrace" clone/memtrace
}

# Writes the blocks of shell commands in the README of the current folder to block.N in the scratch folder.
blocks() {
    awk -v to="$scratch/block." '/^```sh$/ { n++; on = 1; next } /^```$/ { on = 0 } on { print > (to n) }' README.md
}

@test "every command of the README works as typed in a fresh clone and leaves no file that git would add" {
    make_clone
    cd clone
    git init -q . && git add -A && git -c user.name=a -c user.email=a@example.org commit -q -m clone
    blocks
    set -- "$scratch"/block.*
    [ $# -ge 15 ]
    for number in $(seq $#); do
        block=$scratch/block.$number
        if grep -q "^\./slurm\.sh" "$block"; then
            continue # tests/slurm_sh.bats runs these blocks
        fi
        # tests/run.sh would call itself forever. make works in the real folder; the lock serializes it with tests/ship.bats.
        sed -i 's|^\./tests/run\.sh.*|:|; s|^make |flock "$root/build" make -s -C "$root" |' "$block"
        echo "== $block"
        cat "$block"
        timeout 600 bash -eu "$block"
        for file in $(grep -oE '(--save|--export|>) [a-z]+\.(png|svg|pdf|csv|json|html)' "$block" | awk '{print $2}'); do
            [ -s "$file" ]
        done
    done
    [ -s "$(hostname)-mem.png" ]
    [ -x "$root/build/static/memtrace" ]
    [ -s "$HOME/.local/share/man/man1/memtrace.1" ]
    is "files that git would add" "$(git status --porcelain)" ""
}

@test "recipes use only paths of the clone: examples and files that they made themselves" {
    cd "$root"
    blocks
    grep -hoE '(^|[ =])[a-z_]+/[A-Za-z0-9_*./-]*' "$scratch"/block.* | tr -d ' =' | sort -u >paths
    mv paths "$scratch" && cd "$scratch"
    while read -r path; do
        case $path in
        ocean/ | before/ | big/) grep -q "gen_job.sh .* ${path%/}" block.* ;;
        build/static/memtrace) ;;
        *) compgen -G "$root/$path" >/dev/null || { echo "$path does not exist"; false; } ;;
        esac
    done <paths
    grep -q '^examples/' paths
}

@test "the first screen has the claim, a plot with the limit, its summary and Quick start" {
    head -n 30 "$root/README.md" >first
    grep -q '^\*\*Which node ran out of memory' first
    grep -q '^!\[.*limit.*\](examples/nodes.png)$' first
    grep -q '^## Quick start$' first
    grep -qE '^\./memtrace .*examples/nid\*\.log --limit 4G --save nodes.png$' "$root/README.md"
    grep -q '^draw nodes.png .*--limit 4G' "$root/examples/pictures.sh"
}

@test "the terminal plot in the README is what both binaries print" {
    awk '/^```$/ { if (on) exit; on = last == "```"; last = $0; next } on { print } { last = $0 }' "$root/README.md" >shown
    [ "$(wc -l <shown)" -ge 20 ]
    cd "$root"
    mkdir -p build
    flock build make -s static
    unset COLUMNS LINES
    for binary in "$memtrace" build/static/memtrace; do
        LC_ALL=C.UTF-8 "$binary" examples/nid*.log --total >"$scratch/drawn"
        diff "$scratch/shown" "$scratch/drawn"
    done
}

@test "the summary in the README is the one that memtrace prints" {
    cd "$root"
    run_memtrace --files examples/nid*.log --limit 4G --save "$scratch/nodes.png"
    grep -qxF "$out" README.md
}

@test "the README's table has every option of --help" {
    for option in $("$memtrace" --help | grep -oE -- '--[a-z_-]+' | sort -u); do
        grep -E '^\| `' "$root/README.md" | grep -q -e "\`$option\`" || { echo "$option is missing"; false; }
    done
}

@test "examples/pictures.sh draws every plot of the README" {
    mkdir drawn
    MEMTRACE=$memtrace "$root/examples/pictures.sh" drawn
    # page.png is a screenshot of job.html in a browser.
    for file in $(grep -oE '\]\(examples/[^)]+\.png\)' "$root/README.md" | tr -d '()]' | grep -v /page.png); do
        is "size of $file" "$(identify -format '%wx%h' "drawn/${file##*/}")" "$(identify -format '%wx%h' "$root/$file")"
    done
}

@test "pictures and links of the README exist" {
    for file in $(grep -oE '\]\([^)#]+\)' "$root/README.md" | tr -d '()]' | grep -vE '^http|^\.\./\.\./releases$'); do
        [ -e "$root/$file" ] || { echo "$file is missing"; false; }
    done
}
