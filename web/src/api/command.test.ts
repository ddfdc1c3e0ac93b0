// @vitest-environment jsdom
import { act, createElement } from "react";
import { createRoot } from "react-dom/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Command, useCommand } from "./command";
import { noAnswer, Refusal } from "./refusal";

type Answer = (outcome: string | Refusal) => Promise<void>;

interface Props {
  readonly send: (input: string, key: string) => Promise<string>;
  readonly got: (command: Command<string, string>) => void;
}

function Probe({ send, got }: Props) {
  got(useCommand(send));
  return null;
}

describe("one act of a person", () => {
  const root = createRoot(document.createElement("div"));
  let keys: string[];
  let answers: Answer[];
  let command: Command<string, string>;

  const send = (_: string, key: string) => {
    keys.push(key);
    return new Promise<string>((resolve, reject) => {
      answers.push((outcome) =>
        act(async () => {
          if (outcome instanceof Refusal) reject(outcome);
          else resolve(outcome);
        }),
      );
    });
  };
  const got = (now: Command<string, string>) => {
    command = now;
  };

  beforeEach(async () => {
    (globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
    keys = [];
    answers = [];
    await act(async () => root.render(createElement(Probe, { send, got })));
  });
  afterEach(async () => {
    await act(async () => root.render(null));
  });
  const run = () => act(async () => void command.run("x"));

  it("is sent once however often the button is pressed", async () => {
    await run();
    await run();
    expect(keys).toHaveLength(1);
    expect(command.pending).toBe(true);
    await answers[0]?.("done");
    expect(command.done).toBe("done");
  });

  it("keeps its key when nothing was decided", async () => {
    await run();
    await answers[0]?.(noAnswer());
    expect(command.refusal?.passing).toBe(true);
    await run();
    expect(keys[1]).toBe(keys[0]);
  });

  it("is another act, with another key, after a refusal and after a success", async () => {
    await run();
    await answers[0]?.(new Refusal(409, "SLOT_TAKEN", "", ""));
    await run();
    await answers[1]?.("done");
    await run();
    expect(new Set(keys).size).toBe(3);
  });
});
