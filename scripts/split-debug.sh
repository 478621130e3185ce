#!/usr/bin/env bash
# scripts/split-debug.sh FILE: moves what debuggers read of a built file to FILE.debug beside it, which they find.
set -euo pipefail
file=$1
objcopy --only-keep-debug "$file" "$file.debug"
objcopy --strip-debug --remove-section=.gnu_debuglink "$file"
cd "$(dirname "$file")"
objcopy --add-gnu-debuglink="$(basename "$file").debug" "$(basename "$file")"
