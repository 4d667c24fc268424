# Shared by the scripts that make packages; they run in the top folder. What differs between releases is told here, once.
# shellcheck shell=bash disable=SC2034

version=$(sed -n 's/^VERSION *= *//p' Makefile)
homepage=https://memtrace.example.org
maintainer="${DEBFULLNAME:-memtrace maintainers} <${DEBEMAIL:-maintainers@memtrace.example.org}>"

# The day of the release by the first heading of CHANGELOG.md, empty while that is "Unreleased".
released=$(sed -n "0,/^## /s/^## \[\?$version\]\? - \([0-9-]*\)$/\1/p" CHANGELOG.md)

# True in a clone, where git knows what belongs to the source.
in_git() { [ -e .git ] && command -v git >/dev/null; }

# The time of all files of a package, so that it can be made again byte by byte: that of the last commit; in an unpacked release that of
# its files.
if in_git; then
    epoch=$(git log -1 --format=%ct)
else
    epoch=$(stat -c %Y CHANGELOG.md)
fi
export SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$epoch}

# Writes the source as FILE.tar.gz: everything that git knows, or in an unpacked release everything but what was built.
make_tarball() { # FILE
    if in_git; then
        git ls-files -z --cached --others --exclude-standard
    else
        find . -mindepth 1 \( -path ./build -o -path ./memtrace -o -path ./.git -o -path ./debian \) -prune -o ! -type d -printf '%P\0'
    fi | LC_ALL=C sort -z | tar --null --no-recursion -T - --format=gnu --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner \
        --mode=u+rw,go+r,go-w --transform "s,^,memtrace-$version/,S" -cf - | gzip -9n >"$1"
}

# Fills a template: from standard input to standard output.
fill() { # [NAME=VALUE...]
    local pair script="s|@VERSION@|$version|g;s|@HOMEPAGE@|$homepage|g;s|@MAINTAINER@|$maintainer|g"
    for pair; do
        script+=";s|@${pair%%=*}@|${pair#*=}|g"
    done
    sed "$script"
}
