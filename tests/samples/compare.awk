# SPDX-License-Identifier: MIT
# Turns what freelog_dump prints for several logs into what print_free.py wants, after the name of the log: label, time, total, used,
# available, used swap.
BEGIN { FS = OFS = "\t" }
$1 == "file" {
    log_name = $2
    sub(/.*\//, "", log_name)
    sub(/\.log$/, "", log_name)
}
$1 == "record" {
    delete value
    for (i = 6; i <= NF; i++) {
        split($i, part, "=")
        value[part[1]] = part[2]
    }
    print log_name, $2, $4, get("total"), get("used"), get("available"), get("swap-used")
}
function get(name) { return name in value ? value[name] : "-" }
