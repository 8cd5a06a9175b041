namespace Coord.Client;

/// <summary>When the open connection was last heard of and used, shared by its thread and the heart.</summary>
internal sealed class Contact(Moment start)
{
    private readonly Lock gate = new();
    private Moment lastReceived = start;
    private Moment lastHeartbeat = start;
    private Moment? pingSentAt;

    internal Moment LastReceived
    {
        get
        {
            lock (gate)
                return lastReceived;
        }

        set
        {
            lock (gate)
                lastReceived = value;
        }
    }

    internal Moment LastHeartbeat
    {
        get
        {
            lock (gate)
                return lastHeartbeat;
        }

        set
        {
            lock (gate)
                lastHeartbeat = value;
        }
    }

    /// <summary>Notes a ping about to be sent.</summary>
    /// <returns>False when one is under way: its reply must not be taken for a later one's.</returns>
    internal bool TryBeginPing(Moment now)
    {
        lock (gate)
        {
            if (pingSentAt is not null)
                return false;
            pingSentAt = now;
            return true;
        }
    }

    /// <returns>When the ping was sent that has been answered.</returns>
    internal Moment? EndPing()
    {
        lock (gate)
        {
            var sentAt = pingSentAt;
            pingSentAt = null;
            return sentAt;
        }
    }
}
