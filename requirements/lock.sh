#!/bin/sh
# Writes core.txt, build.txt, dev.txt and sdk.txt anew from the .in files, with a hash for each file of each package and
# without the address of any index. Lock with the oldest Python that is supported: newer ones need the same packages or fewer.
set -eu
cd "$(dirname "$0")"
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"${1:-python3}" -m venv "$tools"
"$tools/bin/python" -m pip --quiet --disable-pip-version-check install 'pip-tools>=7.5'
for name in core build dev sdk; do
  "$tools/bin/pip-compile" --quiet --generate-hashes --strip-extras --no-header \
    --no-emit-index-url --no-emit-trusted-host --no-emit-find-links \
    --output-file "$name.txt" "$name.in"
done
