/** Where loaded rows land. */
import { DataSinkFiles } from "@portolan/files"
import { Layer } from "effect"
import type { Settings } from "./Settings.ts"

/** The stores, with files in place of the table for landed rows when the settings name a folder. */
export const withSink = <A, E, R>({ SINK_DIR }: Pick<Settings, "SINK_DIR">, stores: Layer.Layer<A, E, R>) =>
  SINK_DIR === undefined
    ? stores
    : // Of two layers with one port the later counts.
      Layer.merge(stores, DataSinkFiles.layer({ folder: SINK_DIR }))
