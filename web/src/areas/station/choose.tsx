import { useQuery } from "@tanstack/react-query";
import { ChevronRight } from "lucide-react";
import { Link } from "wouter";
import { useSession } from "../../api/session";
import { Empty, Read } from "../../ui/state";
import { Title } from "../../ui/title";
import { useWords } from "../../words/language";
import { type Kind, type Post, pinnedPost, readPosts } from "./posts";
import { stationWords } from "./words";

/** The order of the work. */
const ORDER: readonly Kind[] = [
  "theatre",
  "return",
  "reception",
  "washing",
  "wash_unloading",
  "assembly",
  "packing",
  "loading",
  "unloading",
  "store",
  "dispatch",
  "dock",
  "quarantine",
];

/** Which post this device stands at: one press, remembered on the device. */
export function Choose() {
  const words = useWords(stationWords);
  const { session } = useSession();
  const posts = useQuery({ queryKey: ["cooperation", "stations", "posts"], queryFn: readPosts });
  return (
    <main className="station-page" id="content">
      <header className="row spread">
        <Title>{words.choose}</Title>
        <span className="row">
          <Link href="/station/codes" className="button">
            {words.printCodes}
          </Link>
          <Link href="/" className="button">
            {words.console}
          </Link>
        </span>
      </header>
      <Read of={posts} lines={6}>
        {(all) => {
          const own = all.filter((post) => post.organisation === session.context?.organisation_id);
          const shown = own.length > 0 ? own : all;
          return shown.length === 0 ? <Empty>{words.noPost}</Empty> : <Posts posts={shown} />;
        }}
      </Read>
    </main>
  );
}

function Posts({ posts }: { readonly posts: readonly Post[] }) {
  const words = useWords(stationWords);
  const pinned = posts.find((post) => post.id === pinnedPost());
  const sites = [...new Set(posts.map((post) => post.siteName))].sort();
  return (
    <div className="stack">
      {pinned ? (
        <Link href={`/station/${pinned.id}`} className="button station-big" data-kind="primary">
          {words.resume(name(words, pinned))}
        </Link>
      ) : null}
      {sites.map((site) => (
        <section key={site} className="stack">
          <h2>{site}</h2>
          <ul className="station-posts">
            {posts
              .filter((post) => post.siteName === site)
              .sort(
                (a, b) =>
                  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
                  name(words, a).localeCompare(name(words, b)),
              )
              .map((post) => (
                <li key={post.id}>
                  <Link href={`/station/${post.id}`} className="button station-big">
                    <span>
                      {words.kind[post.kind]}
                      {post.machineName ? <small>{post.machineName}</small> : null}
                    </span>
                    <ChevronRight aria-hidden="true" />
                  </Link>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function name(words: { readonly kind: Readonly<Record<Kind, string>> }, post: Post): string {
  return [words.kind[post.kind], post.machineName].filter(Boolean).join(", ");
}
