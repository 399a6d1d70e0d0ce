/**
 * The name of a cookie of ours that carries no prefix. Origins on one host share their cookies whatever the port, so under plain http,
 * as in the sandbox, the port stands in the name.
 * @param origin e.g. `http://localhost:3000`
 */
export function cookieName(name: string, origin: string): string {
  const port = /^http:\/\/.*:(\d+)$/.exec(origin)?.[1]
  return port === undefined ? name : `${name}_${port}`
}
