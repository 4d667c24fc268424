# SPDX-License-Identifier: MIT
# Packages; included by the Makefile. packaging/README.md describes them.
.PHONY: dist deb rpm modulefile
dist: ## build a release in build/dist, checking each step
	@packaging/dist.sh

deb: ## build a Debian package in build/deb
	@packaging/deb.sh

rpm: ## build an RPM package in build/rpm
	@packaging/rpm.sh

modulefile: ## build build/modulefile, an environment module for an installation in PREFIX
	@mkdir -p build
	sed 's|@VERSION@|$(VERSION)|; s|@PREFIX@|$(abspath $(PREFIX))|' packaging/modulefile.in >build/modulefile
