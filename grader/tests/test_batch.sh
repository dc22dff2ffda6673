#!/bin/sh
# test_batch.sh [all | each]: a class of forty good submissions, graded two at a
# time, gets the same verdicts, byte for byte, when hostile ones are among them.
#
# Without an argument one case of each kind is among the forty, with "all" all
# are, at once. With "each" every case is alone among them, and a table tells
# what it took and what it left. CASES_ONLY=WORDS takes only those whose ID/NAME
# holds the words, CASES_ONCE=1 one of each kind.
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh

# The class: forty copies of our solution that differ in a comment.
good=''
n=0
while [ "$n" -lt 40 ]; do
	n=$((n + 1))
	lay_out_good "good-$n" 12_global || exit 1
	echo "/* by student $n */" >>"$work/good-$n/in/12_global/day.c"
	good="$good good-$n"
done

# Grades the forty with the jobs $@ among them, one after every few.
grade_among() {
	hostile=$#
	{
		# shellcheck disable=SC2086  # a list of jobs
		printf '%s\n' $good | awk '{ print NR * 1000, $1 }'
		printf '%s\n' "$@" | awk -v n="$hostile" 'NF {
			print int((NR - 0.5) * 40000 / n) + 1, $1 }'
	} | sort -n | cut -d' ' -f2 | grade_jobs
}

# Keeps the verdicts of the forty, to hold others against them.
keep_verdicts() {
	for job in $good; do
		cp "$work/$job/verdict" "$work/$job/kept"
	done
}

# How many of the forty have another verdict than the one kept.
changed() {
	for job in $good; do
		cmp -s "$work/$job/verdict" "$work/$job/kept" || echo "$job"
	done | grep -c .
}

# How many of the jobs $@ have no verdict, or one that is none.
without_verdict() {
	for job; do
		grep -q '"schema": "brakes/verdict/v1"' "$work/$job/verdict" &&
			! grep -q '"outcome": "grader_fault"' \
				"$work/$job/verdict" || echo "$job"
	done | grep .
}

# Makes a job of every case that may be run here, and lists it in $hostile_jobs.
lay_out_all() {
	hostile_jobs='' skipped=0 kinds=''
	for path in "$cases"/*/*; do
		case $path in
		*${CASES_ONLY-}*) ;;
		*) continue ;;
		esac
		kind=" $(header "$path" Kind | cut -d, -f1) "
		case ${CASES_ONCE-}$kinds in
		1*"$kind"*) continue ;;
		esac
		job=hostile-$(echo "${path#"$cases"/}" | tr / -)
		if [ -n "$(header "$path" Needs)" ] && [ "$holds" -ne 0 ]; then
			skipped=$((skipped + 1))
		elif lay_out_case "$job" "$path" 2>/dev/null; then
			hostile_jobs="$hostile_jobs $job"
			kinds="$kinds$kind"
		fi
	done
	[ "$skipped" -eq 0 ] ||
		echo "skip - $skipped cases that only a sandbox may run"
}

# What all graders so far have left as files.
litter() {
	cat "$work"/*/left | files_left
}

# The forty with all of the others among them.
all_at_once() {
	# shellcheck disable=SC2086  # lists of jobs
	set -- $hostile_jobs
	grade_among "$@"
	n=$(changed)
	ok "forty verdicts are the same with $# others among them" "$n"
	without_verdict "$@" | sed 's/^/# no verdict: /'
	[ -z "$(without_verdict "$@")" ]
	ok 'each of the others has a verdict of its own' $?
	# shellcheck disable=SC2086  # lists of jobs
	n=$(processes_left $good "$@")
	ok "no process is left behind ($n)" "$n"
	n=$(litter)
	sed 's/^/# /' "$work/files"
	ok "no file is left behind ($n)" "$n"
	n=$(mounts_left)
	ok "no mount is left behind ($n)" "$n"
}

# Each of the others alone among the forty, as a table.
each_alone() {
	printf '%-56s %7s %9s %5s %6s %7s\n' case seconds processes files \
		mounts changed
	for job in $hostile_jobs; do
		grade_among "$job"
		# shellcheck disable=SC2086  # a list of jobs
		printf '%-56.56s %7s %9s %5s %6s %7s\n' "${job#hostile-}" \
			"$(awk '{ print $1 / 1000 }' "$work/$job/ms")" \
			"$(processes_left $good "$job")" "$(litter)" \
			"$(mounts_left)" "$(changed)" | tee "$work/row"
		awk '{ exit $3 + $4 + $5 + $6 > 0 }' "$work/row" || failed=1
	done
	ok 'no case changed a verdict or left anything behind' "$failed"
}

confined
holds=$?
grade_among
keep_verdicts
[ "$(grep -l '"score": 100' "$work"/good-*/verdict | grep -c .)" -eq 40 ]
ok 'forty good submissions get full marks' $?
[ -n "${1-}" ] || CASES_ONCE=1
lay_out_all
case ${1-} in
each) each_alone ;;
*) all_at_once ;;
esac
exit "$failed"
