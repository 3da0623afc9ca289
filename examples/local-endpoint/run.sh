#!/bin/sh
# mateojackson is denied, the denial is explained, an administrator attaches the fix, and the same call is allowed: with the
# AWS CLI, against an endpoint on this machine. It needs sagepass with its extra [serve], and the AWS CLI; no account.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
server=
stop() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
export AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null AWS_PAGER=

step() { printf '\n=== %s\n\n' "$1"; }

# 1. The endpoint, with the saved policies of the first example. What it prints to standard output is for the shell.
sagepass serve --port 0 --seed ../describe-training-job/snapshot --print-env >"$work/env.sh" 2>"$work/log" &
server=$!
until grep -q AWS_SECRET_ACCESS_KEY "$work/env.sh"; do
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2; exit 1; }
  sleep 0.1
done
. "$work/env.sh"

# 2. As the root user of the account: a role, a training job, and an access key for mateojackson.
aws iam create-role --role-name ChurnTraining --assume-role-policy-document file://trust.json >"$work/role"
aws sagemaker create-training-job --cli-input-json file://job.json >"$work/job"
mateo=$(aws iam create-access-key --user-name mateojackson --query 'AccessKey.[AccessKeyId,SecretAccessKey]' --output text)
as_mateo() {
  AWS_ACCESS_KEY_ID=$(printf %s "$mateo" | cut -f1) AWS_SECRET_ACCESS_KEY=$(printf %s "$mateo" | cut -f2) "$@"
}
look() {
  as_mateo aws sagemaker describe-training-job --training-job-name my-example-widget \
    --query '[TrainingJobArn,TrainingJobStatus]' --output text
}

step "mateojackson looks at a training job, and is denied"
if look 2>"$work/denied"; then
  echo "he should have been denied" >&2
  exit 1
fi
cat "$work/denied"

step "the log of the endpoint has the command that explains it"
grep -A1 '^denied' "$work/log"
id=$(sed -n 's/.*authorization id: //p' "$work/denied")
sagepass why --endpoint "$AWS_ENDPOINT_URL" "$id" || [ $? -eq 1 ]

step "an administrator attaches fix 1, and mateojackson looks again"
aws iam put-user-policy --user-name mateojackson --policy-name sagepass-sagemaker-DescribeTrainingJob \
  --policy-document file://fix.json
look
