import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

export type Theme = "light" | "dark" | "system";
const KEPT = "maillage.theme";

const Context = createContext<{ readonly theme: Theme; readonly choose: (theme: Theme) => void }>({
  theme: "system",
  choose: () => {},
});

/** Light, dark, or as the system; kept on this device. */
export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, choose] = useState<Theme>(() => {
    const kept = localStorage.getItem(KEPT);
    return kept === "light" || kept === "dark" ? kept : "system";
  });
  useEffect(() => {
    localStorage.setItem(KEPT, theme);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    const show = () => {
      document.documentElement.dataset.theme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    };
    show();
    dark.addEventListener("change", show);
    return () => dark.removeEventListener("change", show);
  }, [theme]);
  const value = useMemo(() => ({ theme, choose }), [theme]);
  return <Context value={value}>{children}</Context>;
}

export function useTheme() {
  return useContext(Context);
}
