/** The calendar of the weeks, the sessions, and how it all changes. */

import type { Exercise, History } from "../net/protocol";
import { Framed } from "../parts/framed";
import { Await, useGet } from "../parts/load";
import { day, dayAndTime, useWords } from "../words/words";

export function HistoryPage({ shown }: { shown: string }) {
  const { say } = useWords();
  return shown === "progress" ? <Framed src="/progress" title={say("progress")} back="history" /> : <Overview />;
}

function Overview() {
  const { say, lang } = useWords();
  const history = useGet<History>("/api/history?last=40");
  const catalogue = useGet<{ exercises: Exercise[] }>(`/api/exercises?lang=${lang}`);
  const title = (id: string): string => catalogue.value?.exercises.find((e) => e.id === id)?.title ?? id;
  return (
    <>
      <h1>{say("history-title")}</h1>
      <Await of={history}>
        {(h) =>
          h.sessions.length === 0 ? (
            <p class="soft">{say("no-history")}</p>
          ) : (
            <>
              <div class="two">
                <section class="card" aria-labelledby="h-weeks">
                  <h2 id="h-weeks">{say("calendar")}</h2>
                  <Weeks weeks={h.weeks} />
                </section>
                <section class="card" aria-labelledby="h-now">
                  <h2 id="h-now" class="sr">
                    {say("due")}
                  </h2>
                  <dl class="figures tall">
                    {h.due ? (
                      <div>
                        <dt>{say("due")}</dt>
                        <dd>{due(h.due, lang, say)}</dd>
                      </div>
                    ) : null}
                    <div>
                      <dt>{say("streak")}</dt>
                      <dd>{h.streak}</dd>
                    </div>
                  </dl>
                  <p>
                    <a href="#history/progress">{say("progress")}</a>
                  </p>
                </section>
              </div>
              <section aria-labelledby="h-sessions">
                <h2 id="h-sessions">{say("sessions")}</h2>
                <div class="scroll" tabIndex={0} role="region" aria-labelledby="h-sessions">
                  <table>
                    <thead>
                      <tr>
                        <th scope="col">{say("date")}</th>
                        <th scope="col">{say("exercises")}</th>
                        <th scope="col" class="num">{say("counted")}</th>
                        <th scope="col" class="num">{say("clean")}</th>
                        <th scope="col" class="num">{say("score")}</th>
                      </tr>
                    </thead>
                    <tbody>
                      {h.sessions.map((s) => (
                        <tr key={s.number}>
                          <td class="times">{dayAndTime(s.started, lang)}</td>
                          <td>
                            {s.exercises.map(title).join(", ")}
                            {s.finished ? "" : ` (${say("unfinished")})`}
                          </td>
                          {(["counted", "clean", "score"] as const).map((key) => (
                            <td class="num" key={key}>
                              <Both measured={s[key]} corrected={s.corrected?.[key] ?? null} />
                            </td>
                          ))}
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </section>
            </>
          )
        }
      </Await>
    </>
  );
}

/** A figure as a person corrected it, with the measured one beside it; as measured where they are the same. */
function Both({ measured, corrected }: { measured: number | null; corrected: number | null }) {
  const { say } = useWords();
  const shown = (x: number | null): string => (x === null ? "–" : String(Math.round(x)));
  if (corrected === null || shown(corrected) === shown(measured)) return <>{shown(measured)}</>;
  return (
    <>
      {shown(corrected)} <span class="soft">{say("measured-was", { n: shown(measured) })}</span>
    </>
  );
}

type SayIt = ReturnType<typeof useWords>["say"];

function due(of: { day: string; late: boolean }, lang: "en" | "pl", say: SayIt): string {
  const today = new Date();
  const here = `${today.getFullYear()}-${String(today.getMonth() + 1).padStart(2, "0")}-${String(today.getDate()).padStart(2, "0")}`;
  if (of.day === here) return say("due-today");
  const when = day(`${of.day}T12:00:00`, lang);
  return of.late ? say("overdue", { day: when }) : when;
}

function Weeks({ weeks }: { weeks: History["weeks"] }) {
  const { say, lang } = useWords();
  const names = Array.from({ length: 7 }, (_, i) => new Date(2024, 0, 1 + i).toLocaleDateString(lang, { weekday: "narrow" }));
  const today = new Date();
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={say("calendar")}>
      <table class="calendar">
        <thead>
          <tr>
            <th scope="col">{say("week-of")}</th>
            {names.map((n, i) => (
              <th scope="col" key={i}>
                {n}
              </th>
            ))}
            <th scope="col">{say("week-done")}</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week.monday}>
              <th scope="row">{new Date(`${week.monday}T12:00:00`).toLocaleDateString(lang, { day: "numeric", month: "short" })}</th>
              {week.sessions.map((n, i) => {
                const date = new Date(`${week.monday}T12:00:00`);
                date.setDate(date.getDate() + i);
                const later = date > today && date.toDateString() !== today.toDateString();
                const kind = n ? "done" : later ? "later" : "none";
                return (
                  <td key={i}>
                    <span class={`day ${kind} ${date.toDateString() === today.toDateString() ? "today" : ""}`}>
                      {n > 1 ? n : ""}
                      <span class="sr">{say("day-sessions", { day: date.toLocaleDateString(lang), n })}</span>
                    </span>
                  </td>
                );
              })}
              <td class={week.met ? "met" : ""}>
                {week.done}/{week.target}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
