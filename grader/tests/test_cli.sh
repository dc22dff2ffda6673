#!/bin/sh
# Try what of the command line needs a real grading: fault points that are not there,
# output that is lost after it, and archives.
set -u
cd "${0%/*}/../.." || exit 1
brakes=${BRAKES-build/brakes}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# tell TITLE GOT WANTED: print the line of one test.
tell() {
	if [ "$2" = "$3" ]; then
		echo "ok - $1"
	else
		echo "not ok - $1: $2, not $3"
		printf '%s\n' "$said" | sed 's/^/# /'
		failed=1
	fi
}

# try TITLE STATUS WORDS [ARGUMENT]...: a grading of our solution of 00 ends so and
# says these words.
try() {
	title=$1 status=$2 words=$3
	shift 3
	said=$("$brakes" grade 00 --from solutions "$@" </dev/null 2>&1)
	got=$?
	case $said in *"$words"*) ;; *) got="$got, without the words" ;; esac
	tell "$title" "$got" "$status"
}

# --- fault points ---------------------------------------------------------------

try 'the last call is replayed' 0 'made to fail' --fail a_note:3
try 'from there on, too' 0 'made to fail' --fail a_note:3:on
try 'as often as it is made, too' 0 'made to fail' --fail a_note:3:lasting
try 'a signal interrupts a call' 0 'Interrupted system call' \
	--fail a_note:3:interrupted
try 'a mode that there is not is refused' 2 'SCENARIO:K:MODE' \
	--fail a_note:3:slowly
try 'what transfers nothing comes not short' 2 'no transfer that can' \
	--fail a_note:3:short
try 'a call that is not made is no fault point' 2 \
	'a_note makes 3 calls that can fail, and there is no call 4' \
	--fail a_note:4
try 'from there on, neither' 2 'the last is a_note:3' --fail a_note:99:on
try 'a scenario that is not there is named, with those that are' 2 \
	'00_start has no scenario nosuch: there are a_note,' --fail nosuch:1
try 'and that is no fault of the workbook' 2 'nosuch' --fail nosuch:1 \
	--format json
try 'a scenario without faults has nothing to replay' 2 \
	'nothing to replay' --fail full_disk:1

# What goes wrong before the fault could strike is told all the same.
mkdir -p "$work/in/00_start"
cp solutions/00_start/test_note.c "$work/in/00_start"
cat >"$work/in/00_start/note.c" <<'END'
#include "note.h"

int note_save(const char *path, const char *text)
{
	*(volatile char *)0 = path == text;
	return 0;
}
END
said=$("$brakes" grade 00 --from "$work/in" --i-trust-this-code \
	--fail a_note:1 2>&1)
tell 'a crash before the fault is the story' "$? $(printf '%s\n' "$said" |
	grep -c SIGSEGV)" '1 1'

# --- output ---------------------------------------------------------------------

said=$("$brakes" grade 00 --from solutions --format json 2>&1 >/dev/full)
tell 'full marks on a full device are lost, which is a fault' $? 3
said=$("$brakes" grade 00 --from solutions 2>&1 >&-)
tell 'and so they are where standard output is closed' $? 3
said=$("$brakes" grade 00 --from solutions --format json --out "$work/verdict" \
	2>&1 <&- >&-)
tell 'but not in a file' "$? $(grep -c '"score": 100,' "$work/verdict")" '0 2'
mkfifo "$work/pipe"
: <"$work/pipe" &
exec 3>"$work/pipe"
wait "$!"
said=$("$brakes" grade 00 --from solutions 2>&1 >&3)
tell 'a reader that has gone changes no status' "$? $said" '0 '
said=$("$brakes" grade 00 --from "$work/in" --i-trust-this-code 2>&1 >&3)
tell 'whatever that is' "$? $said" '1 '
exec 3>&-

# --- archives -------------------------------------------------------------------

mkdir -p "$work/all/exercises" "$work/all/solutions" "$work/small"
cp -R "$work/in/00_start" "$work/all/exercises"
cp -R solutions/00_start "$work/all/solutions"
tar -cf "$work/all.tar" -C "$work" all
said=$("$brakes" grade 00 --from "$work/all.tar" --i-trust-this-code 2>&1)
got=$?
tell 'a copy of the workbook is graded by its exercises' \
	"$got $(printf '%s\n' "$said" | grep -c '"all/solutions" is left out')" '1 1'

tar -cf "$work/ours.tar" -C solutions 00_start
# crowded N: our solution in an archive, where the folder for files has room for N.
crowded() {
	# shellcheck disable=SC2016  # for the shell inside
	unshare -rm sh -c 'mount -t tmpfs -o nr_inodes="$2" none "$1" || exit 77
		TMPDIR=$1 "$3" grade 00 --from "$4" --sandbox bubblewrap \
			--format json' sh "$work/small" "$1" "$brakes" \
		"$work/ours.tar" 2>&1
}
said=$(crowded 3)
case $? in
1 | 77) echo 'skip - no mount can be made here' ;;
*) tell 'an archive that cannot be unpacked is no grade, and never a crash' \
	"$(printf '%s\n' "$said" | grep -c '"outcome": "grader_fault"')" 1 ;;
esac

exit $failed
