#!/bin/sh
# test_layers.sh: each folder of the grader uses only those that layers.mk names for
# it, and a file that uses another does not build.
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# ok TITLE COMMAND...: prints the line of one test, which holds when COMMAND does.
ok() {
	title=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		cat "$work/said"
		failed=1
	fi
}

# Prints the value of the make variable $1 of layers.mk.
value() {
	printf 'include grader/layers.mk\nall:;@echo $(%s)\n' "$1" |
		make -s --no-print-directory -f -
}
layers=$(value LAYERS)

# Every folder that holds C files is a layer or is known not to be one.
every_folder_is_listed() {
	for folder in grader/*/; do
		name=${folder#grader/} && name=${name%/}
		case " $layers bench exercises include tests " in
		*" $name "*) ;;
		*) echo "grader/$name is not in grader/layers.mk" && return 1 ;;
		esac
	done
	! find grader -maxdepth 1 -name '*.[ch]' | grep .
}

# A folder uses only folders that come before it in the list: so there is no cycle.
uses_lead_down() {
	before=' '
	for layer in $layers; do
		for used in $(value "USES_$layer"); do
			case $before in
			*" $used "*) ;;
			*) echo "$layer uses $used, which is not below it" &&
				return 1 ;;
			esac
		done
		before="$before$layer "
	done
}

# Prints the folders of which files in $1 include headers.
included_by() {
	cat "grader/$1"/*.[ch] |
		sed -n 's,^#include "\([a-z_]*\)/.*,\1,p' | sort -u
}

includes_are_allowed() {
	for layer in $layers; do
		allowed=" $(value "USES_$layer") include "
		for used in $(included_by "$layer"); do
			case $allowed in
			*" $used "*) ;;
			*) echo "grader/$layer includes a header of $used" &&
				return 1 ;;
			esac
		done
	done
}

# A path with ".." would lead around the folder of links that a compiler is shown.
no_include_leads_up() {
	for layer in $layers; do
		! grep -n '#include "\.\.' "grader/$layer"/*.[ch] || return 1
	done
}

# Makes $1 in the copy of the grader afresh, and fails when that works.
refuses() {
	rm -rf "$work/copy/build/obj" "$work/copy/build/lib"
	if make -s -C "$work/copy" "$1" >"$work/make" 2>&1; then
		echo "$1 was built"
		return 1
	fi
	grep -q "$2" "$work/make" || { cat "$work/make" && return 1; }
}

# The copy in which an arrow is drawn upwards.
copy() {
	rm -rf "$work/copy"
	mkdir -p "$work/copy/grader" && cp Makefile "$work/copy" &&
		cp -R grader/layers.mk grader/base grader/ledger grader/include \
			"$work/copy/grader"
}

an_upward_include_does_not_build() {
	copy && make -s -C "$work/copy" build/obj/base/error.o || return
	echo '#include "ledger/ledger.h"' >>"$work/copy/grader/base/error.c"
	refuses build/obj/base/error.o 'ledger/ledger.h: No such file'
}

an_upward_call_does_not_link() {
	copy && make -s -C "$work/copy" build/lib/base.linked || return
	{
		echo 'int call_named(const char *name);'
		echo 'int upwards(void) { return call_named("free"); }'
	} >>"$work/copy/grader/base/error.c"
	refuses build/lib/base.linked "undefined reference to .call_named'"
}

# What parses archives is in the program that is started for it alone.
archives_are_parsed_apart() {
	ldd build/unpack | grep -q libarchive || return
	for program in brakes calibrate scenario_runner test_runner; do
		! ldd "build/$program" | grep libarchive || return
	done
}

ok 'only build/unpack loads libarchive' archives_are_parsed_apart
ok 'every folder with C files is a layer' every_folder_is_listed
ok 'a layer uses only layers below it' uses_lead_down
ok 'a header is included only where layers.mk allows it' includes_are_allowed
ok 'no include leads out of its folder by ".."' no_include_leads_up
ok 'an upward include does not build' an_upward_include_does_not_build
ok 'an upward call does not link' an_upward_call_does_not_link
exit "$failed"
