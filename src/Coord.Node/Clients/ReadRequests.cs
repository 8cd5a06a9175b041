using System.Buffers;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Answers reads from the local tree, each in one step: the watch it sets and the reply it gets see the same state
/// (design.md section 10).
/// </summary>
internal sealed class ReadRequests(
    Func<ZnodeTree> tree, WatchTable<ClientSession> watches, ClientOutboxes outboxes, NodeLimits limits)
{
    /// <summary>The zxid of replies to reads and pings: the last index applied here (protocol 1.5).</summary>
    public long AppliedIndex => tree().AppliedIndex;

    public void Answer(ClientSession session, scoped in PendingRequest request)
    {
        // Decodable: that was checked when the request was taken in.
        var reader = new JuteReader(request.Record);
        var error = ErrorCode.Ok;
        switch (request.Op)
        {
            case OpCode.MultiRead:
                error = MultiRead(session, request, ref reader);
                break;
            case OpCode.GetAcl or OpCode.GetEphemerals or OpCode.GetAllChildrenNumber:
                PathRequest.TryRead(ref reader, out var asked);
                error = request.Op switch
                {
                    OpCode.GetAcl => GetAcl(session, request, asked.Path),
                    OpCode.GetEphemerals => GetEphemerals(session, request, asked.Path),
                    _ => GetAllChildrenNumber(session, request, asked.Path),
                };
                break;
            case OpCode.WhoAmI:
                WhoAmI(session, request);
                break;
            default:
                PathWatchRequest.TryRead(ref reader, out var read);
                error = Read(session, request, read);
                break;
        }

        if (error != ErrorCode.Ok)
            outboxes.Reply(session, request.Xid, AppliedIndex, error);
    }

    private ErrorCode Read(ClientSession session, scoped in PendingRequest request, in PathWatchRequest read) =>
        request.Op switch
        {
            OpCode.Exists => Exists(session, request, read),
            OpCode.GetData => GetData(session, request, read),
            _ => GetChildren(session, request, read, withStat: request.Op == OpCode.GetChildren2),
        };

    /// <summary>A sync echoes its path; by now a quorum has confirmed what this node has applied.</summary>
    public void AnswerSync(ClientSession session, scoped in PendingRequest request)
    {
        var reader = new JuteReader(request.Record);
        // The path comes back as it went: null is not the empty one.
        reader.TryReadBuffer(out var path, out var isNull);
        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, sizeof(int) + path.Length);
        writer.WriteNullable(path, isNull);
        writer.Complete();
    }

    /// <summary>A reconfig answers with the configuration as it is now, and its Stat (protocol 11).</summary>
    public void AnswerConfig(ClientSession session, int xid)
    {
        tree().TryGetData("/zookeeper/config"u8, out var data, out var isNull, out var stat);
        Reply(session, xid, new GetDataResponse { Data = data, IsDataNull = isNull, Stat = stat });
    }

    /// <summary>The identities of the connection: <c>{vec&lt;{str scheme, str user}&gt;}</c>.</summary>
    private void WhoAmI(ClientSession session, scoped in PendingRequest request)
    {
        var length = sizeof(int);
        var count = 0;
        foreach (var identity in SessionIdentities.Users(request.Identities))
        {
            length += identity.EncodedLength;
            count++;
        }

        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, length);
        writer.WriteVectorCount(count);
        foreach (var identity in SessionIdentities.Users(request.Identities))
            identity.Write(ref writer);
        writer.Complete();
    }

    private ErrorCode GetAllChildrenNumber(
        ClientSession session, scoped in PendingRequest request, ReadOnlySpan<byte> path)
    {
        var error = tree().TryCountDescendants(path, CallerOf(request), out var count);
        if (error != ErrorCode.Ok)
            return error;
        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, sizeof(int));
        writer.WriteInt32(count);
        writer.Complete();
        return ErrorCode.Ok;
    }

    private ErrorCode Exists(ClientSession session, scoped in PendingRequest request, in PathWatchRequest read)
    {
        var error = tree().Exists(read.Path, CallerOf(request), out var stat);
        if (error is ErrorCode.Ok or ErrorCode.NoNode && !TryWatch(WatchKind.Data, read, session))
            return ErrorCode.MarshallingError;
        if (error != ErrorCode.Ok)
            return error;
        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, Stat.EncodedLength);
        stat.Write(ref writer);
        writer.Complete();
        return ErrorCode.Ok;
    }

    private ErrorCode GetData(ClientSession session, scoped in PendingRequest request, in PathWatchRequest read)
    {
        var error = tree().TryGetData(read.Path, CallerOf(request), out var data, out var isNull, out var stat);
        if (error != ErrorCode.Ok)
            return error;
        if (!TryWatch(WatchKind.Data, read, session))
            return ErrorCode.MarshallingError;
        Reply(session, request.Xid, new GetDataResponse { Data = data, IsDataNull = isNull, Stat = stat });
        return ErrorCode.Ok;
    }

    private void Reply(ClientSession session, int xid, in GetDataResponse reply)
    {
        var writer = outboxes.BeginReply(session, xid, AppliedIndex, reply.EncodedLength);
        reply.Write(ref writer);
        writer.Complete();
    }

    private ErrorCode GetChildren(
        ClientSession session, scoped in PendingRequest request, in PathWatchRequest read, bool withStat)
    {
        var error = tree().TryGetChildren(read.Path, CallerOf(request), out var children, out var stat);
        if (error != ErrorCode.Ok)
            return error;

        // design.md section 10: a reply over the limit is -5 for that request, and sets no watch.
        if (children.EncodedLength > limits.ReplyBytesMax)
            return ErrorCode.MarshallingError;
        if (!TryWatch(WatchKind.Child, read, session))
            return ErrorCode.MarshallingError;
        var length = (int)children.EncodedLength + (withStat ? Stat.EncodedLength : 0);
        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, length);
        children.Write(ref writer);
        if (withStat)
            stat.Write(ref writer);
        writer.Complete();
        return ErrorCode.Ok;
    }

    private ErrorCode GetAcl(ClientSession session, scoped in PendingRequest request, ReadOnlySpan<byte> path)
    {
        var error = tree().TryGetAcl(path, CallerOf(request), out var acl, out var stat);
        if (error != ErrorCode.Ok)
            return error;
        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, acl.Length + Stat.EncodedLength);
        writer.WriteRaw(acl);
        stat.Write(ref writer);
        writer.Complete();
        return ErrorCode.Ok;
    }

    private ErrorCode GetEphemerals(ClientSession session, scoped in PendingRequest request, ReadOnlySpan<byte> prefix)
    {
        var paths = new ArrayBufferWriter<byte>();
        if (!tree().TryWriteEphemerals(session.Id, prefix, paths, limits.ReplyBytesMax))
            return ErrorCode.MarshallingError;
        Reply(session, request.Xid, paths.WrittenSpan);
        return ErrorCode.Ok;
    }

    private ErrorCode MultiRead(ClientSession session, scoped in PendingRequest request, ref JuteReader reader)
    {
        var results = new ArrayBufferWriter<byte>();
        if (!MultiReads.TryRun(tree(), CallerOf(request), ref reader, results, limits.ReplyBytesMax))
            return ErrorCode.MarshallingError;
        Reply(session, request.Xid, results.WrittenSpan);
        return ErrorCode.Ok;
    }

    private void Reply(ClientSession session, int xid, ReadOnlySpan<byte> body)
    {
        var writer = outboxes.BeginReply(session, xid, AppliedIndex, body.Length);
        writer.WriteRaw(body);
        writer.Complete();
    }

    private Caller CallerOf(scoped in PendingRequest request) => new(request.Identities, limits.SkipAcl);

    /// <summary>
    /// Sets the watch that is asked for. False: the connection is at its limit; without its watch the answer would be
    /// taken for one that is kept up to date.
    /// </summary>
    private bool TryWatch(WatchKind kind, in PathWatchRequest read, ClientSession session) =>
        !read.Watch || watches.TryAdd(kind, read.Path, session);
}
