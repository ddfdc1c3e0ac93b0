import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";

const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/** A day of an address; anything else is not one. */
export function dayIn(text: string | undefined): string | undefined {
  return text && DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

/** What the address says of site, practitioner and presentation: ids only. */
export function useAddress() {
  const search = useSearch();
  const [path, go] = useLocation();
  const asked = new URLSearchParams(search);
  const change = useCallback(
    (changes: Readonly<Record<string, string>>, to: string = path) => {
      const next = new URLSearchParams(search);
      for (const [name, value] of Object.entries(changes)) {
        if (value) next.set(name, value);
        else next.delete(name);
      }
      const text = next.toString();
      go(text ? `${to}?${text}` : to);
    },
    [search, path, go],
  );
  return {
    site: asked.get("site") ?? "",
    practitioner: asked.get("practitioner") ?? "",
    list: asked.get("view") === "list",
    change,
  };
}
