#!/usr/bin/env bash
# scripts/packages-venv.sh [FOLDER]: the environments of the tests with third-party packages, FOLDER/3.11 to FOLDER/3.13,
# one for each of these Pythons that is installed. Downloads 130 MB and unpacks 550 MB for each, once: where the
# environment of the same requirements and Python is there, nothing is done. FOLDER is TRACEMILL_PACKAGES, or
# ~/.cache/tracemill/packages.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

folder=${1:-${TRACEMILL_PACKAGES:-${XDG_CACHE_HOME:-$HOME/.cache}/tracemill/packages}}
requirements=test/packages/requirements.txt

# The executable of a minor version that can make environments: on PATH, or under pyenv's folder.
find_python() {
    local minor=$1 candidate
    for candidate in "python$minor" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$minor".*/bin/python python3 /usr/bin/python3; do
        if "$candidate" -c "import sys, venv, ensurepip; sys.exit('%d.%d' % sys.version_info[:2] != '$minor')" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

found=0
for minor in 3.11 3.12 3.13; do
    python=$(find_python "$minor")
    [[ -n $python ]] || continue
    found=$((found + 1))
    environment=$folder/$minor
    marker=$environment/requirements.txt
    if cmp -s "$requirements" "$marker" && "$environment/bin/python" -c 'import numpy' 2>/dev/null; then
        echo "packages: $environment is as it should be"
        continue
    fi
    rm -rf "$environment"
    mkdir -p "$folder"
    "$python" -m venv "$environment"
    # Compiled once here, since no program may write there later.
    "$environment/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-deps -r "$requirements"
    cp "$requirements" "$marker"
    echo "packages: installed into $environment"
done
if ((found == 0)); then
    echo "packages: no Python 3.11, 3.12 or 3.13 with venv is installed; install one" >&2
    exit 1
fi
