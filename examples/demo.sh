#!/bin/sh
# Explains every denial in this folder, first from its text alone, then from the saved policies of the account; then checks
# two calls before they are made. `sagepass why` ends with 1 when it explains a denial and 0 when there is none, `sagepass
# preflight` with 1 when something is missing; anything else fails the demo. Where the extra [serve] and the AWS CLI are
# installed, a denial is lived through at last, against a local endpoint.
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

preflight() {
  printf '\n=== %s\n\n$ sagepass preflight studio-training/%s --format %s …\n\n' "$1" "$2" "$3"
  status=0
  sagepass preflight "studio-training/$2" --snapshot studio-training/snapshot --format "$3" \
    --as arn:aws:sts::123456789012:assumed-role/AmazonSageMaker-ExecutionRole-20260114T101500/SageMaker || status=$?
  if [ "$status" -ne "$4" ]; then
    printf 'the demo stops: sagepass preflight ended with %s\n' "$status" >&2
    exit 1
  fi
}

preflight "A training job that will fail, before it is started" first-attempt.json human 1
preflight "The same project, with everything in place" training-job.json concise 0

if command -v aws >/dev/null && python -c 'import sys; from importlib.util import find_spec; sys.exit(not find_spec("moto"))'; then
  printf '\n=== The same, lived through: examples/local-endpoint\n'
  sh local-endpoint/run.sh
fi
