const BEFORE = / (?=[:;?!»%])/g;
const AFTER = /« /g;
const UNIT = /(\d) (?=(?:h|min|s|km|€)(?![\p{L}\d]))/gu;

/** A French sentence as it is set: a mark or a unit never begins a line alone. */
export function setFrench(text: string): string {
  return text.replace(BEFORE, "\u00a0").replace(AFTER, "«\u00a0").replace(UNIT, "$1\u00a0");
}

/** The same for each sentence of a dictionary; those who write them type ordinary spaces. */
export function spaced<T>(words: T): T {
  if (typeof words === "string") return setFrench(words) as T;
  if (typeof words === "function") {
    const say = words as unknown as (...given: readonly unknown[]) => unknown;
    return ((...given: readonly unknown[]) => {
      const said = say(...given);
      return typeof said === "string" ? setFrench(said) : said;
    }) as T;
  }
  if (Array.isArray(words)) return words.map(spaced) as T;
  if (words && Object.getPrototypeOf(words) === Object.prototype)
    return Object.fromEntries(Object.entries(words).map(([name, each]) => [name, spaced(each)])) as T;
  return words;
}
