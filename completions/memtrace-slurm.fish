# SPDX-License-Identifier: MIT
# fish completion of memtrace-slurm
complete -c memtrace-slurm -f -a '(squeue -h --me -o %i 2>/dev/null)' -d 'Job'
complete -c memtrace-slurm -s s -x -d 'Seconds between samples'
complete -c memtrace-slurm -s d -x -a '(__fish_complete_directories)' -d 'Folder for the logs'
complete -c memtrace-slurm -s o -r -F -d 'The picture'
complete -c memtrace-slurm -l no-top -d 'Do not record the largest processes'
complete -c memtrace-slurm -l steps -x -d 'Tasks to record at a time'
complete -c memtrace-slurm -l user-jobs -d 'Record all of your jobs'
complete -c memtrace-slurm -l version -d 'Print the version'
complete -c memtrace-slurm -s h -l help -d 'Print help'
