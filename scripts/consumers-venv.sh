#!/usr/bin/env bash
# scripts/consumers-venv.sh [FOLDER]: the Python environment of test/consumers, with the real datasets library and
# LLaMA-Factory. Downloads 2.5 GB and unpacks 5 GB, once: where the environment of the same requirements is there,
# nothing is done. FOLDER is TRACEMILL_CONSUMERS, or ~/.cache/tracemill/consumers.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-${TRACEMILL_CONSUMERS:-${XDG_CACHE_HOME:-$HOME/.cache}/tracemill/consumers}}
requirements=test/consumers/requirements.txt
marker=$folder/requirements.txt

if cmp -s "$requirements" "$marker"; then
    echo "consumers: $folder is as it should be"
    exit 0
fi

# The pinned torch has wheels for these.
for python in python3 python3.11 python3.12 /usr/bin/python3; do
    if "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' 2>/dev/null; then
        found=$python
        break
    fi
done
if [[ -z ${found:-} ]]; then
    echo "consumers: no Python 3.11 or 3.12 with venv is installed; install one" >&2
    exit 1
fi

rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
"$found" -m venv "$folder"
# A wheel that is fetched once and kept unpacked need not be kept packed too.
"$folder/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-compile --no-deps -r "$requirements"
cp "$requirements" "$marker"
echo "consumers: installed into $folder"
