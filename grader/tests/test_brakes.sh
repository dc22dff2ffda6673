#!/bin/sh
# Try the command line in a copy of the workbook that has one exercise, with
# nothing measured in it: what is typed wrong, what is remembered, and what
# happens when the grader cannot judge.
set -u
cd "${0%/*}/../.." || exit 1
workbook=$PWD
brakes=${BRAKES-build/brakes}
book=$(mktemp -d) || exit 1
trap 'rm -rf "$book"' EXIT
mkdir -p "$book/build" "$book/grader/exercises/12_global" "$book/lessons" \
	"$book/exercises" "$book/solutions"
cp "$brakes" "$book/build/brakes"
cp grader/exercises/12_global/exercise.json "$book/grader/exercises/12_global"
cp -R exercises/12_global "$book/exercises"
cp -R solutions/12_global "$book/solutions"
cp lessons/12_global.c "$book/lessons"
cd "$book" || exit 1
failed=0

# try TITLE STATUS WORDS [ARGUMENT]...: brakes ends so and says these words.
try() {
	title=$1 status=$2 words=$3
	shift 3
	said=$(build/brakes "$@" </dev/null 2>&1)
	got=$?
	case $said in *"$words"*) ;; *) got="$got, without the words" ;; esac
	tell "$title" "$got" "$status"
}

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

# lost TITLE STATUS WORDS [ARGUMENT]...: the same where nothing can be written to
# standard output, which is a full device.
lost() {
	title=$1 status=$2 words=$3
	shift 3
	said=$(build/brakes "$@" 2>&1 </dev/null >/dev/full)
	got=$?
	case $said in *"$words"*) ;; *) got="$got, without the words" ;; esac
	tell "$title" "$got" "$status"
}

try 'help lists the commands' 0 '  grade [NN|NAME]...' help
try 'so does --help' 0 '  grade [NN|NAME]...' --help
try 'a command has a help of its own' 0 '--fail=SCENARIO:K[:MODE]' grade --help
try 'which help shows too' 0 '--level=N' help hint
try 'help of a command that is not there names a near one' 2 \
	'did you mean grade?' help grad
said=$(build/brakes --help)
tell 'processes of our own are in no help' \
	"$(printf '%s\n' "$said" | grep -c '^  \(judge\|unpack\) ')" 0
try 'the version is told' 0 'brakes ' --version
version=${said#brakes }
try 'by every command' 0 "brakes $version" grade --version
try 'a command that is not there is named, with a near one' 2 \
	'did you mean grade?' grad
try 'a number alone is told how to be graded' 2 'build/brakes grade 12' 12
try 'an exercise that is not there is named, with those that are' 2 \
	'no exercise 13: there are 12' grade 13
try 'a slip in a name is understood' 2 'did you mean global?' grade golbal
try 'grading nothing asks which' 2 'which exercise?' grade
try 'an unknown format is named, with those that are' 2 \
	'there are terminal, json' grade 12 --format yaml
try 'an option without its value says what it wants' 2 \
	'--from DIR' grade 12 --from
try 'a folder that is not there is named' 2 'no folder nowhere' \
	grade 12 --from nowhere
POSIXLY_CORRECT=1
export POSIXLY_CORRECT
try 'options may follow words wherever POSIX is asked for' 2 'no format yaml' \
	grade 12 --format yaml
unset POSIXLY_CORRECT
try 'an empty value is none' 2 '--from wants a value' grade 12 --from ''
try 'nor is one after =' 2 '--out wants a value' grade 12 --out=
try 'a flag takes no value' 2 '--all takes no value' grade --all=1
try 'a misspelt option is named, with a near one' 2 'did you mean --format?' \
	grade 12 --formta json
try 'with one dash too' 2 'grade has no option -zx' grade 12 -zx
try 'an option of another command is none here' 2 'map has no option --level' \
	map --level 1
try 'a word after -- is no option' 2 'no exercise --all' grade -- --all
try 'a misspelt id is understood' 2 'did you mean 12_global?' grade 12_globl
try 'a misspelt number gets the list' 2 'there are 12' grade 1x
for words in '--seed 0' '--seed -1' '--seed 2147483648' '--seed 1x' \
	'--seed 99999999999999999999' '--jobs 0' '--jobs 1001'; do
	# shellcheck disable=SC2086  # an option and its value
	try "a number out of its range is refused: $words" 2 \
		'wants a number from 1 to' grade 12 $words
done
try 'a level out of its range is refused' 2 'from 1 to 99' hint 12 --level 100
for fail in 3 a: :1 a:-1 a:0 a:1x a:1:off a:4294967297 a:100001; do
	try "a fault point of another form is refused: $fail" 2 'SCENARIO:K' \
		grade 12 --fail "$fail"
done
try 'debug needs a fault point' 2 '--fail' grade 12 --debug

try 'what cannot be judged is no grade' 3 'this is no grade' grade 12
try 'and it is in the JSON all the same' 3 '"outcome": "grader_fault"' \
	grade 12 --format json
try 'a file is written whole' 3 '' grade 12 --format json --out verdict
said=$(ls)
tell 'and nothing beside it' "$(grep -c grader_fault verdict)" 1
try "it names the version" 0 "brakes $version" --version
tell 'which is that of the program' \
	"$(grep -c "^  \"brakes\": \"$version\"" verdict)" 1
try 'a file that cannot be written is named before anything is graded' 2 \
	'--out nowhere/verdict cannot be written: No such file' \
	grade 12 --out nowhere/verdict
try 'and so is a folder in its place' 2 'Is a directory' grade 12 --out build
try 'a verdict that is lost is a fault' 3 'No space left' \
	grade 12 --format json --out /dev/full

lost 'help that is lost is a fault' 3 'standard output could not be written' \
	--help
lost 'a version' 3 'standard output could not be written' --version
lost 'a map' 3 'standard output could not be written' map
lost 'a hint' 3 'standard output could not be written' hint 12
lost 'a lesson' 3 'standard output could not be written' lesson 12
lost 'a verdict' 3 'standard output: No space left' grade 12 --format json
rm -f .brakes-progress
said=$(build/brakes map 2>&1 >&-)
tell 'a closed standard output is one that cannot be written' $? 3
said=$(build/brakes map --help 2>&1 >&-)
tell 'for help too' $? 3
mkfifo pipe
: <pipe &
exec 3>pipe
wait "$!"
said=$(build/brakes map 2>&1 >&3)
tell 'a reader that has gone is no fault' "$? $said" '0 '
said=$(build/brakes help 2>&1 >&3)
tell 'nor where help was not wanted' "$? $said" '0 '
exec 3>&-
rm pipe
said=$(env "CK_$(printf '%0200d' 1)=1" CK_FORK=no timeout 20 build/brakes map 2>&1)
tell 'a variable of Check with a long name is forgotten' $? 0
[ ! -e .brakes-progress ]
tell 'what was not judged is not remembered' $? 0

try 'the map names the next exercise' 0 'make 12' map
try 'the solution is closed at first' 1 'make hint-12' solution 12
try 'the first hint comes first' 0 'Hint 1 of 3' hint 12
try 'then the second' 0 'Hint 2 of 3' hint 12
try 'a hint is shown again' 0 'Hint 1 of 3' hint 12 --level 1
try 'the third offers the solution' 0 'make solution-12' hint 12
try 'which is then open' 0 'Why this works' solution 12
try 'there is no fourth' 2 'has 3 hints' hint 12 --level 4
grep -q '^12_global score=0 best=0 hints=3$' .brakes-progress
tell 'the hints are remembered' $? 0

try 'a lesson is read and run' 0 'still open: 0' lesson 12
try 'an exercise without an experiment says so' 2 'no experiment' try 12

try 'without a pristine copy nothing is reset' 3 'nothing was touched' reset 12
cp -R "$workbook/grader/exercises/12_global/starter" grader/exercises/12_global
echo '/* mine */' >>exercises/12_global/day.c
try 'a file that was edited is reset' 0 'day.c.mine' reset 12
grep -q mine exercises/12_global/day.c.mine &&
	! grep -q mine exercises/12_global/day.c
tell 'and what it held is kept' $? 0
echo '/* again */' >>exercises/12_global/day.c
try 'a second reset keeps both' 0 'day.c.mine.2' reset 12
try 'a third has nothing to do' 0 'already' reset 12

exit $failed
