using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>What a session is told that only reads, on a node that knows no leader (protocol 7.5).</summary>
internal static class ReadOnlyMode
{
    /// <summary>Answers what takes a quorum elsewhere; false for what runs as ever: reads, watches, auth.</summary>
    public static bool TryAnswer(ClientSession session, ref PendingRequest request, long appliedIndex)
    {
        switch (request.Op)
        {
            case OpCode.Ping:
                request.Error = ErrorCode.Ok;
                break;
            case OpCode.CloseSession:
                request.Error = ErrorCode.Ok;
                session.ClosesWhenAnswered = true;
                break;
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl or OpCode.Delete
                or OpCode.SetData or OpCode.SetAcl or OpCode.Multi or OpCode.Once
                or OpCode.RaiseChildCounter or OpCode.CounterAdd or OpCode.CreateRank or OpCode.Sync
                or OpCode.BarrierRead or OpCode.Reconfig:
                request.Error = ErrorCode.NotReadOnly;
                break;
            default:
                return false;
        }

        request.Kind = PendingKind.Answered;
        request.Zxid = appliedIndex;
        return true;
    }
}
