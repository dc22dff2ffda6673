#!/bin/sh
# test_readme.sh: the verdicts that README.md and the README of exercise 00 show are
# what the grader prints. Lines that end in "..." are cut, and how a replay is called
# depends on where the files are.
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh

# Prints the standard input with single spaces between its words, and with the marks that
# a verdict has which is not written to a terminal.
squeeze() {
	sed 's/✗/x/; s/✓/+/; s/├/|/; s/─/-/g; s/╳/x/; s/▶/>/' | tr -s ' ' |
		sed 's/^ //; s/ $//'
}

# Prints the block of code of $1 that begins behind the first line with the text $2.
shown() {
	awk -v after="$2" '
		index($0, after) { seen = 1 }
		seen && /^```/ { if (inside) exit; inside = 1; next }
		inside' "$1"
}

# Whether each line of the block behind $2 in $1 is in the verdict on exercise $3 of $4.
shows_the_verdict() {
	build/brakes grade "$3" --from "$4" --i-trust-this-code \
		2>&1 </dev/null | squeeze >"$work/printed"
	shown "$1" "$2" | grep -v ' replay: ' | sed 's/ \.\.\.$//' | squeeze |
		grep . >"$work/lines" || return
	while IFS= read -r line; do
		grep -qF -e "$line" "$work/printed" || {
			printf '# not printed: %s\n' "$line"
			return 1
		}
	done <"$work/lines"
}

patches=grader/exercises/12_global/misconceptions
lay_out_good sample 12_global || exit 1
sed '1,/^$/d' "$patches/code_failed_line_leaks.patch" |
	patch -s -p1 -d "$work/sample/in/12_global" || exit 1
mkdir "$work/starter" && cp -R exercises/00_start "$work/starter" || exit 1
cp grader/exercises/00_start/starter/* "$work/starter/00_start" || exit 1
chmod -R a+rX "$work"

shows_the_verdict README.md '## How to read a verdict' 12 "$work/sample/in"
ok 'the verdict in README.md is the one that is printed' $?
shows_the_verdict exercises/00_start/README.md '**The verdict.**' 00 "$work/starter"
ok 'and so is that in the README of exercise 00' $?
exit "$failed"
