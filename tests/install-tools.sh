#!/bin/sh
# Finds what the browser, form and database tests need, or installs it from Debian where it may; else says what will be skipped.
missing=""
command -v chromium-headless-shell >/dev/null 2>&1 || command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="chromium"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$missing postgresql"
# The shell of Chromium, where Debian has it, takes a third of the work of the whole; the whole will do.
command -v chromium-headless-shell >/dev/null 2>&1 || shell=$(apt-cache pkgnames chromium-headless-shell 2>/dev/null)
if [ -z "$missing" ] && [ -n "$shell" ] && [ "$(id -u)" = 0 ]; then
    echo "Installing from Debian: $shell"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$shell" >/dev/null 2>&1 ||
        echo "It could not be; the tests use what is there."
fi
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing from Debian: $missing"
    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-noto-cjk >/dev/null && exit 0
fi
if [ "$CI" = true ]; then
    echo "Missing: $missing. Under CI=true no test is skipped for want of it." >&2
    exit 1
fi
echo "Missing: $missing. The tests that need it will be skipped; install it to run them all."
