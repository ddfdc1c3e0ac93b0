import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { FormEvent } from "react";
import { Link } from "wouter";
import { api, body, type Schema, type Tagged, withTag } from "../../api/client";
import { useCommand } from "../../api/command";
import { Button } from "../../ui/button";
import { faultAt, TextArea, TextField } from "../../ui/field";
import { Badge, Read, RefusalStrip, Strip } from "../../ui/state";
import { Title } from "../../ui/title";
import { useToast } from "../../ui/toast";
import { useLanguage, useWords } from "../../words/language";
import { decimal } from "./figures";
import { STATES, useGrids } from "./quality";
import { supervisionWords } from "./words";

type Out = Schema<"telesecretariat.ReviewOut">;
const PATH = "/api/telesecretariat/v1/quality/reviews/{review_id}";

/** One call looked at: scores, the comment, the person's reply. */
export function Review({ id }: { readonly id: string }) {
  const words = useWords(supervisionWords);
  const review = useQuery<Tagged<Out>>({
    queryKey: ["telesecretariat", "quality", "reviews", "one", id],
    queryFn: ({ signal }) => withTag(api.GET(PATH, { params: { path: { review_id: id } }, signal })),
  });
  return (
    <>
      <Title>{words.review}</Title>
      <div>
        <Link href="/supervision/quality" className="button">
          {words.backToReviews}
        </Link>
      </div>
      <Read of={review}>{(read) => <Scores review={read.value} etag={read.etag} />}</Read>
    </>
  );
}

function Scores({ review, etag }: { readonly review: Out; readonly etag: string }) {
  const words = useWords(supervisionWords);
  const { language } = useLanguage();
  const client = useQueryClient();
  const say = useToast();
  const grids = useGrids();
  const grid = grids.data?.find((each) => each.id === review.grid_id);
  const path = { params: { path: { review_id: review.id } } };
  const again = () => client.invalidateQueries({ queryKey: ["telesecretariat", "quality", "reviews"] });
  const headers = (key: string) => ({ "Idempotency-Key": key, "If-Match": etag });
  const score = useCommand(
    (given: { scores: Record<string, number>; comment: string | null }, key) =>
      body(api.POST(`${PATH}/score`, { ...path, headers: headers(key), body: given as never })),
    () => {
      say(words.saved);
      void again();
    },
  );
  const share = useCommand(
    (_: null, key) => body(api.POST(`${PATH}/share`, { ...path, headers: headers(key) })),
    () => void again(),
  );
  const finish = useCommand(
    (_: null, key) => body(api.POST(`${PATH}/finish`, { ...path, headers: headers(key) })),
    () => void again(),
  );
  const open = review.state === "drawn" || review.state === "scored";
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const scores = Object.fromEntries(
      (grid?.criteria ?? []).map((each) => [each.code, Number(form.get(each.code))]),
    );
    void score.run({ scores, comment: String(form.get("comment") ?? "").trim() || null });
  };
  const stale = score.refusal?.status === 412;
  return (
    <form className="panel stack" onSubmit={submit}>
      <p className="row">
        <Badge state={STATES[review.state]}>{words.reviewStates[review.state]}</Badge>
        <strong>
          {review.total === null ? words.notScored : words.total(decimal(review.total, language))}
        </strong>
      </p>
      <div className="supervision-fields">
        {grid?.criteria.map((each) => (
          <TextField
            key={each.code}
            label={words.score(language === "fr" ? each.label_fr : each.label_en, each.weight)}
            hint={words.scoreHint}
            name={each.code}
            type="number"
            min={0}
            max={100}
            required
            readOnly={!open}
            defaultValue={review.scores[each.code]}
            fault={faultAt(score.refusal, `/scores/${each.code}`)}
          />
        ))}
      </div>
      <TextArea
        label={words.comment}
        name="comment"
        maxLength={2000}
        readOnly={!open}
        defaultValue={review.comment ?? ""}
        fault={faultAt(score.refusal, "/comment")}
      />
      {review.agent_comment ? (
        <div>
          <h2>{words.agentComment}</h2>
          <p>{review.agent_comment}</p>
        </div>
      ) : null}
      {stale ? (
        <Strip state="warn" role="alert" acts={<Button onClick={() => void again()}>{words.refresh}</Button>}>
          {words.changedMeanwhile}{" "}
          {review.total === null ? null : words.theirs(decimal(review.total, language))}
        </Strip>
      ) : (
        <RefusalStrip refusal={score.refusal ?? share.refusal ?? finish.refusal} />
      )}
      <div className="row">
        {open ? (
          <Button type="submit" kind="primary" busy={score.pending}>
            {words.saveScores}
          </Button>
        ) : null}
        {review.state === "scored" ? (
          <Button busy={share.pending} onClick={() => void share.run(null)}>
            {words.share}
          </Button>
        ) : null}
        {review.state === "shared" || review.state === "commented" ? (
          <Button busy={finish.pending} onClick={() => void finish.run(null)}>
            {words.finish}
          </Button>
        ) : null}
      </div>
    </form>
  );
}
