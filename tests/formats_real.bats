#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# The free of this machine (procps and busybox): all flags and languages, filters and launchers, kills, and other machines'
# /proc/meminfo. MEMTRACE_ALL_LOCALES=1 tests every available locale, which takes minutes.
# shellcheck disable=SC2154

load cli_helpers

setup_file() {
    export LOCPATH=$BATS_FILE_TMPDIR/locales
    mkdir "$LOCPATH"
    make -s -C "$BATS_TEST_DIRNAME/.." build/tests/freelog_dump
}
setup() {
    setup_scratch
    dump=$root/build/tests/freelog_dump
    total_kib=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
}
teardown() {
    # shellcheck disable=SC2046 # nothing if there are no processes
    kill -KILL $(jobs -p) 2>/dev/null || true
    teardown_scratch
}

# Checks that a log has COUNT records, each with all of COLUMNS and this total, and causes no notes. If $tolerant is set, the note about
# an unknown language is accepted.
holds() { # LOG COUNT COLUMNS [TOTAL_BYTES [UNIT_BYTES]]
    "$dump" "$1" 65536 "${5:-0}" >parsed
    awk -F'\t' -v log_="$1" -v unit="${5:-1}" -v tolerant="${tolerant-}" -v count="$2" -v columns="$3" -v total="${4:-$((total_kib * 1024))}" '
        function complain(text) { print log_ ": " text; bad = 1 }
        $1 == "note" && !(tolerant && $3 ~ /unknown language/) { complain($0) }
        $1 == "lines" && $2 != $3 { complain($3 " of " $2 " lines understood") }
        $1 == "record" {
            n++
            split("", value)
            for (i = 6; i <= NF; i++) { split($i, part, "="); value[part[1]] = part[2] }
            wanted = split(columns, name, " ")
            for (i = 1; i <= wanted; i++) if (!(name[i] in value)) complain("no " name[i] " in " $0)
            if (total != "-" && (value["total"] - total) ^ 2 >= unit ^ 2) complain("total " value["total"] ", not " total)
            if (value["used"] + 0 > value["total"] + 0 || value["used"] + 0 <= 0) complain("used " value["used"])
        }
        END { if (n != count) complain(n + 0 " records, not " count); exit bad }' parsed
}

all='total used free shared buff/cache available swap-total swap-used swap-free'
wide='total used free shared buffers cached available swap-total swap-used swap-free'

# Makes a locale without its collation, which takes long and is not needed.
make_locale() { # NAME CHARSET
    [ ! -d "$LOCPATH/$1.$2" ] || return 0
    sed '/^LC_COLLATE/,/^END LC_COLLATE/c\LC_COLLATE\ncopy "POSIX"\nEND LC_COLLATE' "/usr/share/i18n/locales/$1" >source
    localedef -c -i ./source -f "$2" "$LOCPATH/$1.$2" 2>/dev/null || true
    LC_ALL=$1.$2 locale charmap 2>/dev/null | grep -qx "$2"
}

# The languages of procps, and the character sets found in logs.
few='de_DE UTF-8 es_ES UTF-8 fr_FR UTF-8 ka_GE UTF-8 ko_KR UTF-8 pl_PL UTF-8 pt_BR UTF-8 ro_RO UTF-8 sv_SE UTF-8 uk_UA UTF-8
    vi_VN UTF-8 zh_CN UTF-8 ru_RU UTF-8 ja_JP UTF-8 de_DE ISO-8859-1 fr_FR ISO-8859-1 es_ES ISO-8859-1 sv_SE ISO-8859-1 pl_PL ISO-8859-2
    uk_UA KOI8-U zh_CN GB2312 ko_KR EUC-KR'

each_locale() { # FUNCTION
    local name charset made=0 list
    if [ -n "${MEMTRACE_ALL_LOCALES-}" ]; then
        list=$(cd /usr/share/i18n/locales && grep -l '^LC_CTYPE' ./*_* | sed 's|^./||; s|$| UTF-8|' | grep -v '^translit\|^i18n\|^iso')
    else
        list=$(xargs -n 2 <<<"$few")
    fi
    while read -r name charset; do
        make_locale "$name" "$charset" || { echo "# no locale $name.$charset can be made here" >&3; continue; }
        "$1" "$name.$charset" || return 1
        made=$((made + 1))
    done <<<"$list"
    [ "$made" -gt 0 ]
}

# ---- flags and languages ----

@test "free of procps with all flags" {
    for flags in '' -w -l -t -v -lt -wltv; do
        # shellcheck disable=SC2086
        free $flags -s 0.02 -c 3 >a.log
        [[ $flags == *w* ]] && columns=$wide || columns=$all
        holds a.log 3 "$columns"
    done
    for unit in -b:1 -k:1024 -m:1048576 --kilo:1000 --mega:1000000 --kibi:1024 --mebi:1048576; do
        free "${unit%:*}" >a.log
        bytes=${unit#*:}
        holds a.log 1 "$all" $((total_kib * 1024 / bytes * bytes)) "$bytes"
    done
    for flags in -h '-h --si' -hw -htv; do
        # shellcheck disable=SC2086
        free $flags >a.log
        holds a.log 1 "total used free shared swap-total" -
        # The total is rounded to its digits.
        awk -F'\t' -v want="$((total_kib * 1024))" '/^record/ { sub("total=", "", $6); d = ($6 - want) / want; exit d > 0.1 || d < -0.1 }' parsed
    done
    ! free -L >/dev/null 2>&1 || { free -L -s 0.02 -c 3 >a.log; holds a.log 3 'used free buff/cache swap-used' -; }
}

@test "free of busybox with all flags, in a loop" {
    for unit in '':1024 -b:1 -k:1024 -m:1048576; do
        for _ in 1 2 3; do busybox free ${unit%:*}; done >a.log
        bytes=${unit#*:}
        holds a.log 3 "$all" $((total_kib * 1024)) "$bytes" # the total is rounded
    done
    busybox free -h >a.log
    holds a.log 1 "$all" -
}

reads_language() { # LOCALE
    local flags columns=$all
    for flags in '' -w -lt -v; do
        [ "$flags" != -w ] || columns=$wide
        # shellcheck disable=SC2086
        LC_ALL=$1 free $flags -s 0.01 -c 2 >a.log
        tolerant=yes holds a.log 2 "$columns" || { cat a.log; return 1; }
        columns=$all
    done
    LC_ALL=$1 free -h >a.log
    tolerant=yes holds a.log 1 "total used free swap-total" - || { cat a.log; return 1; }
}

@test "free in every language: character sets, headers and rows" {
    each_locale reads_language
}

reads_date() { # LOCALE
    local i line words=() got
    [[ $1 != *KOI8* ]] || return 0 # the parser does not know its months
    while IFS= read -r line; do
        words+=("${#words[@]}.log" 65536 0)
        printf '%s\n%s\n' "$line" "$(<good)" >"${words[-3]}"
    done < <(LC_ALL=$1 date -u -f dates)
    "$dump" "${words[@]}" >parsed || return
    mapfile -t got < <(awk -F'\t' '$1 == "file" && n++ { print times; times = "" }
        $1 == "record" { times = times (times == "" ? "" : " and ") $4 }
        END { print times }' parsed)
    is "logs" "${#got[@]}" 12 || return
    for i in "${!got[@]}"; do
        case ${got[i]} in
        "epoch ${seconds[i]}.000" | "local ${seconds[i]}.000") ;;
        *)
            echo "$1: $(head -n 1 "${words[3 * i]}") is read as ${got[i]}"
            return 1
            ;;
        esac
    done
}

@test "date in every language of free, for all months" {
    free >good
    printf '2026-%s-23 13:07:09\n' 01 02 03 04 05 06 07 08 09 10 11 12 >dates
    mapfile -t seconds < <(date -u -f dates +%s)
    # If languages share names of months, those of free's languages win, so not all locales can be tested.
    MEMTRACE_ALL_LOCALES='' each_locale reads_date
}

# ---- filters and launchers ----

@test "free through grep, sed, tee and awk" {
    free -s 0.02 -c 5 | grep Mem >mem.log
    holds mem.log 5 'total used free' "$((total_kib * 1024))"
    free -s 0.02 -c 5 | grep -n . >numbered.log
    holds numbered.log 5 "$all"
    free -s 0.02 -c 5 | sed -u 's/^/n1: /' >sed.log
    holds sed.log 5 "$all"
    free -s 0.02 -c 5 | tee tee.log >/dev/null
    holds tee.log 5 "$all"
    free -s 0.02 -c 5 | grep --color=always -E 'Mem|total' >colour.log
    holds colour.log 5 'total used available'
    for _ in 1 2 3; do free | xargs; done >echo.log
    holds echo.log 3 "$all"
    # Times must advance: three records within one second would have none.
    for i in 1 2 3; do date -d "$i seconds"; free; echo -----; done >date.log
    holds date.log 3 "$all"
    for i in 1 2 3; do echo "$(free | grep Mem) $(date -d "$i seconds" +%s)"; done >suffix.log
    holds suffix.log 3 'total used available'
    is "with times" "$(awk -F'\t' '/^record/ { print substr($4, 1, 5) }' parsed | sort -u)" epoch
    for node in n1 n2; do free -s 0.02 -c 3 >$node-mem.log; done
    grep Mem n?-mem.log >grep.log
    holds grep.log 6 'total used available'
    is "nodes" "$(awk -F'\t' '/^record/ { print $2 }' parsed | sort -u | xargs)" "n1-mem.log n2-mem.log"
}

@test "free through all forms of ts: the interval comes from the stamps" {
    while IFS='|' read -r form kind; do
        # shellcheck disable=SC2086
        eval "free -s 0.6 -c 5 | ts $form" >ts.log # long enough that stamps in whole seconds advance
        holds ts.log 5 "$all"
        is "kind of $form" "$(awk -F'\t' '/^record/ { sub(/ .*/, "", $4); print $4 }' parsed | sort -u)" "$kind"
    done <<'END'
|local
'%F %T'|local
'[%F %.T]'|local
'%FT%T%z'|epoch
'%.s'|epoch
-s '%.s'|after
-i '%.s'|after
-s|after
END
    free -s 0.25 -c 5 | ts '%.s' >ts.log
    run_memtrace ts.log --stats=json
    is "status and notes" "$status$err" 0
    # The duration is the time between the first and the last stamp, however long that was.
    between=$(awk '/Mem:/ { last = $1; if (!n++) first = $1 } END { printf "%.6f", last - first }' ts.log)
    is "samples and duration" "$(jq -c --argjson wanted "$between" '.nodes[0] | [.samples, (.duration_s - $wanted | fabs < 1e-3)]' <<<"$out")" '[5,true]'
}

@test "free of many nodes through parallel --tag, pdsh, dshbak and clush" {
    parallel --tag --will-cite -j2 'free -s 0.05 -c 3; : {}' ::: a b 2>/dev/null >tag.log
    holds tag.log 6 "$all"
    is "nodes of parallel" "$(awk -F'\t' '/^record/ { print $2 }' parsed | sort -u | xargs)" "a b"
    pdsh -R exec -w 'n[1-3]' free -s 0.05 -c 3 >pdsh.log
    holds pdsh.log 9 "$all"
    is "nodes of pdsh" "$(awk -F'\t' '/^record/ { print $2 }' parsed | sort -u | xargs)" "n1 n2 n3"
    dshbak <pdsh.log >dshbak.log
    holds dshbak.log 9 "$all"
    is "nodes of dshbak" "$(awk -F'\t' '/^record/ { print $2 }' parsed | sort -u | xargs)" "n1 n2 n3"
    clush -R exec -w 'n[1-3]' free -s 0.05 -c 3 >clush.log
    holds clush.log 9 "$all"
    is "nodes of clush" "$(awk -F'\t' '/^record/ { print $2 }' parsed | sort -u | xargs)" "n1 n2 n3"
    clush -b -R exec -w 'n[1-2]' sh -c 'free; : %h' >block.log
    holds block.log 2 "$all" # one block under the heading n[1-2] if both printed the same, else one block each
}

# ---- ends of logs ----

# Waits until a file has BYTES bytes.
grows_to() { # BYTES FILE
    local i
    for ((i = 0; i < 2400; i++)); do
        [ "$(stat -c %s "$2")" -lt "$1" ] || return 0
        sleep 0.05
    done
    echo "$2 has only $(stat -c %s "$2") bytes"
    return 1
}

@test "free killed by TERM or KILL leaves complete records" {
    for signal in TERM KILL; do
        for _ in 1 2 3; do
            : >killed.log
            free -s 0.001 >killed.log &
            grows_to 50000 killed.log
            kill -$signal $!
            wait $! 2>/dev/null || true
            holds killed.log "$(grep -c Mem: killed.log)" "total used free"
        done
    done
}

@test "a killed filter leaves a truncated row, which is reported" {
    mkfifo pipe
    : >cut.log
    grep Mem <pipe >cut.log &
    filter=$!
    timeout -s KILL 200 free -s 0.001 >pipe &
    grows_to 1 cut.log
    kill -KILL $filter
    bytes=$(stat -c %s cut.log)
    [ "$bytes" -gt 0 ] && [ $((bytes % 4096)) -eq 0 ]
    run_memtrace -s 1 cut.log --stats=json
    records=$(jq '.nodes[0].samples' <<<"$out")
    whole=$(awk -v want="$(head -n 1 cut.log | wc -c)" 'length($0) + 1 == want { n++ } END { print n + 0 }' cut.log)
    # If the file happens to end with a row, nothing is truncated.
    if [ "$(tail -c 1 cut.log | wc -l)" -eq 0 ]; then
        is "reported" "$err" "memtrace: cut.log:$((records + 1)): 1 truncated row at the end of the log, skipped"
    fi
    [ "$records" -eq "$whole" ] || [ "$records" -eq $((whole - 1)) ]
}

@test "a log truncated while free writes to it: the hole is reported, the rest is read" {
    : >hole.log
    free -s 0.02 >hole.log &
    grows_to 1000 hole.log
    : >hole.log
    grows_to 1 hole.log
    kill $!
    wait $! 2>/dev/null || true
    [ "$(head -c 1 hole.log | tr -d '\0' | wc -c)" -eq 0 ]
    run_memtrace -s 1 hole.log --stats=json
    is "reported" "$err" "memtrace: hole.log:1: 1 hole of NUL bytes"
    is "records" "$(jq '.nodes[0].samples' <<<"$out")" "$(grep -ac Mem: hole.log)"
}

@test "two processes that write to one log" {
    free -s 0.02 -c 10 >>two.log &
    free -w -s 0.02 -c 10 >>two.log
    wait $!
    "$dump" two.log >parsed
    is "records" "$(grep -c ^record parsed)" 20
    is "columns of each" "$(awk -F'\t' '/^record/ { print $6 }' parsed | sort -u)" "total=$((total_kib * 1024))"
}

# ---- other machines ----

# Runs free on a substituted /proc/meminfo.
on_machine() { # MEMINFO COMMAND...
    # shellcheck disable=SC2016
    unshare -m sh -c 'mount --bind "$1" /proc/meminfo && shift && exec "$@"' sh "$@"
}

need_mounts() {
    unshare -m mount --bind /proc/meminfo /proc/meminfo 2>/dev/null || skip "this sandbox lets nobody mount"
}

# Prints this machine's /proc/meminfo with the values KEY=KIB... replaced.
meminfo() {
    local pair script=''
    for pair in "$@"; do
        script+="s/^${pair%=*}:.*/${pair%=*}: ${pair#*=} kB/;"
    done
    sed "$script" /proc/meminfo
}

@test "huge machines, machines without swap, containers, and impossible swap" {
    need_mounts
    huge=2251799813685248 # 2 EiB in KiB
    huge=$((huge / 1024))
    meminfo MemTotal=$huge MemFree=$((huge / 2)) MemAvailable=$((huge / 2)) >info
    for flags in '' -b -w -wb; do
        bytes=1024
        [[ $flags == *b* ]] && bytes=1
        # shellcheck disable=SC2086
        on_machine info free $flags -s 0.01 -c 2 >a.log
        holds a.log 2 'total used free available' $((huge * 1024)) $bytes
    done
    meminfo SwapTotal=0 SwapFree=0 >info
    on_machine info free >a.log
    holds a.log 1 "$all"
    is "no swap" "$(grep -o 'swap-[a-z]*=[0-9]*' parsed | xargs)" "swap-total=0 swap-used=0 swap-free=0"
    meminfo SwapTotal=1000 SwapFree=2000 >info
    for free in free 'busybox free'; do
        # shellcheck disable=SC2086
        on_machine info $free >a.log
        "$dump" a.log >parsed
        is "records of $free" "$(grep -c ^record parsed)" 1
        awk -F'\t' '/^record/ { for (i = 6; i <= NF; i++) if ($i ~ /=-/) exit 1 }' parsed
    done
    meminfo MemTotal=1000000 MemFree=300000 MemAvailable=600000 Cached=2500000 Buffers=100 SReclaimable=100 >info
    on_machine info free >a.log
    "$dump" a.log >parsed
    is "a container" "$(grep -o 'buff/cache=[0-9]*' parsed)" "buff/cache=$((2500200 * 1024))"
    is "its notes" "$(grep -c ^note parsed)" 0
}

@test "a disk that fills up and has space again" {
    need_mounts
    # shellcheck disable=SC2016
    unshare -m sh -c 'mkdir full && mount -t tmpfs -o size=16k none full && head -c 8192 /dev/zero >full/ballast
        : >full/log; free -s 0.005 >full/log &
        until [ $(stat -c %s full/log) -ge 8192 ] || ! kill -0 $!; do sleep 0.05; done; sleep 0.1; rm full/ballast
        until [ $(stat -c %s full/log) -ge 16384 ] || ! kill -0 $!; do sleep 0.05; done; kill $!; wait $!; cp full/log full.log' || true
    bytes=$(stat -c %s full.log)
    [ "$bytes" -gt 8192 ]
    "$dump" full.log >parsed
    # No value is wrong, few records are lost, and the damage is reported.
    awk -F'\t' -v total="total=$((total_kib * 1024))" '/^record/ && $6 != total { print; exit 1 }' parsed
    records=$(grep -c ^record parsed) rows=$(grep -c Mem: full.log)
    [ "$records" -ge $((rows - 4)) ] && [ "$records" -gt 10 ]
    if tail -c 1 full.log | grep -q '[a-z0-9]'; then
        run_memtrace -s 1 full.log --stats
        [[ $err == *"truncated row"*"at the end of the log"* ]]
    fi
}
