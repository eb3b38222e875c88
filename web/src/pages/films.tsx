/** Films chosen or dropped, judged by the computer. */

import { useEffect, useRef, useState } from "preact/hooks";

import { ApiError, send, upload } from "../net/api";
import type { Exercise, Job } from "../net/protocol";
import { Trouble, useGet } from "../parts/load";
import { type Key, useWords } from "../words/words";
import { ReportCard } from "./reports";

interface Going {
  key: number;
  name: string;
  share: number;
  error: string | null;
  stop(): void;
}

let keys = 0;

export function FilmsPage() {
  const { say, lang } = useWords();
  const catalogue = useGet<{ exercises: Exercise[] }>(`/api/exercises?lang=${lang}`);
  const jobs = useGet<{ jobs: Job[] }>("/api/jobs");
  const [exercise, setExercise] = useState("auto");
  const [kept, setKept] = useState(false);
  const [going, setGoing] = useState<Going[]>([]);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const busy = (jobs.value?.jobs ?? []).some((j) => j.state === "waiting" || j.state === "running");
  useEffect(() => {
    if (!busy) return undefined;
    const timer = setInterval(jobs.reload, 1000);
    return () => clearInterval(timer);
  }, [busy, jobs.reload]);

  const change = (key: number, of: Partial<Going>): void => setGoing((all) => all.map((g) => (g.key === key ? { ...g, ...of } : g)));
  const take = (files: FileList | null): void => {
    for (const file of Array.from(files ?? [])) {
      const key = keys++;
      const query = new URLSearchParams({ name: file.name, exercise, history: kept ? "1" : "0" });
      const going = upload<Job>(`/api/uploads?${query}`, file, (share) => change(key, { share }));
      setGoing((all) => [{ key, name: file.name, share: 0, error: null, stop: going.stop }, ...all]);
      going.done.then(
        () => {
          setGoing((all) => all.filter((g) => g.key !== key));
          jobs.reload();
        },
        (e: unknown) => {
          const api = e instanceof ApiError ? e : null;
          if (api?.code === "stopped") setGoing((all) => all.filter((g) => g.key !== key));
          else change(key, { error: api && api.status ? `${api.message} ${api.hint}` : say("offline") });
        },
      );
    }
  };

  return (
    <>
      <h1>{say("films-title")}</h1>
      <p>{say("films-about")}</p>
      <div
        class={over ? "card drop over" : "card drop"}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          take(e.dataTransfer?.files ?? null);
        }}
      >
        <div class="row">
          <label class="field">
            <span>{say("exercise")}</span>
            <select value={exercise} onChange={(e) => setExercise(e.currentTarget.value)}>
              <option value="auto">{say("recognise")}</option>
              {(catalogue.value?.exercises ?? []).map((e) => (
                <option key={e.id} value={e.id}>
                  {e.title}
                </option>
              ))}
            </select>
          </label>
          <label class="check">
            <input type="checkbox" checked={kept} onChange={(e) => setKept(e.currentTarget.checked)} />
            <span>{say("to-history")}</span>
          </label>
        </div>
        <p class="drop-here">
          {say("drop")}{" "}
          <button type="button" class="primary" onClick={() => input.current?.click()}>
            {say("choose-files")}
          </button>
        </p>
        <input
          ref={input}
          type="file"
          multiple
          accept="video/*,.npz,.mkv"
          class="sr"
          tabIndex={-1}
          aria-label={say("choose-files")}
          onChange={(e) => {
            take(e.currentTarget.files);
            e.currentTarget.value = "";
          }}
        />
      </div>
      {jobs.error && !jobs.value ? <Trouble error={jobs.error} again={jobs.reload} /> : null}
      <ul class="jobs" aria-live="polite">
        {going.map((g) => (
          <li class="card job" key={`u${g.key}`}>
            <div class="row">
              <strong class="file">{g.name}</strong>
              <span class={g.error ? "badge major" : "soft"}>{g.error ? say("failed") : say("uploading")}</span>
              <button type="button" class="plain" onClick={() => (g.error ? setGoing((all) => all.filter((x) => x.key !== g.key)) : g.stop())}>
                {g.error ? say("remove") : say("stop")}
              </button>
            </div>
            {g.error ? <p>{g.error}</p> : <Bar share={g.share} label={g.name} />}
          </li>
        ))}
        {(jobs.value?.jobs ?? []).map((job) => (
          <JobCard key={job.id} job={job} changed={jobs.reload} />
        ))}
      </ul>
      {jobs.value && jobs.value.jobs.length === 0 && going.length === 0 ? <p class="soft">{say("no-films")}</p> : null}
    </>
  );
}

function Bar({ share, label }: { share: number | null; label: string }) {
  return share === null ? <progress aria-label={label} /> : <progress aria-label={label} max={1} value={share} />;
}

function JobCard({ job, changed }: { job: Job; changed(): void }) {
  const { say } = useWords();
  const under = job.state === "waiting" || job.state === "running";
  return (
    <li class="card job">
      <div class="row">
        <strong class="file">{job.name}</strong>
        <span class={job.state === "failed" ? "badge major" : "soft"}>{say(job.state satisfies Key)}</span>
        <button type="button" class="plain" onClick={() => void send("DELETE", `/api/jobs/${job.id}`).then(changed, changed)}>
          {say(under ? "stop" : "remove")}
        </button>
      </div>
      {under ? <Bar share={job.state === "running" ? job.progress : null} label={job.name} /> : null}
      {job.error ? <p>{job.error}</p> : null}
      {job.report ? <ReportCard report={job.report} /> : null}
    </li>
  );
}
