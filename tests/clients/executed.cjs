// What Node programs use to reach a vendor, as they are: fetch and https know no proxy. Each step prints a line.
'use strict'
const https = require('node:https')

function get (url) {
  return new Promise((resolve, reject) => {
    https.get(url, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode))
    }).on('error', reject)
  })
}

async function main () {
  const authorization = `Bearer ${process.env.FREEAGENT_ACCESS_TOKEN}`
  const company = await fetch('https://api.freeagent.com/v2/company', { headers: { authorization } })
  console.log('fetch', company.status, (await company.json()).company.name)
  console.log('https', await get('https://api.xero.com/connections'))
  const own = await fetch(`${process.env.SANDBOOKS_URL}/_control/health`)
  console.log('loopback', own.status)
  for (const refused of [() => fetch('https://api.unknown.example/'), () => get('https://api.unknown.example/')]) {
    await refused().then(
      () => { throw new Error('a host that is not emulated answered') },
      (error) => console.log('refused', (error.cause || error).message.split(',')[0])
    )
  }
}

main()
