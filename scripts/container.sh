#!/bin/sh
# What a container runs: `serve` fetches the models first (into the volume, once), everything else is passed on.
set -eu
if [ "${1:-}" = serve ]; then
    voice models pull
fi
exec voice "$@"
