using Coord.Node.Clients;

namespace Coord.Node.Audit;

/// <summary>
/// Whose session ended behind its connection: its time ran out, or its client closed it and did not wait for the reply.
/// The node that a session was connected to last knows who it was, also when the connection is gone by then, and notes
/// it; the leader notes in any case what its timer ended. A node that was killed remembers nobody. The loop is its only
/// caller.
/// </summary>
internal sealed class SessionEndAudit(AuditLog audit)
{
    private readonly Dictionary<long, byte[]> gone = [];

    /// <summary>Sessions that are remembered: they live, and were connected here last.</summary>
    public int Count => gone.Count;

    /// <summary>A connection ended and its session lives on.</summary>
    public void ConnectionGone(ClientSession session) => gone[session.Id] = session.Identities;

    /// <summary>A session is connected, here or elsewhere.</summary>
    public void Attached(long sessionId) => gone.Remove(sessionId);

    /// <summary>A session ended whose connection is on this node.</summary>
    public void EndedHere(ClientSession session, SessionEnd end) =>
        audit.Session(session, OperationOf(end), isSuccess: true);

    /// <summary>A session ended that is not connected to this node.</summary>
    public void Ended(long sessionId, SessionEnd end)
    {
        if (gone.Remove(sessionId, out var identities) || end == SessionEnd.ExpiredByThis)
            audit.Note(new AuditEvent(sessionId, identities ?? [], OperationOf(end), IsSuccess: true));
    }

    /// <summary>The state was replaced by another: who of them lives on is not known.</summary>
    public void Clear() => gone.Clear();

    private static string OperationOf(SessionEnd end) =>
        end == SessionEnd.Closed ? AuditLog.CloseSession : "expireSession";
}
