#!/bin/bash
# A person's first minutes with the app, in a bare system: each step is checked by what it leaves.
set -euo pipefail

seen=/tmp/seen
sample=/opt/crosstalk/_internal/resources/sample/meeting.flac
export DISPLAY=:7 XDG_RUNTIME_DIR=$HOME/.runtime QT_QPA_PLATFORM=xcb
mkdir -p "$seen" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

fail() {
    echo "FAILED: $*" >&2
    tail -n 20 "$HOME/.local/share/crosstalk/crosstalk.log" "$seen/app.txt" >&2 || true
    exit 1
}

until_true() { # until_true SECONDS COMMAND...
    local left=$1
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$left" -gt 0 ] || fail "waited in vain for: $*"
        left=$((left - 1))
        sleep 1
    done
}

press() {
    xdotool search --onlyvisible --name Crosstalk windowactivate --sync
    xdotool key --clearmodifiers "$1"
}
picture() { import -window root "$seen/$1.png"; }
is_saved() { ! crosstalk meetings | grep -qi recording; }
is_shown() { xdotool search --onlyvisible --name Crosstalk; }

trap 'kill $(jobs -p) 2>/dev/null || true; pulseaudio --kill || true' EXIT

echo "== no network"
! grep -qvE 'lo:|Inter-|face' /proc/net/dev || fail "there is a network interface"

echo "== command line"
crosstalk --version
crosstalk transcribe "$sample" --output "$seen/sample.srt" --format srt
grep -q -- "-->" "$seen/sample.srt" || fail "no subtitles"

echo "== window"
Xvfb $DISPLAY -screen 0 1280x900x24 >/dev/null 2>&1 &
until_true 20 test -e /tmp/.X11-unix/X7
matchbox-window-manager >/dev/null 2>&1 &
pulseaudio -n --daemonize=yes --exit-idle-time=-1 -L module-native-protocol-unix \
    -L "module-null-sink sink_name=room rate=48000" >/dev/null 2>&1
until_true 20 pactl set-default-source room.monitor
crosstalk >"$seen/app.txt" 2>&1 &
app=$!
until_true 60 is_shown
sleep 3
picture first-run

echo "== sample meeting"
press ctrl+t
sleep 30
picture sample
press ctrl+r
until_true 30 is_saved

echo "== record from the virtual microphone"
paplay --device=room "$sample" &
press ctrl+r
sleep 40
picture live
press ctrl+r
until_true 30 is_saved
sleep 2
picture review

echo "== a second start comes to the first"
crosstalk open || fail "the second start did not end well"
[ "$(pgrep -xc crosstalk)" = 1 ] || fail "there are two windows"

press ctrl+q
until_true 30 bash -c "! kill -0 $app"
[ ! -s "$seen/app.txt" ] || fail "the app complained: $(cat "$seen/app.txt")"

echo "== what is in the library"
crosstalk meetings
[ "$(crosstalk meetings | grep -c 0:)" -ge 2 ] || fail "there must be two meetings"
crosstalk export last --format txt >"$seen/last.txt"
[ "$(wc -w <"$seen/last.txt")" -gt 20 ] || fail "the recording has no words: $(cat "$seen/last.txt")"
find "$HOME" -name '*.wav' -size +1000k | grep -q . || fail "there is no recording"

echo "== every format"
for form in txt md docx srt vtt json seglst rttm ctm stm textgrid eaf wav flac opus; do
    crosstalk export last --format "$form" --output "$seen/last.$form"
    [ -s "$seen/last.$form" ] || fail "$form is empty"
    printf '%s %s bytes\n' "$form" "$(stat -c %s "$seen/last.$form")"
done

echo "== doctor"
crosstalk doctor
echo "All as it must be."
