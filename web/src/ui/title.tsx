import { useEffect } from "react";

const shown = { title: "", waiting: 0 };

function write(): void {
  if (shown.title) document.title = `${shown.waiting ? `(${shown.waiting}) ` : ""}${shown.title} - Maillage`;
}

/** How much waits for the person, before the title of the tab: seen from another window. */
export function setWaiting(count: number): void {
  shown.waiting = count;
  write();
}

/** The screen's one h1, and the same in the tab's title. Never a patient's name: titles are seen by others. */
export function Title({
  children,
  hidden = false,
}: {
  readonly children: string;
  readonly hidden?: boolean;
}) {
  useEffect(() => {
    shown.title = children;
    write();
  }, [children]);
  return <h1 className={hidden ? "visually-hidden" : undefined}>{children}</h1>;
}
