#!/bin/sh
# test_make.sh: make in a copy of the workbook whose path and whose files bear the names
# that learners and their programs give: what it builds, what it leaves as it is, what it
# says to what is typed wrong, and what a killed build leaves behind.
# shellcheck disable=SC2016,SC2317  # for a shell of theirs; the functions are run by ok
set -u
cd "${0%/*}/../.." || exit 1
workbook=$PWD
work=$(mktemp -d) || exit 1
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS MAKELEVEL MFLAGS
book="$work/it's my \"book\" \$x #1 100%:=[a];"
failed=0

# ok TITLE COMMAND...: prints the line of one test, which holds when COMMAND does.
ok() {
	title=$1
	shift
	if "$@" >"$work/said" 2>&1; then
		echo "ok - $title"
	else
		echo "not ok - $title"
		tail -n 30 "$work/said" | sed 's/^/# /'
		failed=1
	fi
}

# Runs $@ in the copy, keeps what it says in $work/out, and passes that on.
in_book() {
	(cd "$book" && "$@") >"$work/out" 2>&1 </dev/null
	in_book_status=$?
	cat "$work/out"
	return "$in_book_status"
}

# Whether make $2... ends with status $1.
make_ends() {
	wanted=$1
	shift
	in_book make "$@"
	[ "$in_book_status" -eq "$wanted" ]
}

# Whether make $2... ends well and says the words $1.
make_says() {
	words=$1
	shift
	in_book make "$@" && grep -q -e "$words" "$work/out"
}

# Whether make $2... ends with status 2 and says the words $1.
make_refuses() {
	words=$1
	shift
	make_ends 2 "$@" && grep -q -e "$words" "$work/out"
}

mkdir "$book" && tar -cf - --exclude=./.git --exclude='./build/tests/test_*' \
	--exclude=./build/sanitized --exclude=./build/fuzz . | tar -xf - -C "$book" || exit 1
rm -f "$book/.brakes-progress" "$book"/build/exercises/*/reference.json

# --- what is asked for is built, and no more ------------------------------------------

ok 'make 00 judges the starter' make_says 'score  *36/100' 00
ok 'and has measured that exercise alone' \
	test "$(cd "$book" && echo build/exercises/*/reference.json)" = \
	build/exercises/00_start/reference.json
ok 'make 0 is make 00' make_says 'score  *36/100' 0
ok 'with nothing to build it says nothing of building' \
	sh -c '! grep "compiling\|Building" "$0"' "$work/out"
ok 'under another make that runs several commands there is no warning' \
	make_says 'score' 00 MAKEFLAGS=-j4
no_warning() {
	touch "$book/grader/report/page.c" && rm "$book/build/brakes" &&
		in_book env MAKEFLAGS=-j4 make 00 && ! grep -i warning "$work/out"
}
ok 'nor with MAKEFLAGS=-j4 in the environment, when there is something to build' \
	no_warning
ok 'each step says how many there are' \
	grep -q '^\[[0-9]* of [0-9]*\] compiling grader/report/page.c$' "$work/out"
last_step() {
	awk -F'[][ ]' '/^\[[0-9]+ of [0-9]+\]/ { last = $2; all = $4 }
		END { exit !(last > 0 && last == all) }' "$work/out"
}
ok 'and the last one is the last one' last_step

# --- what is typed wrong ----------------------------------------------------------------

ok 'a number that is none is told the list' make_refuses \
	'no exercise 99. There are 00 01 .* 14' 99
ok 'a number apart from its word is told how to type it' make_refuses \
	'make hint-08' hint 08
ok 'a word that is none is told where the list is' make_refuses 'make help' hnit
typed_wrong() {
	make_ends 2 'x;touch PWNED' && make_ends 2 "hint-1';touch PWNED;'"
	[ ! -e "$book/PWNED" ]
}
ok 'what is typed reaches no shell as a command' typed_wrong

# --- names ------------------------------------------------------------------------------

echo 'int x;' >"$book/exercises/00_start/a&touch\${IFS}PWNED&b.c"
no_command_run() {
	in_book make 00
	! find "$work" -name "PWNED*" | grep .
}
ok 'a name that a shell would take for a command is not run' no_command_run
for name in 'a&touch${IFS}PWNED&b.c' 'note copy.c' 'a:b.c' 'a(b).c' "it's.c" \
	'$(shell touch PWNED).c' '`touch PWNED`.c' 'say "x".c' '%.c' 'a=b.c' '#.c' 'a;touch PWNED;.c' \
	'a\b.c' '-o.c' 'note.c
second line.c'; do
	for folder in exercises/00_start lessons solutions/00_start exercises/02_unwind; do
		echo 'int x;' >"$book/$folder/$name"
	done
done
ln -s nowhere "$book/exercises/00_start/x.c"
cp -R "$book/exercises/00_start" "$book/exercises/00_start copy"
cp -R "$book/exercises/00_start" "$book/exercises/00_\$(shell touch PWNED)"
cp -R "$book/solutions/00_start" "$book/solutions/00_\$(shell touch PWNED)"
printf 'int x;\n' >"$book/exercises/00_start/$(printf '\377').c"
ok 'files with any names stop nothing' make_says 'score  *36/100' 00
ok 'nor do they stop the map' make_says 'score  *36/100' map
ok 'and no name was run as a command' sh -c '! find "$0" -name "PWNED*" | grep .' "$book"
valid_database() {
	python3 - "$book/build/compile_commands.json" "$book" <<-'END'
		import json, os, sys
		entries = json.load(open(sys.argv[1], encoding="utf-8"))
		files = [e["file"] for e in entries]
		assert all(e["directory"] == os.path.realpath(sys.argv[2]) for e in entries)
		assert all(e["arguments"][-1] == e["file"] for e in entries)
		for file in ["note.c", "note copy.c", "it's.c", 'say "x".c', "a\\b.c"]:
		    assert "exercises/00_start/" + file in files, file
		assert "exercises/00_start copy/note.c" in files
		assert "exercises/00_start/x.c" not in files
	END
}
ok 'the database of clangd is JSON and names each file' valid_database

# --- one fault stops nothing else -------------------------------------------------------

# A header changed so that our own solution would not compile with it.
sed -i 's/int note_save/char *note_save/' "$book/exercises/00_start/note.h"
ok 'a header that was changed does not change the verdict' make_says 'score  *36/100' 00
ok 'and is told not to be the learner'"'"'s to change' \
	grep -q 'note.h is not yours to change' "$work/out"
rm -r "$book/exercises/02_unwind" "$book/exercises/03_scope"
echo broken >"$book/exercises/03_scope"
echo broken >"$book/lessons/00_start.c"
chmod 000 "$book/exercises/04_close"
ok 'exercises that are gone, or no folders, or cannot be read stop no other' \
	make_says 'score  *36/100' 00
ok 'make 02 says what is missing of its own' make_says '02_unwind is not there' 02
chmod 755 "$book/exercises/04_close"
echo broken >"$book/solutions/01_obligation/copy.c"
ok 'a reference that cannot be measured stops only its own exercise' \
	make_says 'score  *36/100' map
ok 'and is named' grep -q '^calibrate: 01_obligation: ' "$work/out"
ok 'that one gets no grade' make_refuses '01_obligation is not built' 01
ok 'make reset-00 brings the header back' make_says 'note.h is the starter' reset-00

# --- what is measured again -------------------------------------------------------------

reference="$book/build/exercises/00_start/reference.json"
# Has make 00 look whether the reference is to be measured again, with a mark in it that
# goes when it is.
look_again() {
	cp -p "$reference" "$work/reference" && printf '\n \n' >>"$reference" &&
		touch -r "$work/reference" "$reference" && in_book make 00 &&
		grep '\] measuring 00_start' "$work/out"
}
# Whether make 00 has left the reference as it was.
kept() {
	look_again && [ "$(tail -n 1 "$reference")" = ' ' ]
}
measured() {
	look_again && [ "$(tail -n 1 "$reference")" != ' ' ]
}
touch "$book/solutions/00_start/note.c" "$book/grader/exercises/00_start/suite.c"
ok 'files that are newer and hold the same measure nothing again' kept
sed -i '1i/* moved */' "$book/grader/grading/calibrate.h" \
	"$book/grader/exercises/00_start/driver.c"
ok 'nor do programs whose code is the same, on other lines' kept
echo '/* x */' >>"$book/exercises/00_start/note.c"
echo '/* x */' >>"$book/exercises/00_start/note.h"
touch "$reference"
ok 'and nothing in exercises/ is looked at' \
	sh -c '(cd "$0" && make 00) | grep "score" && ! (cd "$0" && make -n 00) | grep measure' \
	"$book"
for file in solutions/00_start/note.c grader/exercises/00_start/starter/note.h; do
	sed -i '1s|$| |' "$book/$file"
	ok "another ${file#*/} does" measured
done
rm "$book/grader/exercises/00_start/mutants/opens_again.patch"
ok 'and so does a broken version less' measured
echo '/* TODO: newer */' >>"$book/grader/exercises/00_start/starter/note.c"
ok 'a starter that has changed is told of once' make_says \
	'The starter of 00 has changed: note.c. .*make reset-00' 00
ok 'and then no more' sh -c '! (cd "$0" && make 00) | grep "has changed"' "$book"

# Whether touching the header $1 compiles all files that include it and no other.
compiles_users() {
	in_book make -s -k all build/selfcheck || :
	touch "$book/grader/$1"
	in_book make -n STEPS=1 build/brakes build/calibrate build/selfcheck |
		sed -n "s/^echo ':: compiling \(.*\)'$/\1/p" | sort >"$work/compiled"
	(cd "$book/build" && grep -l "/$1" obj/*/*.d) |
		sed -n 's|^obj/\(.*\)\.d$|grader/\1.c|p' | sort >"$work/users"
	[ -s "$work/users" ] && diff "$work/users" "$work/compiled"
}
cp "$workbook/solutions/01_obligation/copy.c" "$book/solutions/01_obligation/copy.c"
rm "$book"/build/exercises/*/reference.json
for id in "$book"/build/exercises/*; do echo '{}' >"$id/reference.json"; done
ok 'a header that is touched compiles what includes it, and that alone' \
	compiles_users selfcheck/tally.h
rm "$book"/build/exercises/*/reference.json

# --- builds that went wrong -------------------------------------------------------------

mkdir "$work/bin"
cat >"$work/bin/gcc" <<'END'
#!/bin/sh
# Writes half of a file, as a compiler does that is killed with the make above it.
while [ $# -gt 1 ]; do
	[ "$1" != -o ] || echo torn_in_two >"$2"
	[ "$1" != -MF ] || printf 'torn_in_two: \\\n' >"$2"
	shift
done
kill -9 "$PPID"
END
chmod +x "$work/bin/gcc"
# Whether TARGET is not there after a kill, and is built by the next make.
survives_kill() {
	rm -f "$book/$1"
	in_book env PATH="$work/bin:$PATH" make "$1"
	[ ! -e "$book/$1" ] && in_book make "$1" && [ -e "$book/$1" ] &&
		! grep -q torn_in_two "$book/$1"
}
for target in build/obj/base/path.o build/confined build/tests/deeds build/gcov_shim.o \
	build/exercises/00_start/driver.so build/brakes; do
	ok "a build that is killed leaves no half of $target" survives_kill "$target"
done
optimised() {
	rm -f "$book/build/obj/base/process.o"
	make_says '-std=c11' CFLAGS=-O0 build/obj/base/process.o
}
ok 'make CFLAGS=-O0 compiles' optimised
rm -f "$book/build/obj/base/process.o"
ok 'and so does CC="gcc -m64"' make_says 'gcc -m64' CC='gcc -m64' \
	build/obj/base/process.o build/brakes
ok 'which lessons, too, are run with' make_says 'still open: 0' CC='gcc -m64' lesson-12
find "$book/grader" -type f -exec chmod a-x {} +
rm -f "$book/build/setup.run"
ok 'scripts that have lost their run bits are run' make_says 'hint' hint-00 &&
	ok 'and so they are when something is built' make_says 'score' 00

if [ "$(id -u)" -ne 0 ]; then
	echo 'skip - a build of another user: root alone can try that'
else
	chmod -R a+rX "$book"
	touch "$book/grader/cli/main.c"
	as_other() {
		in_book setpriv --reuid=65534 --regid=65534 --clear-groups make 00
		grep -q 'belongs to another user' "$work/out" &&
			grep -q 'sudo rm -rf build' "$work/out"
	}
	ok 'a build of another user is told what to do about' as_other
fi
noexec='mkdir -p "$0/grader" && mount -t tmpfs -o noexec none "$0" && mkdir "$0/grader" &&
	cp grader/setup "$0/grader" && sh "$0/grader/setup" run'
if unshare -rm true 2>/dev/null; then
	mkdir "$work/noexec"
	unshare -rm sh -c "$noexec" "$work/noexec" >"$work/out" 2>&1 </dev/null
	status=$?
	ok 'a disk that runs no program is named' \
		sh -c 'cat "$0"; [ "$1" -eq 3 ] && grep -q noexec "$0"' "$work/out" "$status"
else
	echo 'skip - a disk that runs no program: unshare is not permitted here'
fi

# --- a checkout with the line ends of Windows --------------------------------------------

if command -v git >/dev/null; then
	mkdir "$work/origin" &&
		cp -R Makefile .gitattributes .gitignore exercises grader lessons solutions \
			"$work/origin"
	in_origin() {
		git -C "$work/origin" -c core.autocrlf=false -c user.name=a \
			-c user.email=a@b "$@" >/dev/null 2>&1
	}
	in_origin init -q && in_origin add -A && in_origin commit -qm workbook
	git clone -q -c core.autocrlf=true "$work/origin" "$work/windows" 2>/dev/null
	ok 'a checkout with core.autocrlf holds the same bytes' \
		diff -r -x .git "$work/origin" "$work/windows"
	ok 'and the carriage returns that tests hand in' grep -q "$(printf '\r')" \
		"$work/windows/grader/exercises/06_never/wheats/other_order/table.txt"
else
	echo 'skip - line ends of Windows: git is not here'
fi
exit $failed
