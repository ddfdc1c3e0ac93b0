import { api, body } from "../../api/client";

/** Prints the label of a pack: the drawing of the server in a frame of its own, so that nothing else is on the paper. */
export async function printed(run: string): Promise<void> {
  const drawn = await body(
    api.GET("/api/cooperation/v1/runs/{run_id}/label", {
      params: { path: { run_id: run }, query: { kind: "pack", format: "svg" } },
      parseAs: "blob",
    }),
  );
  const url = `data:image/svg+xml,${encodeURIComponent(await (drawn as Blob).text())}`;
  const frame = document.createElement("iframe");
  frame.title = "";
  frame.style.display = "none";
  document.body.append(frame);
  const page = frame.contentDocument;
  if (!page) return;
  const image = page.createElement("img");
  image.src = url;
  image.alt = "";
  page.body.append(image);
  await image.decode();
  frame.contentWindow?.print();
  setTimeout(() => frame.remove(), 60_000);
}
