/** A page that formcheck has written, shown within this one: an installed app has no button to go back. */

import { useWords } from "../words/words";

export function Framed({ src, title, back }: { src: string; title: string; back: string }) {
  const { say } = useWords();
  return (
    <div class="framed">
      <h1 class="sr">{title}</h1>
      <p class="row">
        <a href={`#${back}`}>{say("back")}</a>
        <a href={src} target="_blank" rel="noopener">
          {say("open-alone")}
        </a>
      </p>
      <iframe src={src} title={title} />
    </div>
  );
}

/** The address within this page at which a report page is shown. */
export function framedReport(page: string): string {
  return `#reports/${page.replace(/^\/reports\//, "")}`;
}
