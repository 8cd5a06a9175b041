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

    public void Created(int slot, OpCode replyType)
    {
        ref var znode = ref store.Znodes[slot];
        var path = store.PathOf(slot);
        int offset = result.KeepPath(path);
        var stat = znode.ToStat();
        result.AddOperation(new OperationResult(replyType, ErrorCode.Ok, offset, path.Length, stat));
        AddParentChange(WatchEventType.NodeCreated, znode, offset);
        _digest.Add(path);
        AddStat(stat);
        _digest.Add(znode.Owner);
        _digest.Add((long)store.Acls.Hash(znode.Acl));
        AddParent(znode.Parent);
    }

    /// <summary>A znode is about to be deleted, by a request or with its session.</summary>
    public void Deleting(int slot)
    {
        ref var znode = ref store.Znodes[slot];
        var path = store.PathOf(slot);
        AddParentChange(WatchEventType.NodeDeleted, znode, result.KeepPath(path));
        _digest.Add(path);
        _digest.Add(znode.Czxid);
    }

    /// <summary>It was deleted; <paramref name="parent"/> was its parent.</summary>
    public void Deleted(int parent) => AddParent(parent);

    public void DataSet(int slot)
    {
        var path = store.PathOf(slot);
        int offset = result.KeepPath(path);
        var stat = store.Znodes[slot].ToStat();
        result.AddOperation(new OperationResult(OpCode.SetData, ErrorCode.Ok, offset, path.Length, stat));
        result.AddChange(WatchEventType.NodeDataChanged, offset, path.Length, AclOf(store.Znodes[slot]));
        _digest.Add(path);
        AddStat(stat);
    }

    public void AclSet(int slot)
    {
        var stat = store.Znodes[slot].ToStat();
        result.AddOperation(new OperationResult(OpCode.SetAcl, ErrorCode.Ok, 0, 0, stat));
        _digest.Add(store.PathOf(slot));
        AddStat(stat);
        _digest.Add((long)store.Acls.Hash(store.Znodes[slot].Acl));
    }

    public void ChildCounterRaised(int slot)
    {
        ref var znode = ref store.Znodes[slot];
        var stat = znode.ToStat();
        result.AddOperation(new OperationResult(OpCode.RaiseChildCounter, ErrorCode.Ok, 0, 0, stat));
        _digest.Add(store.PathOf(slot));
        AddStat(stat);
        _digest.Add(znode.ChildrenCreated);
    }

    /// <summary>An operation that answers with no more than that it succeeded.</summary>
    public void Succeeded(OpCode replyType) =>
        result.AddOperation(new OperationResult(replyType, ErrorCode.Ok, 0, 0, default));

    // The parent's path is the front part of the child's. Who may be told of the child is up to the child's ACL, of the
    // list of children to the parent's (zookeeper-protocol 6.5).
    private void AddParentChange(WatchEventType type, in Znode child, int pathOffset)
    {
        ref var parent = ref store.Znodes[child.Parent];
        result.AddChange(type, pathOffset, child.PathLength, AclOf(child));
        result.AddChange(WatchEventType.NodeChildrenChanged, pathOffset, parent.PathLength, AclOf(parent));
    }

    // The array outlives the znode and its ACL's number. Everybody may read under both lists that are always there.
    private byte[]? AclOf(in Znode znode) =>
        znode.Acl is AclTable.Open or AclTable.ReadOnly ? null : store.Acls.EncodedArray(znode.Acl);

    private void AddParent(int slot)
    {
        _digest.Add(store.PathOf(slot));
        AddStat(store.Znodes[slot].ToStat());
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
