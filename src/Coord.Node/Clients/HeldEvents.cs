using System.Buffers;
using Coord.Protocol;
using Coord.StateMachine;

namespace Coord.Node.Clients;

/// <summary>
/// Events beyond those that one turn writes: a znode with ten thousand watchers would hold up everybody else. Each
/// waits with its session, in order, and is written before anything else is written to that session.
/// </summary>
internal sealed class HeldEvents
{
    private readonly Queue<ClientSession> sessions = [];
    private byte[] frame = [];
    private long frameZxid;
    private WatchEventType frameType;

    public bool HasAny => sessions.Count > 0;

    /// <summary>Keeps an event for later; those who are told of the same change share its bytes.</summary>
    public void Hold(ClientSession session, long zxid, in ZnodeChange change)
    {
        if (!IsFrameOf(zxid, change))
            Encode(zxid, change);
        session.HeldEvents.Add(frame);
        session.HeldEventBytes += frame.Length;
        if (session.AwaitsEvents)
            return;
        session.AwaitsEvents = true;
        sessions.Enqueue(session);
    }

    /// <summary>The session that has waited longest; its events may have left by now, ahead of a reply.</summary>
    public bool TryTake(out ClientSession session)
    {
        if (!sessions.TryDequeue(out session!))
            return false;
        session.AwaitsEvents = false;
        return true;
    }

    private bool IsFrameOf(long zxid, in ZnodeChange change) =>
        frame.Length > 0 && frameZxid == zxid && frameType == change.Type && frame.AsSpan().EndsWith(change.Path)
        && frame.Length == FrameWriter.EventLength(change.Path.Length);

    private void Encode(long zxid, in ZnodeChange change)
    {
        var writer = new ArrayBufferWriter<byte>(FrameWriter.EventLength(change.Path.Length));
        FrameWriter.WriteEvent(writer, zxid, change.Type, change.Path);
        (frame, frameZxid, frameType) = (writer.WrittenSpan.ToArray(), zxid, change.Type);
    }
}
