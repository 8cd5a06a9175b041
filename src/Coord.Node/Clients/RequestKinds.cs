using Coord.Protocol;

namespace Coord.Node.Clients;

/// <summary>
/// Sorts requests by what they wait for, and answers at the edge what cannot be decoded: it never reaches the log
/// (design.md section 10).
/// </summary>
internal static class RequestKinds
{
    private const long NoZxid = -1;

    /// <summary>Sets the kind, and the answer where it is known already.</summary>
    /// <param name="session">The session; an auth request adds to its identities.</param>
    /// <param name="record">The request's record, behind the header.</param>
    /// <param name="request">Has xid and opcode.</param>
    /// <param name="authentication">Takes auth requests.</param>
    public static void Classify(
        ClientSession session, ReadOnlySpan<byte> record, ref PendingRequest request,
        Authentication authentication)
    {
        if (!authentication.IsAllowed(session, ref request))
            return;
        switch (request.Op)
        {
            case OpCode.Ping:
                request.Kind = PendingKind.Proof;
                return;
            case OpCode.Sync:
                request.Kind = PendingKind.Proof;
                break;
            case OpCode.BarrierRead:
                TakeBarrierRead(record, ref request);
                return;
            case OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2:
            case OpCode.GetAcl or OpCode.GetEphemerals or OpCode.MultiRead or OpCode.GetAllChildrenNumber:
            case OpCode.AddWatch or OpCode.CheckWatches or OpCode.RemoveWatches:
                request.Kind = PendingKind.Read;
                break;
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
                or OpCode.Delete or OpCode.SetData or OpCode.SetAcl or OpCode.Multi or OpCode.Once
                or OpCode.RaiseChildCounter or OpCode.CounterAdd or OpCode.CreateRank:
                request.Kind = PendingKind.Write;
                break;
            case OpCode.SetWatches or OpCode.SetWatches2 or OpCode.WatchFrom:
                request.Kind = PendingKind.Restore;
                break;
            case OpCode.Reconfig:
                request.Kind = PendingKind.Reconfig;
                break;
            case OpCode.WhoAmI:
                request.Kind = PendingKind.Read;
                return;
            case OpCode.CloseSession:
                request.Kind = PendingKind.Write;
                session.ClosesWhenAnswered = true;
                return;
            case OpCode.Auth:
                authentication.Take(session, record, ref request);
                return;
            case OpCode.Sasl:
                authentication.TakeSasl(session, ref request);
                return;
            default:
                request.Kind = PendingKind.Answered;
                request.Error = ErrorCode.Unimplemented;
                request.Zxid = NoZxid;
                session.ClosesWhenAnswered = true;
                return;
        }

        if (!RequestDecoding.IsDecodable(request.Op, record))
            request.Kind = PendingKind.Malformed;
    }

    /// <summary>From here on it is the read behind the second opcode, which waits for a round as a sync does.</summary>
    private static void TakeBarrierRead(ReadOnlySpan<byte> record, ref PendingRequest request)
    {
        var reader = new JuteReader(record);
        reader.TryReadInt32(out var type);
        var op = (OpCode)type;
        var isRead = op is OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2;
        if (!isRead || !RequestDecoding.IsDecodable(op, record[sizeof(int)..]))
        {
            request.Kind = PendingKind.Malformed;
            return;
        }

        request.Kind = PendingKind.Proof;
        request.Op = op;
        request.HasBarrier = true;
    }
}
