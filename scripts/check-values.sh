#!/bin/sh
# Runs the corpora with a tracer that renders every value at every event and ends where its record is wrong
# (native/trace/value_check.h). It is built on a copy of the project, so that build/ stays as it is.
#
#   scripts/check-values.sh PYTHON FOLDER [LIMIT]     FOLDER is made; LIMIT programs of each corpus (default: all)
#
# Exit status 1 when a program ends as a crash, which is how the tracer ends there.
set -eu

if [ $# -lt 2 ]; then
    echo "usage: scripts/check-values.sh PYTHON FOLDER [LIMIT]" >&2
    exit 2
fi
python=$1
folder=$2
limit=${3:-1000000}
root=$(cd "$(dirname "$0")/.." && pwd)
data=$root/../shared/data
mkdir -p "$folder/copy"
folder=$(cd "$folder" && pwd)
copy=$folder/copy
(cd "$root" && tar cf - --exclude=./build --exclude=./node_modules --exclude=./.git .) | (cd "$copy" && tar xf -)
ln -sfn "$root/node_modules" "$copy/node_modules"
cd "$copy"
npm run --silent build:native -- --verify --python "$python"

failed=0
# check NAME ARGUMENTS...: one corpus
check() {
    name=$1
    shift
    npx tsx src/cli/main.ts trace "$@" -o "$folder/$name.tmr" --force --python "$python" --limit "$limit" \
        --max-events 20000 --json > "$folder/$name.json"
    cat "$folder/$name.json"
    if grep -q '"crash":' "$folder/$name.json"; then
        echo "$name: a value differs from its record" >&2
        failed=1
    fi
}

check golden test/golden/*.py
check generated --source generate --count 1000
for corpus in cruxeval pyedu_toy; do
    if [ -f "$data/$corpus.jsonl" ]; then
        check "$corpus" "$data/$corpus.jsonl"
    else
        echo "$corpus: absent, skipped ($data/$corpus.jsonl)"
    fi
done
exit $failed
