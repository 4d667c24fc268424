# bash completion of memtrace, memtrace-run and memtrace-slurm. Works with and without the package bash-completion.
# shellcheck shell=bash

# Completes $2 with the words $1.
_memtrace_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

# Completes $1 with names of files.
_memtrace_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

_memtrace() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    # bash cuts words at "=". Values of --legend and --stats may be left out: they come only behind one.
    if [[ $word == "=" ]]; then
        before+="=" word=''
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}=
    fi
    COMPREPLY=()
    case $before in
    --legend= | --stats=) ;;
    *) before=${before%=} ;;
    esac
    case $before in
    --column)
        _memtrace_words 'used available free shared buffers cached buff/cache total swap-used swap-free swap-total
            total-available' "$word"
        ;;
    --input_units | --output_units) _memtrace_words 'B KiB MiB GiB TiB PiB kB MB GB TB PB' "$word" ;;
    --view) _memtrace_words 'auto lines overview panels' "$word" ;;
    --theme) _memtrace_words 'light dark' "$word" ;;
    --graphics) _memtrace_words 'none auto kitty iterm sixel' "$word" ;;
    --color) _memtrace_words 'auto always never' "$word" ;;
    --limit) _memtrace_words 'none' "$word" ;;
    --legend=) _memtrace_words 'auto on off' "$word" ;;
    --stats=) _memtrace_words 'text tsv json' "$word" ;;
    -s | --samp | --file_pattern | --from | --to | --jobs | --output_scale | --mark | --title | --size | --zoom | --fail-above) ;;
    *) _memtrace_option_or_file "$word" ;;
    esac
}

_memtrace_option_or_file() {
    if [[ $1 != -* ]]; then
        _memtrace_files "$1"
        return
    fi
    _memtrace_words '--files --samp --file_pattern --input_units --column --from --to --jobs
        --save --swap --total --percentage --legend --output_units --output_scale --view --limit --mark --marks --clock --against
        --title --size --zoom --theme --follow --graphics --color --ascii
        --stats --export --fail-above
        --quiet --help --version -f -s -q -h -V' "$1"
}

_memtrace_run() {
    local word=${COMP_WORDS[COMP_CWORD]} wants=option i
    COMPREPLY=()
    for ((i = 1; i < COMP_CWORD; i++)); do
        case $wants,${COMP_WORDS[i]} in
        value,* | a-file,*) wants=option ;;
        option,-s) wants=value ;;
        option,-[ol]) wants=a-file ;;
        option,--) wants=a-command ;;
        option,-*) ;;
        *)
            wants=a-file
            break
            ;;
        esac
    done
    case $wants,$word in
    value,*) ;;
    a-file,*) _memtrace_files "$word" ;;
    option,-*) _memtrace_words '-s -o -l --setup --help -h' "$word" ;;
    *) mapfile -t COMPREPLY < <(compgen -c -- "$word") ;;
    esac
}

_memtrace_slurm() {
    local word=${COMP_WORDS[COMP_CWORD]} jobs
    COMPREPLY=()
    case ${COMP_WORDS[COMP_CWORD - 1]} in
    -s) return ;;
    -d | -o)
        _memtrace_files "$word"
        return
        ;;
    esac
    if [[ $word == -* ]]; then
        _memtrace_words '-s -d -o --help -h' "$word"
    else
        jobs=$(squeue -h --me -o %i 2>/dev/null)
        _memtrace_words "$jobs" "$word"
    fi
}

complete -F _memtrace memtrace
complete -F _memtrace_run memtrace-run
complete -F _memtrace_slurm memtrace-slurm
