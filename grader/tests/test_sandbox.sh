#!/bin/sh
# test_sandbox.sh: where the best sandbox is not to be had the next best takes
# its place, the verdict names it, and code of others is refused where there is
# none.
# shellcheck disable=SC2317  # the functions below are run by try
set -u
cd "${0%/*}/../.." || exit 1
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
# shellcheck source=grader/tests/cases.sh
. grader/tests/cases.sh

# try TITLE STATUS WORDS COMMAND...: it ends so, and says these words.
try() {
	title=$1 status=$2 words=$3
	shift 3
	"$@" >"$work/out" 2>"$work/err" </dev/null
	got=$?
	if [ "$got" -eq "$status" ] &&
		cat "$work/out" "$work/err" | grep -q -e "$words"; then
		ok "$title" 0
	else
		ok "$title" 1
		echo "# status $got, not $status, or without \"$words\""
		head -c 2000 "$work/err" | sed 's/^/# /'
		grep -e '"sandbox"' -e '"message"' "$work/out" | head -n 5 |
			sed 's/^/# /'
	fi
}

# The grader on the folder $1, with the options that follow.
grade() {
	from=$1
	shift
	build/brakes grade 12 --from "$from" --format json "$@"
}

# The same where namespaces are refused.
grade_refused() {
	from=$1
	shift
	build/tests/refuse_namespaces build/brakes grade 12 --from "$from" \
		--format json "$@"
}

# The same with every program on the PATH but bwrap.
grade_without_bwrap() (
	mkdir -p "$work/bin"
	for dir in /usr/local/bin /usr/bin /bin; do
		ln -s "$dir"/* "$work/bin" 2>/dev/null
	done
	rm -f "$work/bin/bwrap"
	PATH="$work/bin"
	grade "$@"
)

# Whether the user that root goes on as can get to the workbook.
open_to_others() {
	[ "$(id -u)" -ne 0 ] || setpriv --reuid=65534 --regid=65534 \
		--clear-groups test -x "$PWD/build/probe"
}

lay_out_good others 12_global || exit 1
others=$work/others/in

try 'namespaces are refused to programs of the test' 1 'ermi' \
	build/tests/refuse_namespaces unshare -U true
if command -v bwrap >/dev/null && bwrap --ro-bind / / --unshare-all true; then
	try 'with bubblewrap there the verdict names it' 0 \
		'"sandbox": "bubblewrap' grade solutions
	try 'and it can be asked for' 0 '"sandbox": "bubblewrap' \
		grade "$others" --sandbox bubblewrap
	try 'where namespaces are refused it cannot' 3 'bubblewrap' \
		grade_refused "$others" --sandbox bubblewrap
else
	echo 'skip - bubblewrap does not run here'
fi
if ! open_to_others; then
	echo 'skip - root alone can get to the workbook: Landlock cannot work'
elif build/tests/refuse_namespaces; then
	try 'where namespaces are refused the verdict names Landlock' 0 \
		'"sandbox": "landlock' grade_refused solutions
	try 'and so it does for code of others' 0 '"sandbox": "landlock' \
		grade_refused "$others"
	try 'where bubblewrap is missing likewise' 0 '"sandbox": "landlock' \
		grade_without_bwrap solutions
	try 'Landlock can be asked for' 0 '"sandbox": "landlock' \
		grade "$others" --sandbox landlock
else
	echo 'skip - this kernel has no Landlock'
fi
try 'limits alone will do for the solutions of the workbook' 0 \
	'"sandbox": "limits' grade solutions --sandbox limits
try 'code of others is refused with limits alone' 3 'i-trust-this-code' \
	grade "$others" --sandbox limits
try 'and it is no grade' 3 '' grade "$others" --sandbox limits
! grep -q '"score": [1-9]' "$work/out"
ok 'which has no points' $?
try 'unless one says that one trusts it' 0 '"sandbox": "limits' \
	grade "$others" --sandbox limits --i-trust-this-code
ln -s "$PWD/solutions" "$work/link"
cp -R solutions "$work/solutions"
try 'a folder of the name of ours is not ours' 3 'i-trust-this-code' \
	grade "$work/solutions" --sandbox limits
try 'an unknown sandbox is named, with those that are' 2 landlock \
	grade solutions --sandbox airbag
exit "$failed"
