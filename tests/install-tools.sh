#!/bin/sh
# Finds what the browser, form and database tests need, or installs it from Debian where it may; else says what will be skipped.
has() { command -v "$1" >/dev/null 2>&1; }
missing=""
has chromium-headless-shell || has chromium || has chromium-browser || has google-chrome || missing="chromium"
has node || missing="$missing nodejs"
has initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && has apt-get; then
    apt-get update -qq
    # Where Debian has the shell of Chromium by itself, that will do: it takes a third of the work of the whole.
    shell=$(apt-cache pkgnames chromium-headless-shell)
    [ -z "$shell" ] || missing=$(echo "$missing" | sed "s/^chromium/$shell/")
    echo "Installing from Debian: $missing"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-noto-cjk >/dev/null && exit 0
fi
if [ "$CI" = true ]; then
    echo "Missing: $missing. Under CI=true no test is skipped for want of it." >&2
    exit 1
fi
echo "Missing: $missing. The tests that need it will be skipped; install it to run them all."
