import { newKey } from "../../api/client";
import type { Field, Values } from "../../records/values";
import type { PlantWords } from "./words";

/** What is asked of a scanner. */
export const deviceFields = (words: PlantWords): Field[] => [
  { kind: "text", name: "name", label: words.name, required: true, max: 120 },
  { kind: "text", name: "id", label: words.deviceId, hint: words.deviceIdHint, fixed: true },
];

/** A scanner that is not enrolled at the door gets an identifier of its own. */
export const newDevice = (values: Values): Values => ({ ...values, id: values.id || newKey() });
