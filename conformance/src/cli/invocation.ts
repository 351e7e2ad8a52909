/** How the command is called: by a script in a clone, which runs TypeScript, and by its name once it is installed. */
export const invocation = import.meta.url.endsWith(".ts") ? "npm run conformance --" : "npx portolan-conformance"
