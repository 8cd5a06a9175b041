using System.Threading.Channels;

namespace Coord.Client;

/// <summary>Hands every state change to every listener; a slow one gets the latest and stalls nobody.</summary>
internal sealed class TransitionHub(SessionTransition initial)
{
    private readonly Lock gate = new();
    private readonly List<Channel<SessionTransition>> listeners = [];
    private SessionTransition latest = initial;
    private bool isOver;

    internal SessionTransition Latest
    {
        get
        {
            lock (gate)
                return latest;
        }
    }

    internal void Publish(SessionTransition transition)
    {
        lock (gate)
        {
            latest = transition;
            isOver |= transition.State == SessionState.Closed;
            foreach (var listener in listeners)
            {
                listener.Writer.TryWrite(transition);
                if (isOver)
                    listener.Writer.TryComplete();
            }
        }
    }

    /// <summary>A channel that begins with the present state.</summary>
    internal Channel<SessionTransition> Listen()
    {
        var channel = Channel.CreateBounded<SessionTransition>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });
        lock (gate)
        {
            channel.Writer.TryWrite(latest);
            if (isOver)
                channel.Writer.TryComplete();
            else
                listeners.Add(channel);
        }

        return channel;
    }

    internal void Forget(Channel<SessionTransition> channel)
    {
        lock (gate)
            listeners.Remove(channel);
    }
}
