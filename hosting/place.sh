#!/bin/sh
# Sets where the built folder stands: place.sh FOLDER URL
#
#   sh hosting/place.sh /srv/www/tools/inspector https://tools.example.com/tools/inspector/
#
# Writes the path of the URL into <base href> of every page and, for an https URL, `client-metadata.json`, which describes
# Flowglass as an OAuth client at that URL. It may be run again with another URL.
set -eu

folder=$1
url=$2

case $url in
*[!A-Za-z0-9:/._~-]*) echo "place.sh: the URL has a character that is not expected: $url" >&2; exit 1 ;;
https://*/ | http://*/) ;;
*) echo "place.sh: the URL must be absolute and end with a slash: $url" >&2; exit 1 ;;
esac

rest=${url#*://}
path=/${rest#*/}
document=$folder/client-metadata.json
meta=

rm -f "$document" "$document.gz" "$document.br"
case $url in
https://*)
	meta="<meta name=\"client-metadata\" content=\"${url}client-metadata.json\">"
	cat >"$document" <<JSON
{
  "client_id": "${url}client-metadata.json",
  "client_name": "Flowglass",
  "client_uri": "$url",
  "redirect_uris": ["${url}oauth/callback/"],
  "grant_types": ["authorization_code", "refresh_token"],
  "response_types": ["code"],
  "token_endpoint_auth_method": "none",
  "application_type": "web"
}
JSON
	;;
esac

find "$folder" -name '*.html' | while read -r page; do
	sed -e "s|<base href=\"[^\"]*\">|<base href=\"$path\">|" \
		-e 's|<meta name="client-metadata" content="[^"]*">||' \
		-e "s|</head>|$meta</head>|" "$page" >"$page.new"
	mv "$page.new" "$page"
done
