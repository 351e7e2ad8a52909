/**
 * One database, opened and checked: a real PostgreSQL server, or PGlite (PostgreSQL inside this process). Everything
 * else in this package works on either through the same kysely.
 */
export { checkVersion, Database, type Kind, limits, type PoolUse } from "./database/Service.ts"
export { judgeContact, layerPostgres, type PostgresOptions } from "./database/server.ts"
export { layerPGlite, type PGliteOptions } from "./database/embedded.ts"
