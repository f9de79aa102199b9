#!/bin/sh
# Removes what install.sh installed, and nothing else: recordings, library and settings stay.
set -eu

program=$(cd "$(dirname "$0")" && pwd)
prefix=$(dirname "$(dirname "$program")")

if [ "$program" != "$prefix/lib/crosstalk" ]; then
    echo "This is not an installed copy. Run lib/crosstalk/uninstall.sh of the place where it is." >&2
    exit 2
fi
(cd "$program/share" && find . -type f) | while read -r file; do rm -f "$prefix/share/$file"; done
if [ "$(readlink "$prefix/bin/crosstalk" || true)" = "$program/crosstalk" ]; then
    rm -f "$prefix/bin/crosstalk"
fi
if command -v update-desktop-database >/dev/null; then
    update-desktop-database -q "$prefix/share/applications" || true
fi
rm -rf "$program"
echo "Crosstalk is removed. Recordings and settings were left where they are:"
echo "${CROSSTALK_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/crosstalk}"
