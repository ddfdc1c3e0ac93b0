/** A French number as people read it, « 06 39 98 00 01 »; any other as it is. */
export function phoneText(value: string): string {
  const figures = /^\+33(\d{9})$/.exec(value)?.[1];
  return figures ? `0${figures}`.replace(/(\d{2})(?=\d)/g, "$1\u00a0") : value;
}
