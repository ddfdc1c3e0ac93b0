import { Button } from "../ui/button";
import { Loading, Strip } from "../ui/state";
import { useWords } from "../words/language";
import { shellWords } from "./words";

/** Before anything is known of who is there. */
export function Waiting({ error, retry }: { readonly error: Error | null; readonly retry: () => void }) {
  const words = useWords(shellWords);
  return (
    <main className="gate">
      <h1>Maillage</h1>
      {error ? (
        <Strip state="danger" role="alert" acts={<Button onClick={retry}>{words.retry}</Button>}>
          {words.unreachable}
        </Strip>
      ) : (
        <Loading lines={3} />
      )}
    </main>
  );
}
