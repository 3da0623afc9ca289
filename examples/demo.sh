#!/bin/sh
# Explains every denial in this folder, first from its text alone, then from the saved policies of the account.
# `sagepass why` ends with 1 when it explains a denial and 0 when there is none; anything else fails the demo.
set -eu
cd "$(dirname "$0")"

explain() {
  printf '\n$ sagepass why'
  printf ' %s' "$@"
  printf '\n\n'
  status=0
  sagepass why "$@" || status=$?
  if [ "$status" -gt 1 ]; then
    printf 'the demo stops: sagepass why ended with %s\n' "$status" >&2
    exit "$status"
  fi
}

show() {
  printf '\n=== %s\n' "$1"
  explain "$2"
  explain "$2" --snapshot "$(dirname "$2")/snapshot"
}

show "A user may not describe a training job" describe-training-job/error.txt
show "The same, with the action's prefix doubled" describe-training-job/error-doubled.txt
show "A user may not pass a role to SageMaker" pass-role/error.txt
show "A user of another account may not assume a role here" outside-my-account/assume-role.txt
show "A user of another account may not read a model package here" outside-my-account/model-package.txt
show "A user of another account finds no training job" outside-my-account/not-found.txt
