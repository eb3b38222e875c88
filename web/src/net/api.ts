/** Questions to the server that are answered once. */

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly hint: string,
    readonly code: string,
    readonly left: number | null = null,
  ) {
    super(message);
  }
}

async function answered(response: Response): Promise<Response> {
  if (response.ok) return response;
  let body: { error?: string; hint?: string; code?: string; left?: number } = {};
  try {
    body = (await response.json()) as typeof body;
  } catch {
    // Not every refusal is told in words.
  }
  throw new ApiError(response.status, body.error ?? response.statusText, body.hint ?? "", body.code ?? "", body.left ?? null);
}

export async function get<T>(path: string): Promise<T> {
  return (await (await answered(await fetch(path, { cache: "no-store" }))).json()) as T;
}

export async function send<T>(method: "POST" | "PUT" | "DELETE", path: string, body?: unknown): Promise<T | null> {
  const init: RequestInit = { method };
  if (body !== undefined) {
    init.body = JSON.stringify(body);
    init.headers = { "Content-Type": "application/json" };
  }
  const response = await answered(await fetch(path, init));
  return response.status === 204 ? null : ((await response.json()) as T);
}

/** Upload a file; told how much of it has gone, 0-1. */
export function upload<T>(path: string, file: File, progress: (share: number) => void): { done: Promise<T>; stop(): void } {
  const request = new XMLHttpRequest();
  const done = new Promise<T>((resolve, reject) => {
    request.open("POST", path);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (e) => progress(e.total ? e.loaded / e.total : 0);
    request.onerror = () => reject(new ApiError(0, "", "", "network"));
    request.onabort = () => reject(new ApiError(0, "", "", "stopped"));
    request.onload = () => {
      const body = request.response as { error?: string; hint?: string; code?: string } | null;
      if (request.status < 300) resolve(body as T);
      else reject(new ApiError(request.status, body?.error ?? request.statusText, body?.hint ?? "", body?.code ?? ""));
    };
    request.send(file);
  });
  return { done, stop: () => request.abort() };
}
