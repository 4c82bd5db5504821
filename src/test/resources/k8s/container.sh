#!/usr/bin/env bash
# Runs one container of a pod as the kubelet would. Needs root and Linux; called in the pod's network namespace.
#   container.sh USER GROUP READ_ONLY FOLDER COMMAND...
# FOLDER has: root (the path of a root file system), files/ (what is laid over it), hosts, volumes (lines: source<TAB>mount path)
set -euo pipefail
user=$1 group=$2 read_only=$3 folder=$4
shift 4

scratch=$folder/scratch
root=$scratch/root
mkdir -p "$scratch"
mount -t tmpfs scratch "$scratch"
mkdir "$scratch/upper" "$scratch/overlay" "$root"
cp -a "$folder/files/." "$scratch/upper/"
mount -t overlay overlay -o "lowerdir=$(cat "$folder/root"),upperdir=$scratch/upper,workdir=$scratch/overlay" "$root"
cp "$folder/hosts" "$root/etc/hosts"
rm -f "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while IFS=$'\t' read -r source path; do
  mkdir -p "$root$path"
  mount --bind "$source" "$root$path"
done < "$folder/volumes"
if [ "$read_only" = true ]; then
  mount -o remount,ro "$root"
fi
exec chroot "$root" /usr/bin/setpriv --reuid "$user" --regid "$group" --clear-groups --no-new-privs \
  --bounding-set=-all --inh-caps=-all "$@"
