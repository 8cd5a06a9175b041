using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Answers addWatch, checkWatches and removeWatches (zookeeper-protocol 6.2, 6.7). No ACL is asked: that is done when
/// an event is delivered.
/// </summary>
internal sealed class WatchRequests(
    Func<ZnodeTree> tree, WatchTable<ClientSession> watches, ClientOutboxes outboxes)
{
    private const int OpCodeBytes = 4;
    private const int AddWatchBodyBytes = 4;

    /// <summary>Whether these answers are given here.</summary>
    public static bool Has(OpCode op) => op is OpCode.AddWatch or OpCode.CheckWatches or OpCode.RemoveWatches;

    public void Answer(ClientSession session, in PendingRequest request)
    {
        var reader = new JuteReader(request.Body.Span[OpCodeBytes..]);
        if (request.Op == OpCode.AddWatch)
        {
            AddWatchRequest.TryRead(ref reader, out var add);
            AddWatch(session, request.Xid, add);
            return;
        }

        WatcherTypeRequest.TryRead(ref reader, out var named);
        var error = !Enum.IsDefined(named.Type) ? ErrorCode.MarshallingError
            : IsFound(session, request.Op, named) ? ErrorCode.Ok : ErrorCode.NoWatcher;
        outboxes.Reply(session, request.Xid, tree().AppliedIndex, error);
    }

    // Removing sends no event: clients make their own.
    private bool IsFound(ClientSession session, OpCode op, in WatcherTypeRequest named) =>
        op == OpCode.RemoveWatches
            ? watches.Remove(named.Type, named.Path, session)
            : watches.Contains(named.Type, named.Path, session);

    private void AddWatch(ClientSession session, int xid, in AddWatchRequest add)
    {
        var zxid = tree().AppliedIndex;
        if (!Enum.IsDefined(add.Mode) || !watches.TryAdd(add.Mode, add.Path, session))
        {
            outboxes.Reply(session, xid, zxid, ErrorCode.MarshallingError);
            return;
        }

        // Java reads the error a second time, from the body (zookeeper-protocol 2.1).
        var writer = outboxes.BeginReply(session, xid, zxid, AddWatchBodyBytes);
        writer.WriteInt32((int)ErrorCode.Ok);
        writer.Complete();
    }
}
