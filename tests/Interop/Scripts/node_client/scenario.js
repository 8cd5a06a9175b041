// What the scenarios for node-zookeeper-client share. See client.js for how they are run.
'use strict';

const assert = require('assert');
const readline = require('readline');
const zookeeper = require('node-zookeeper-client');

const [hosts, scenario, root, how] = process.argv.slice(2);
const patienceMs = 90_000;
const answers = [];
const lines = readline.createInterface({ input: process.stdin });
lines.on('line', () => answers.shift()());

function connect(timeoutMs = 10_000) {
  const client = zookeeper.createClient(hosts, { sessionTimeout: timeoutMs, spinDelay: 50 });
  const connected = new Promise((resolve) => client.once('connected', () => resolve(client)));
  client.connect();
  return within(connected, 'a session');
}

/** Closes a session; the client says that it has when the server's reply is there. */
function close(client) {
  const closed = new Promise((resolve) => client.once('disconnected', resolve));
  client.close();
  return within(closed, 'the end of a session');
}

/** Calls a method whose last parameter is a callback; [Stat, …] where it gives more than one result. */
function call(client, method, ...parameters) {
  return within(new Promise((resolve, reject) => client[method](...parameters, (error, ...results) =>
    error ? reject(error) : resolve(results.length > 1 ? results : results[0]))), method);
}

/** Repeats what is safe to repeat until there is a connection. */
async function sure(client, method, ...parameters) {
  for (;;) {
    try {
      return await call(client, method, ...parameters);
    } catch (error) {
      if (codeOf(error) !== 'CONNECTION_LOSS')
        throw error;
    }
  }
}

async function refuses(code, promise) {
  await assert.rejects(promise, (error) => codeOf(error) === code);
}

function codeOf(error) {
  return error.getCode ? error.name : String(error);
}

function commit(transaction) {
  return within(new Promise((resolve) =>
    transaction.commit((error, results) => resolve({ error, results }))), 'a transaction');
}

function within(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${patienceMs} ms: ${what}`)), patienceMs);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A watcher and the promise of its event. */
function watch() {
  let watcher;
  const event = new Promise((resolve) => { watcher = resolve; });
  return { watcher, event: (what) => within(event, what) };
}

function ask(line) {
  console.log(line);
  return within(new Promise((resolve) => answers.push(resolve)), line);
}

const portOf = (client) => client.connectionManager.socket.remotePort;

/** Kills the node that a client talks to, where the scenario is played for that. */
async function disturb(client) {
  if (how === 'killed')
    await ask(`kill ${portOf(client)}`);
}

/** As disturb, and waits until the client has another node. */
async function disturbAndWait(client) {
  const again = new Promise((resolve) => client.once('connected', resolve));
  await disturb(client);
  if (how === 'killed')
    await within(again, 'another node');
}

async function play(scenarios) {
  try {
    const client = await connect();
    await call(client, 'mkdirp', root);
    await scenarios[scenario](client);
    await close(client);
    console.log('ok');
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}

module.exports = {
  hosts, root, connect, close, call, sure, refuses, commit, watch, ask, portOf, disturb,
  disturbAndWait, play,
};
