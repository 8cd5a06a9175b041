using Coord.Node.Peers;
using Coord.Raft;

namespace Coord.Node.Replica;

/// <summary>
/// Holds messages that promise something until the log says it is durable, and then sends them from the log
/// writer's thread: an acknowledgement leaves without another wake-up of the loop (raft-design K7, section 11).
/// </summary>
internal sealed class AfterPersist(IPeerLinks links)
{
    private readonly object gate = new();
    private readonly Queue<(long Sequence, OutboundMessage Message)> waiting = new();
    private long persisted;

    /// <summary>Called by the loop, before the append itself is queued.</summary>
    public void Hold(IReadOnlyList<OutboundMessage> messages, long sequence)
    {
        lock (gate)
        {
            foreach (var message in messages)
            {
                if (sequence <= persisted)
                    Send(message);
                else
                    waiting.Enqueue((sequence, message));
            }
        }
    }

    /// <summary>Called by the log writer: everything up to this append is durable.</summary>
    public void Persisted(long sequence)
    {
        lock (gate)
        {
            persisted = sequence;
            if (!waiting.TryPeek(out var next) || next.Sequence > sequence)
                return;
            while (waiting.TryPeek(out next) && next.Sequence <= sequence)
                Send(waiting.Dequeue().Message);
        }

        // From here, not from the loop's next turn: an acknowledgement is what a commit waits for.
        links.Flush();
    }

    private void Send(OutboundMessage message) => links.Send(message.To, new RaftPeerMessage(message.Message));
}
