namespace Coord.Node.Clients;

/// <summary>Connections that were sent more than they have read, the longest first.</summary>
internal sealed class UnreadClients(TimeProvider time, TimeSpan patience)
{
    private readonly Queue<(ClientSession Session, long Since)> queue = [];

    public void Add(ClientSession session)
    {
        session.IsBackedUp = true;
        session.BackedUpSince = time.GetTimestamp();
        queue.Enqueue((session, session.BackedUpSince));
    }

    /// <summary>The next that has not read for too long.</summary>
    public bool TryTakeLate(out ClientSession session)
    {
        while (queue.TryPeek(out var oldest))
        {
            session = oldest.Session;
            var isOver = !session.IsBackedUp || session.BackedUpSince != oldest.Since
                || session.Phase == ClientPhase.Closed;
            if (!isOver && time.GetElapsedTime(oldest.Since) < patience)
                return false;
            queue.Dequeue();
            if (!isOver)
                return true;
        }

        session = null!;
        return false;
    }
}
