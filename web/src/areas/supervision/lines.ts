import { useQuery } from "@tanstack/react-query";
import { api, body } from "../../api/client";
import { useSession } from "../../api/session";

/** Lines by name: from the floor for a supervisor, from the set-up for a manager; none for who only reads. */
export function useLines(): readonly { readonly id: string; readonly name: string }[] {
  const { may } = useSession();
  const floor = may("telesecretariat:floor.supervise");
  const lines = useQuery({
    queryKey: ["telesecretariat", "lines", "names", floor],
    queryFn: async ({ signal }) =>
      floor
        ? (await body(api.GET("/api/telesecretariat/v1/board", { signal }))).lines
        : (
            await body(
              api.GET("/api/telesecretariat/v1/lines", { params: { query: { limit: 100 } }, signal }),
            )
          ).items,
    enabled: floor || may("telesecretariat:setup.write"),
    staleTime: 300_000,
  });
  return lines.data?.map(({ id, name }) => ({ id, name })) ?? [];
}
