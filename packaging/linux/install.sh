#!/bin/sh
# Installs Crosstalk for this user (or into a prefix: PREFIX=/usr/local ./install.sh); no root needed.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
prefix=${PREFIX:-$HOME/.local}
program=$prefix/lib/crosstalk

if [ "$here" = "$program" ]; then
    echo "Crosstalk is installed already: run the install.sh of the archive that was unpacked." >&2
    exit 2
fi
mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share"
rm -rf "$program.new"
cp -R "$here" "$program.new" # whole before the former one goes: a full disk leaves that as it is
rm -rf "$program"
mv "$program.new" "$program"
cp -R "$here/share/." "$prefix/share/"
ln -sf "$program/crosstalk" "$prefix/bin/crosstalk"

desktop=$prefix/share/applications/org.crosstalk.Crosstalk.desktop
sed "s|^Exec=crosstalk|Exec=\"$prefix/bin/crosstalk\"|; s|^TryExec=.*|TryExec=$prefix/bin/crosstalk|" \
    "$here/share/applications/org.crosstalk.Crosstalk.desktop" >"$desktop"
if command -v update-desktop-database >/dev/null; then
    update-desktop-database -q "$prefix/share/applications"
fi
if command -v gtk-update-icon-cache >/dev/null; then
    gtk-update-icon-cache -q -t -f "$prefix/share/icons/hicolor" || true
fi
echo "Crosstalk is installed in $program."
echo "Start it from the menu of your desktop, or with $prefix/bin/crosstalk."
echo "To remove it: $program/uninstall.sh (your recordings stay)."
