/** What a writer hands over. */
import type { Thing } from "../world.js";
import type { Scene } from "./scene.js";

/** A text that is ready to be published. */
export type Written = Pick<Thing, "text" | "language" | "line" | "facts"> & {
  title?: string;
  submolt?: string;
  theme?: Thing["theme"];
  scene?: Scene;
};
