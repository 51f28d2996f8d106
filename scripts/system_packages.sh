#!/bin/sh
# Sees to what the system provides: system_packages.sh [bwrap] [seccomp] [venv] [chromium] [clang] [wasm-ld]
# Installs through apt where it may (root), else names the one line to type. A Python that
# cannot make a virtual environment, and a missing compiler, end in an error; everything else has
# a next-best way.
set -u
python=${PYTHON:-python3}

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "error: $python is not Python 3.11 or newer: make PYTHON=python3.11 (or newer)" >&2
    exit 1
fi

present() {
    case $1 in
        venv) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
        chromium) command -v chromium-headless-shell || command -v chromium ||
            command -v chromium-browser || command -v google-chrome ;;
        seccomp) "$python" -c 'import ctypes.util as c, sys; sys.exit(not c.find_library("seccomp"))' ;;
        *) command -v "$1" ;;
    esac >/dev/null
}

package_of() {
    case $1 in
        bwrap) echo bubblewrap ;;
        seccomp) echo libseccomp2 ;;
        # the one without windows opens a page in half of the processor's time
        chromium) apt-cache show chromium-headless-shell >/dev/null 2>&1 &&
            echo chromium-headless-shell || echo chromium ;;
        wasm-ld) echo lld ;;
        venv) "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])' ;;
        *) echo "$1" ;;
    esac
}

missing=
for tool; do
    present "$tool" || missing="$missing $tool"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    log=$(mktemp)
    apt-get update >"$log" 2>&1
    packages=
    for tool in $missing; do
        packages="$packages $(package_of "$tool")"
    done
    echo "installing$packages"
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $packages \
        >>"$log" 2>&1 || tail -n 3 "$log" >&2
    rm -f "$log"
fi

status=0
for tool; do
    present "$tool" && continue
    line="sudo apt-get install $(package_of "$tool")"
    case $tool in
        bwrap) echo "bubblewrap is not here: $line
  until then students' code cannot be isolated, and grading refuses unless told --unsafe" >&2 ;;
        seccomp) echo "libseccomp is not here: $line
  until then bubblewrap is not used, as its sandbox would let every system call through" >&2 ;;
        chromium) echo "Chromium is not here: $line
  until then the tests that look at pages in a browser are skipped" >&2 ;;
        clang | wasm-ld) echo "error: $tool is not here: $line" >&2; status=1 ;;
        venv) echo "error: this Python cannot make a virtual environment: $line" >&2; status=1 ;;
    esac
done
exit $status
