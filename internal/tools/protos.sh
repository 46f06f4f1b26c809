#!/usr/bin/env bash
# Downloads Clarifai's official protobuf definitions, which are part of the npm package clarifai-nodejs-grpc, into
# the cache and prints the directory with all versions. Tests compile them; this repository contains none of them.
set -euo pipefail
. "$(dirname "$0")/env.sh"

package=clarifai-nodejs-grpc
# version and integrity, as npm states it (sha512, base64)
releases='
11.11.0 770A5/6dyJgyUnnrpxwaseMeJs7sDGFMUaFkCGkqapz3ZZknSA1uS1nO1YHS3HhCL5dg6bX76i/mcTuuru+6ng==
10.2.1 XhGx9MzzqGKYFROZakwjdszHCa7+8WzyV0UeVoH0QWYchsF+vapJQUbZK4VZZ00RosVLBHT8iT9GlpaujhY1WA==
'

# sha512 FILE prints its digest in hexadecimal.
sha512() {
	if have_command sha512sum; then sha512sum "$1"; else shasum -a 512 "$1"; fi | cut -d ' ' -f 1
}

# hexadecimal BASE64 prints the same bytes in hexadecimal.
hexadecimal() { base64 -d <<<"$1" | od -An -v -tx1 | tr -d ' \n'; }

directory=$cache/protos
while read -r version integrity; do
	[ -n "$version" ] || continue
	target=$directory/$package-$version
	[ ! -d "$target" ] || continue
	if ! have_command npm; then
		say "npm is not in PATH: $package $version, with the official definitions, cannot be downloaded"
		exit 1
	fi
	say "downloading $package $version (official definitions; once per version; kept in $directory)"
	work=$(scratch_in_cache)
	trap 'rm -rf "$work"' EXIT
	(cd "$work" && npm pack --silent --ignore-scripts "$package@$version" >/dev/null </dev/null)
	archive=$work/$package-$version.tgz
	if [ "$(sha512 "$archive")" != "$(hexadecimal "$integrity")" ]; then
		say "$package $version is not the archive whose checksum is recorded here"
		exit 1
	fi
	mkdir "$work/unpacked"
	tar -xzf "$archive" -C "$work/unpacked" --strip-components=1
	mkdir -p "$directory"
	# A concurrent run may have installed the same files.
	[ -d "$target" ] || mv "$work/unpacked" "$target"
	rm -rf "$work"
done <<<"$releases"
echo "$directory"
