#!/bin/sh
# test_surroundings.sh: the grader gives its verdict, or says truly why it cannot, in
# whatever surroundings it is called: an odd TMPDIR, ignored signals, closed or few
# descriptors, few processes, no place to run programs.
# shellcheck disable=SC2016,SC2317  # scripts and functions below are run by try
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
work=$(realpath "$work")
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh
brakes=${BRAKES-$PWD/build/brakes}
mkdir "$work/tmp"
chmod 1777 "$work/tmp"
TMPDIR=$work/tmp
export TMPDIR

# try TITLE STATUS WORDS COMMAND...: it ends so, and says these words.
try() {
	title=$1 status=$2 words=$3
	shift 3
	"$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	[ "$got" -eq "$status" ] && { [ -z "$words" ] ||
		cat "$work/out" "$work/err" | grep -q -e "$words"; }
	result=$?
	ok "$title" "$result"
	[ "$result" -eq 0 ] || { echo "# status $got, not $status, or without \"$words\""
		head -c 1000 "$work/err" | sed 's/^/# /'
		grep -e '"message"' "$work/out" | head -n 3 | sed 's/^/# /'; }
}

grade() {
	"$brakes" grade 00 --from "$PWD/solutions" --format json "$@"
}

# Waits until the command $@ succeeds: 10 seconds at most.
await() {
	for _ in $(seq 1000); do
		"$@" && return
		sleep 0.01
	done
	return 1
}

# Whether a grader is at work in TMPDIR: it makes a folder in its keeper's.
has_grader() {
	[ -n "$(find "$TMPDIR" -mindepth 2 -maxdepth 2 -name 'brakes.*.*' \
		2>/dev/null)" ]
}

# Whether nothing is in TMPDIR.
no_folder() {
	[ -z "$(find "$TMPDIR" -mindepth 1 -maxdepth 1)" ]
}

# --- where temporary folders are made ---------------------------------------------

in_relative() (
	cd "$work" && TMPDIR=tmp "$brakes" grade 00 --from "$book/solutions" \
		--format json
)
book=$PWD
try 'a relative TMPDIR will do' 0 '"score": 100' in_relative
try 'a TMPDIR that is not there is named' 3 "TMPDIR names $work/none:" \
	env TMPDIR="$work/none" "$brakes" grade 00 --from solutions
try 'with what to do' 3 'unset TMPDIR' \
	env TMPDIR="$work/none" "$brakes" grade 00 --from solutions
try 'and so it is for a lesson' 3 "TMPDIR names $work/none:" \
	env TMPDIR="$work/none" "$brakes" lesson 00

mkdir -p "$TMPDIR/brakes.handins/alice" "$TMPDIR/brakes.course/.git" \
	"$TMPDIR/brakes.1.abcdef"
cp -R solutions/00_start "$TMPDIR/brakes.handins/alice"
chmod 700 "$TMPDIR/brakes.course"
echo mine >"$TMPDIR/brakes.course/note.c"
echo mine >"$TMPDIR/brakes.1.abcdef/note.c"
try 'hand-ins in TMPDIR/brakes.handins are graded' 0 '"score": 100' \
	"$brakes" grade 00 --from "$TMPDIR/brakes.handins/alice" --format json
[ -e "$TMPDIR/brakes.handins/alice/00_start/note.c" ]
ok 'and are still there' $?
grep -q mine "$TMPDIR/brakes.course/note.c" &&
	grep -q mine "$TMPDIR/brakes.1.abcdef/note.c"
ok 'and so are other folders of the names of ours' $?
TMPDIR=$TMPDIR/brakes.course grade --sandbox landlock >/dev/null 2>&1
[ "$(stat -c %a "$TMPDIR/brakes.course")" = 700 ]
ok 'whose modes are not changed' $?
rm -r "$TMPDIR"/brakes.*

# A submission one of whose tests is set aside, so that counters are cleared.
aside=grader/exercises/00_start/misconceptions/tests_expect_0_all_the_same.patch
mkdir "$work/aside" "$TMPDIR/[x]"
cp -R solutions/00_start "$work/aside"
patch -s -p1 -d "$work/aside/00_start" <"$aside"
score_aside() {
	"$brakes" grade 00 --from "$work/aside" --format json |
		sed -n 's/^  "score": \([0-9]*\).*/\1/p'
}
plain=$(score_aside)
odd=$(TMPDIR="$TMPDIR/[x]" score_aside)
[ -n "$plain" ] && [ "$plain" -lt 100 ] && [ "$plain" = "$odd" ]
ok "tests that are set aside reach nothing in a TMPDIR with brackets ($plain, $odd)" $?
rmdir "$TMPDIR/[x]"
ok 'and nothing is left there' $?

# --- signals and descriptors -------------------------------------------------------

# hang_up SIGNAL: grades while SIGNAL is ignored and sent to all of the grader's group.
hang_up() {
	rm -f "$work/verdict"
	setsid env --ignore-signal="$1" "$brakes" grade 00 --from solutions \
		--format json --out "$work/verdict" &
	group=$!
	await has_grader
	kill -s "$1" -- "-$group"
	wait "$group"
}
for signal in HUP INT TERM; do
	try "who ignores $signal has a verdict all the same" 0 '' hang_up "$signal"
	grep -q '"score": 100' "$work/verdict"
	ok 'which is written' $?
done
try 'who ignores SIGCHLD has one too' 0 '"score": 100' \
	env --ignore-signal=CHLD "$brakes" grade 00 --from solutions --format json
try 'and can read a lesson' 0 'still open' \
	env --ignore-signal=CHLD "$brakes" lesson 12

closed_three() {
	grade --out "$work/closed" <&- >&- 2>&-
}
closed_output() {
	grade >&-
}
try 'with no standard descriptor the verdict is written' 0 '' closed_three
grep -q '"score": 100' "$work/closed"
ok 'whole' $?
try 'with nowhere to write there is no success' 3 'could not be written' \
	closed_output

try 'a low limit of descriptors is raised where that is allowed' 0 \
	'"score": 100' prlimit --nofile=64: "$brakes" grade 00 --from solutions \
	--format json

# As a user that is not root: where we are root, as one that no account has.
plain_user() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=59999 --regid=59999 --clear-groups "$@"
	else
		"$@"
	fi
}
if plain_user test -x "$brakes"; then
	for n in 24 64 96; do
		try "ulimit -n $n is told when it cannot be raised" 3 \
			"(ulimit -n) is $n" plain_user prlimit --nofile="$n:$n" \
			"$brakes" grade 00 --from solutions --format json
	done
	try 'ulimit -n 256 will do' 0 '"score": 100' plain_user prlimit \
		--nofile=256:256 "$brakes" grade 00 --from solutions --format json
	for n in 80 100 120; do
		try "ulimit -u $n will do" 0 '"score": 100' plain_user prlimit \
			--nproc="$n:$n" "$brakes" grade 00 --from solutions \
			--format json
	done
else
	echo 'skip - no other user than root can get to the workbook: few descriptors'
fi

# --- where it is written ------------------------------------------------------------

ln -s real "$work/link"
try 'a verdict is written through a link' 0 '' grade --out "$work/link"
[ -L "$work/link" ] && grep -q '"score": 100' "$work/real"
ok 'which stays' $?
ln -s /dev/null "$work/null"
try 'and to a device' 0 '' grade --out "$work/null"
[ -L "$work/null" ] && [ -c /dev/null ]
ok 'which stays' $?

# --- lessons ------------------------------------------------------------------------

try 'CC may hold options' 0 'still open' env CC='  cc -g3 ' "$brakes" lesson 12
try 'a compiler that is not there is named' 3 'the compiler nonesuch' \
	env CC='nonesuch -m64' "$brakes" lesson 12

# interrupt SIGNAL: a lesson whose compiler takes long is interrupted.
interrupt() {
	rm -f "$work/compiles"
	CC="$work/cc" setsid "$brakes" lesson 12 &
	group=$!
	await test -s "$work/compiles" || return
	kill -s "$1" -- "-$group"
	wait "$group" 2>/dev/null
	await no_folder && ! kill -0 "$(cat "$work/compiles")" 2>/dev/null
}
printf '#!/bin/sh\necho $$ >"%s/compiles"\nexec sleep 60\n' "$work" >"$work/cc"
chmod 755 "$work/cc"
for signal in INT TERM HUP KILL; do
	try "a lesson that SIG$signal ends leaves nothing" 0 '' interrupt "$signal"
done

# mounted SCRIPT: runs it where we may mount.
mounted() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare -m sh -euc "$1" sh "$brakes" "$TMPDIR"
	else
		unshare -rm sh -euc "$1" sh "$brakes" "$TMPDIR"
	fi
}
noexec='mount -t tmpfs -o noexec,mode=1777 none "$2"'
if mounted "$noexec" 2>/dev/null; then
	try 'a lesson runs though TMPDIR is mounted noexec' 0 '(exit status 0)' \
		mounted "$noexec; \"\$1\" lesson 12"
	try 'and a grading does' 0 '"score": 100' mounted \
		"$noexec; \"\$1\" grade 00 --from solutions --format json"
	try 'where no program can be run that is said' 3 'mounted noexec' mounted \
		'mount -t tmpfs -o noexec none /tmp
		mount -t tmpfs -o noexec none /var/tmp
		mount --bind build build && mount -o remount,ro,bind build
		TMPDIR=/tmp "$1" lesson 12'
else
	echo 'skip - nothing can be mounted here: noexec'
fi

no_folder
ok 'in the end no temporary folder is left' $?
exit "$failed"
