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
    private const int OpCodeBytes = 4;

    /// <summary>The zxid of replies to reads and pings: the last index applied here (protocol 1.5).</summary>
    public long AppliedIndex => tree().AppliedIndex;

    public void Answer(ClientSession session, in PendingRequest request)
    {
        var reader = new JuteReader(request.Body.Span[OpCodeBytes..]);
        if (request.Op == OpCode.SetWatches)
        {
            SetWatchesRequest.TryRead(ref reader, out var restore);
            watches.Restore(restore, tree(), session, outboxes);
            outboxes.Reply(session, request.Xid, AppliedIndex, ErrorCode.Ok);
            return;
        }

        // Decodable: that was checked when the request was taken in.
        PathWatchRequest.TryRead(ref reader, out var read);
        var error = request.Op switch
        {
            OpCode.Exists => Exists(session, request.Xid, read),
            OpCode.GetData => GetData(session, request.Xid, read),
            _ => GetChildren(session, request.Xid, read, withStat: request.Op == OpCode.GetChildren2),
        };
        if (error != ErrorCode.Ok)
            outboxes.Reply(session, request.Xid, AppliedIndex, error);
    }

    /// <summary>A sync echoes its path; by now a quorum has confirmed what this node has applied.</summary>
    public void AnswerSync(ClientSession session, in PendingRequest request)
    {
        var reader = new JuteReader(request.Body.Span[OpCodeBytes..]);
        PathRequest.TryRead(ref reader, out var sync);
        var writer = outboxes.BeginReply(session, request.Xid, AppliedIndex, sync.EncodedLength);
        sync.Write(ref writer);
        writer.Complete();
    }

    /// <summary>A reconfig answers with the configuration as it is now, and its Stat (protocol 11).</summary>
    public void AnswerConfig(ClientSession session, int xid) =>
        GetData(session, xid, new PathWatchRequest { Path = "/zookeeper/config"u8 });

    private ErrorCode Exists(ClientSession session, int xid, in PathWatchRequest read)
    {
        var error = tree().Exists(read.Path, out var stat);
        if (read.Watch && error is ErrorCode.Ok or ErrorCode.NoNode)
            watches.Add(WatchKind.Data, read.Path, session);
        if (error != ErrorCode.Ok)
            return error;
        var writer = outboxes.BeginReply(session, xid, AppliedIndex, Stat.EncodedLength);
        stat.Write(ref writer);
        writer.Complete();
        return ErrorCode.Ok;
    }

    private ErrorCode GetData(ClientSession session, int xid, in PathWatchRequest read)
    {
        var error = tree().TryGetData(read.Path, out var data, out var isNull, out var stat);
        if (error != ErrorCode.Ok)
            return error;
        if (read.Watch)
            watches.Add(WatchKind.Data, read.Path, session);
        var reply = new GetDataResponse { Data = data, IsDataNull = isNull, Stat = stat };
        var writer = outboxes.BeginReply(session, xid, AppliedIndex, reply.EncodedLength);
        reply.Write(ref writer);
        writer.Complete();
        return ErrorCode.Ok;
    }

    private ErrorCode GetChildren(ClientSession session, int xid, in PathWatchRequest read, bool withStat)
    {
        var error = tree().TryGetChildren(read.Path, out var children, out var stat);
        if (error != ErrorCode.Ok)
            return error;

        // design.md section 10: a reply over the limit is -5 for that request, and sets no watch.
        if (children.EncodedLength > limits.ReplyBytesMax)
            return ErrorCode.MarshallingError;
        if (read.Watch)
            watches.Add(WatchKind.Child, read.Path, session);
        var length = children.EncodedLength + (withStat ? Stat.EncodedLength : 0);
        var writer = outboxes.BeginReply(session, xid, AppliedIndex, length);
        children.Write(ref writer);
        if (withStat)
            stat.Write(ref writer);
        writer.Complete();
        return ErrorCode.Ok;
    }
}
