namespace Coord.StateMachine;

/// <summary>
/// Every change to a znode goes through here: Stats and counters by ZooKeeper's rules, the undo log of a multi, and the
/// before-images of a snapshot under way.
/// </summary>
internal sealed class TreeWriter(ZnodeStore store)
{
    private readonly UndoLog _undo = new();

    /// <summary>The snapshot being taken, which must see each znode before it changes.</summary>
    public SnapshotCursor? Snapshot { get; set; }

    /// <summary>Creates a znode; the hold on the ACL is taken over.</summary>
    public int Create(in ZnodeContent content, int parentSlot, long zxid, long timeMs)
    {
        BeforeChange(parentSlot);
        int slot = store.Add(parentSlot, content.Path, content.Bytes, content.IsNull);
        Snapshot?.OnAllocated(slot);
        ref var znode = ref store.Znodes[slot];
        znode.Czxid = znode.Mzxid = zxid;
        znode.Ctime = znode.Mtime = timeMs;
        if (content.Owner != 0 || content.Acl != AclTable.Open)
        {
            ref var rare = ref store.OwnRare(slot);
            rare.Owner = content.Owner;
            rare.Acl = content.Acl;
        }

        store.Attach(slot);
        ref var parent = ref store.OwnRare(parentSlot);
        _undo.NoteCreated(slot, parent.Pzxid);
        parent.ChildrenCreated++;
        parent.Pzxid = zxid;
        return slot;
    }

    public void Delete(int slot, long zxid)
    {
        int parentSlot = store.Znodes[slot].Parent;
        BeforeChange(slot);
        BeforeChange(parentSlot);
        ref var parent = ref store.OwnRare(parentSlot);
        store.Detach(slot);
        if (_undo.IsOpen)
            _undo.NoteDeleted(slot, parent.Pzxid);
        else
            store.Release(slot);
        parent.Pzxid = zxid;
    }

    public void SetData(int slot, ReadOnlySpan<byte> data, bool isNull, long zxid, long timeMs)
    {
        BeforeChange(slot);
        ref var znode = ref store.Znodes[slot];
        if (_undo.IsOpen)
        {
            _undo.NoteDataSet(slot, znode);
            store.ExchangeData(slot, store.NewBlock(store.PathOf(slot), data), isNull ? -1 : data.Length);
        }
        else
        {
            store.OverwriteData(slot, data, isNull);
        }

        znode.Mzxid = zxid;
        znode.Mtime = timeMs;
        znode.Version = NextVersion(znode.Version);
    }

    /// <summary>Writes the configuration: no client's request, so neither version nor time moves.</summary>
    public void SetConfig(int slot, ReadOnlySpan<byte> data, long zxid)
    {
        BeforeChange(slot);
        store.OverwriteData(slot, data, isNull: false);
        store.Znodes[slot].Mzxid = zxid;
    }

    /// <summary>Puts another ACL, whose hold is taken over, in the place of a znode's.</summary>
    public void SetAcl(int slot, int acl)
    {
        BeforeChange(slot);
        ref var rare = ref store.OwnRare(slot);
        store.Acls.Release(rare.Acl);
        rare.Acl = acl;
        rare.Aversion = NextVersion(rare.Aversion);
    }

    /// <summary>Sets how many children count as created; never in a multi.</summary>
    public void RaiseChildrenCreated(int slot, long created)
    {
        Invariant.Require(!_undo.IsOpen, "The counter of children is not raised in a multi.");
        BeforeChange(slot);
        store.OwnRare(slot).ChildrenCreated = created;
    }

    /// <summary>From here on everything can be taken back.</summary>
    public void BeginMulti() => _undo.Open();

    /// <summary>What was done stays.</summary>
    public void CommitMulti()
    {
        foreach (var step in _undo.Steps)
        {
            if (step.Kind == UndoLog.Kind.Deleted)
                store.Release(step.Slot);
            else if (step.Kind == UndoLog.Kind.DataSet)
                store.Blocks.Free(step.Before.Block, step.Before.BlockBytes);
        }

        _undo.Close();
    }

    /// <summary>Everything since <see cref="BeginMulti"/> is as if it had not been, counters included.</summary>
    public void AbortMulti()
    {
        for (int i = _undo.Steps.Count - 1; i >= 0; i--)
            Undo(_undo.Steps[i]);
        _undo.Close();
    }

    private void Undo(in UndoLog.Step step)
    {
        ref var znode = ref store.Znodes[step.Slot];
        switch (step.Kind)
        {
            case UndoLog.Kind.Created:
                ref var creator = ref store.OwnRare(znode.Parent);
                store.Detach(step.Slot);
                store.Release(step.Slot);
                creator.ChildrenCreated--;
                creator.Pzxid = step.ParentPzxid;
                break;
            case UndoLog.Kind.Deleted:
                store.Attach(step.Slot);
                store.OwnRare(znode.Parent).Pzxid = step.ParentPzxid;
                break;
            default:
                store.Blocks.Free(znode.Block, znode.BlockBytes);
                store.ExchangeData(step.Slot, step.Before.Block, step.Before.DataLength);
                znode.Mzxid = step.Before.Mzxid;
                znode.Mtime = step.Before.Mtime;
                znode.Version = step.Before.Version;
                break;
        }
    }

    private void BeforeChange(int slot) => Snapshot?.BeforeChange(slot);

    // -1 means "any version" in requests and could not be expected: it is stepped over (zookeeper-protocol 4.1).
    private static int NextVersion(int version) => version == -2 ? 0 : unchecked(version + 1);
}
