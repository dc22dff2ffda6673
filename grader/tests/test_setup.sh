#!/bin/sh
# Try grader/setup on systems that are not this one: every tool that it asks
# about is a stand-in, and nothing is installed.
set -u
cd "${0%/*}/../.." || exit 1
base=$(mktemp -d) || exit 1
trap 'rm -rf "$base"' EXIT
mkdir -p "$base/bin" "$base/grader"
cp grader/setup "$base/grader"
for tool in sh cat ls sed head tail mkdir mv rm find env ln touch chmod; do
	ln -s "$(command -v $tool)" "$base/bin"
done

cat >"$base/bin/stand-in" <<'END'
#!/bin/sh
echo "${0##*/} $*" >>"$base/asked"
case "${0##*/} $*" in
'id -u') echo "${user-0}" ;;
'uname -s') echo "${kernel-Linux}" ;;
'gcc -E -') echo "# 1 \"$base/stdio.h\"" ;;
'gcc --version') echo "gcc (Stand-in) ${gcc-12.2.0}" ;;
'make --version') echo 'GNU Make 4.3' ;;
'gcovr --version') echo "gcovr ${gcovr-5.2}" ;;
'pkg-config --modversion check') echo "${check-0.15.2}" ;;
'pkg-config --variable=pcfiledir '*) echo "$base" ;;
'sudo -n '*) shift && "$@" ;;
apt-get*install*) [ -z "${broken-}" ] && ln -s stand-in "$base/bin/gcovr" ;;
apt-get*) [ -z "${broken-}" ] ;;
esac
END
chmod +x "$base/bin/stand-in"
touch "$base/stdio.h" "$base/check.pc" "$base/jansson.pc" "$base/libdw.pc" \
	"$base/sqlite3.pc" "$base/bdw-gc.pc" "$base/libarchive.pc" \
	"$base/libseccomp.pc"
for tool in id uname gcc gcov make objcopy ld pkg-config gcovr patch bwrap \
	cmp apt-get; do
	ln -s stand-in "$base/bin/$tool"
done
failed=0

# Print the line for test $1, which held if $2 is 0.
judge() {
	if [ "$2" = 0 ]; then
		echo "ok - $1"
	else
		echo "not ok - $1"
		printf '%s\n' "$said" | sed 's/^/# /'
		failed=1
	fi
}

# try TITLE STATUS WORDS [NAME=VALUE]...: setup ends so and says these words.
try() {
	title=$1 status=$2 words=$3
	shift 3
	: >"$base/asked"
	said=$(env -i PATH="$base/bin" base="$base" OS_RELEASE="$base/os" "$@" \
		sh "$base/grader/setup" </dev/null 2>&1)
	got=$?
	case $said in *"$words"*) ;; *) got="$got, without the words" ;; esac
	[ "$got" = "$status" ]
	judge "$title" $?
}

echo 'ID=debian' >"$base/os"
try 'all is here: ready' 0 ''
try 'a second time: ready' 0 ''
! grep -qv '^$' "$base/asked"
judge 'a second time asks no tool' $?

while IFS='|' read -r title words setting; do
	rm -f "$base/build/setup.run"
	try "$title" 3 "$words" "$setting"
done <<'END'
an old gcc is named|gcc 11.4 is here, 12 or later is needed|gcc=11.4
a compiler that does not tell its version is named|gcc of no known version is here|gcc=none
an old Check is named|check 0.14.0 is here, 0.15 or later is needed|check=0.14.0
on macOS the container is named|.devcontainer/Dockerfile|kernel=Darwin
on Windows WSL2 is named|WSL2|kernel=MINGW64_NT
END
try 'gcc 12 will do' 0 '' gcc=12.1

while read -r system line; do
	echo "$system" >"$base/os"
	rm -f "$base/bin/gcovr"
	try "$system is told its line" 3 "$line" user=1000
done <<'END'
ID=fedora not tried on, type:
ID=fedora sudo dnf install gcovr
ID=arch sudo pacman -S --needed gcovr
ID=alpine Debian's names
ID=plan9 Debian's names
ID=debian As root, type:
END

echo 'ID=linuxmint ID_LIKE="ubuntu debian"' >"$base/os"
try 'when apt-get fails, the line to type is said' 3 \
	'    apt-get update && apt-get install --no-install-recommends gcovr' broken=1
try 'a tool taken away is noticed, and installed' 0 'All is here.'
rm "$base/bin/gcovr"
ln -s stand-in "$base/bin/sudo"
try 'who is not root installs by sudo' 0 'All is here.' user=1000
exit $failed
