import { defaultCatalog, findModel } from '@routewise/catalog'
import { type ModelCard, type PricePeriod, type Rates, ratesAt } from '@routewise/core'
import { Command } from 'commander'
import { InputError } from '../input/input-error.ts'
import { integer } from '../text/figures.ts'
import type { Io } from '../text/output.ts'
import { createStyle, type Style } from '../text/style.ts'
import { renderTable, wrap } from '../text/table.ts'

/** \`routewise prices\`: what the catalog knows of models, at this moment. */
export function pricesCommand(io: Io): Command {
  return new Command('prices')
    .description("Show the catalog's rates now, in USD per million tokens: tiers, hours, prompt cache, source and date.")
    .argument('[model...]', 'ids of models, as their API takes them (default: all)')
    .option('--json', 'print one JSON object and nothing else')
    .action((ids: string[], { json = false }: { json?: boolean }) => {
      const wallMs = Date.now()
      const cards = ids.length === 0 ? defaultCatalog.list() : ids.map(known)
      if (json)
        io.stdout.write(
          `${JSON.stringify({ at: new Date(wallMs).toISOString(), models: cards.map(card => ({ ...card, now: ratesNow(card, wallMs) })) })}\n`,
        )
      else
        io.stdout.write(
          `${(ids.length === 0 ? overview(cards, wallMs, createStyle({ stream: io.stdout, env: io.env })) : cards.map(card => detail(card, wallMs, createStyle({ stream: io.stdout, env: io.env })))).join(ids.length === 0 ? '\n' : '\n\n')}\n`,
        )
    })
}

function known(id: string): ModelCard {
  const card = findModel(id)
  if (card === undefined) throw new InputError(`The catalog knows no model "${id}", nor one like it. \`routewise prices\` lists all.`)
  return card
}

const ratesNow = (card: ModelCard, wallMs: number): Rates | null => ratesAt(card, wallMs, 1) ?? null
const money = (rate: number | undefined): string => (rate === undefined ? '' : String(Number(rate.toFixed(4))))

function overview(cards: readonly ModelCard[], wallMs: number, style: Style): string[] {
  const { head, body } = renderTable(
    [
      { heading: 'model', width: 30, align: 'left' },
      { heading: 'provider', width: 13, align: 'left' },
      { heading: 'input', width: 8 },
      { heading: 'read', width: 8 },
      { heading: 'write', width: 8 },
      { heading: 'output', width: 8 },
      { heading: 'window', width: 12 },
      { heading: '', width: 13, align: 'left' },
    ],
    cards.map(card => {
      const rates = ratesNow(card, wallMs)
      const tiers = periodNow(card, wallMs)?.tiers?.length ? 'tiers' : ''
      const hours = card.prices.some(({ windows }) => windows !== undefined) ? 'hours' : ''
      return [
        card.id,
        card.provider,
        money(rates?.input),
        money(rates?.cacheRead),
        money(rates?.cacheWrite),
        money(rates?.output),
        integer(card.contextTokens),
        [tiers, hours].filter(Boolean).join(', '),
      ]
    }),
  )
  return [style.dim(head), ...body, style.dim('USD per million tokens, now. `routewise prices <model>` tells all of one.')]
}

function periodNow(card: ModelCard, wallMs: number): PricePeriod | undefined {
  const rates = ratesAt(card, wallMs, 1)
  return card.prices.findLast(period => period.rates === rates)
}

function detail(card: ModelCard, wallMs: number, style: Style): string {
  const rates = ratesNow(card, wallMs)
  const period = periodNow(card, wallMs)
  const lines = [
    style.bold(`${card.id} (${card.provider})`),
    ...(card.inferred === undefined
      ? []
      : wrap(
          `  inferred: the catalog does not know this id. These are the facts of ${card.inferred}, which it is like; they may be wrong.`,
          100,
          '  ',
        ).map(style.bad)),
    rates === null ? '  price    not known' : `  now      ${described(rates)}`,
    ...(period?.tiers ?? []).map(
      tier =>
        `  ${tier.inclusive ? 'from' : 'over'} ${integer(tier.thresholdTokens)} input tokens, for the whole request: ${described(tier.rates)}`,
    ),
    ...card.prices.filter(other => other !== period).map(other => `  else     ${when(other)}: ${described(other.rates)}`),
    ...(period !== undefined && (period.from ?? period.to ?? period.windows) !== undefined ? [`  holds    ${when(period)}`] : []),
    ...(card.multipliers === undefined
      ? []
      : [
          `  factors  ${Object.entries(card.multipliers)
            .map(([name, factor]) => `${name} ×${factor}`)
            .join(', ')}`,
        ]),
    `  cache    ${cacheRule(card)}`,
    `  window   ${integer(card.contextTokens)} tokens${card.maxOutputTokens === undefined ? '' : `, at most ${integer(card.maxOutputTokens)} of them output`}`,
    `  source   ${card.source}, checked ${card.verifiedAt}`,
  ]
  return lines.join('\n')
}

function described({ input, output, cacheRead, cacheWrite, cacheWriteByTtl, audioInput, audioOutput }: Rates): string {
  const parts: [string, number | undefined][] = [
    ['input', input],
    ['cache read', cacheRead],
    ['cache write', cacheWrite],
    ...Object.entries(cacheWriteByTtl ?? {}).map(([ttl, rate]): [string, number] => [`write ${ttl}`, rate]),
    ['output', output],
    ['audio input', audioInput],
    ['audio output', audioOutput],
  ]
  return parts.flatMap(([name, rate]) => (rate === undefined ? [] : [`${name} $${money(rate)}`])).join(', ')
}

function when({ from, to, windows }: PricePeriod): string {
  const span = [from === undefined ? '' : `from ${from}`, to === undefined ? '' : `until ${to}`].filter(Boolean).join(' ')
  const hours = (windows ?? []).map(
    ({ utc, weekdays }) => `${utc[0]}–${utc[1]} UTC${weekdays === undefined ? '' : ` on days ${weekdays.join(', ')} of the week`}`,
  )
  return [span, hours.join(' and ')].filter(Boolean).join(', ') || 'at other times'
}

function cacheRule({ cache }: ModelCard): string {
  if (cache.kind === 'none') return 'none'
  const lifetimes = cache.ttls.map(({ id }) => id).join(', ')
  return `${cache.kind}, from ${integer(cache.minTokens)} tokens, lives ${lifetimes}${cache.guaranteed ? '' : ', not guaranteed'}`
}
