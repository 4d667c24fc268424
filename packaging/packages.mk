# Packages; included by the Makefile. What they are: packaging/README.md.
.PHONY: dist deb rpm modulefile
dist: ## make the release in build/dist and go through the check list
	@packaging/dist.sh

deb: ## make a Debian package in build/deb
	@packaging/deb.sh

rpm: ## make an RPM package in build/rpm
	@packaging/rpm.sh

modulefile: ## make build/modulefile, an environment module for what is installed in PREFIX
	@mkdir -p build
	sed 's|@VERSION@|$(VERSION)|; s|@PREFIX@|$(abspath $(PREFIX))|' packaging/modulefile.in >build/modulefile
