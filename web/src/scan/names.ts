/**
 * The names under which a code may stand in the list of blocks. Only for the check without a network: the server alone
 * decides what a code means, and whatever is not plainly one of ours gives no name, so that it stays « non vérifié ».
 */
const LINK = "https://id.gs1.org/";
const GS = "\u001d";
const KEYS = ["00", "8003", "8004"] as const;
const LENGTHS: Readonly<Record<string, RegExp>> = {
  "00": /^\d{18}$/,
  "8003": /^0\d{13}.{0,16}$/,
  "8004": /^.{1,30}$/,
};

export function namesOf(text: string): readonly string[] {
  const code = text.trim();
  const link = /^https?:\/\/[^/]+\/(?:.*\/)?(00|8003|8004)\/([^/?#]+)/.exec(code);
  if (link) return named(link[1], decodeURIComponent(link[2] ?? ""));
  const bracketed = /^\((00|8003|8004)\)([^()]+)/.exec(code);
  if (bracketed) return named(bracketed[1], bracketed[2] ?? "");
  const marked = /^\](?:d2|C1|Q3|e0|J1)/.test(code) ? code.slice(3) : undefined;
  const symbol = marked?.startsWith(GS) ? marked.slice(1) : marked;
  for (const key of KEYS) {
    if (symbol?.startsWith(key)) {
      const rest = symbol.slice(key.length);
      return named(key, key === "00" ? rest.slice(0, 18) : (rest.split(GS)[0] ?? ""));
    }
  }
  return [];
}

function named(key: string | undefined, value: string): readonly string[] {
  if (!key || !LENGTHS[key]?.test(value)) return [];
  return [`${LINK}${key}/${encodeURIComponent(value)}`];
}
