#!/bin/sh
# Makes a virtual environment with the first suitable Python, and checks for the one system library that wheels expect.
# What the system lacks is installed where that is possible without asking (root, apt), else the command is printed.
#
#   scripts/make_venv.sh FOLDER        PYTHON=python3.12 chooses the interpreter
set -eu
venv=$1

suitable() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

# Debian has `venv` without `ensurepip` until the interpreter's own package is installed: python3-venv, python3.12-venv.
has_venv() {
    "$1" -c 'import venv, ensurepip' 2>/dev/null
}

has_openmp() {
    ldconfig=$(command -v ldconfig || echo /sbin/ldconfig)
    [ "$(uname)" != Linux ] || ! [ -x "$ldconfig" ] || "$ldconfig" -p | grep -q 'libgomp\.so\.1'
}

python=
for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if suitable "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Python 3.11 or newer is needed, and ${PYTHON:-python3} is not one. Install it, or run: make PYTHON=/path/to/python3.11 ..." >&2
    exit 1
fi

case ${python##*/} in
    python3*) venv_package=${python##*/}-venv ;;
    *) venv_package=python3-venv ;;
esac
missing=
has_venv "$python" || missing="$missing $venv_package"
has_openmp || missing="$missing libgomp1"
if [ -n "$missing" ]; then
    export DEBIAN_FRONTEND=noninteractive
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "Installing$missing"
        # shellcheck disable=SC2086
        said=$({ apt-get update && apt-get install -y --no-install-recommends $missing; } </dev/null 2>&1) || echo "$said" >&2
    fi
    if ! has_venv "$python" || ! has_openmp; then
        echo "The system lacks:$missing. Run this, then the same command again:" >&2
        echo "    sudo apt-get install$missing" >&2
        exit 1
    fi
fi

"$python" -m venv --clear "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check -c constraints.txt --upgrade pip
