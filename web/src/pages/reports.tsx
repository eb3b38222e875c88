/** What was judged, newest first, and the report pages themselves. */

import type { ReportLine } from "../net/protocol";
import { Framed, framedReport } from "../parts/framed";
import { Await, useGet } from "../parts/load";
import { dayAndTime, useWords } from "../words/words";

/** shown: the path of a report page below /reports/, empty for the list. */
export function ReportsPage({ shown }: { shown: string }) {
  const { say } = useWords();
  if (shown) return <Framed src={`/reports/${shown}`} title={say("to-report")} back="reports" />;
  return <List />;
}

function List() {
  const { say } = useWords();
  const reports = useGet<{ reports: ReportLine[] }>("/api/reports?last=100");
  return (
    <>
      <h1>{say("reports-title")}</h1>
      <Await of={reports}>
        {({ reports }) =>
          reports.length ? (
            <ul class="reports">
              {reports.map((r) => (
                <li class="card" key={r.id}>
                  <ReportCard report={r} />
                </li>
              ))}
            </ul>
          ) : (
            <p class="soft">{say("no-reports")}</p>
          )
        }
      </Await>
    </>
  );
}

export function ReportCard({ report }: { report: ReportLine }) {
  const { say, lang } = useWords();
  return (
    <div class="report">
      <div class="what">
        <h2>
          {report.page ? (
            <a href={framedReport(report.page)}>
              <span class="sr">{say("page-of", { title: "" })}</span>
              {report.title}
            </a>
          ) : (
            report.title
          )}
        </h2>
        <p class="soft">
          {dayAndTime(report.created, lang)} · {report.name ?? say(report.kind === "live" ? "live" : "analyze")}
        </p>
        <p class="badges">
          {report.faults.length ? (
            report.faults.map((f) => (
              <span class={`badge ${f.severity}`} key={f.id}>
                {f.cue}
              </span>
            ))
          ) : report.counts.total > 0 ? (
            <span class="badge good">{say("no-fault")}</span>
          ) : null}
        </p>
      </div>
      <dl class="figures">
        <div>
          <dt>{say("counted")}</dt>
          <dd>{report.counts.total}</dd>
        </div>
        {report.score !== null ? (
          <div>
            <dt>{say("score")}</dt>
            <dd>{Math.round(report.score)}</dd>
          </div>
        ) : null}
      </dl>
    </div>
  );
}
