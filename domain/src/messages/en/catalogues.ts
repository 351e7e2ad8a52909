/** Problems in the tables that make a catalogue of providers. */
export const catalogues = {
  "table.country-code": ({ code }: { code: string }) => `${code} is no ISO 3166-1 alpha-2 code.`,
  "table.depth": ({ dataClass }: { dataClass: string }) =>
    `${dataClass} needs a depth and a window of at least one day, and no negative lag.`,
  "table.channel-twice": "A channel is listed twice.",
  "table.not-partnership": ({ channel }: { channel: string }) => `Access to ${channel} does not come by partnership.`,
  "table.no-marketplace": "It has no marketplace.",
  "table.no-required-channel": "No channel of it is required.",
  "table.no-data-class": ({ dataClass }: { dataClass: string }) => `No data class has the name ${dataClass}.`,
  "table.no-region-looks": "No region looks for its advertisers.",
  "table.name-form": "The name has not the form of its kind; see Identifier.",
  "table.name-taken": "The name is taken; every name in a catalogue is used once.",
  "table.no-channel": ({ channel }: { channel: string }) => `The provider has no channel ${channel}.`,
  "table.no-region": ({ region }: { region: string }) => `The provider has no region ${region}.`
}
