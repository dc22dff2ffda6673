#!/bin/sh
# test_schema.sh: verdicts of every sort fit the schema, which is the contract; and
# a verdict that breaks it does not.
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh
fit=grader/tests/verdicts_fit
kept=$work/verdicts
mkdir "$kept" "$work/other"

# Grades as the arguments say and keeps the verdict under the name $1.
keep() {
	name=$1
	shift
	build/brakes grade "$@" --format json >"$kept/$name.json" 2>/dev/null
}

# A case that is to end with outcome $1, the first of them.
case_of() {
	grep -lE "^(# )?Outcome: $1(,|\$)" "$cases"/*/* | head -n 1
}

# holds TITLE WORDS: some verdict that was kept has these words.
holds() {
	grep -rqF -e "$2" "$kept"
	ok "$1 is among the verdicts" $?
}

# breaks TITLE SCRIPT: a verdict that sed has changed by SCRIPT does not fit.
breaks() {
	sed "$2" "$kept/starters.json" >"$work/other/changed.json"
	! cmp -s "$kept/starters.json" "$work/other/changed.json" &&
		! $fit "$work/other" >/dev/null
	ok "$1 does not fit" $?
}

# What is the workbook's own, as others' so that no progress is remembered.
cp -R exercises "$work/starters"
keep starters --all --from "$work/starters" --i-trust-this-code
keep solutions --all --from solutions
keep replay 12 --from solutions --fail one_day:2
keep replay_leak 12 --from "$work/starters" --fail one_day:2:on \
	--i-trust-this-code
mkdir "$work/short"
cp -R solutions/00_start "$work/short"
sed '1,/^$/d' grader/exercises/00_start/misconceptions/code_ignores_how_much_was_written.patch |
	patch -s -p1 -d "$work/short/00_start"
keep short 00 --from "$work/short" --i-trust-this-code
keep replay_short 00 --from "$work/short" --fail a_note:2:half \
	--i-trust-this-code
keep limits 12 --from solutions --sandbox limits
tar -cf "$work/handed_in.tar" -C "$work/starters" 12_global
keep archive 12 --from "$work/handed_in.tar" --i-trust-this-code
ln -s /etc/passwd "$work/starters/link"
tar -cf "$work/linked.tar" -C "$work/starters" 12_global link
keep archive_skipped 12 --from "$work/linked.tar" --i-trust-this-code
echo 'no archive' >"$work/text"
keep archive_refused 12 --from "$work/text"
build/tests/refuse_namespaces build/brakes grade 12 --from solutions \
	--format json >"$kept/weaker_sandbox.json" 2>/dev/null

# A workbook in which nothing is built cannot judge.
book=$work/book
mkdir -p "$book/build" "$book/grader/exercises/12_global" "$book/lessons"
cp build/brakes "$book/build"
cp grader/exercises/12_global/exercise.json "$book/grader/exercises/12_global"
cp -R exercises solutions "$book"
"$book/build/brakes" grade 12 --format json >"$kept/fault.json" 2>/dev/null

holds 'a pass' '"status": "pass"'
holds 'a replay' '"steps": '
holds 'an archive' '"archive": '
holds 'what an archive left out' '"why": '
holds 'a refused archive' '"unknown": true'
holds 'a double release' '"again": '
holds 'a fault of the grader' '"outcome": "grader_fault"'
holds 'a reason for a weaker sandbox' '"sandbox_why": '

if confined; then
	for outcome in compile_error missing rejected timeout crash \
		output_limit memory_limit; do
		lay_out_case "$outcome" "$(case_of $outcome)" && echo $outcome
	done >"$work/jobs"
	lay_out_case evidence "$(grep -lF '((constructor))' "$cases"/*/*.patch |
		head -n 1)" && echo evidence >>"$work/jobs"
	grade_jobs <"$work/jobs"
	while read -r job; do
		cp "$work/$job/verdict" "$kept/$job.json"
		[ "$job" = evidence ] ||
			holds "the outcome $job" "\"outcome\": \"$job\""
	done <"$work/jobs"
	holds 'evidence' '"evidence": '
	holds "a compiler's error" '"caret": '
else
	echo 'skip - there is no sandbox here to grade hostile code in'
fi

said=$($fit "$kept" 2>&1)
fits=$?
ok "$(find "$kept" -name '*.json' | grep -c .) verdicts fit the schema" $fits
[ $fits -eq 0 ] || printf '%s\n' "$said" | sed 's/^/# /'

breaks 'a field that is not described' 's/"noun"/"word"/'
breaks 'a score that is no whole number' 's/"score": [0-9]*/&.5/'
breaks 'an outcome without its sentences' \
	's/"outcome": "judged"/"outcome": "crash"/'
breaks 'a finding of a new sort' 's/"finding": "leak"/"finding": "lake"/'
breaks 'a verdict without its checks' 's/"checks"/"check"/'
exit $failed
