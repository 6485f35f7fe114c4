import { inspect } from 'node:util'
import { Command, CommanderError } from 'commander'
import { RouterError } from '@routewise/core'
import { demoCommand } from './commands/demo.ts'
import { lintPrefixCommand } from './commands/lint-prefix.ts'
import { pricesCommand } from './commands/prices.ts'
import { serveCommand } from './commands/serve.ts'
import { simulateCommand } from './commands/simulate.ts'
import { InputError } from './input/input-error.ts'
import type { Io } from './text/output.ts'

/** What a command ends with: done, failed, wrong usage or input, stopped by Ctrl-C. */
export const EXIT = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const

/** Runs one command line, without the program's name; resolves to its exit code. Nothing is thrown. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const program = new Command('routewise')
    .description(
      "Routing for LLM calls: see what it saves, serve OpenAI's API routed, find what breaks prompt caches, simulate providers, look up prices.",
    )
    .helpCommand('help [command]', 'show the help of a command')
    .addHelpText(
      'after',
      '\nExamples:\n  routewise demo\n  routewise demo --input prompts.jsonl.gz --limit 200 --json\n  routewise serve --port 8787\n  routewise lint-prefix requests.jsonl\n  routewise simulate --port 4100\n  routewise prices gpt-6-luna',
    )
  for (const command of [demoCommand, serveCommand, lintPrefixCommand, simulateCommand, pricesCommand]) program.addCommand(command(io))
  for (const command of [program, ...program.commands]) {
    command
      .exitOverride()
      .showHelpAfterError(`(run \`routewise ${command === program ? '' : `${command.name()} `}--help\` for what there is)`)
      .configureOutput({ writeOut: text => io.stdout.write(text), writeErr: text => io.stderr.write(text) })
  }
  try {
    await program.parseAsync([...args], { from: 'user' })
    return EXIT.done
  } catch (error) {
    if (io.signal.aborted) {
      io.stderr.write('\nStopped.\n')
      return EXIT.interrupted
    }
    // Commander has said what is wrong; help and version are no errors.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
    io.stderr.write(`routewise: ${messageOf(error, io)}\n`)
    const usage = error instanceof InputError || (RouterError.isInstance(error) && error.code === 'invalid_option')
    return usage ? EXIT.usage : EXIT.failed
  }
}

function messageOf(error: unknown, { env }: Io): string {
  if (!(error instanceof Error)) return String(error)
  return (env['DEBUG'] ?? '') === '' ? error.message : inspect(error)
}
