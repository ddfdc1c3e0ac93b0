import type { Schedule } from "./shared";

export function Exceptions(_: { readonly schedule: Schedule }) {
  return null;
}
