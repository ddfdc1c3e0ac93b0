import { HelpCircle, Search } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { Area } from "../areas";
import { Button } from "../ui/button";
import { useShortcut } from "../ui/shortcuts";
import { useWords } from "../words/language";
import { Boundary } from "./boundary";
import { keyText } from "./keys";
import { shellWords } from "./words";

const Palette = lazy(() => import("./palette"));
const Shortcuts = lazy(() => import("./shortcuts"));
const Bell = lazy(() => import("./bell"));

/** Search of everything, what waits, the keys: loaded when they are first opened, the bell after the screen. */
export function Tools({ areas }: { readonly areas: readonly Area[] }) {
  const words = useWords(shellWords);
  const [open, setOpen] = useState<"palette" | "shortcuts" | null>(null);
  const close = () => setOpen(null);
  useShortcut({ id: "shell.palette", keys: "$mod+k", label: words.openPalette }, () => setOpen("palette"));
  useShortcut({ id: "shell.shortcuts", keys: "Shift+?", label: words.shortcuts }, () => setOpen("shortcuts"));
  return (
    <>
      <Button aria-keyshortcuts="Control+K" onClick={() => setOpen("palette")}>
        <Search size={16} aria-hidden="true" />
        <span className="tool-name">{words.openPalette}</span>
        <kbd>{keyText("$mod+k")}</kbd>
      </Button>
      <Boundary>
        <Suspense fallback={null}>
          <Bell />
        </Suspense>
      </Boundary>
      <Button kind="quiet" aria-label={words.help} onClick={() => setOpen("shortcuts")}>
        <HelpCircle size={20} aria-hidden="true" />
      </Button>
      <Suspense fallback={null}>
        {open === "palette" ? <Palette areas={areas} onClose={close} /> : null}
        {open === "shortcuts" ? <Shortcuts onClose={close} /> : null}
      </Suspense>
    </>
  );
}
