/**
 * What is published, and what its manifests say beyond the workspace's own: ranges where the workspace pins versions.
 *
 * A library that a program shares with Portolan has to be there exactly once. Two copies of `effect` break secrets at
 * run time ("Unable to get redacted value"), two of `hono` or `kysely` break types. Such libraries are peers: npm
 * installs them when they are missing, and says so when versions do not agree.
 */

/** Where issues and sources are found. The name is an assumption until the repository has a public address. */
export const repository = "https://github.com/portolan/portolan"

/**
 * Libraries that the user's program shares with the packages, with the range in which the API that is used holds. The
 * check installs the lowest effect of the range as well as the one that the workspace pins.
 */
export const peers: { readonly [name: string]: string } = {
  effect: ">=4.0.0 <5",
  hono: "^4.0.0",
  kysely: "^0.29.0",
  msw: "^3.0.0",
  postgres: "^3.4.0",
  vitest: ">=4"
}

/** Packages whose range of a peer is narrower, because a dependency of theirs asks for more. */
export const narrower: { readonly [name: string]: { readonly [peer: string]: string } } = {
  // @effect/platform-node has effect ^4.1.0 as its peer.
  "@portolan/server": { effect: ">=4.1.0 <5" }
}

/**
 * Dependencies that are published as the workspace pins them. better-auth's parts fit together in one version only; of
 * the other two the console serves the very files that its tests looked at.
 */
export const exact: ReadonlySet<string> = new Set(["better-auth", "@picocss/pico", "htmx.org"])

/** The oldest Node that a package runs on. */
export const defaultEngines = ">=20"

/** Packages that need more than `defaultEngines`, because a dependency of theirs does. */
export const engines: { readonly [name: string]: string } = {
  "@portolan/identity": ">=22",
  "@portolan/postgres": ">=22.12",
  "@portolan/simulator": ">=22.12",
  "@portolan/server": ">=22.19"
}
