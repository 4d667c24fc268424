# SPDX-License-Identifier: MIT
# Turns what free_dump prints into what print_free.py wants: label, time, total, used, available, used swap.
BEGIN { FS = OFS = "\t" }
$1 == "record" {
    delete value
    for (i = 6; i <= NF; i++) {
        split($i, part, "=")
        value[part[1]] = part[2]
    }
    print $2, $4, get("total"), get("used"), get("available"), get("swap-used")
}
function get(name) { return name in value ? value[name] : "-" }
