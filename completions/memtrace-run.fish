# SPDX-License-Identifier: MIT
# fish completion of memtrace-run
complete -c memtrace-run -s s -x -d 'Seconds between samples'
complete -c memtrace-run -s o -r -F -d 'The picture'
complete -c memtrace-run -s l -r -F -d 'The log'
complete -c memtrace-run -l scope -d 'Run the command in a memory cgroup of its own'
complete -c memtrace-run -l no-top -d 'Do not record the largest processes'
complete -c memtrace-run -l setup -d 'Only install missing packages and build memtrace'
complete -c memtrace-run -l version -d 'Print the version'
complete -c memtrace-run -s h -l help -d 'Print help'
complete -c memtrace-run -x -a '(__fish_complete_subcommand -- -s -o -l)'
