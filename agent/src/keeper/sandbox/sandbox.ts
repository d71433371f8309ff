/** What a sandbox is: a process for the mind that has no network, no file of the host, no environment and no key. */

/** How a mind is started. */
export interface Launch {
  command: string;
  args: string[];
  /** The whole environment of the process that is started: nothing else is handed on. */
  env: Record<string, string>;
  /** How the mind reaches the broker: a path as it sees it, or `fd:3`. */
  address: string;
}

/** One way to keep a mind in. */
export interface Sandbox {
  name: "bubblewrap" | "docker" | "container" | "permission" | "none";
  /** What it keeps from the mind, in a line for the owner. */
  keeps: string;
  /** Why it cannot be used on this machine, as a sentence; undefined when it can. Found by trying. */
  missing(): Promise<string | undefined>;
  /**
   * How to start node in it.
   * @param socket path of the broker's socket on the host
   * @param args arguments of node, given where the worker is as the mind's side sees it
   */
  launch(socket: string, args: (worker: string) => string[]): Launch;
}
