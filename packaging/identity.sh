# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
# EDIT HERE before the first release: who publishes memtrace, and where. Every package takes these values from this file, and
# `make dist` refuses to build a release while any of them contains "example".

# The project's web page. Release archives are expected at HOMEPAGE/releases/download/vVERSION/.
homepage=https://memtrace.example.org
maintainer_name="memtrace maintainers"
# Where users report problems, vulnerabilities included.
maintainer_email=maintainers@memtrace.example.org
