#!/bin/sh
# Writes .env.example with every password and key that is empty made up: sh deploy/passwords.sh > .env
set -eu
umask 077
while IFS= read -r line; do
  case $line in
    *_PASSWORD= | *_KEY=) printf '%sp%s\n' "$line" "$(head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n')" ;;
    *) printf '%s\n' "$line" ;;
  esac
done < "$(dirname "$0")/../.env.example"
