// Scenarios for node-zookeeper-client: HOSTS SCENARIO ROOT [killed]. Prints "ok" at the end; a check that fails ends it
// otherwise. "kill PORT" on standard output asks the test to kill the node with that client port, "restart PORT" to
// start it again; the answer on standard input is one line.
'use strict';

const assert = require('assert');
const { spawn } = require('child_process');
const { once } = require('events');
const zookeeper = require('node-zookeeper-client');
const {
  hosts, root, connect, close, call, sure, refuses, commit, watch, ask, portOf, disturb, disturbAndWait,
  play,
} = require('./scenario.js');

const { EPHEMERAL, EPHEMERAL_SEQUENTIAL, PERSISTENT_SEQUENTIAL } = zookeeper.CreateMode;
const shortMs = 4000; // The shortest session timeout that a server grants by default.
const bytes = (text) => Buffer.from(text);
const owner = (stat) => stat.ephemeralOwner.toString('hex');
const session = (client) => client.getSessionId().toString('hex');

const scenarios = {
  async create_get_set_delete(zk) {
    const path = `${root}/a`;
    assert.equal(await call(zk, 'create', path, bytes('one')), path);
    await refuses('NODE_EXISTS', call(zk, 'create', path, bytes('')));
    const [data, stat] = await call(zk, 'getData', path);
    assert.deepEqual([data.toString(), stat.version, stat.dataLength], ['one', 0, 3]);
    assert.equal((await call(zk, 'setData', path, bytes('two'), 0)).version, 1);
    await refuses('BAD_VERSION', call(zk, 'setData', path, bytes('x'), 0));
    await refuses('BAD_VERSION', call(zk, 'remove', path, 7));
    await call(zk, 'remove', path, 1);
    await refuses('NO_NODE', call(zk, 'getData', path));
    assert.equal(await call(zk, 'exists', path), null);
  },

  async children(zk) {
    for (const name of ['b', 'a', 'c'])
      await call(zk, 'create', `${root}/${name}`);
    const [names, stat] = await call(zk, 'getChildren', root);
    assert.deepEqual([names.sort(), stat.numChildren, stat.cversion], [['a', 'b', 'c'], 3, 3]);
    await refuses('NOT_EMPTY', call(zk, 'remove', root));
    await call(zk, 'removeRecursive', `${root}/a`);
    assert.deepEqual((await call(zk, 'listSubTreeBFS', root)).sort(), [root, `${root}/b`, `${root}/c`]);
  },

  async sequential(zk) {
    for (const number of ['0000000000', '0000000001'])
      assert.equal(await call(zk, 'create', `${root}/s-`, PERSISTENT_SEQUENTIAL), `${root}/s-${number}`);
  },

  async ephemeral_vanishes_on_close(zk) {
    const other = await connect();
    await call(other, 'create', `${root}/e`, EPHEMERAL);
    await until(async () => await call(zk, 'exists', `${root}/e`));
    assert.equal(owner(await call(zk, 'exists', `${root}/e`)), session(other));
    const gone = watch();
    await call(zk, 'exists', `${root}/e`, gone.watcher);
    await close(other);
    assert.equal((await gone.event('the end of the session')).name, 'NODE_DELETED');
  },

  async ephemeral_vanishes_on_expiry(zk) {
    const child = spawn(process.execPath, [__filename, hosts, 'hold', root], { stdio: ['pipe', 'pipe', 'inherit'] });
    assert.equal(String((await once(child.stdout, 'data'))[0]).trim(), 'held');
    await until(async () => await call(zk, 'exists', `${root}/e`));
    const gone = watch();
    await call(zk, 'exists', `${root}/e`, gone.watcher);
    child.kill('SIGKILL');
    const killed = Date.now();
    assert.equal((await gone.event('the end of the session')).name, 'NODE_DELETED');
    const lived = Date.now() - killed;
    assert(lived > shortMs / 2, `the session ended after ${lived} ms`);
  },

  async hold() {
    await call(await connect(shortMs), 'create', `${root}/e`, EPHEMERAL);
    console.log('held');
    await new Promise(() => {});
  },

  async watch_fires_once(zk) {
    const events = [];
    await call(zk, 'create', `${root}/w`, bytes('0'));
    await call(zk, 'getData', `${root}/w`, (event) => events.push([event.name, event.path]));
    await call(zk, 'setData', `${root}/w`, bytes('1'));
    await call(zk, 'setData', `${root}/w`, bytes('2'));
    assert.equal((await call(zk, 'getData', `${root}/w`))[0].toString(), '2');
    assert.deepEqual(events, [['NODE_DATA_CHANGED', `${root}/w`]]);
  },

  async multi_is_all_or_nothing(zk) {
    const [parent, child] = [`${root}/m`, `${root}/m/child`];
    await call(zk, 'create', parent, bytes('0'));
    const bad = await commit(zk.transaction().create(child).setData(parent, bytes('1'), 5));
    assert.equal(bad.error.name, 'BAD_VERSION');
    assert.equal(await call(zk, 'exists', child), null);
    const changes = zk.transaction().check(parent, 0).create(child, bytes('c')).setData(parent, bytes('1'), 0);
    const good = await commit(changes);
    assert.equal(good.error, null);
    assert.deepEqual([good.results[1].path, good.results[2].stat.version], [child, 1]);
    const [[, created], [, changed]] = [await call(zk, 'getData', child), await call(zk, 'getData', parent)];
    assert.deepEqual(created.czxid, changed.mzxid);
  },

  async session_survives_the_death_of_its_node(zk) {
    await call(zk, 'create', `${root}/e`, bytes('mine'), EPHEMERAL);
    const [before, port] = [session(zk), portOf(zk)];
    await ask(`kill ${port}`);
    await sure(zk, 'setData', `${root}/e`, bytes('still mine'));
    assert.notEqual(portOf(zk), port);
    const [data, stat] = await sure(zk, 'getData', `${root}/e`);
    assert.deepEqual([data.toString(), owner(stat), session(zk)], ['still mine', before, before]);
    await ask(`restart ${port}`);
  },

  /** The recipe for locks, by hand: the client brings none. */
  async lock(zk) {
    const clients = [zk, await connect(), await connect()];
    const places = [];
    for (const client of clients)
      places.push(await call(client, 'create', `${root}/lock-`, EPHEMERAL_SEQUENTIAL));
    const turns = [];
    for (const place of [1, 2]) {
      turns[place] = watch();
      await until(async () => await call(clients[place], 'exists', places[place - 1], turns[place].watcher));
    }

    await disturb(clients[1]);
    for (const place of [1, 2]) {
      await leave(clients[place - 1], places[place - 1]);
      assert.equal((await turns[place].event('the turn of the next')).name, 'NODE_DELETED');
      const [names] = await sure(clients[place], 'getChildren', root);
      assert.deepEqual(names.map((name) => `${root}/${name}`).sort(), places.slice(place), 'another session ended');
    }

    await close(clients[1]);
    await close(clients[2]);
    await until(async () => (await sure(zk, 'getChildren', root))[0].length === 0);
  },

  /** The client sets its watches again at another node and hears of what changed in between. */
  async watches(zk) {
    const other = await connect();
    for (const name of ['data', 'deleted', 'parent'])
      await call(zk, 'create', `${root}/${name}`);
    const kinds = { data: 'getData', deleted: 'exists', created: 'exists', parent: 'getChildren' };
    const watches = {};
    for (const [name, method] of Object.entries(kinds)) {
      watches[name] = watch();
      await call(zk, method, `${root}/${name}`, watches[name].watcher);
    }

    await disturb(zk);
    await sure(other, 'setData', `${root}/data`, bytes('1'));
    await leave(other, `${root}/deleted`);
    await sure(other, 'mkdirp', `${root}/created`);
    await sure(other, 'mkdirp', `${root}/parent/child`);
    const heard = {};
    for (const name of Object.keys(kinds))
      heard[name] = (await watches[name].event(name)).name;
    assert.deepEqual(heard, {
      data: 'NODE_DATA_CHANGED', deleted: 'NODE_DELETED', created: 'NODE_CREATED', parent: 'NODE_CHILDREN_CHANGED',
    });
    await close(other);
  },

  async auth(zk) {
    const { ACL, Id, Permission } = zookeeper;
    const path = `${root}/private`;
    const mine = await connect();
    mine.addAuthInfo('digest', bytes('owner:secret'));
    await call(mine, 'create', path, bytes('mine'), ACL.CREATOR_ALL_ACL);
    await disturbAndWait(mine); // It would send what was asked meanwhile before its identities.
    assert.equal((await sure(mine, 'getData', path))[0].toString(), 'mine');
    await until(async () => await sure(zk, 'exists', path).catch(allowed));
    await refuses('NO_AUTH', sure(zk, 'getData', path));
    const acl = [...(await sure(mine, 'getACL', path))[0], new ACL(Permission.READ, Id.ANYONE_ID_UNSAFE)];
    await refuses('BAD_VERSION', call(mine, 'setACL', path, acl, 7));
    assert.equal((await call(mine, 'setACL', path, acl, 0)).aversion, 1);
    await until(async () => await sure(zk, 'getData', path).catch(refused));
    await refuses('NO_AUTH', call(zk, 'setData', path, bytes('x')));
    await close(mine);
  },
};

// From ZooKeeper 3.8.4 on, exists needs the right to read: being refused shows that the znode is there, too.
const allowed = (error) => error.name === 'NO_AUTH';
const refused = () => false;

async function leave(client, path) {
  await sure(client, 'remove', path).catch((error) => assert.equal(error.name, 'NO_NODE'));
}

/** The client has no sync: another node may learn of a change a little later. */
async function until(condition) {
  for (const end = Date.now() + 30_000; !(await condition());)
    assert(Date.now() < end, `not within 30 s: ${condition}`);
}

play(scenarios);
