import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Waiting } from "../../shell/waiting";
import { useLightTheme } from "./index";
import { keptPost, pinnedPost } from "./posts";
import { StationScreen } from "./screen";
import "./station.css";

/**
 * A station opened without a network: who is there cannot be asked, so scans are read and kept, and sent once somebody's
 * session answers again.
 */
export default function OfflineStation({
  error,
  retry,
}: {
  readonly error: Error | null;
  readonly retry: () => void;
}) {
  useLightTheme();
  const id = /\/station\/([^/]+)/.exec(window.location.pathname)?.[1] ?? pinnedPost() ?? "";
  const post = useQuery({
    queryKey: ["station", "kept", id],
    queryFn: async () => (await keptPost(id)) ?? null,
  });
  useEffect(() => {
    window.addEventListener("online", retry);
    return () => window.removeEventListener("online", retry);
  }, [retry]);
  if (!post.data) return <Waiting error={error} retry={retry} />;
  return <StationScreen post={post.data} person={null} />;
}
