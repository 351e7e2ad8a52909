/**
 * A streaming replica of a test server: a copy of its data, made while it runs, that follows it.
 * @see https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP
 */
import { chown, cp, mkdir, readdir, writeFile } from "node:fs/promises"
import { join } from "node:path"
import postgres from "postgres"
import { startOn, type TestServer } from "./embedded.ts"
import type { ServerUser } from "./serverUser.ts"

/** What belongs to the running primary, or is made anew by the replica. */
const left = /^(postmaster\.(pid|opts)|pg_wal\/.+|pg_replslot\/.+|pg_stat_tmp\/.+|pgsql_tmp.*)$/

const give = async (path: string, user: ServerUser | undefined): Promise<void> => {
  if (user === undefined) return
  for (const entry of await readdir(path, { recursive: true })) await chown(join(path, entry), user.uid, user.gid)
}

/** Copies the data of a running server into a place, and says that they follow it. */
const copyOf =
  (primary: TestServer) =>
  async (_programs: string, place: string, user: ServerUser | undefined): Promise<void> => {
    const data = join(place, "data")
    const sql = postgres(primary.url, { max: 1, onnotice: () => undefined })
    try {
      await sql`select pg_backup_start(label => 'replica', fast => true)`
      await cp(primary.data, data, {
        recursive: true,
        filter: (source) => !left.test(source.slice(primary.data.length + 1))
      })
      const [backup] = await sql`select labelfile from pg_backup_stop(wait_for_archive => false)`
      await writeFile(join(data, "backup_label"), String(backup?.["labelfile"]))
    } finally {
      await sql.end({ timeout: 1 })
    }
    await mkdir(join(data, "pg_wal"), { recursive: true })
    await writeFile(join(data, "standby.signal"), "")
    const source = `host=127.0.0.1 port=${primary.port} user=portolan password=portolan`
    await writeFile(join(data, "postgresql.auto.conf"), `primary_conninfo = '${source}'\nhot_standby = on\n`)
    await give(data, user)
  }

/** Starts a replica of a running server. */
export const startReplica = (primary: TestServer): Promise<TestServer> => startOn(copyOf(primary))
