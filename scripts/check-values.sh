#!/bin/sh
# Runs programs with a tracer that renders every value at every event and ends where its record is wrong
# (native/trace/value_check.h). It is built on a copy of the project, so that build/ stays as it is. Afterwards an error
# is planted in the copy, which has to be found.
#
#   scripts/check-values.sh PYTHON FOLDER [LIMIT]     FOLDER is made, and serves again; LIMIT programs of each corpus
#                                                     (default: all), 0: only what is part of the project
#
# Exit status 1 when a value differs from its record, or the planted error is not found.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: scripts/check-values.sh PYTHON FOLDER [LIMIT]" >&2
    exit 2
fi
python=$1
limit=${3:-1000000}
root=$(cd "$(dirname "$0")/.." && pwd)
data=$root/../shared/data
mkdir -p "$2/copy"
folder=$(cd "$2" && pwd)
copy=$folder/copy
(cd "$root" && tar cf - --exclude=./build --exclude=./node_modules --exclude=./.git .) | (cd "$copy" && tar xf -)
ln -sfn "$root/node_modules" "$copy/node_modules"
cd "$copy"
# Where an error is planted below: that of an earlier run is not to stay in what was built.
planted=native/trace/fingerprint.cc
touch "$planted"

build() {
    npm run --silent build:native -- --verify --python "$python" > "$folder/build.log" || {
        cat "$folder/build.log" >&2
        exit 1
    }
}

# trace NAME ARGUMENTS...: what ends as a crash, one program a line
trace() {
    name=$1
    shift
    npx tsx src/app/cli/main.ts trace "$@" -o "$folder/$name.tmr" --force --python "$python" --max-events 20000 \
        > "$folder/$name.log" 2>&1 || {
        cat "$folder/$name.log" >&2
        exit 1
    }
    if grep -q '"crash":' "$folder/$name.tmr.manifest.json"; then
        npx tsx src/app/cli/main.ts dump "$folder/$name.tmr" |
            awk -v expected="$folder/crashes.txt" '
                BEGIN { while ((getline line < expected) > 0) crashes[line] = 1 }
                /^# / { program = $0; text = "" }
                /^stream stderr "value check/ { text = $0 }
                /^outcome crash/ && (text != "" || !(program in crashes)) { print program; print text }'
    fi
}

# Programs that end as a crash by themselves, such as one that an alarm ends.
sed -n 's/^{"id": "\([^"]*\)".*"status": "crash".*/# \1/p' test/programs/*.jsonl > "$folder/crashes.txt"

failed=0
# check NAME ARGUMENTS...: one corpus
check() {
    trace "$@" > "$folder/found.txt"
    if [ -s "$folder/found.txt" ]; then
        echo "$1: a value differs from its record" >&2
        cat "$folder/found.txt" >&2
        failed=1
    else
        tail -n 1 "$folder/$1.log"
    fi
}

build
"$python" --version
programs="test/golden/*.py"
for name in oracle neutral script values; do programs="$programs test/programs/$name.jsonl"; done
for chars in 1000 40 0; do
    # shellcheck disable=SC2086
    check "own-$chars" $programs --max-value-chars $chars
done
# shellcheck disable=SC2086
check own-skip $programs --max-value-chars 40 --loops skip
check generated --source generate --count 500
if [ "$limit" != 0 ]; then
    # Of PyEdu's programs the first inputs.
    for corpus in cruxeval pyedu; do
        file=$data/$corpus.jsonl
        if [ "$corpus" = pyedu ]; then file=$data/pyedu_toy.jsonl; fi
        if [ -f "$file" ]; then
            "$python" test/reference/convert.py "$corpus" "$file" > "$folder/$corpus.jsonl"
            check "$corpus" "$folder/$corpus.jsonl" --limit "$limit"
        else
            echo "$corpus: absent, skipped ($file)"
        fi
    done
fi

# Floats that change and keep their place.
cp "$planted" "$folder/fingerprint.cc"
sed -i '/mix_value(&PyFloat_Type, std::bit_cast<uint64_t>(value));/d' "$planted"
if cmp -s "$planted" "$folder/fingerprint.cc"; then
    echo "there is no place for the planted error in $planted" >&2
    exit 1
fi
build
printf 'def f():\n    a = [0.5]\n    a[0] = 1.5\n    return a\n\nf()\n' > "$folder/planted.py"
trace planted "$folder/planted.py" > "$folder/found.txt"
if [ -s "$folder/found.txt" ]; then
    echo "a planted error is found:" && cat "$folder/found.txt"
else
    echo "a planted error is not found" >&2
    failed=1
fi
exit $failed
