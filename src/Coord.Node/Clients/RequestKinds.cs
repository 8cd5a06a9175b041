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
    /// <param name="superDigest">The digest of the super user; null where there is none.</param>
    public static void Classify(
        ClientSession session, ReadOnlySpan<byte> record, ref PendingRequest request, string? superDigest)
    {
        switch (request.Op)
        {
            case OpCode.Ping:
                request.Kind = PendingKind.Proof;
                return;
            case OpCode.Sync:
                request.Kind = PendingKind.Proof;
                break;
            case OpCode.Exists or OpCode.GetData or OpCode.GetChildren or OpCode.GetChildren2 or OpCode.SetWatches
                or OpCode.GetAcl or OpCode.GetEphemerals or OpCode.MultiRead:
                request.Kind = PendingKind.Read;
                break;
            case OpCode.Create or OpCode.Create2 or OpCode.CreateContainer or OpCode.CreateTtl
                or OpCode.Delete or OpCode.SetData or OpCode.SetAcl or OpCode.Multi or OpCode.Once:
                request.Kind = PendingKind.Write;
                break;
            case OpCode.Reconfig:
                request.Kind = PendingKind.Reconfig;
                break;
            case OpCode.CloseSession:
                request.Kind = PendingKind.Write;
                session.ClosesWhenAnswered = true;
                return;
            case OpCode.Auth:
                Authenticate(session, record, ref request, superDigest);
                return;
            default:
                Answer(ref request, ErrorCode.Unimplemented, NoZxid);
                session.ClosesWhenAnswered = true;
                return;
        }

        if (!RequestDecoding.IsDecodable(request.Op, record))
            Answer(ref request, ErrorCode.MarshallingError, 0);
    }

    /// <summary>
    /// Digest is never refused: any user and password become an identity (protocol 8.4). Other schemes are unknown
    /// here.
    /// </summary>
    private static void Authenticate(
        ClientSession session, ReadOnlySpan<byte> record, ref PendingRequest request, string? superDigest)
    {
        var reader = new JuteReader(record);
        if (!AuthRequest.TryRead(ref reader, out var auth))
        {
            Answer(ref request, ErrorCode.MarshallingError, 0);
        }
        else if (SessionIdentities.TryAdd(session, auth, superDigest))
        {
            Answer(ref request, ErrorCode.Ok, 0);
        }
        else
        {
            Answer(ref request, ErrorCode.AuthFailed, 0);
            session.ClosesWhenAnswered = true;
        }
    }

    private static void Answer(ref PendingRequest request, ErrorCode error, long zxid)
    {
        request.Kind = PendingKind.Answered;
        request.Error = error;
        request.Zxid = zxid;
    }
}
