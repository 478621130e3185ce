#!/usr/bin/env bash
# Builds a copy of the working tree with node-gyp in FOLDER and runs those tests against that build that show whether its
# parts were put together as CMake does: that the addon, the tracer process and the core open one another and run programs,
# and that a core has an operator new of its own. What they do then is the same code.
#   scripts/check-node-gyp.sh FOLDER      PYTHON or npm_config_python chooses the Python
# Needs the headers of the running Node: found beside it, installed through apt, or else downloaded by node-gyp.
set -euo pipefail
if (($# != 1)); then
    echo "usage: scripts/check-node-gyp.sh FOLDER" >&2
    exit 2
fi
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
folder=$1

prefix=$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")
has_headers() { [[ -e $prefix/include/node/common.gypi ]]; }
# Debian packs them apart from its Node.
if ! has_headers && [[ $prefix == /usr && $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "installing with apt: libnode-dev"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends libnode-dev || true
fi

mkdir -p "$folder"
tar -C "$root" --exclude=./node_modules --exclude=./build --exclude=./dist --exclude=./.git -cf - . | tar -C "$folder" -xf -
ln -sfn "$root/node_modules" "$folder/node_modules"
cd "$folder"
node node_modules/node-gyp/bin/node-gyp.js rebuild $(has_headers && echo "--nodedir=$prefix")
ls build/Release/tracemill.node build/Release/tracemill-host build/Release/core-cp3*.so
npx --no-install vitest run test/native/{golden,engine,addon-zstd,inline,hardening}.test.ts
npx --no-install vitest run test/native/recorder-limits.test.ts -t "memory"
