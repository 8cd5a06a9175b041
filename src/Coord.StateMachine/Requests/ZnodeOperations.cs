using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>
/// The operations that change znodes, alone or in a multi. Each checks in ZooKeeper's order (zookeeper-protocol 2.3)
/// and changes nothing unless it returns <see cref="ErrorCode.Ok"/>.
/// </summary>
internal sealed class ZnodeOperations(
    ZnodeStore store, SessionTable sessions, TreeWriter writer, ChangeRecorder recorder, QuotaCheck quotas)
{
    // Twice as many still fit the counter: nobody creates the other half.
    private const long ChildCounterMax = long.MaxValue / 4;

    private byte[] _sequentialPath = new byte[256];

    public ErrorCode Create(OpCode operation, in CreateRequest request, in RequestContext context)
    {
        var error = Create(operation, request, context, mustBeSequential: false, out var kind, out int slot);
        if (error == ErrorCode.Ok)
            recorder.Created(slot, kind.ReplyType);
        return error;
    }

    /// <summary>
    /// A sequential create that tells the place among the siblings too (extension create-rank): to those who may list
    /// them.
    /// </summary>
    public ErrorCode CreateRank(in CreateRankRequest request, in RequestContext context)
    {
        var error = Create(OpCode.CreateRank, request.Create, context, mustBeSequential: true, out _, out int slot);
        if (error != ErrorCode.Ok)
            return error;
        recorder.CreatedWithRank(slot, May(context, store.Znodes[slot].Parent, Permission.Read)
            ? SiblingRank.Of(store, slot, request)
            : SiblingRank.NotTold);
        return ErrorCode.Ok;
    }

    public ErrorCode Delete(ReadOnlySpan<byte> path, int version, in RequestContext context)
    {
        int slash = path.LastIndexOf((byte)'/');
        if (slash < 0 || path.Contains((byte)0) || BuiltInPaths.IsProtected(path))
            return ErrorCode.BadArguments;
        int parent = FindParent(path, slash);
        if (parent == Znode.None)
            return ErrorCode.NoNode;
        if (!May(context, parent, Permission.Delete))
            return ErrorCode.NoAuth;

        int slot = store.Find(path);
        if (slot == Znode.None)
            return NotThere(path);
        if (!IsVersion(version, store.Znodes[slot].Version))
            return ErrorCode.BadVersion;
        if (store.RareOf(slot).NumChildren > 0)
            return ErrorCode.NotEmpty;

        DeleteAt(slot, context.Zxid);
        recorder.Succeeded(OpCode.Delete);
        return ErrorCode.Ok;
    }

    /// <summary>Deletes a znode without children, whoever asks.</summary>
    public void DeleteAt(int slot, long zxid)
    {
        int parent = store.Znodes[slot].Parent;
        recorder.Deleting(slot);
        writer.Delete(slot, zxid);
        recorder.Deleted(parent);
    }

    /// <summary>Deletes what the leader's sweep found due, if it still is (zookeeper-protocol 9.2, 9.3).</summary>
    public ErrorCode Sweep(in SweepBody sweep, long timeMs, long zxid)
    {
        int slot = store.Find(sweep.Path);
        if (slot == Znode.None || store.Znodes[slot].Czxid != sweep.Czxid)
            return ErrorCode.NoNode;
        if (!store.IsDue(slot, timeMs, sweep.NeverUsedMs))
            return ErrorCode.NotEmpty;

        DeleteAt(slot, zxid);
        return ErrorCode.Ok;
    }

    public ErrorCode SetData(in SetDataRequest request, in RequestContext context)
    {
        if (!PathRules.IsValid(request.Path))
            return ErrorCode.BadArguments;
        int slot = store.Find(request.Path);
        if (slot == Znode.None)
            return NotThere(request.Path);
        if (!May(context, slot, Permission.Write))
            return ErrorCode.NoAuth;
        ref var znode = ref store.Znodes[slot];
        var error = quotas.Check(request.Path, 0, request.Data.Length - znode.DataBytes, context.EnforcesQuota);
        if (error != ErrorCode.Ok)
            return error;
        if (!IsVersion(request.Version, znode.Version))
            return ErrorCode.BadVersion;

        writer.SetData(slot, request.Data, request.IsDataNull, context.Zxid, context.TimeMs);
        recorder.DataSet(slot);
        return ErrorCode.Ok;
    }

    /// <summary>
    /// Adds to the number that a znode holds (extension counter-add). The reply tells the value, so it takes READ too.
    /// </summary>
    public ErrorCode AddToCounter(in CounterAddRequest request, in RequestContext context)
    {
        if (!PathRules.IsValid(request.Path))
            return ErrorCode.BadArguments;
        int slot = store.Find(request.Path);
        if (slot == Znode.None)
            return NotThere(request.Path);
        if (!May(context, slot, Permission.Write) || !May(context, slot, Permission.Read))
            return ErrorCode.NoAuth;
        var bytes = store.DataOf(slot);
        if (!CounterContent.TryRead(bytes, request.Initial, out long before))
            return ErrorCode.InvalidState;

        if (request.FirstSession == 0)
            return AddToCounter(request, slot, before, context);

        // Sent again. What was sent first can still arrive while its session lives; afterwards it was carried out if
        // its tag is there, and was not if the tags of all writes since are.
        if (sessions.Find(request.FirstSession) != null)
            return ErrorCode.BadVersion;
        if (CounterContent.TryFind(bytes, request.Tag, out long first))
        {
            request.TryAdd(first, out long sum);
            recorder.CounterAdded(slot, first, sum, isWritten: false);
            return ErrorCode.Ok;
        }

        return CounterContent.CompleteSince(bytes, store.Znodes[slot].Mzxid) > request.SeenZxid
            ? ErrorCode.BadArguments
            : AddToCounter(request, slot, before, context);
    }

    /// <summary>Writes the configuration, which only a membership entry does.</summary>
    public void SetConfig(int slot, ReadOnlySpan<byte> config, long zxid)
    {
        writer.SetConfig(slot, config, zxid);
        recorder.DataSet(slot);
    }

    public ErrorCode SetAcl(
        ReadOnlySpan<byte> path, ReadOnlySpan<byte> encodedAcl, int aversion, in RequestContext context)
    {
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        if (!AclRules.TryHold(store.Acls, encodedAcl, context.Caller.Identities, out int acl))
            return ErrorCode.InvalidAcl;

        int slot = store.Find(path);
        var error = slot == Znode.None ? NotThere(path)
            : !May(context, slot, Permission.Admin) ? ErrorCode.NoAuth
            : !IsVersion(aversion, store.RareOf(slot).Aversion) ? ErrorCode.BadVersion
            : ErrorCode.Ok;
        if (error != ErrorCode.Ok)
        {
            store.Acls.Release(acl);
            return error;
        }

        writer.SetAcl(slot, acl);
        recorder.AclSet(slot);
        return ErrorCode.Ok;
    }

    /// <summary>Lets sequential names go on where those of another cluster stood (extension child-counter).</summary>
    public ErrorCode RaiseChildCounter(ReadOnlySpan<byte> path, long created, in RequestContext context)
    {
        if (!PathRules.IsValid(path) || created is < 0 or > ChildCounterMax)
            return ErrorCode.BadArguments;
        int slot = store.Find(path);
        if (slot == Znode.None)
            return NotThere(path);
        if (!May(context, slot, Permission.Admin))
            return ErrorCode.NoAuth;

        if (created > store.RareOf(slot).ChildrenCreated)
            writer.RaiseChildrenCreated(slot, created);
        recorder.ChildCounterRaised(slot);
        return ErrorCode.Ok;
    }

    public ErrorCode Check(ReadOnlySpan<byte> path, int version, in RequestContext context)
    {
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        int slot = store.Find(path);
        if (slot == Znode.None)
            return ErrorCode.NoNode;
        if (!May(context, slot, Permission.Read))
            return ErrorCode.NoAuth;
        if (!IsVersion(version, store.Znodes[slot].Version))
            return ErrorCode.BadVersion;

        recorder.Succeeded(OpCode.Check);
        return ErrorCode.Ok;
    }

    /// <summary>Nothing is told but what a create would tell (extension check-absent).</summary>
    public ErrorCode CheckAbsent(ReadOnlySpan<byte> path)
    {
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        if (IsTaken(path))
            return ErrorCode.NodeExists;

        recorder.Succeeded(OpCode.CheckAbsent);
        return ErrorCode.Ok;
    }

    /// <summary>No child has come or gone since the cversion was read (extension check-children).</summary>
    public ErrorCode CheckChildren(ReadOnlySpan<byte> path, int cversion, in RequestContext context)
    {
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        int slot = store.Find(path);
        if (slot == Znode.None)
            return ErrorCode.NoNode;
        if (!May(context, slot, Permission.Read))
            return ErrorCode.NoAuth;
        if (store.StatOf(slot).Cversion != cversion)
            return ErrorCode.BadVersion;

        recorder.Succeeded(OpCode.CheckChildren);
        return ErrorCode.Ok;
    }

    private ErrorCode Create(
        OpCode operation, in CreateRequest request, in RequestContext context, bool mustBeSequential,
        out CreateKind kind, out int slot)
    {
        slot = Znode.None;
        kind = context.IsMulti
            ? CreateKind.InMulti(operation, request, context.RefusesTtl)
            : CreateKind.Alone(operation, request, context.RefusesTtl);
        if (kind.Error != ErrorCode.Ok)
            return kind.Error;
        if (mustBeSequential && !kind.IsSequential)
            return ErrorCode.BadArguments;

        int slash = request.Path.LastIndexOf((byte)'/');
        if (slash < 0 || request.Path.Contains((byte)0))
            return ErrorCode.BadArguments;
        if (!AclRules.TryHold(store.Acls, request.EncodedAcl, context.Caller.Identities, out int acl))
            return ErrorCode.InvalidAcl;

        var error = TryPlace(request.Path, slash, kind, context, out int parent, out var path);
        if (error == ErrorCode.Ok)
            error = quotas.Check(path, 1, request.Data.Length, context.EnforcesQuota);
        if (error != ErrorCode.Ok)
        {
            store.Acls.Release(acl);
            return error;
        }

        var content = new ZnodeContent
        {
            Path = path,
            Bytes = request.Data,
            IsNull = request.IsDataNull,
            Owner = kind.IsEphemeral ? context.SessionId : kind.Owner,
            Acl = acl,
        };
        slot = writer.Create(content, parent, context.Zxid, context.TimeMs);
        return ErrorCode.Ok;
    }

    private ErrorCode AddToCounter(in CounterAddRequest request, int slot, long before, in RequestContext context)
    {
        var bytes = store.DataOf(slot);
        bool isWritten = request.TryAdd(before, out long after);
        if (isWritten)
        {
            Span<byte> next = stackalloc byte[CounterContent.LengthMax];
            long mzxid = store.Znodes[slot].Mzxid;
            next = next[..CounterContent.Write(bytes, mzxid, (before, after), request.Tag, next)];
            var error = quotas.Check(request.Path, 0, next.Length - bytes.Length, context.EnforcesQuota);
            if (error != ErrorCode.Ok)
                return error;
            writer.SetData(slot, next, isNull: false, context.Zxid, context.TimeMs);
        }

        recorder.CounterAdded(slot, before, after, isWritten);
        return ErrorCode.Ok;
    }

    // Where the znode goes and what its path is: from "parent missing" on in the order of checks.
    private ErrorCode TryPlace(
        ReadOnlySpan<byte> asked, int slash, CreateKind kind, in RequestContext context, out int parent,
        out ReadOnlySpan<byte> path)
    {
        path = asked;
        parent = FindParent(asked, slash);
        if (parent == Znode.None)
            return ErrorCode.NoNode;
        if (!May(context, parent, Permission.Create))
            return ErrorCode.NoAuth;

        ref readonly var rare = ref store.RareOf(parent);
        if (kind.IsSequential)
            path = WithSuffix(asked, rare.ChildrenCreated);
        if (!PathRules.IsValid(path))
            return ErrorCode.BadArguments;
        if (IsTaken(path))
            return ErrorCode.NodeExists;
        return rare.IsEphemeral ? ErrorCode.NoChildrenForEphemerals : ErrorCode.Ok;
    }

    private bool IsTaken(ReadOnlySpan<byte> path) =>
        path.SequenceEqual(BuiltInPaths.Features) || store.Find(path) != Znode.None;

    private ReadOnlySpan<byte> WithSuffix(ReadOnlySpan<byte> path, long counter)
    {
        if (_sequentialPath.Length < path.Length + SequenceSuffix.LengthMax)
            _sequentialPath = new byte[(path.Length + SequenceSuffix.LengthMax) * 2];
        path.CopyTo(_sequentialPath);
        int length = SequenceSuffix.Write(counter, _sequentialPath.AsSpan(path.Length));
        return _sequentialPath.AsSpan(0, path.Length + length);
    }

    // The empty string means the root, as in ZooKeeper: the parent of "/a".
    private int FindParent(ReadOnlySpan<byte> path, int slash) =>
        store.Find(slash == 0 ? BuiltInPaths.Root : path[..slash]);

    // The list of features is changed by nobody (design.md section 6).
    private static ErrorCode NotThere(ReadOnlySpan<byte> path) =>
        path.SequenceEqual(BuiltInPaths.Features) ? ErrorCode.NoAuth : ErrorCode.NoNode;

    private static bool IsVersion(int wanted, int actual) => wanted == -1 || wanted == actual;

    private bool May(in RequestContext context, int slot, Permission permission) =>
        context.Caller.May(store.Acls, store.AclOf(slot), permission);
}
