/** Every route a running server has mounted, as the server itself lists them. */
import type { FastifyInstance } from "fastify";

/** One route: a method at a path with its parameters (`/post/:id`). */
export interface MountedRoute {
  method: string;
  path: string;
}

/** All routes of an app that is ready. */
export function routesOf(app: FastifyInstance): MountedRoute[] {
  const above: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split("\n")
    .flatMap((line) => {
      const [, indent = "", part, methods] = /^([│ ]*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? [];
      if (part === undefined) return [];
      const depth = indent.length / 4;
      const path = `${depth === 0 ? "" : above[depth - 1]}${part}`;
      above[depth] = path;
      return (methods ?? "").split(", ").flatMap((method) => (method === "" ? [] : [{ method, path }]));
    });
}
