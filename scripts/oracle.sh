#!/bin/sh
# Compares the native tracer with the pure-Python reference tracer over the project's programs and, where they are, the
# corpora in ../shared/data; then the native tracer's fast ways against one that renders every value at every event
# (check-values.sh). Slow. Exit status 1 when a program disagrees that test/reference/explained-*.txt does not explain, or
# a value.
#
#   scripts/oracle.sh PYTHON [FOLDER]     FOLDER keeps the rows of both tracers (default: a temporary one)
#   ISOLATION=fork OBJECTS=repr MAX_EVENTS=20000 scripts/oracle.sh python3.12
set -eu

if [ $# -lt 1 ]; then
    echo "usage: scripts/oracle.sh PYTHON [FOLDER]" >&2
    exit 2
fi
python=$1
root=$(cd "$(dirname "$0")/.." && pwd)
data=$root/../shared/data
reference=$root/test/reference
max_events=${MAX_EVENTS:-20000}
isolation=${ISOLATION:-shared}
objects=${OBJECTS:-fields}
if [ $# -ge 2 ]; then
    folder=$2
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
if [ ! -f "$root/dist/app/cli/main.js" ]; then
    echo "dist is missing. Fix: npm run build" >&2
    exit 2
fi

failed=0

# agree NAME KIND INPUT: one corpus, from rows to figures
agree() {
    if [ ! -f "$3" ]; then
        echo "$1: absent, skipped ($3)"
        return
    fi
    "$python" "$reference/convert.py" "$2" "$3" > "$folder/$1.programs.jsonl"
    "$python" "$reference/tracer.py" "$folder/$1.programs.jsonl" -o "$folder/$1.reference.jsonl" \
        --objects "$objects" --max-events "$max_events" --max-bytes 5000000
    # What the reference cannot show, the native tracer is not asked for.
    "$python" "$reference/convert.py" native "$folder/$1.programs.jsonl" --without "$folder/$1.reference.jsonl" \
        > "$folder/$1.compared.jsonl"
    node "$root/dist/app/cli/main.js" trace "$folder/$1.compared.jsonl" -o "$folder/$1.ours.tmr" --as record --force \
        --objects "$objects" --max-value-chars 0 --max-events "$max_events" --source native --python "$python" \
        --isolation "$isolation" --workers 1 --timeout-ms 20000 --memory-mb 2048
    npx tsx "$reference/first-events.ts" "$folder/$1.ours.tmr" "$folder/$1.reference.jsonl" > "$folder/$1.ours.jsonl"
    echo "$1:"
    explained=$reference/explained-$1.txt
    if [ -f "$explained" ]; then
        set -- "$1" --explained "$explained"
    else
        set -- "$1"
    fi
    name=$1
    shift
    "$python" "$reference/compare.py" "$folder/$name.reference.jsonl" "$folder/$name.ours.jsonl" "$@" || failed=1
}

"$python" --version
agree oracle native "$root/test/programs/oracle.jsonl"
agree cruxeval cruxeval "$data/cruxeval.jsonl"
agree pyedu pyedu "$data/pyedu_toy.jsonl"
echo "values:"
"$root/scripts/check-values.sh" "$python" "$folder/values" || failed=1
exit $failed
