import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { api, body } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { TextField } from "../../ui/field";
import { Badge, Empty, Read, RefusalStrip } from "../../ui/state";
import { DataTable } from "../../ui/table";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { shortDay, today } from "../../words/time";
import { useBoard } from "./queries";
import { supervisionWords } from "./words";

export const STATES = {
  drawn: "warn",
  scored: "info",
  shared: "info",
  commented: "info",
  final: "ok",
} as const;

export function useGrids() {
  return useQuery({
    queryKey: ["telesecretariat", "quality", "grids"],
    queryFn: async ({ signal }) =>
      (await body(api.GET("/api/telesecretariat/v1/quality/grids", { signal }))).items,
    staleTime: 300_000,
  });
}

/** Calls drawn by lot for review, a month at a time, and the grid they are scored by. */
export function Quality() {
  const words = useWords(supervisionWords);
  const client = useQueryClient();
  const say = useToast();
  const [month, setMonth] = useState(today().slice(0, 7));
  const draw = useCommand(
    (_: null, key) =>
      body(
        api.POST("/api/telesecretariat/v1/quality/draws", {
          headers: { "Idempotency-Key": key },
          body: { month, per_agent: 4, seed: Number(month.replace("-", "")) },
        }),
      ),
    (done) => {
      say(words.drawn(done.drawn, done.agents));
      void client.invalidateQueries({ queryKey: ["telesecretariat", "quality", "reviews"] });
    },
  );
  return (
    <>
      <Title>{words.quality}</Title>
      <section className="panel stack" aria-label={words.quality}>
        <div className="supervision-fields">
          <TextField
            label={words.month}
            type="month"
            value={month}
            onChange={(event) => setMonth(event.target.value)}
          />
          <Button busy={draw.pending} onClick={() => void draw.run(null)}>
            {words.draw}
          </Button>
        </div>
        <RefusalStrip refusal={draw.refusal} />
      </section>
      {month ? <Reviews month={month} /> : null}
      <Grid />
    </>
  );
}

function Reviews({ month }: { readonly month: string }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const board = useBoard();
  const reviews = useQuery({
    queryKey: ["telesecretariat", "quality", "reviews", month],
    queryFn: async ({ signal }) =>
      (
        await body(
          api.GET("/api/telesecretariat/v1/quality/reviews", {
            params: { query: { month, limit: 100 } },
            signal,
          }),
        )
      ).items,
  });
  return (
    <Read of={reviews}>
      {(items) =>
        items.length === 0 ? (
          <Empty>{words.noReview}</Empty>
        ) : (
          <DataTable
            caption={words.reviews}
            rows={items}
            keyOf={(each) => each.id}
            columns={[
              {
                id: "seat",
                head: words.seat,
                cell: (each) => board.data?.agents.find((agent) => agent.id === each.agent_id)?.label ?? "–",
              },
              { id: "at", head: words.date, cell: (each) => shortDay(each.created_at, language) },
              {
                id: "state",
                head: words.state,
                cell: (each) => <Badge state={STATES[each.state]}>{words.reviewStates[each.state]}</Badge>,
              },
              {
                id: "acts",
                head: words.acts,
                cell: (each) => (
                  <Link href={`/supervision/quality/${each.id}`} className="button">
                    {words.openReview}
                  </Link>
                ),
              },
            ]}
          />
        )
      }
    </Read>
  );
}

function Grid() {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const grids = useGrids();
  return (
    <Read of={grids}>
      {(items) => {
        const grid = items.find((each) => each.state === "active");
        return grid ? (
          <DataTable
            caption={`${words.grid} : ${grid.name}`}
            rows={grid.criteria}
            keyOf={(each) => each.code}
            columns={[
              {
                id: "label",
                head: words.criterion,
                cell: (each) => (language === "fr" ? each.label_fr : each.label_en),
              },
              { id: "weight", head: words.weight, number: true, cell: (each) => each.weight },
            ]}
          />
        ) : (
          <Empty>{words.noGrid}</Empty>
        );
      }}
    </Read>
  );
}
