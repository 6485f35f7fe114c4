// Portkey's gateway as its package starts it, but on loopback alone: it would listen on all interfaces.
import { type AddressInfo, Server } from 'node:net'
import { tellParent } from './serve.ts'

const { listen } = Server.prototype
Server.prototype.listen = function (this: Server) {
  this.once('listening', () => tellParent((this.address() as AddressInfo).port))
  return listen.call(this, { port: 0, host: '127.0.0.1', backlog: 2_048 })
} as typeof listen
process.argv.push('--headless')
process.env['TRUSTED_CUSTOM_HOSTS'] = '127.0.0.1'

const gateway = import.meta.resolve('@portkey-ai/gateway/build/start-server.js')
await import(gateway)
