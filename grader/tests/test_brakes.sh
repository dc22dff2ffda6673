#!/bin/sh
# Try the command line in a copy of the workbook that has one exercise, with
# nothing measured in it: what is typed wrong, what is remembered, and what
# happens when the grader cannot judge.
set -u
cd "${0%/*}/../.." || exit 1
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
export GIT_CEILING_DIRECTORIES="${book%/*}"
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

try 'help lists the commands' 0 'brakes grade' help
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
try 'a fault point of another form is refused' 2 'SCENARIO:K' \
	grade 12 --fail 3
try 'debug needs a fault point' 2 '--fail' grade 12 --debug

try 'what cannot be judged is no grade' 3 'this is no grade' grade 12
try 'and it is in the JSON all the same' 3 '"outcome": "grader_fault"' \
	grade 12 --format json
try 'a file is written whole' 3 '' grade 12 --format json --out verdict
said=$(ls)
tell 'and nothing beside it' "$(grep -c grader_fault verdict)" 1
try 'a file that cannot be written is named' 3 'nowhere/verdict' \
	grade 12 --out nowhere/verdict
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

try 'without its history nothing is reset' 3 'nothing was touched' reset 12
git init -q . && git add -A &&
	git -c user.name=a -c user.email=a@b commit -qm workbook
echo '/* mine */' >>exercises/12_global/day.c
git -c user.name=a -c user.email=a@b commit -qam mine
try 'a file that was edited and committed is reset' 0 'day.c.mine' reset 12
grep -q mine exercises/12_global/day.c.mine &&
	! grep -q mine exercises/12_global/day.c
tell 'and what it held is kept' $? 0
echo '/* again */' >>exercises/12_global/day.c
try 'a second reset keeps both' 0 'day.c.mine.2' reset 12
try 'a third has nothing to do' 0 'already' reset 12

exit $failed
