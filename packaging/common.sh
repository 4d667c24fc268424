# SPDX-License-Identifier: MIT
# Shared by the packaging scripts, which run in the top folder. Everything that changes between releases is defined once: the
# version in the Makefile, the date in CHANGELOG.md, the publisher in identity.sh.
# shellcheck shell=bash disable=SC2034
. packaging/identity.sh

version=$(sed -n 's/^VERSION *= *//p' Makefile)
maintainer="$maintainer_name <$maintainer_email>"
download=$homepage/releases/download/v$version

# The release date, from the first heading of CHANGELOG.md; empty while that is "Unreleased".
released=$(sed -n "0,/^## /s/^## \[\?$version\]\? - \([0-9-]*\)$/\1/p" CHANGELOG.md)

# True if the publisher has not been filled in.
is_placeholder() { [[ "$homepage $maintainer" == *example* || -z $homepage || -z $maintainer_name || -z $maintainer_email ]]; }

# True in a clone, where git knows which files belong to the source.
in_git() { [ -e .git ] && command -v git >/dev/null; }

# The modification time of all files in packages, for reproducible builds: the time of the last commit, or in an unpacked release
# that of its files.
if in_git; then
    epoch=$(git log -1 --format=%ct)
else
    epoch=$(stat -c %Y CHANGELOG.md)
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$epoch}

# Fails and names the Debian packages if one of the commands is missing.
need() { # PURPOSE COMMAND:PACKAGE...
    local entry missing=()
    for entry in "${@:2}"; do
        command -v "${entry%%:*}" >/dev/null || missing+=("${entry%%:*} (Debian package ${entry#*:})")
    done
    [ "${#missing[@]}" -eq 0 ] && return
    printf '%s needs: %s\n' "$1" "$(printf '%s, ' "${missing[@]}" | sed 's/, $//')" >&2
    exit 1
}

# Writes the source as FILE.tar.gz: all files known to git; in an unpacked release, all files that were not built.
make_tarball() { # FILE
    if in_git; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . -mindepth 1 \( -path ./build -o -path ./memtrace -o -path ./.git -o -path ./debian \) -prune -o ! -type d -printf '%P\0'
    fi | LC_ALL=C sort -z | tar --null --no-recursion -T - --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --mode=u+rw,go+r,go-w --transform "s,^,memtrace-$version/,S" -cf - | gzip -9n >"$1"
}

# Fills in a template, from standard input to standard output.
fill() { # [NAME=VALUE...]
    local pair script="s|@VERSION@|$version|g;s|@HOMEPAGE@|$homepage|g;s|@DOWNLOAD@|$download|g"
    script+=";s|@MAINTAINER@|$maintainer|g;s|@MAINTAINER_NAME@|$maintainer_name|g"
    for pair; do
        script+=";s|@${pair%%=*}@|${pair#*=}|g"
    done
    sed "$script"
}
