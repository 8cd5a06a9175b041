using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// Notes what each operation did, in three ways at once: its part of the reply, the changes that fire watches, and the
/// new Stats in the rolling digest.
/// </summary>
internal sealed class ChangeRecorder(ZnodeStore store, ApplyResult result)
{
    private Digest _digest;

    /// <summary>The rolling digest with all that was noted.</summary>
    public ulong DigestValue => _digest.Value;

    public void Begin(ulong rollingDigest) => _digest = new Digest(rollingDigest);

    public void Add(long word) => _digest.Add(word);

    public void Add(ReadOnlySpan<byte> bytes) => _digest.Add(bytes);

    /// <summary>The place to come back to when what follows is taken back.</summary>
    public Digest Mark() => _digest;

    /// <summary>Nothing since <paramref name="mark"/> took place.</summary>
    public void ReturnTo(Digest mark)
    {
        _digest = mark;
        result.DropDetails();
    }

    public void Created(int slot, OpCode replyType) => Created(slot, replyType, default);

    /// <summary>A znode was created, and its place among its siblings is told.</summary>
    public void CreatedWithRank(int slot, SiblingRank rank)
    {
        var name = rank.Predecessor == Znode.None ? default : store.NameOf(rank.Predecessor);
        int offset = result.KeepPath(name);
        Created(slot, OpCode.CreateRank, (rank.Position, offset, name.Length));
        _digest.Add(rank.Position);
        _digest.Add(name);
    }

    /// <summary>A znode is about to be deleted, by a request or with its session.</summary>
    public void Deleting(int slot)
    {
        ref var znode = ref store.Znodes[slot];
        var path = store.PathOf(slot);
        AddParentChange(WatchEventType.NodeDeleted, slot, result.KeepPath(path));
        _digest.Add(path);
        _digest.Add(znode.Czxid);
    }

    /// <summary>It was deleted; <paramref name="parent"/> was its parent.</summary>
    public void Deleted(int parent) => AddParent(parent);

    public void DataSet(int slot)
    {
        var stat = store.StatOf(slot);
        result.AddOperation(new OperationResult(OpCode.SetData, ErrorCode.Ok, 0, 0, stat));
        AddDataChange(slot, stat);
    }

    /// <summary>Additions to a counter were carried out, or none of them was allowed.</summary>
    public void CounterAdded(int slot, long before, long after, bool isWritten)
    {
        var stat = store.StatOf(slot);
        result.AddOperation(
            new OperationResult(OpCode.CounterAdd, ErrorCode.Ok, 0, 0, stat) { Counter = (before, after) });
        if (isWritten)
            AddDataChange(slot, stat);
        _digest.Add(before);
        _digest.Add(after);
    }

    public void AclSet(int slot)
    {
        var stat = store.StatOf(slot);
        result.AddOperation(new OperationResult(OpCode.SetAcl, ErrorCode.Ok, 0, 0, stat));
        _digest.Add(store.PathOf(slot));
        AddStat(stat);
        _digest.Add((long)store.Acls.Hash(store.AclOf(slot)));
    }

    public void ChildCounterRaised(int slot)
    {
        var stat = store.StatOf(slot);
        result.AddOperation(new OperationResult(OpCode.RaiseChildCounter, ErrorCode.Ok, 0, 0, stat));
        _digest.Add(store.PathOf(slot));
        AddStat(stat);
        _digest.Add(store.RareOf(slot).ChildrenCreated);
    }

    /// <summary>An operation that answers with no more than that it succeeded.</summary>
    public void Succeeded(OpCode replyType) =>
        result.AddOperation(new OperationResult(replyType, ErrorCode.Ok, 0, 0, default));

    // The parent's path is the front part of the child's. Who may be told of the child is up to the child's ACL, of the
    // list of children to the parent's (zookeeper-protocol 6.5).
    private void Created(int slot, OpCode replyType, (int Position, int NameOffset, int NameLength) rank)
    {
        ref var znode = ref store.Znodes[slot];
        var path = store.PathOf(slot);
        int offset = result.KeepPath(path);
        var stat = store.StatOf(slot);
        ref readonly var rare = ref store.RareOf(slot);
        result.AddOperation(new OperationResult(replyType, ErrorCode.Ok, offset, path.Length, stat)
        {
            Rank = rank,
        });
        AddParentChange(WatchEventType.NodeCreated, slot, offset);
        _digest.Add(path);
        AddStat(stat);
        _digest.Add(rare.Owner);
        _digest.Add((long)store.Acls.Hash(rare.Acl));
        AddParent(znode.Parent);
    }

    private void AddParentChange(WatchEventType type, int child, int pathOffset)
    {
        ref var znode = ref store.Znodes[child];
        int parentLength = store.Znodes[znode.Parent].PathLength;
        result.AddChange(type, pathOffset, znode.PathLength, AclOf(child));
        result.AddChange(WatchEventType.NodeChildrenChanged, pathOffset, parentLength, AclOf(znode.Parent));
    }

    private void AddDataChange(int slot, in Stat stat)
    {
        var path = store.PathOf(slot);
        result.AddChange(WatchEventType.NodeDataChanged, result.KeepPath(path), path.Length, AclOf(slot));
        _digest.Add(path);
        AddStat(stat);
    }

    // The array outlives the znode and its ACL's number. Everybody may read under both lists that are always there.
    private byte[]? AclOf(int slot)
    {
        int acl = store.AclOf(slot);
        return acl is AclTable.Open or AclTable.ReadOnly ? null : store.Acls.EncodedArray(acl);
    }

    private void AddParent(int slot)
    {
        _digest.Add(store.PathOf(slot));
        AddStat(store.StatOf(slot));
    }

    private void AddStat(in Stat stat)
    {
        _digest.Add(stat.Czxid);
        _digest.Add(stat.Mzxid);
        _digest.Add(stat.Pzxid);
        _digest.Add(stat.Ctime);
        _digest.Add(stat.Mtime);
        _digest.Add((long)stat.Version << 32 | (uint)stat.Cversion);
        _digest.Add((long)stat.Aversion << 32 | (uint)stat.DataLength);
        _digest.Add(stat.EphemeralOwner);
        _digest.Add(stat.NumChildren);
    }
}
