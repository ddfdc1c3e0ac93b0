import { useEffect } from "react";

/** The screen's one h1, and the same in the tab's title. Never a patient's name: titles are seen by others. */
export function Title({
  children,
  hidden = false,
}: {
  readonly children: string;
  readonly hidden?: boolean;
}) {
  useEffect(() => {
    document.title = `${children} - Maillage`;
  }, [children]);
  return <h1 className={hidden ? "visually-hidden" : undefined}>{children}</h1>;
}
