import { Component, type ReactNode } from "react";
import { Button } from "../ui/button";
import { Strip } from "../ui/state";
import { useWords } from "../words/language";
import { shellWords } from "./words";

/** A fault of one area stays in it: the frame and the call under way go on. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    if (!this.state.failed) return this.props.children;
    return <Failed retry={() => this.setState({ failed: false })} />;
  }
}

function Failed({ retry }: { readonly retry: () => void }) {
  const words = useWords(shellWords);
  return (
    <Strip state="danger" role="alert" acts={<Button onClick={retry}>{words.reload}</Button>}>
      {words.areaFailed}
    </Strip>
  );
}
