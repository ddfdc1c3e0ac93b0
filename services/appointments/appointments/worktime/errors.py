"""What working time refuses."""

from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from appointments.worktime.domain import Breach, Rule
from maillage.refusals import Refusal
from maillage.words import Language, Words

SENTENCES: Mapping[Rule, Words] = {
    "DAILY_HOURS": Words("Plus de 10 h de travail dans la journée.", "More than 10 h of work in the day."),
    "AMPLITUDE": Words(
        "Plus de 12 h entre le début et la fin de la journée.",
        "More than 12 h from the day's first to last minute.",
    ),
    "REST": Words("Moins de 11 h de repos avant cette journée.", "Less than 11 h of rest before this day."),
    "NOON_RESTART": Words(
        "Reprise avant midi après un travail qui a fini après minuit.",
        "A restart before noon after work that ended after midnight.",
    ),
    "WEEKLY_HOURS": Words("Plus de 48 h dans la semaine.", "More than 48 h in the week."),
    "MEAN_HOURS": Words("Plus de 44 h en moyenne sur 12 semaines.", "More than 44 h on average over 12 weeks."),
    "WEEKLY_REST": Words(
        "Moins de 35 h de repos de suite dans la semaine.", "Less than 35 h of rest on end in the week."
    ),
}
SHOWN = 10


class WorkingTimeRule(Refusal):
    """Hours against the law. Extra members: `rule`, `local_date`, `value` and `limit` in minutes of the first breach;
    `breaches`, the first ten; `count`.
    """

    code, status = "WORKING_TIME_RULE", 409
    title = Words("Ces horaires enfreignent une règle du temps de travail", "These hours break a rule of working time")
    detail = Words(
        "Changez les heures, ou demandez à un responsable de les admettre avec un motif.",
        "Change the hours, or ask a manager to allow them with a reason.",
    )

    def __init__(self, breaches: Sequence[Breach]) -> None:
        super().__init__(breaches=[_plain(each) for each in breaches[:SHOWN]], count=len(breaches))
        self.extra |= _plain(breaches[0])
        self.rule = breaches[0].rule

    def problem(self, language: Language, instance: str | None = None) -> dict[str, JsonValue]:
        """The sentence of the broken rule comes before what can be done."""
        body = super().problem(language, instance)
        body["detail"] = f"{SENTENCES[self.rule].in_(language)} {self.detail.in_(language)}"
        return body


def _plain(breach: Breach) -> dict[str, JsonValue]:
    return {
        "rule": breach.rule,
        "local_date": breach.local_date.isoformat(),
        "value": breach.value,
        "limit": breach.limit,
    }
