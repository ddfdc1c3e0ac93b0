import { createContext, type ReactNode, useCallback, useContext, useMemo, useRef, useState } from "react";
import { useWords } from "../words/language";
import { Button } from "./button";
import { Strip } from "./state";
import { uiWords } from "./words";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly state: "ok" | "info" | "warn";
}

const Context = createContext<(text: string, state?: Toast["state"]) => void>(() => {});

/** Says that an act is done; it goes away by itself. Errors never stand only here. */
export function ToastProvider({ children }: { readonly children: ReactNode }) {
  const words = useWords(uiWords);
  const [toasts, set] = useState<readonly Toast[]>([]);
  const next = useRef(1);
  const drop = useCallback((id: number) => set((all) => all.filter((each) => each.id !== id)), []);
  const say = useCallback(
    (text: string, state: Toast["state"] = "ok") => {
      const id = next.current++;
      set((all) => [...all.slice(-2), { id, text, state }]);
      setTimeout(() => drop(id), 8_000);
    },
    [drop],
  );
  const shown = useMemo(() => toasts, [toasts]);
  return (
    <Context value={say}>
      {children}
      <div className="toasts" role="status">
        {shown.map((toast) => (
          <Strip
            key={toast.id}
            state={toast.state}
            acts={
              <Button kind="quiet" onClick={() => drop(toast.id)}>
                {words.close}
              </Button>
            }
          >
            {toast.text}
          </Strip>
        ))}
      </div>
    </Context>
  );
}

export function useToast(): (text: string, state?: "ok" | "info" | "warn") => void {
  return useContext(Context);
}
