import type { Credentials, Fact, PhoneLine } from "./softphone";

/** A line that does what a test says. `asked`: what was asked of it. */
export class FakeLine implements PhoneLine {
  readonly asked: string[] = [];
  says: (fact: Fact["kind"]) => void = () => {};

  start(credentials: Credentials, tell: (fact: Fact) => void): void {
    this.asked.push(`start ${credentials.user}`);
    this.says = (kind) => tell({ kind } as Fact);
  }
  renew(credentials: Credentials): void {
    this.asked.push(`renew ${credentials.user}`);
  }
  answer(): void {
    this.asked.push("answer");
    this.says("answered");
  }
  hangUp(): void {
    this.asked.push("hang up");
    this.says("ended");
  }
  replace(): void {
    this.asked.push("replace");
  }
  stop(): void {
    this.asked.push("stop");
  }
}
