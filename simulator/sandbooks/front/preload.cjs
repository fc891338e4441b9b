// Loaded before a Node program by `sandbooks exec`: connections to emulated hosts go to the simulator's TLS port, and
// connections to hosts that are neither emulated nor allowed fail with their name. fetch, https and most SDKs ignore
// proxy variables; all of them open their sockets here.
'use strict'
const net = require('node:net')

const port = Number(process.env.SANDBOOKS_FRONT_TLS_PORT)
const listed = (name) => (process.env[name] || '').toLowerCase().split(',').filter(Boolean)
const emulated = listed('SANDBOOKS_FRONT_HOSTS')
const allowed = listed('NO_PROXY')

function among (hosts, name) {
  return hosts.some((known) => known.startsWith('*.') ? name.endsWith(known.slice(1)) : name === known)
}

function isLocal (name) {
  return name.startsWith('127.') || among(allowed, name)
}

const connect = net.Socket.prototype.connect
net.Socket.prototype.connect = function (...args) {
  const normalized = Array.isArray(args[0])
  const options = normalized ? args[0][0] : args[0]
  const name = options && typeof options === 'object' ? String(options.host || '').toLowerCase() : ''
  if (!port || !name || options.path || isLocal(name)) {
    return connect.apply(this, args)
  }
  if (!among(emulated, name)) {
    const error = new Error(`${name} is not emulated by Sandbooks, and nothing here reaches the network`)
    error.code = 'ECONNREFUSED'
    process.nextTick(() => this.destroy(error))
    return this
  }
  const moved = { ...options, host: '127.0.0.1', port, lookup: undefined }
  if (normalized) {
    args[0][0] = moved
  } else {
    args[0] = moved
  }
  return connect.apply(this, args)
}
