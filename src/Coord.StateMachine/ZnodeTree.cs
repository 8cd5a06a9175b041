namespace Coord.StateMachine;

/// <summary>
/// The replicated state: znodes, sessions, origins. <see cref="Apply"/> is a pure function of the state and an entry;
/// the reads see the state behind the last entry. One thread at a time.
/// </summary>
public sealed partial class ZnodeTree
{
    private readonly TreeWriter _writer;
    private readonly EntryApplier _applier;
    private readonly ApplyResult _result = new();

    /// <summary>A tree with the built-in znodes only, before the first entry.</summary>
    /// <param name="indexSeed">
    /// Any number that clients do not know, so that they cannot choose paths that collide in the index. It shows in
    /// nothing else: trees with different seeds are equal.
    /// </param>
    public ZnodeTree(ulong indexSeed = 0)
        : this(indexSeed, hasBuiltIns: true)
    {
    }

    private ZnodeTree(ulong indexSeed, bool hasBuiltIns)
    {
        Store = new ZnodeStore(SessionTable, indexSeed);
        _writer = new TreeWriter(Store);
        var recorder = new ChangeRecorder(Store, _result);
        var operations = new ZnodeOperations(
            Store, SessionTable, _writer, recorder, new QuotaCheck(Store, _result));
        var multi = new MultiOperation(operations, _writer, recorder, _result);
        var requests = new RequestRunner(operations, multi);
        _applier = new EntryApplier(SessionTable, Origins, Store, operations, requests, recorder, _result);
        if (hasBuiltIns)
            AddBuiltIns();
    }

    /// <summary>The index of the last entry applied or skipped.</summary>
    public long AppliedIndex { get; private set; }

    /// <summary>A digest of all entries applied, their results and every Stat they changed.</summary>
    public ulong RollingDigest { get; private set; }

    /// <summary>All znodes, the built-in ones and the root included.</summary>
    public int ZnodeCount => Store.Znodes.Count;

    /// <summary>Ephemeral znodes.</summary>
    public int EphemeralCount => Store.EphemeralCount;

    /// <summary>Bytes of all paths and data; Stats and indexes are not counted.</summary>
    public long ApproximateDataBytes => Store.ContentBytes;

    /// <summary>Sessions that have not ended.</summary>
    public int SessionCount => SessionTable.Count;

    /// <summary>All sessions, in no particular order; no entry may be applied while they are walked.</summary>
    public IEnumerable<SessionView> Sessions => SessionTable.All.Select(ViewOf);

    /// <summary>
    /// What this node announces at <c>/zookeeper/coord/features</c>. No part of the replicated state.
    /// </summary>
    public ReadOnlyMemory<byte> Features { get; set; }

    /// <summary>
    /// The payload of the last membership entry applied, a joint one too; that of the genesis before any.
    /// </summary>
    public ReadOnlyMemory<byte> MembershipPayload => Cluster.Membership;

    /// <summary>The index of that entry; 0 for the genesis.</summary>
    public long MembershipIndex => Cluster.MembershipIndex;

    /// <summary>What all members of the cluster understand (raft-design I6); 1 at the beginning.</summary>
    public int FeatureLevel => Cluster.FeatureLevel;

    internal ClusterFacts Cluster { get; private set; } = ClusterFacts.None;

    internal ZnodeStore Store { get; }

    internal SessionTable SessionTable { get; } = new();

    internal OriginTable Origins { get; } = new();

    /// <summary>Applies the entry at <paramref name="index"/>, which is above all before it.</summary>
    /// <returns>What it did. The same object each time: filled again by the next entry.</returns>
    public ApplyResult Apply(long index, ReadOnlySpan<byte> entry)
    {
        Advance(index);
        RollingDigest = _applier.Apply(index, entry, RollingDigest);
        return _result;
    }

    /// <summary>Passes over an entry that holds nothing for the tree, such as a new leader's empty one.</summary>
    public void ApplyEmpty(long index) => Advance(index);

    /// <summary>Sets how the cluster began; every founder does, before the first entry (raft-design M14).</summary>
    /// <param name="membership">The engine's encoding of the membership at index 0.</param>
    /// <param name="config">The text of <c>/zookeeper/config</c>; empty for a cluster of one.</param>
    public void SetGenesis(ReadOnlySpan<byte> membership, ReadOnlySpan<byte> config)
    {
        Invariant.Require(AppliedIndex == 0, "The genesis comes before the first entry.");
        Cluster = Cluster with { Membership = membership.ToArray() };
        if (!config.IsEmpty)
            _writer.SetConfig(Store.Find(BuiltInPaths.Config), config, zxid: 0);
    }

    /// <summary>Applies a membership entry, which every node does at its index.</summary>
    /// <param name="index">The entry's index, above all before it.</param>
    /// <param name="membership">Its payload.</param>
    /// <param name="config">
    /// The text of <c>/zookeeper/config</c> from now on, made from the payload alone; empty while the membership is
    /// joint: clients see the change when it is complete.
    /// </param>
    /// <returns>As <see cref="Apply"/>: the change that fires watches.</returns>
    public ApplyResult ApplyMembership(long index, ReadOnlySpan<byte> membership, ReadOnlySpan<byte> config)
    {
        Advance(index);
        Cluster = Cluster with { MembershipIndex = index, Membership = membership.ToArray() };
        RollingDigest = _applier.ApplyMembership(index, membership, config, RollingDigest);
        return _result;
    }

    /// <summary>Applies an entry that raises the feature level; a lower one changes nothing.</summary>
    public void ApplyFeatureLevel(long index, int level)
    {
        Advance(index);
        Cluster = Cluster with { FeatureLevel = Math.Max(level, FeatureLevel) };
        RollingDigest = EntryApplier.ApplyFeatureLevel(index, level, RollingDigest);
    }

    /// <summary>The session with this id, if it has not ended.</summary>
    public bool TryGetSession(long sessionId, out SessionView view)
    {
        var session = SessionTable.Find(sessionId);
        view = session == null ? default : ViewOf(session);
        return session != null;
    }

    /// <summary>
    /// The origin sequence that is applied next for this process of a node; 1 when nothing of it was.
    /// </summary>
    public long NextOriginSequence(int node, long start) =>
        Origins.All.TryGetValue(node, out var origin) && origin.Start == start ? origin.NextSequence : 1;

    /// <summary>The newest process of a node of which an entry was applied; 0 when none was (raft-design I9).</summary>
    public long LatestStart(int node) => Origins.All.TryGetValue(node, out var origin) ? origin.Start : 0;

    /// <summary>
    /// A hash of the whole state, made from scratch: takes a while, and is equal for equal states only.
    /// </summary>
    public ulong ContentHash() => ContentHashing.OfProgress(AppliedIndex, RollingDigest)
        + Cluster.ContentHash() + Origins.ContentHash() + SessionTable.ContentHash()
        + ContentHashing.OfZnodes(Store);

    /// <summary>Begins a snapshot of the state as it is now. One at a time: dispose of it to give it up.</summary>
    public SnapshotCursor BeginSnapshot()
    {
        Invariant.Require(_writer.Snapshot == null, "One snapshot is taken at a time.");
        return new SnapshotCursor(Store, _writer, SessionTable, Origins, Cluster, AppliedIndex, RollingDigest);
    }

    /// <summary>A tree without any znode, for a snapshot to fill.</summary>
    internal static ZnodeTree CreateEmpty(ulong indexSeed) => new(indexSeed, hasBuiltIns: false);

    /// <summary>Sets how far a snapshot had come.</summary>
    internal void Restore(long appliedIndex, ulong rollingDigest, ClusterFacts cluster)
    {
        AppliedIndex = appliedIndex;
        RollingDigest = rollingDigest;
        Cluster = cluster;
    }

    private void Advance(long index)
    {
        Invariant.Require(index > AppliedIndex, "Entries are applied in the order of their indexes, each once.");
        AppliedIndex = index;
    }

    private static SessionView ViewOf(Session session) =>
        new(session.Id, session.TimeoutMs, session.Attachment, session.Ephemerals.Count);

    // Made by no transaction: the creations are not counted, so the shown cversions are negative (4.4).
    private void AddBuiltIns()
    {
        int root = AddBuiltIn(Znode.None, BuiltInPaths.Root, AclTable.Open);
        int zooKeeper = AddBuiltIn(root, BuiltInPaths.ZooKeeper, AclTable.Open);
        AddBuiltIn(zooKeeper, BuiltInPaths.Quota, AclTable.Open);
        int config = AddBuiltIn(zooKeeper, BuiltInPaths.Config, AclTable.ReadOnly);
        Store.Znodes[config].Version = -1;
        Store.OwnRare(config).Aversion = -1;
    }

    private int AddBuiltIn(int parent, ReadOnlySpan<byte> path, int acl)
    {
        int slot = Store.Add(parent, path, data: default, isNull: false);
        Store.OwnRare(slot).Acl = acl;
        Store.Attach(slot);
        return slot;
    }
}
