import { Command } from 'commander'
import type { ServeOptions } from '../serve/serve.ts'
import type { Io } from '../text/output.ts'
import { integerOption, numberOption } from './option-values.ts'

const MORE = `
Without a configuration simulated providers answer: no keys, no network, no money.
Ctrl-C takes no new requests, finishes the answers on their way and tells what was spent; again, it ends at once.`

/** \`routewise serve\`: OpenAI's API, routed, until Ctrl-C. */
export function serveCommand(io: Io): Command {
  return new Command('serve')
    .description("Serve OpenAI's API, routed between the models of routewise.config.ts, until Ctrl-C.")
    .option('--config <file>', 'configuration (default: routewise.config.ts, .mts, .js or .mjs in the working directory)')
    .option('--port <n>', "port, 0 for any free one (default: the configuration's, else 8787)", integerOption({ min: 0, max: 65_535 }))
    .option('--host <address>', "address to listen on (default: the configuration's, else 127.0.0.1: this machine alone)")
    .option('--grace <seconds>', 'time for the answers on their way when it is stopped', numberOption({ above: 0, max: 3_600 }), 10)
    .option('--allow-anyone', 'serve without keys, whoever can reach the address')
    .option('--quiet', 'no line for each request')
    .option('--json', 'one JSON object per line: what is served, each request, what was spent')
    .addHelpText('after', MORE)
    .action(async (options: ServeOptions) => {
      // What answers requests is large, and no other command needs it.
      const { serve } = await import('../serve/serve.ts')
      await serve(options, io)
    })
}
