#!/bin/sh
# Our own solution where the machine is short of something, or odd: it gets full marks, or
# status 3 with the cause, and never a lower grade.
set -u
cd "${0%/*}/../.." || exit 1
base=$(mktemp -d) || exit 1
here=$base/here
mkdir "$here"
# shellcheck disable=SC2317  # by the trap
clean() {
	umount "$here" 2>/dev/null
	rm -rf "$base"
}
trap clean EXIT
failed=0 exercise=00

ok() { echo "ok - $1"; }
not_ok() {
	echo "not ok - $1: status $status, $(head -c 600 "$base/out") $(head -c 600 "$base/err")"
	failed=1
}

# Run the command line $@ and keep what comes.
run() {
	"$@" >"$base/out" 2>"$base/err"
	status=$?
}
grade() {
	run build/brakes grade "$exercise" --from solutions --format json
}

# The grading got full marks.
full() {
	if [ "$status" -eq 0 ] && grep -q '"status": "pass", "score": 100\|"score": 100' \
		"$base/out"; then ok "$1"; else not_ok "$1"; fi
}

# The grading gave no grade, and its verdict says $2.
refused() {
	if [ "$status" -eq 3 ] && grep -q '"status": "error"' "$base/out" &&
		grep -q -e "$2" "$base/out"; then ok "$1"; else not_ok "$1"; fi
}

# Grade under the limit $1 $2, which sh sets itself.
# shellcheck disable=SC3045  # every sh that we know has these
limited() {
	run sh -c 'ulimit "$1" "$2" && exec build/brakes grade "$3" --from solutions \
		--format json' sh "$1" "$2" "$exercise"
}

limited -n 96
refused 'few open files are named' 'ulimit -n) is 96'
limited -v 500000
refused 'little address space is named' 'ulimit -v) is 500000 KiB'
limited -t 30
refused 'little processor time is named' 'ulimit -t) is 30 seconds'
limited -f 2000
refused 'small files are named' 'ulimit -f) is'
limited -Sn 64
full 'a soft limit is raised'

# Odd names of the temporary folder.
for name in 'a,b' 'a=b' 'a\b' 'a b' "a'b" 'a:b' 'a%sb'; do
	mkdir "$base/$name"
	TMPDIR=$base/$name grade
	full "a temporary folder may be called $name"
	rm -r "${base:?}/$name"
done
part=$(printf '%0200d' 0)
deep=$base
for _ in 1 2 3 4 5 6 7 8 9 10 11 12; do deep=$deep/$part; done
mkdir -p "$deep"
TMPDIR=$base/$part/$part/$part/$part/$part/$part grade
full 'the path of the temporary folder may be long'
TMPDIR=$deep grade
refused 'a path that is too long is named' 'set TMPDIR to a shorter one'

# A ccache without a folder to write in, as gcc in PATH: a stand-in, which is told by the
# same variable to stay out of the way.
mkdir "$base/ccache"
cat >"$base/ccache/gcc" <<END
#!/bin/sh
[ -n "\${CCACHE_DISABLE-}" ] || { echo 'ccache: error: Failed to create' \
	'directory /nonexistent/.cache/ccache/tmp: Read-only file system' >&2; exit 1; }
PATH='$PATH' exec gcc "\$@"
END
chmod +x "$base/ccache/gcc"
PATH=$base/ccache:$PATH grade
full 'ccache may be gcc'

# A gcc with its parts in a folder that the system does not have.
mkdir -p "$base/gcc/bin" "$base/gcc/parts"
cp -L "$(command -v gcc)" "$base/gcc/parts/driver"
parts=$(dirname "$(gcc -print-file-name=libgcc.a)")
cp "$parts"/crt*.o "$parts"/libgc* "$base/gcc/parts"
cp -r "$parts/include" "$base/gcc/parts"
for tool in cc1 collect2 lto-wrapper; do
	cp "$(gcc -print-prog-name=$tool)" "$base/gcc/parts"
done
cp -L "$(gcc -print-file-name=liblto_plugin.so)" "$base/gcc/parts"
cat >"$base/gcc/bin/gcc" <<END
#!/bin/sh
exec "$base/gcc/parts/driver" "-B$base/gcc/parts/" "\$@"
END
chmod +x "$base/gcc/bin/gcc"
chmod 755 "$base"
PATH=$base/gcc/bin:$PATH grade
full 'gcc may be installed anywhere'

# A gcovr that pip has installed for one user: its modules are in the home, here one that
# is nowhere else.
installed=$(command -v gcovr)
python=$(sed -n '1s/^#!//p' "$installed")
version=$($python -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
modules=$base/home/.local/lib/$version/site-packages
mkdir -p "$modules" "$base/home/.local/bin"
touch "$modules/only_here.py"
{
	printf '#!%s\nimport only_here\n' "$python"
	sed 1d "$installed"
} >"$base/home/.local/bin/gcovr"
chmod +x "$base/home/.local/bin/gcovr"
HOME=$base/home PATH=$base/home/.local/bin:$PATH grade
full 'gcovr may be installed for one user'
printf '#!/bin/sh\nexec %s "$@"\n' "$installed" >"$base/home/.local/bin/gcovr"
HOME=$base/home PATH=$base/home/.local/bin:$PATH grade
refused 'a gcovr that cannot be asked is named' 'the gcovr in PATH is no Python'

# A disk that is full.
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=64k none "$here" 2>/dev/null; then
	TMPDIR=$here grade
	refused 'a temporary folder without room is named' 'no space left'
	umount "$here"
	mount -t tmpfs -o nr_inodes=100,mode=1777 none "$here"
	TMPDIR=$here grade
	refused 'a temporary folder without inodes is named' 'inodes'
	umount "$here"
else
	echo 'skip - full disks: only root can mount them'
fi

exit "$failed"
