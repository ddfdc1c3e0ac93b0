#!/usr/bin/env bash
# A partner's machine with nothing but bash, curl and openssl: key, token, free times.
#
#   openssl ecparam -name prime256v1 -genkey -noout -out key.pem && chmod 600 key.pem
#   MAILLAGE_KEY=key.pem MAILLAGE_KID=key-1 ./client.sh jwks         # the public half for the administrator
#   export MAILLAGE_URL=https://… MAILLAGE_CLIENT_ID=… MAILLAGE_KEY=key.pem MAILLAGE_KID=key-1
#   ./client.sh token
#   ./client.sh slots consultation autun
set -euo pipefail

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
bytes() { local hex; for hex in $(fold -w2); do printf "\\x$hex"; done; }

# ES256 wants r and s, 32 bytes each; openssl writes them as two DER integers, without leading zeros.
sign() {
  openssl dgst -sha256 -sign "$MAILLAGE_KEY" -binary | openssl asn1parse -inform DER |
    sed -n 's/.*INTEGER *://p' | while read -r number; do printf '%64s' "$number" | tr ' ' '0'; done | bytes | base64url
}

# The point of a P-256 key is the last 64 bytes of its public half: x, then y.
jwks() {
  local x y
  x=$(openssl ec -in "$MAILLAGE_KEY" -pubout -outform DER 2>/dev/null | tail -c 64 | head -c 32 | base64url)
  y=$(openssl ec -in "$MAILLAGE_KEY" -pubout -outform DER 2>/dev/null | tail -c 32 | base64url)
  printf '{"keys":[{"kty":"EC","crv":"P-256","kid":"%s","use":"sig","alg":"ES256","x":"%s","y":"%s"}]}\n' \
    "$MAILLAGE_KID" "$x" "$y"
}

assertion() {
  local now head body
  now=$(date +%s)
  head=$(printf '{"alg":"ES256","kid":"%s"}' "$MAILLAGE_KID" | base64url)
  body=$(printf '{"iss":"%s","sub":"%s","aud":"%s/oauth/token","iat":%d,"exp":%d,"jti":"%s"}' "$MAILLAGE_CLIENT_ID" \
    "$MAILLAGE_CLIENT_ID" "$MAILLAGE_URL" "$now" "$((now + 60))" "$(openssl rand -hex 16)" | base64url)
  printf '%s.%s.%s' "$head" "$body" "$(printf '%s.%s' "$head" "$body" | sign)"
}

token() {
  curl -sS --fail-with-body "$MAILLAGE_URL/oauth/token" -d grant_type=client_credentials -d "client_assertion=$(assertion)" \
    -d client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer |
    sed -n 's/.*"access_token":"\([^"]*\)".*/\1/p'
}

# The token goes to curl by a file descriptor: the list of processes is readable by everybody.
slots() {
  curl -sS --fail-with-body -G "$MAILLAGE_URL/api/appointments/v1/slots" -d limit=3 --data-urlencode "reason=$1" \
    --data-urlencode "site=$2" -H @<(printf 'Authorization: Bearer %s' "$(token)")
  echo
}

"$@"
