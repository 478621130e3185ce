#!/bin/sh
# Finds the answers of 100,000 questions again with plain CPython (test/reference/questions.py): of generated programs, and of
# CRUXEval where it is. Exit status 1 when an answer differs.
#
#   scripts/questions-reference.sh PYTHON [FOLDER]     FOLDER keeps questions and differences (default: a temporary one)
set -eu

if [ $# -lt 1 ]; then
    echo "usage: scripts/questions-reference.sh PYTHON [FOLDER]" >&2
    exit 2
fi
python=$1
root=$(cd "$(dirname "$0")/.." && pwd)
if [ $# -ge 2 ]; then
    folder=$2
    mkdir -p "$folder"
else
    folder=$(mktemp -d)
    trap 'rm -rf "$folder"' EXIT
fi
cli=$root/dist/app/cli/main.js
if [ ! -f "$cli" ]; then
    echo "dist is missing. Fix: npm run build" >&2
    exit 2
fi

check() {
    node "$cli" questions "$2" --per-program 60 --python "$python" --force -o "$folder/$1.jsonl"
    PYTHONHASHSEED=0 "$python" "$root/test/reference/questions.py" "$folder/$1.jsonl" >"$folder/$1.differences" || failed=1
    tail -n 20 "$folder/$1.differences"
}

failed=0
node "$cli" trace --source generate --seed 9 --count 6000 --python "$python" --force -o "$folder/generated.tmr"
check generated "$folder/generated.tmr"
corpus=$root/../shared/data/cruxeval.jsonl
if [ -f "$corpus" ]; then check cruxeval "$corpus"; fi
exit $failed
