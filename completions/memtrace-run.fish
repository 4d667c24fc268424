# fish completion of memtrace-run
complete -c memtrace-run -s s -x -d 'Seconds between samples'
complete -c memtrace-run -s o -r -F -d 'The picture'
complete -c memtrace-run -s l -r -F -d 'The log'
complete -c memtrace-run -l setup -d 'Only install what is missing and build memtrace'
complete -c memtrace-run -s h -l help -d 'Print help'
complete -c memtrace-run -x -a '(__fish_complete_subcommand -- -s -o -l)'
