#!/bin/sh
# Installs from Debian what the tests need beside Python. With --missing it installs nothing: its status is 1 where something lacks.
has() { command -v "$1" >/dev/null 2>&1; }
missing=""
has chromium-headless-shell || has chromium || has chromium-browser || has google-chrome || missing="chromium"
has firefox-esr || has firefox || missing="$missing firefox-esr"
has node || missing="$missing nodejs"
has npm || missing="$missing npm"
has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
has systemd-analyze || missing="$missing systemd"
has ssh-keygen && has ssh-agent || missing="$missing openssh-client"
[ -z "$missing" ] && exit 0
[ "$1" = --missing ] && exit 1
if [ "$(id -u)" = 0 ] && has apt-get; then
    echo "Missing: $missing. Installing it from Debian, with fonts-noto-cjk."
    apt-get update -qq
    # Where Debian has the shell of Chromium by itself, that will do: it takes a third of the work of the whole.
    shell=$(apt-cache pkgnames chromium-headless-shell)
    [ -z "$shell" ] || missing=$(echo "$missing" | sed "s/^chromium/$shell/")
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-noto-cjk >/dev/null && exit 0
fi
if [ "$CI" = true ]; then
    echo "Missing: $missing. Under CI=true no test is skipped for want of it." >&2
    exit 1
fi
echo "Missing: $missing. The tests that need it will be skipped; install it to run them all."
