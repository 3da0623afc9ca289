// Runs a workload through @cloud-copilot/iam-simulate; the package lies in the folder that is the first argument.
// Prints the names of its modes; then each line of standard input names one, and one pass of it is run and reported.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { pathToFileURL } from 'node:url'

const [folder, file] = process.argv.slice(2)
const require = createRequire(`${folder}/package.json`)
const { runSimulation, runUnsafeSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')).href)
const work = JSON.parse(readFileSync(file, 'utf8'))
const simulations = work.requests.map((request) => ({
  request: {
    principal: request.principal,
    action: request.action,
    resource: { resource: request.resource, accountId: request.account },
    contextVariables: request.context
  },
  identityPolicies: work.identity.map((policy, index) => ({ name: `p${index}`, policy })),
  permissionBoundaryPolicies: work.boundary.length
    ? work.boundary.map((policy, index) => ({ name: `b${index}`, policy }))
    : undefined,
  serviceControlPolicies: work.levels.map((policies, level) => ({
    orgIdentifier: `level-${level}`,
    policies: policies.map((policy, index) => ({ name: `s${level}-${index}`, policy }))
  })),
  resourceControlPolicies: []
}))

async function pass(run) {
  const effects = []
  const start = process.cpuUsage()
  for (const simulation of simulations) {
    const result = await run(simulation)
    effects.push(typeof result === 'string' ? result : result.overallResult)
  }
  const { user, system } = process.cpuUsage(start)
  return { seconds: (user + system) / 1e6, effects }
}

const modes = {
  'iam-simulate, unsafe': async (simulation) => runUnsafeSimulation(simulation, {}),
  'iam-simulate, validated': async (simulation) => runSimulation(simulation, {})
}
for (const run of Object.values(modes)) await pass(run) // both modes share code that is compiled as it gets warm
console.log(JSON.stringify(Object.keys(modes)))
for await (const name of createInterface({ input: process.stdin })) {
  const { seconds, effects } = await pass(modes[name])
  console.log(JSON.stringify({ seconds, allowed: effects.map((effect) => effect === 'Allowed') }))
}
