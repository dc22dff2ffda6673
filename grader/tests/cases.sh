# shellcheck shell=sh disable=SC2034  # its variables are for the scripts
# cases.sh - what the scripts share that grade cases: read by them with a dot,
# from the workbook's root. $work is a folder of their own, which goes with
# them.
#
# A job is a folder $work/NAME that holds the submission in its folder "in". The
# path to grade stands in its file "from", the exercise in "id"; "verdict",
# "err", "status", "ms" and "left" (see adopt.c) come from grading it.
work=${work-$(mktemp -d)} || exit 1
cases=grader/tests/cases
failed=0

# ok TITLE STATUS: prints the line of one test, which holds when STATUS is 0.
ok() {
	if [ "$2" -eq 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		failed=1
	fi
}

# Prints the words of header line $2 of the case $1.
header() {
	sed -n "s/^\(# \)\{0,1\}$2: //p" "$1" | head -n 1
}

# Makes a job named $1 of our solution of the exercise $2.
lay_out_good() {
	mkdir -p "$work/$1/in" && cp -R "solutions/$2" "$work/$1/in" || return
	printf '%s' "$2" >"$work/$1/id"
	printf '%s' "$work/$1/in" >"$work/$1/from"
	chmod -R a+rX "$work/$1"
}

# Makes a job named $1 of the case at $2; not when it cannot be made here.
lay_out_case() {
	id=${2%/*} && id=${id##*/}
	lay_out_good "$1" "$id" || return
	case $2 in
	*.patch)
		patch -s -p1 --fuzz=0 --force --binary \
			--no-backup-if-mismatch -d "$work/$1/in/$id" <"$2" ;;
	*)
		sh "$2" "$work/$1/in/$id" >"$work/$1/printed" &&
			if [ -s "$work/$1/printed" ]; then
				mv "$work/$1/printed" "$work/$1/from"
			fi ;;
	esac || { rm -rf "${work:?}/$1" && return 1; }
	chmod -R a+rX "$work/$1"
}

# Grades the job $1, under the words of $CASES_UNDER.
grade_job() {
	began=$(date +%s%N)
	# shellcheck disable=SC2086  # words
	build/tests/adopt "$work/$1/left" ${CASES_UNDER-} build/brakes grade \
		"$(cat "$work/$1/id")" --from "$(cat "$work/$1/from")" \
		--format json >"$work/$1/verdict" 2>"$work/$1/err" </dev/null
	echo $? >"$work/$1/status"
	echo "$((($(date +%s%N) - began) / 1000000))" >"$work/$1/ms"
}

# Grades the jobs named on the standard input, two at a time.
grade_jobs() {
	export work
	# shellcheck disable=SC2016  # $1 is that shell's
	xargs -P2 -n1 sh -c '. grader/tests/cases.sh && grade_job "$1"' sh
}

# How many processes the jobs named $@ left running.
processes_left() {
	for job; do
		cat "$work/$job/left"
	done | awk '{ n += $2 } END { print n + 0 }'
}

# Lists what cases make outside of their folders, and folders of graders.
list_files() {
	ls -d /tmp/hostile* /var/tmp/hostile* /dev/shm/hostile* \
		/dev/shm/brakes.[0-9]* /tmp/brakes.[0-9]* \
		"${TMPDIR:-/tmp}"/brakes.[0-9]* 2>/dev/null | sort -u
}
[ -e "$work/before" ] || list_files >"$work/before"

# How many files lie where none should that were not there when the script
# began; of folders of graders only those of the processes on the standard
# input, since others may grade here too. The file "files" lists them.
files_left() {
	awk 'BEGIN { printf "/hostile" } { printf "\n/brakes\\.%d\\.", $1 }' \
		>"$work/names"
	list_files | grep -vxF -f "$work/before" | grep -f "$work/names" \
		>"$work/files"
	grep -c . "$work/files"
}

# How many mounts there are more than when the script began.
mounts_left() {
	echo $(($(grep -c . /proc/self/mounts) - mounts_before))
}
mounts_before=$(grep -c . /proc/self/mounts)

# Whether the verdict on our solution names a sandbox that holds hostile code.
confined() {
	# shellcheck disable=SC2086  # words
	${CASES_UNDER-} build/brakes grade 12 --from solutions --format json \
		2>/dev/null | grep -q '"sandbox": "\(bubblewrap\|landlock\)'
}
