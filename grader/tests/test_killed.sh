#!/bin/sh
# test_killed.sh: the grader is killed (SIGKILL) at twenty moments of a batch
# that a seed chooses. A second later nothing of it is left, and the next one
# gives the same verdicts. SEED=N chooses other moments.
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh

# A daemon among them, where there is a sandbox that holds it.
lay_out_good batch 12_global || exit 1
if confined; then
	rm -r "$work/batch"
	lay_out_case batch \
		"$cases/12_global/daemon_that_holds_the_pipes.patch" || exit 1
else
	echo 'skip - no sandbox here: the batch holds no hostile submission'
fi
cp -R solutions/00_start solutions/08_recorder "$work/batch/in"

# Grades the batch into $1; the rest are words before the grader.
grade_batch() {
	out=$1
	shift
	"$@" build/brakes grade 00 08 12 --jobs 2 --from "$work/batch/in" \
		--format json --out "$out" >/dev/null 2>"$work/err" </dev/null
}

# Kills a grading after $1 milliseconds: 0 when nothing is left of it.
kill_after() {
	rm -f "$work"/cut*
	grade_batch "$work/cut" build/tests/adopt -k "$1" "$work/left"
	processes=$(cut -d' ' -f2 "$work/left")
	files=$(files_left <"$work/left")
	mounts=$(mounts_left)
	partly=$(find "$work" -name 'cut?*' | grep -c .)
	[ ! -e "$work/cut" ] || cmp -s "$work/cut" "$work/whole" ||
		partly=$((partly + 1))
	[ "$processes $files $mounts $partly" = '0 0 0 0' ]
}

began=$(date +%s%N)
grade_batch "$work/whole" env
took=$((($(date +%s%N) - began) / 1000000))
grep -q '"schema": "brakes/verdict/v1"' "$work/whole"
ok "a batch that nobody kills has its verdict (after $took ms)" $?

moments=$(awk -v seed="${SEED:-1}" -v took="$took" 'BEGIN {
	srand(seed)
	for (i = 0; i < 20; i++)
		print 1 + int(rand() * took)
}')
for moment in $moments; do
	kill_after "$moment"
	ok "killed after $moment ms: $processes processes, $files files, $mounts\
 mounts, $partly unfinished verdicts are left" $?
	sed 's/^/# /' "$work/files"
	grade_batch "$work/again" env
	cmp -s "$work/again" "$work/whole"
	ok 'and the next grading says the same' $?
done
exit "$failed"
