import type { Dictionary } from "../../words/language";
import { en } from "./en";
import { fr, type OrderWords } from "./fr";

/** What both sides of an order call things. */
export const orderWords: Dictionary<OrderWords> = { fr, en };
