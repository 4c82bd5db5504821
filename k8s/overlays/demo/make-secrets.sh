#!/bin/sh
# Makes the Secrets that the demo needs, with random values, where they are not there yet: none is kept in Git, and one
# that is there is never changed, since the servers keep their first password on their volumes.
set -eu

random() {
  head -c 48 /dev/urandom | base64 | tr -dc 'A-Za-z0-9'
}

# make NAME KEY=VALUE...
make() {
  name=$1
  shift
  if kubectl get secret "$name" > /dev/null 2>&1; then
    echo "secret $name is there already"
    return
  fi
  for pair in "$@"; do
    set -- "$@" "--from-literal=$pair"
    shift
  done
  kubectl create secret generic "$name" "$@"
}

make tokens "secret=$(random)"
make links "secret=$(random)"
make operator username=operator "password=$(random)"
make mysql username=auth_user "password=$(random)"
make rabbitmq username=video-to-mp3 "password=$(random)"
make mail username=demo password=demo

password=$(random)
make mongodb username=video-to-mp3 "password=$password" "keyfile=$(random)" \
  "uri=mongodb://video-to-mp3:$password@mongodb-0.mongodb:27017/?replicaSet=rs0&authSource=admin"
