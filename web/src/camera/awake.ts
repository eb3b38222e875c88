/** Keep the screen on while somebody exercises before it. */

export class Awake {
  private lock: WakeLockSentinel | null = null;
  private wanted = false;
  private readonly again = (): void => {
    if (document.visibilityState === "visible" && this.wanted) void this.take();
  };

  async hold(): Promise<void> {
    this.wanted = true;
    // The system takes the lock away whenever the page is hidden.
    document.addEventListener("visibilitychange", this.again);
    await this.take();
  }

  release(): void {
    this.wanted = false;
    document.removeEventListener("visibilitychange", this.again);
    void this.lock?.release();
    this.lock = null;
  }

  private async take(): Promise<void> {
    try {
      this.lock = (await navigator.wakeLock?.request("screen")) ?? null;
    } catch {
      // An empty battery may forbid it.
      this.lock = null;
    }
  }
}
